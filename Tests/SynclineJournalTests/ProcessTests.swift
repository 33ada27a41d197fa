import Foundation
import SynclineLMDB
import SynclineModel
import Testing

@testable import SynclineJournal

/// A process that does something to a journal.
private final class Probe {
  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()
  private var buffer = Data()

  init(_ arguments: [String]) throws {
    let bundle = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    process.executableURL = bundle.appendingPathComponent("SynclineJournalProbe")
    process.arguments = arguments
    process.standardInput = input
    process.standardOutput = output
    try process.run()
  }

  var identifier: Int32 { process.processIdentifier }

  /// The next line, or nil at the end.
  func line() -> String? {
    while true {
      if let end = buffer.firstIndex(of: 0x0A) {
        let line = String(decoding: buffer[buffer.startIndex..<end], as: UTF8.self)
        buffer = Data(buffer[(end + 1)...])
        return line
      }
      let more = output.fileHandleForReading.availableData
      if more.isEmpty { return nil }
      buffer += more
    }
  }

  func lines() -> [String] {
    var lines: [String] = []
    while let line = line() { lines.append(line) }
    process.waitUntilExit()
    return lines
  }

  func release() {
    input.fileHandleForWriting.closeFile()
    process.waitUntilExit()
  }

  func kill() {
    Foundation.kill(identifier, SIGKILL)
    process.waitUntilExit()
  }
}

@Suite struct `The journal and its process` {
  @Test func `a full disk ends the append, is told, and leaves what was journaled`() throws {
    let folder = try TemporaryFolder()
    try makeJournal(in: folder).close()
    let size = try Data(contentsOf: URL(fileURLWithPath: folder.data)).count
    let lines = try Probe(["fill", folder.journal, "\(size + 400_000)"]).lines()
    #expect(lines.first == "opened 0")
    #expect(lines.suffix(2) == ["failed full", "failed closed"])
    let acknowledged = lines.compactMap { $0.hasPrefix("head ") ? UInt64($0.dropFirst(5)) : nil }
    let last = try #require(acknowledged.last)
    let journal = try openJournal(in: folder)
    #expect(journal.head.sequence == EventSequence(last))
    #expect(try journal.verify().isSound)
    try journal.append([Sample.note("after")], expecting: journal.head.sequence)
    #expect(try journal.verify().isSound)
  }

  @Test func `a small address space is enough`() throws {
    let folder = try TemporaryFolder()
    try makeJournal(in: folder).close()
    let lines = try Probe(["cram", folder.journal, "\(700 << 20)"]).lines()
    #expect(lines == ["head 2560"])
    #expect(try Journal.verify(folder: folder.journal).isSound)
  }

  @Test func `what was acknowledged before a kill is there after it`() throws {
    let folder = try TemporaryFolder()
    try makeJournal(in: folder).close()
    for round in 1...8 {
      let probe = try Probe(["loop", folder.journal])
      var acknowledged: UInt64 = 0
      for _ in 0..<(3 * round) {
        let line = try #require(probe.line())
        acknowledged = try #require(UInt64(line.dropFirst(5)))
      }
      probe.kill()
      let report = try Journal.verify(folder: folder.journal)
      #expect(report.isSound)
      #expect(report.head.sequence.rawValue >= acknowledged)
      #expect(report.head.sequence.rawValue % 3 == 0)
      try openJournal(in: folder).close()
    }
  }

  @Test func `one process at a time runs a package, and the refusal names the holder`() throws {
    let folder = try TemporaryFolder()
    let probe = try Probe(["hold", folder.journal])
    #expect(probe.line() == "held \(probe.identifier)")
    let failed = try #require(failure { _ = try RunLock(folder: folder.journal) })
    #expect(failed.code == .inUse)
    #expect(failed.message == "process \(probe.identifier) is running this package")
    probe.release()
    _ = try RunLock(folder: folder.journal)
  }

  @Test func `the lock dies with its process`() throws {
    let folder = try TemporaryFolder()
    let probe = try Probe(["hold", folder.journal])
    #expect(probe.line() == "held \(probe.identifier)")
    probe.kill()
    let lock = try RunLock(folder: folder.journal)
    #expect(failure { _ = try RunLock(folder: folder.journal) }?.code == .inUse)
    withExtendedLifetime(lock) {}
  }

  @Test func `a user who may only read is told so`() throws {
    let folder = try TemporaryFolder()
    try makeJournal(in: folder).close()
    let files = [folder.data, "\(folder.journal)/lock.mdb"]
    for path in [folder.path, folder.journal] {
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    }
    for path in files {
      try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: path)
    }
    // Root may write everything, so the probe becomes another user first.
    let user = getuid() == 0 ? "65534" : "0"
    #expect(try Probe(["open", folder.journal, user]).lines() == ["failed denied"])
  }

  @Test func `a journal is open once in a process`() throws {
    let folder = try TemporaryFolder()
    let journal = try makeJournal(in: folder)
    #expect(failure { _ = try openJournal(in: folder) }?.code == .inUse)
    #expect(failure { _ = try openJournal(in: folder, access: .read) }?.code == .inUse)
    #expect(failure { _ = try Journal.verify(folder: folder.journal) }?.code == .inUse)
    journal.close()
    #expect(try openJournal(in: folder).head == .empty)
  }

  @Test func `files and folders are the owner's alone whatever the umask`() throws {
    let folder = try TemporaryFolder()
    for mask in [mode_t(0), 0o777] {
      let before = umask(mask)
      defer { umask(before) }
      let place = "\(folder.path)/deep\(mask)/journal"
      let journal = try Journal.create(
        folder: place, id: Sample.id, created: Sample.moment, secrets: countingSecrets())
      let lock = try RunLock(folder: place)
      #expect(try modes(of: ["\(folder.path)/deep\(mask)", place]) == [0o700, 0o700])
      let files = ["data.mdb", "lock.mdb", "lock"].map { "\(place)/\($0)" }
      #expect(try modes(of: files) == [0o600, 0o600, 0o600])
      withExtendedLifetime((journal, lock)) {}
    }
  }

  private func modes(of paths: [String]) throws -> [Int] {
    try paths.map { path in
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      return try #require(attributes[.posixPermissions] as? Int)
    }
  }

  @Test func `a symbolic link is not followed`() throws {
    let folder = try TemporaryFolder()
    try makeJournal(in: folder).close()
    let link = "\(folder.path)/link"
    try FileManager.default.createSymbolicLink(
      atPath: link, withDestinationPath: folder.journal)
    #expect(
      failure { _ = try Journal.open(folder: link, secrets: countingSecrets()) }?.code == .denied)
    let moved = "\(folder.path)/moved.mdb"
    try FileManager.default.moveItem(atPath: folder.data, toPath: moved)
    try FileManager.default.createSymbolicLink(atPath: folder.data, withDestinationPath: moved)
    #expect(failure { _ = try openJournal(in: folder) }?.code == .denied)
  }

  @Test func `a folder that others may write is refused with what to do`() throws {
    let folder = try TemporaryFolder()
    try makeJournal(in: folder).close()
    try FileManager.default.setAttributes([.posixPermissions: 0o770], ofItemAtPath: folder.journal)
    let failed = failure { _ = try openJournal(in: folder) }
    #expect(failed?.code == .denied)
    #expect(failed?.hint == "Take their right away: chmod go-w \(folder.journal)")
  }
}
