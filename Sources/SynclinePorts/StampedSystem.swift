public import SynclineModel

/// A connector whose system tells its changes by stamps and cannot be asked about commands: what a run
/// reads of it instead of a queue (Docs/Connectors/README.md). All times are the server's.
public protocol StampedSystem: Connector {
  /// A part of the delete feed of one object. Never called where the system keeps none.
  func readDeletions(_ request: StampedRequest) async throws -> DeletionPage

  /// The next records of one object by stamp, then key, from a bound on, which is included. What changes
  /// between two pages may come twice; nothing that was there throughout may be left out.
  func readStamped(_ request: StampedRequest) async throws -> StampedPage

  /// One slice of a census, ascending by key.
  func readKeys(_ request: PageRequest) async throws -> KeyPage

  /// The next page of what may tell of commands whose outcome is not known. Its coverage says up to when it
  /// is complete. Changes nothing.
  func gatherEvidence(_ request: EvidenceRequest) async throws -> Evidence
}
