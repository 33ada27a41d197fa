public import SynclineHTTP
import SynclineJSON
public import SynclineModel
public import SynclinePorts

/// The connector of a Salesforce organisation. An actor because it owns what a session owns: the
/// bindings, and what the organisation told about its objects during the run.
public actor SalesforceConnector: StampedSystem, TrackedSystem {
  public nonisolated let capabilities: Capabilities

  let account: Account
  let pacer: Pacer
  var objects: [ObjectNumber: BoundObject] = [:]
  private var described: [ObjectName: DescribedObject] = [:]
  /// Ids that a feed named as deleted and no query shows any more: they never come back.
  var buried: Set<NativeKey> = []
  /// How far the read of each object reaches, as it was when its first page was asked for.
  var coverages: [ObjectNumber: Coverage] = [:]
  /// How many records a page has at most, of objects of which more were too much.
  var pageMax: [ObjectNumber: Int] = [:]

  public init(
    _ settings: SalesforceSettings, client: any HTTPClient, pacer: Pacer,
    policy: RetryPolicy = RetryPolicy()
  ) {
    capabilities = Capabilities(
      tracksByTriggers: false, batchLimit: 1800, pageLimit: 2000, reportsTime: true,
      timePrecision: 1_000_000, tellsLastWriter: true, stamps: StampRules(overlap: 600_000_000),
      writes: WritePromises(
        knowsCommands: false, lateness: 120_000_000, comparesFirst: settings.isStrict))
    account = Account(settings, client: client, pacer: pacer, policy: policy)
    self.pacer = pacer
  }

  // MARK: - Opening

  public func inspect(
    _ objects: [ObjectRequest], ourJournal: JournalID?
  ) async throws -> Inspection {
    let membership = try await account.membership()
    var inspection = Inspection(
      identity: SystemIdentity(membership.organization), objects: [:])
    for name in Set(objects.map(\.name)).sorted() {
      inspection.tracking[name] = .notNeeded
      guard let object = try await describe(name) else {
        inspection.refusals[name] =
          "There is no object \(name), or the user may not see it. Correct the name (it ends in __c "
          + "where the object is one of the organisation's own) or give the user the permission"
        continue
      }
      if let refusal = object.refusal {
        inspection.refusals[name] = refusal
      } else {
        var schema = object.schema
        schema.name = name
        inspection.objects[name] = schema
        described[name] = object
      }
    }
    inspection.now = account.now
    return inspection
  }

  private func describe(_ name: ObjectName) async throws -> DescribedObject? {
    let operation = "describe \(name)"
    let path = "/sobjects/\(HTTPAddress.encode(name.rawValue))/describe"
    let answer = try await account.ask(operation, .get, path)
    if answer.status == 404 { return nil }
    guard answer.status == 200 else { throw problem(answer, operation, name) }
    let object = try read(operation) { () throws(JSONFailure) in try DescribedObject(answer.body) }
    // Names are found in any case; the one that the organisation uses is the name.
    return object.name == name.rawValue ? object : nil
  }

  public func bind(_ objects: [ObjectBinding]) async throws {
    self.objects = Dictionary(objects.map { ($0.object, BoundObject($0)) }) { $1 }
  }

  public func close() async {}

  /// The key that a person means by an id of 15 or 18 characters, in whatever cases; nil for other words.
  public static func key(spelled text: String) -> NativeKey? { BoundObject.key(text) }

  /// Calls of this session so far, and what the organisation says of those of the day; nil where there
  /// was none.
  public var usage: String? {
    guard account.calls > 0 else { return nil }
    let day = account.usage.map { "; \($0.used) of \($0.allowed) of the day are used" } ?? ""
    return "\(account.calls) calls to Salesforce\(day)"
  }

  // MARK: - What only a system with a queue has

  public func createTracking(_ request: TrackingRequest) async throws -> SystemIdentity {
    throw misuse("create tracking objects")
  }

  public func readChanges(limit: Int) async throws -> ChangePage { throw misuse("read a queue") }

  public func acknowledge(_ acknowledgement: Acknowledgement) async throws {
    throw misuse("acknowledge entries")
  }

  public func probe(_ commands: [ProbeRequest]) async throws -> [ProbeOutcome] {
    throw misuse("ask for commands")
  }

  public func queue(of journal: JournalID) async throws -> (length: Int, oldest: Timestamp?) {
    (0, nil)
  }

  public func removeTracking(of journal: JournalID) async throws -> Bool { false }

  private func misuse(_ operation: String) -> ConnectorFailure {
    ConnectorFailure(
      code: "misuse", operation: operation, message: "Salesforce has no tracking objects",
      hint: "The run calls the connector out of turn", disposition: .stop)
  }

  // MARK: - Answers

  func bound(_ object: ObjectNumber, _ operation: String) throws -> BoundObject {
    guard let bound = objects[object] else {
      throw ConnectorFailure(
        code: "misuse", operation: operation, message: "Object \(object) was not bound",
        hint: "The run calls the connector out of turn", disposition: .stop)
    }
    return bound
  }

  func isReplicateable(_ name: ObjectName) -> Bool { described[name]?.isReplicateable ?? false }

  /// Reads an answer; one that is no JSON of the shape that the interface promises is a failure.
  func read<Result>(
    _ operation: String, _ body: () throws(JSONFailure) -> Result
  ) throws -> Result {
    do throws(JSONFailure) { return try body() } catch { throw garbled(operation, "\(error)") }
  }

  /// The failure of an answer with a record that cannot even be named.
  func nameless(_ object: BoundObject, _ operation: String) -> ConnectorFailure {
    garbled(operation, "a record of \(object.name) has no id")
  }

  /// The failure of an answer that should list records and does not.
  func listless(_ object: BoundObject, _ operation: String) -> ConnectorFailure {
    garbled(operation, "the answer lists no records of \(object.name)")
  }

  private func garbled(_ operation: String, _ cause: String) -> ConnectorFailure {
    ConnectorFailure(
      code: "garbled", operation: operation, message: "\(account.settings.host): \(cause)",
      hint: "Look whether a proxy or a page for people answers in the service's place",
      disposition: .retry)
  }

  /// The failure of an answer that refuses the request for its content.
  func problem(_ answer: HTTPAnswer, _ operation: String, _ name: ObjectName) -> ConnectorFailure {
    (APIProblem.first(in: answer.body) ?? APIProblem()).failure(operation, name)
  }
}
