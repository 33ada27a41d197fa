import Foundation
import SynclineModel
import Testing

@testable import SynclineJournal

/// The files under `Fixtures/v1` pin the format. `SYNCLINE_RECORD=1` writes them anew, which before the
/// first release is allowed and said in the commit, and after it never happens.
@Suite struct `Golden journals` {
  private static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Fixtures/v1")
  private static let isRecording = ProcessInfo.processInfo.environment["SYNCLINE_RECORD"] == "1"

  private func compare(_ text: String, with name: String) throws {
    let url = Self.fixtures.appendingPathComponent(name)
    if Self.isRecording { try Data(text.utf8).write(to: url) }
    let golden = String(decoding: try Data(contentsOf: url), as: UTF8.self)
    #expect(text == golden, "\(name) has changed")
  }

  /// A journal of three batches with secrets that are the same each time.
  private func goldenJournal(in folder: TemporaryFolder) throws -> Journal {
    let journal = try makeJournal(in: folder)
    for range in [0..<7, 7..<19, 19..<Sample.drafts.count] {
      try journal.append(Array(Sample.drafts[range]), expecting: journal.head.sequence)
    }
    return journal
  }

  @Test func `the same events and secrets give the same blocks, byte for byte`() throws {
    let folder = try TemporaryFolder()
    let journal = try goldenJournal(in: folder)
    var text = ""
    for block in try journal.storedBlocks() {
      text += "\(Hexadecimal.text(block.key)) \(Hexadecimal.text(block.value))\n"
    }
    try compare(text, with: "blocks.txt")
    var lines = ""
    try journal.export { line in
      lines += line + "\n"
      return true
    }
    try compare(lines, with: "export.jsonl")
    journal.close()
    if Self.isRecording {
      let data = try Data(contentsOf: URL(fileURLWithPath: folder.data))
      try data.write(to: Self.fixtures.appendingPathComponent("data.mdb"))
    }
  }

  @Test func `each line of the export is JSON`() throws {
    let lines = try Data(contentsOf: Self.fixtures.appendingPathComponent("export.jsonl"))
      .split(separator: 0x0A)
    #expect(lines.count == Sample.drafts.count)
    for line in lines { _ = try JSONSerialization.jsonObject(with: line) }
  }

  @Test func `a journal that an earlier build wrote is read and verified`() throws {
    let folder = try TemporaryFolder()
    let data = try Data(contentsOf: Self.fixtures.appendingPathComponent("data.mdb"))
    try FileManager.default.createDirectory(
      atPath: folder.journal, withIntermediateDirectories: false,
      attributes: [.posixPermissions: 0o700])
    let isMade = FileManager.default.createFile(
      atPath: folder.data, contents: data, attributes: [.posixPermissions: 0o600])
    #expect(isMade)
    let report = try Journal.verify(folder: folder.journal)
    #expect(report.damage == nil)
    #expect(report.pages == nil)
    #expect(report.events == UInt64(Sample.drafts.count))
    let journal = try openJournal(in: folder)
    #expect(try journal.allEvents().map(\.body) == Sample.drafts.map(\.body))
  }

  @Test func `the figures of a journal add up`() throws {
    let folder = try TemporaryFolder()
    let journal = try goldenJournal(in: folder)
    let statistics = try journal.statistics()
    #expect(statistics.events == UInt64(Sample.drafts.count))
    #expect(statistics.blocks == 3)
    #expect(statistics.kinds.map(\.events).reduce(0, +) == statistics.events)
    let content = statistics.kinds.map(\.bytes).reduce(0, +)
    #expect(statistics.bytes == content + 3 * UInt64(BlockHeader.size))
    #expect(statistics.kinds.map(\.kind) == EventKind.allCases)
    #expect(statistics.fileBytes % 4096 == 0)
  }

  @Test func `a reader in another language verifies the chain and reads the events`() throws {
    let reader = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("journal_reader.py").path
    let data = Self.fixtures.appendingPathComponent("data.mdb").path
    let output = try run("/usr/bin/env", ["python3", reader, data])
    let export = try Data(contentsOf: Self.fixtures.appendingPathComponent("export.jsonl"))
    let lines = String(decoding: export, as: UTF8.self).split(separator: "\n")
    let read = output.text.split(separator: "\n")
    #expect(output.status == 0, "\(output.text)")
    #expect(read.last == "chain verified: \(lines.count) events in 3 blocks")
    // The reader prints the members that a header holds; in the export the payload follows them.
    let heads = lines.map { line in
      line.range(of: ",\"payload\":").map { line[..<$0.lowerBound] + "}" } ?? line[...]
    }
    #expect(read.dropLast().map(String.init) == heads.map { String($0) })
  }

  @Test func `the other reader refuses a journal in which a bit is flipped`() throws {
    let folder = try TemporaryFolder()
    let reader = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("journal_reader.py").path
    var data = try Data(contentsOf: Self.fixtures.appendingPathComponent("data.mdb"))
    var place = data.startIndex
    while let range = data.range(of: Data("foreignKey".utf8), in: place..<data.endIndex) {
      data[range.lowerBound] ^= 1
      place = range.upperBound
    }
    let copy = "\(folder.path)/data.mdb"
    try data.write(to: URL(fileURLWithPath: copy))
    let output = try run("/usr/bin/env", ["python3", reader, copy])
    #expect(output.status == 1)
    #expect(output.text.contains("seal of the block of event 20 is broken"))
  }

  private func run(_ program: String, _ arguments: [String]) throws -> (status: Int32, text: String)
  {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }
}
