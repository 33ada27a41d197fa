public import SynclineModel

/// A whole organisation: its objects, records, people, sessions and faults. Time and chance come in
/// with each request, so the same requests make the same organisation.
public struct Organization: Sendable {
  /// What was written and is not visible yet.
  struct Hidden: Sendable {
    /// What readers see meanwhile.
    let before: Record?
    /// When the write began.
    let began: Timestamp
    /// When readers see it.
    let visible: Timestamp
    /// Whether the writing transaction still holds the record.
    let isLocked: Bool
  }

  /// A rule that is going to write.
  struct Scheduled: Sendable {
    let id: RecordID
    let automation: Automation
    let user: RecordID
    let due: Timestamp
  }

  /// What became of old deletes.
  struct Pruning: Hashable, Sendable {
    /// Deletes are known from here on.
    let knownFrom: Timestamp
    /// Whether asking for earlier ones is refused; else the answer tells the moment, and what it knows.
    let refusesEarlier: Bool
  }

  /// Its objects, as programs may see them.
  public internal(set) var catalog: Catalog
  /// All that the schema has, whoever may see it.
  let schema: Catalog
  /// What was taken from programs, by object and field (`Access.object` for all of it).
  var access: [String: [String: Access]] = [:]
  /// When describes were last others than now.
  var described: Timestamp
  let automations: [Automation]
  let rules: [WriteRule]
  /// The id of the organisation.
  public private(set) var identifier = "00DSB0000000001EAA"
  /// What its people and programs log in with.
  public let credentials: Credentials
  /// Its records.
  public internal(set) var store = RecordStore()
  /// Numbers given to records so far, by key prefix, and to other things that are counted.
  var counters: [String: UInt64] = [:]
  var sessions = Sessions()
  var cursors: [String: Cursor] = [:]
  var hidden: [RecordID: Hidden] = [:]
  var scheduled: [Scheduled] = []
  /// How many of these the log holds already.
  var scheduledLogged = 0
  /// When the next deleted record leaves the recycle bin or is purged.
  var binDue: Timestamp?
  /// Where the log of deletes was cut.
  var pruning: Pruning?
  /// Requests of the last 24 hours.
  var usage = Usage()
  /// What goes wrong on purpose.
  public internal(set) var faults = Faults()
  /// Why no record can be written, for as long as one request lasts.
  var recordRefusal: APIError?
  /// What is new since the log was written last.
  var fresh = Fresh()

  /// What the log does not hold yet, besides records.
  struct Fresh: Sendable {
    var deletions: [Deletion] = []
    var counters: Set<String> = []
    var pruning: Pruning?
    var identifier: String?
    /// Rules that were due by then are done.
    var carriedOut: Timestamp?
    /// The minute in which calls were counted.
    var calls: Int64?
  }

  /// A new organisation with its people.
  public init(schema: SchemaFile, credentials: Credentials, now: Timestamp) {
    catalog = schema.catalog
    self.schema = schema.catalog
    described = now.wholeSecond
    automations = schema.automations
    rules = schema.rules
    self.credentials = credentials
    seedPeople(schema.users, now: now.wholeSecond)
  }

  /// Gives the organisation an id that follows from a text which no other one has.
  public mutating func name(after secret: String) {
    let number = StableHash.number(of: secret)
    guard let id = RecordID(prefix: "00D", number: number % 1_000_000_000) else { return }
    identifier = id.text
    fresh.identifier = id.text
  }

  mutating func take(identifier: String) { self.identifier = identifier }

  /// The next number of a row of numbers.
  mutating func next(_ counter: String) -> UInt64 {
    counters[counter, default: 0] += 1
    fresh.counters.insert(counter)
    return counters[counter] ?? 0
  }

  /// The record as readers see it.
  func visible(_ id: RecordID) -> Record? {
    if let hidden = hidden[id] { return hidden.before }
    guard let object = catalog.object(of: id) else { return nil }
    return store.record(id, of: object.name)
  }

  /// All records of an object as readers see them, deleted ones too.
  func visibleRecords(of object: String) -> [Record] {
    guard !hidden.isEmpty else { return Array(store.records(of: object)) }
    return store.records(of: object).compactMap { visible($0.id) }
  }

  /// What time has brought about: records become visible, rules write, bins are emptied.
  mutating func pass(to now: Timestamp) {
    hidden = hidden.filter { $0.value.visible > now }
    sessions.pass(to: now)
    cursors = cursors.filter { $0.value.opened.adding(seconds: 2 * 86_400) > now }
    usage.pass(to: now)
    carryOutDue(by: now)
    ageBin(to: now)
  }
}
