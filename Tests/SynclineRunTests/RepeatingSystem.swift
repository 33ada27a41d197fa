import SynclineModel
import SynclinePorts

/// A system whose listings name every record and every change three times.
final class RepeatingSystem: Connector, Sendable {
  private let inner: TinySystem

  init(_ inner: TinySystem) { self.inner = inner }

  private func thrice<Element>(_ elements: [Element]) -> [Element] {
    elements.flatMap { [$0, $0, $0] }
  }

  var capabilities: Capabilities { inner.capabilities }

  func readPage(_ request: PageRequest) async throws -> RecordPage {
    var page = try await inner.readPage(request)
    page.records = thrice(page.records)
    return page
  }

  func fetch(_ request: FetchRequest) async throws -> FetchedRecords {
    try await inner.fetch(request)
  }

  func readChanges(limit: Int) async throws -> ChangePage {
    var page = try await inner.readChanges(limit: limit)
    page.entries = thrice(page.entries)
    return page
  }

  func inspect(_ objects: [ObjectRequest], ourJournal: JournalID?) async throws -> Inspection {
    try await inner.inspect(objects, ourJournal: ourJournal)
  }
  func bind(_ objects: [ObjectBinding]) async throws { try await inner.bind(objects) }
  func createTracking(_ request: TrackingRequest) async throws -> SystemIdentity {
    try await inner.createTracking(request)
  }
  func acknowledge(_ acknowledgement: Acknowledgement) async throws {
    try await inner.acknowledge(acknowledgement)
  }
  func write(_ batch: WriteBatch) async throws -> [WriteOutcome] { try await inner.write(batch) }
  func probe(_ commands: [ProbeRequest]) async throws -> [ProbeOutcome] {
    try await inner.probe(commands)
  }
  func close() async { await inner.close() }
}
