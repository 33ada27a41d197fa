import Foundation
import Synchronization
import SynclineJournal
import SynclineModel

/// A folder that goes with this object.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("syncline-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: url, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Where a journal may be made.
  var journal: String { "\(path)/journal" }

  /// The data file of that journal.
  var data: String { "\(journal)/data.mdb" }
}

/// A journal in a temporary folder.
func makeJournal(in folder: TemporaryFolder) throws -> Journal {
  try Journal.create(
    folder: folder.journal, id: Sample.id, created: Sample.moment, secrets: countingSecrets())
}

/// Opens that journal.
func openJournal(
  in folder: TemporaryFolder, access: Journal.Access = .write
) throws -> Journal {
  try Journal.open(folder: folder.journal, access: access, secrets: countingSecrets())
}

/// Secrets that are the same in every test: 1, 2, 3 …, each 32 times.
func countingSecrets() -> @Sendable () -> [UInt8] {
  let counter = Counter()
  return { [UInt8](repeating: counter.next(), count: 32) }
}

private final class Counter: Sendable {
  private let value = Mutex<UInt8>(0)

  func next() -> UInt8 {
    value.withLock {
      $0 &+= 1
      return $0
    }
  }
}

extension Journal {
  /// All events.
  func allEvents() throws -> [JournalEvent] {
    var events: [JournalEvent] = []
    try self.events { event in
      events.append(event)
      return true
    }
    return events
  }
}

/// The failure that `body` ends in, or nil.
func failure(of body: () throws -> Void) -> JournalFailure? {
  do {
    try body()
    return nil
  } catch {
    return error as? JournalFailure
  }
}
