import Foundation
import SynclineModel
import SynclinePorts
import SynclineSQLite
import Testing

/// Files that cannot be opened, read or written as they should.
@Suite struct OpeningTests {
  private static let table =
    "CREATE TABLE t (id INTEGER PRIMARY KEY, v); INSERT INTO t VALUES (1, 'a');"

  private func failure(
    _ connector: SQLiteConnector, _ body: (SQLiteConnector) async throws -> Void
  ) async -> ConnectorFailure? {
    do {
      try await body(connector)
      return nil
    } catch {
      return error as? ConnectorFailure
    }
  }

  private func failureToOpen(_ file: String) async -> ConnectorFailure? {
    await failure(Fixture.connector(file)) {
      _ = try await $0.inspect([ObjectRequest(name: "t")], ourJournal: nil)
    }
  }

  @Test func `A missing file is named and not created`() async throws {
    let fixture = try Fixture(Self.table)
    let file = fixture.folder.appending(path: "absent.sqlite").path
    #expect(
      await failureToOpen(file)
        == ConnectorFailure(
          code: "missing", operation: "open", message: "\(file) does not exist",
          hint: "Name the right file; Syncline never creates one", disposition: .user))
    #expect(!FileManager.default.fileExists(atPath: file))
  }

  @Test func `A folder is no database`() async throws {
    let fixture = try Fixture(Self.table)
    let failure = try #require(await failureToOpen(fixture.folder.path))
    #expect(failure.code == "unopened")
    #expect(failure.disposition == .user)
  }

  @Test func `A file that is no database stops the run`() async throws {
    let fixture = try Fixture(Self.table)
    let file = fixture.folder.appending(path: "letter.txt").path
    try String(repeating: "Dear database, ", count: 200)
      .write(toFile: file, atomically: true, encoding: .utf8)
    let failure = try #require(await failureToOpen(file))
    #expect(failure.code == "notADatabase")
    #expect(failure.disposition == .stop)
  }

  @Test func `A damaged database stops the run`() async throws {
    let fixture = try Fixture(Self.table)
    try fixture.owner.run(
      "WITH RECURSIVE n(x) AS (SELECT 2 UNION ALL SELECT x + 1 FROM n WHERE x < 4000) "
        + "INSERT INTO t SELECT x, 'text' FROM n")
    try await fixture.bind("t")
    await fixture.connector.close()
    let handle = try FileHandle(forUpdating: URL(filePath: fixture.file))
    let size = try handle.seekToEnd()
    try handle.seek(toOffset: 8192)
    try handle.write(contentsOf: Data(repeating: 0xFF, count: Int(size) - 8192))
    try handle.close()
    let connector = Fixture.connector(fixture.file)
    try await connector.bind([try #require(fixture.bindings["t"])])
    let failure = try #require(
      await failure(connector) {
        _ = try await $0.readPage(
          PageRequest(object: ObjectNumber(1), after: nil, limit: 10_000))
      })
    #expect(failure.code == "damaged")
    #expect(failure.disposition == .stop)
  }

  @Test(.enabled(if: geteuid() != 0, "the administrator may read everything"))
  func `A file without permission is told`() async throws {
    let fixture = try Fixture(Self.table)
    try FileManager.default.setAttributes(
      [.posixPermissions: 0], ofItemAtPath: fixture.file)
    let failure = try #require(await failureToOpen(fixture.file))
    #expect(failure.code == "permission")
  }

  @Test func `A database that is locked for too long is busy`() async throws {
    let fixture = try Fixture(Self.table)
    try await fixture.track("t")
    try fixture.owner.run("BEGIN EXCLUSIVE")
    let reading = try #require(
      await failure(fixture.connector) { _ = try await $0.readChanges(limit: 1) })
    #expect(reading.code == "busy")
    #expect(reading.disposition == .retry)
    let writing = try #require(
      await failure(fixture.connector) { _ in _ = try await fixture.write(.delete(5, 1)) })
    #expect(writing.code == "busy")
    try fixture.owner.run("COMMIT")
    #expect(try await fixture.write(.delete(5, 1)) == [.written(5, 1, PackedRow())])
  }

  @Test func `A file that only reads can be inspected and not written`() async throws {
    let fixture = try Fixture(Self.table)
    try await fixture.track("t")
    await fixture.connector.close()
    // A write version that this SQLite does not know makes the file read-only for everybody, the
    // administrator included.
    let handle = try FileHandle(forUpdating: URL(filePath: fixture.file))
    try handle.seek(toOffset: 18)
    try handle.write(contentsOf: Data([9]))
    try handle.close()
    let connector = Fixture.connector(fixture.file)
    let inspection = try await connector.inspect(
      [ObjectRequest(name: "t")], ourJournal: Fixture.journal)
    #expect(inspection.tracking == ["t": .intact])
    try await connector.bind([try #require(fixture.bindings["t"])])
    let failure = try #require(
      await failure(connector) {
        _ = try await $0.write(
          WriteBatch(
            object: ObjectNumber(1), commands: [.delete(5, 1)], head: Fixture.head(4)))
      })
    #expect(failure.code == "readOnly")
    #expect(failure.disposition == .user)
  }

  @Test func `A database without our tracking tables says how to get them`() async throws {
    let fixture = try Fixture(Self.table)
    try await fixture.bind("t")
    let failure = try #require(
      await failure(fixture.connector) { _ = try await $0.readChanges(limit: 1) })
    #expect(failure.code == "tracking")
    #expect(failure.hint == "Reset InitTrackingObjects, so that the next run makes them anew")
  }

  @Test func `Two sides of one journal do not share a database`() async throws {
    let fixture = try Fixture(Self.table)
    try await fixture.track("t")
    var owner = Fixture.ownerRow()
    owner.side = .target
    let failure = try #require(
      await failure(fixture.connector) {
        _ = try await $0.createTracking(TrackingRequest(objects: [], owner: owner))
      })
    #expect(failure.code == "tracking")
  }

  @Test func `Pages come ascending by key and end`() async throws {
    let fixture = try Fixture("CREATE TABLE t (id INTEGER PRIMARY KEY, v)")
    try fixture.owner.run(
      "WITH RECURSIVE n(x) AS (SELECT -3 UNION ALL SELECT x + 1 FROM n WHERE x < 6) "
        + "INSERT INTO t SELECT x * 10, 'x' FROM n")
    try await fixture.bind("t")
    let first = try await fixture.connector.readPage(
      PageRequest(object: ObjectNumber(1), after: nil, limit: 4))
    #expect(first.records.map(\.key.description) == ["-30", "-20", "-10", "0"])
    #expect(!first.isLast)
    #expect(try await fixture.all(limit: 4) == (try await fixture.all(limit: 100)))
    #expect(try await fixture.all(limit: 4).records.count == 10)
  }

  @Test func `Keys of other kinds page in the order of the table`() async throws {
    let fixture = try Fixture(
      """
      CREATE TABLE t (id UUID PRIMARY KEY DEFAULT (randomblob(16)), v);
      INSERT INTO t VALUES (NULL, 0), (1.5, 0), ('00010203-0405-0607-0809-0A0B0C0D0E0F', 1),
        ('10010203-0405-0607-0809-0a0b0c0d0e0f', 2), (x'20010203040506070809101112131415', 3),
        (7, 4), ('text', 5);
      """)
    try await fixture.bind("t", keyIsAssigned: true)
    for limit in 1...8 {
      let page = try await fixture.all(limit: limit)
      #expect(
        page.records.map { $0.row[FieldNumber(2)] }
          == [4, 1, 2, 5, 3].map { Value.integer($0) })
      #expect(page.failures.map(\.code) == ["key", "key"])
    }
  }

  @Test func `A cancelled task ends the statement it waits for`() async throws {
    let fixture = try Fixture(
      """
      CREATE TABLE t (id INTEGER PRIMARY KEY, v);
      CREATE TRIGGER endless BEFORE INSERT ON t BEGIN
        SELECT count(*) FROM (WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)
          SELECT x FROM n);
      END;
      """, busyTimeoutMilliseconds: 60_000)
    try await fixture.track("t")
    let connector = fixture.connector
    let batch = WriteBatch(
      object: ObjectNumber(1), commands: [.insert(5, PackedRow([FieldNumber(2): .integer(1)]))],
      head: Fixture.head(4))
    let writing = Task { try await connector.write(batch) }
    // Once the owner is kept out, the write is under way, and it never ends by itself.
    while (try? fixture.owner.run("BEGIN IMMEDIATE; ROLLBACK")) != nil { await Task.yield() }
    writing.cancel()
    await #expect(throws: CancellationError.self) { _ = try await writing.value }
    #expect(try fixture.owner.rows("SELECT count(*) FROM t") == ["0"])
  }
}
