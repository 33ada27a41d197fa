import Foundation
import SynclineEngine
import SynclineMapping
import SynclineModel
import SynclinePorts
import SynclineRun
import SynclineSQLite
import SynclineTesting
import Testing

@Suite struct `Probe` {
  @Test func `two files`() async throws {
    let folder = "/tmp/probe-\(UInt64.random(in: 0...UInt64.max))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    func sql(_ file: String, _ text: String) throws -> String {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/sqlite3")
      process.arguments = [folder + "/" + file, text]
      let pipe = Pipe()
      process.standardOutput = pipe
      process.standardError = pipe
      try process.run()
      let data = pipe.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      return String(decoding: data, as: UTF8.self)
    }
    print(try sql("a.db", "create table Customer(Id integer primary key, Name text not null, Phone text, Boss integer references Customer(Id)); insert into Customer(Name,Phone) values('ann','1'),('bob','2'); insert into Customer(Name,Boss) values('cy',1);"))
    print(try sql("b.db", "create table Client(Nr integer primary key, FullName text not null, Tel text, Chief integer references Client(Nr), Made text default 'here'); insert into Client(FullName,Tel) values('zoe','9');"))
    let definition = PackageDefinition(
      source: SideDefinition(connection: "a"), target: SideDefinition(connection: "b"),
      connections: [:],
      tasks: [
        TaskDefinition(
          name: "C", source: ObjectDefinition(object: "Customer"),
          target: ObjectDefinition(object: "Client"),
          columns: [
            ColumnDefinition(source: "Name", target: "FullName"),
            ColumnDefinition(source: "Phone", target: "Tel"),
          ],
          relations: [RelationDefinition(source: "Boss", target: "Chief", task: "C")])
      ])
    let log = MemoryLog()
    func run() async throws -> RunResult {
      func connector(_ file: String) -> SQLiteConnector {
        SQLiteConnector(
          file: folder + "/" + file, zoneMinutes: 0, busyTimeoutMilliseconds: 1000,
          identifiers: { (0..<16).map { _ in UInt8.random(in: 0...255) } })
      }
      let a = connector("a.db")
      let b = connector("b.db")
      let limits = SideLimits(batch: 200, page: 500, tracksByTriggers: true, reportsTime: true)
      let shell = RunShell(
        settings: RunSettings(
          definition: definition, journal: JournalID(bytes: [UInt8](repeating: 7, count: 16)),
          program: "x", source: limits, target: limits),
        log: log, source: a, target: b, clock: { Timestamp(microseconds: 5) })
      let result = try await shell.run()
      await a.close()
      await b.close()
      print(result)
      return result
    }
    func show() throws {
      print(try sql("a.db", "select * from Customer"))
      print(try sql("b.db", "select * from Client"))
    }
    _ = try await run()
    try show()
    _ = try await run()
    print(try sql("a.db", "update Customer set Phone='77' where Id=1; delete from Customer where Id=2; insert into Customer(Name,Boss) values('dee',3)"))
    print(try sql("b.db", "update Client set Tel='66', Chief=null where FullName='cy'"))
    print(try sql("a.db", "select * from syncline_07070707_queue"))
    _ = try await run()
    try show()
    print(try sql("a.db", "select * from syncline_07070707_queue"))
    _ = try await run()
    for event in log.journal.events.suffix(30) { print(event.header.sequence, event.body.kind == .cursorAdvanced || event.body.kind == .entriesForgotten ? "\(event.body)" : "\(event.body.kind)", event.header.record, event.header.link) }
  }
}
