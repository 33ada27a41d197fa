public import SynclineModel
public import SynclinePorts
import SynclineSQL

/// One SQLite database as a side of a package: tracked by triggers, read by key, written in
/// transactions (Docs/Connectors/SQLite.md).
///
/// An actor, because it owns the one connection to the file, with a queue of its own, because every
/// call into SQLite blocks.
public actor SQLiteConnector: Connector, TrackedSystem {
  private let file: String
  private let zoneMinutes: Int16
  private let busyTimeoutMilliseconds: Int
  private let identifiers: @Sendable () -> [UInt8]
  private let watcher: CommitWatcher?
  private let executor: SerialQueueExecutor

  private var database: Database?
  private var objects: [ObjectNumber: BoundObject] = [:]
  /// Whose queue is read and written; known from `inspect` or `createTracking`.
  private var journal: JournalID?
  private var pages = PageReader()
  private var changes = ChangeReader()

  /// Opens nothing yet: the first call does.
  ///
  /// `zoneMinutes`: the zone of timestamps without one. `identifiers`: 16 random bytes a call.
  /// `watcher`: told around each commit.
  public init(
    file: String, zoneMinutes: Int16, busyTimeoutMilliseconds: Int,
    identifiers: @escaping @Sendable () -> [UInt8], watcher: CommitWatcher? = nil
  ) {
    self.watcher = watcher
    self.file = file
    self.zoneMinutes = zoneMinutes
    self.busyTimeoutMilliseconds = busyTimeoutMilliseconds
    self.identifiers = identifiers
    executor = SerialQueueExecutor(label: "syncline.sqlite")
  }

  public nonisolated var unownedExecutor: UnownedSerialExecutor {
    executor.asUnownedSerialExecutor()
  }

  public nonisolated var capabilities: Capabilities {
    Capabilities(tracksByTriggers: true, batchLimit: 1000, pageLimit: 1000, reportsTime: true)
  }

  public func inspect(
    _ requests: [ObjectRequest], ourJournal: JournalID?
  ) async throws -> Inspection {
    if let ourJournal { journal = ourJournal }
    return try perform("open") { database in
      changes.release(database)
      return try Inspector(
        database: database, file: file, zoneMinutes: zoneMinutes, identifiers: identifiers
      ).inspect(requests, journal: ourJournal)
    }
  }

  public func bind(_ bindings: [ObjectBinding]) async throws {
    try perform("open") { database in
      changes.release(database)
      try database.setTriggerNesting()
      objects = [:]
      for binding in bindings {
        guard let table = try TableShape(binding.name.rawValue, in: database) else {
          throw failure(
            "schema", "open", "\(file) has no table \(binding.name) any more",
            "Compare the package with the database's tables by `syncline check`")
        }
        objects[binding.object] = BoundObject(binding, table: table)
      }
    }
  }

  public func createTracking(_ request: TrackingRequest) async throws -> SystemIdentity {
    let identity = try perform("create tracking") { database in
      changes.release(database)
      return try database.transaction {
        try Tracking(request.owner.journal, in: database).create(request, identity: identifiers)
      }
    }
    journal = request.owner.journal
    return identity
  }

  public func readPage(_ request: PageRequest) async throws -> RecordPage {
    let object = try bound(request.object)
    return try perform("read \(object.binding.name)") { database in
      try pages.page(request, of: object, in: database)
    }
  }

  public func fetch(_ request: FetchRequest) async throws -> FetchedRecords {
    let object = try bound(request.object)
    return try perform("read \(object.binding.name)") { database in
      changes.release(database)
      return try database.transaction("BEGIN") { try object.fetch(request.keys, in: database) }
    }
  }

  public func readChanges(limit: Int) async throws -> ChangePage {
    try perform("read changes") { database in
      do {
        let queue = try tracking(in: database).names.queue
        return try changes.page(limit: limit, queue: queue, objects: objects, in: database)
      } catch {
        changes.release(database)
        throw error
      }
    }
  }

  public func acknowledge(_ acknowledgement: Acknowledgement) async throws {
    try perform("acknowledge") { database in
      changes.release(database)
      try tracking(in: database).acknowledge(acknowledgement)
    }
  }

  public func write(_ batch: WriteBatch) async throws -> [WriteOutcome] {
    let object = try bound(batch.object)
    return try perform("write \(object.binding.name)") { database in
      changes.release(database)
      return try BatchWriter(object, among: objects, tracking: try tracking(in: database))
        .write(batch)
    }
  }

  public func probe(_ requests: [ProbeRequest]) async throws -> [ProbeOutcome] {
    try perform("probe") { database in
      let ledger = CommandLedger(try tracking(in: database).names, in: database)
      return try requests.map { request in
        let id = request.command.id
        let object = try bound(request.object)
        guard let noted = try ledger.entry(id, of: object) else {
          return ProbeOutcome(id: id, result: .notApplied)
        }
        let current = try object.find(noted.key, in: database)
        return ProbeOutcome(
          id: id,
          result: .applied(
            key: noted.key, current: current.map { (try? $0.row.get()) ?? PackedRow() }),
          mark: noted.mark)
      }
    }
  }

  public func close() async {
    objects = [:]
    changes = ChangeReader()
    database = nil
  }

  public func queue(of journal: JournalID) async throws -> (length: Int, oldest: Timestamp?) {
    try perform("read changes") { database in
      let names = SQLiteTrackingNames(journal: journal)
      guard try Tracking.hasTable(names.queue, in: database) else { return (0, nil) }
      return try Queue(names, in: database).length()
    }
  }

  public func removeTracking(of journal: JournalID) async throws -> Bool {
    try perform("remove tracking") { database in
      changes.release(database)
      let tracking = Tracking(journal, in: database)
      guard try tracking.stands() else { return false }
      return try database.transaction { try tracking.removeAll() }
    }
  }

  /// Runs calls into SQLite and tells what failed in words for a person. A task that is cancelled
  /// ends the statement it waits for.
  private func perform<Result>(
    _ operation: String, _ body: (Database) throws -> Result
  ) throws -> Result {
    try Task.checkCancellation()
    do {
      return try body(try session())
    } catch let error as DatabaseError {
      if error.isInterrupt { throw CancellationError() }
      throw error.failure(operation, file: file)
    }
  }

  private func session() throws -> Database {
    if let database { return database }
    let opened = try Database(
      file: file, busyTimeoutMilliseconds: busyTimeoutMilliseconds, watcher: watcher)
    // The first read tells whether the file is a database at all.
    _ = try opened.exists("SELECT 1 FROM main.sqlite_schema LIMIT 1")
    database = opened
    return opened
  }

  private func bound(_ number: ObjectNumber) throws -> BoundObject {
    guard let object = objects[number] else {
      throw failure("schema", "open", "object \(number) is not bound", "Report this as a defect")
    }
    return object
  }

  /// The tracking objects of the journal that is at work; a failure where somebody removed them.
  private func tracking(in database: Database) throws -> Tracking {
    if let journal {
      let tracking = Tracking(journal, in: database)
      if try tracking.isComplete() { return tracking }
    }
    throw failure(
      "tracking", "open", "the tracking tables of this package are not in \(file)",
      "Reset InitTrackingObjects, so that the next run makes them anew")
  }

  private func failure(
    _ code: String, _ operation: String, _ message: String, _ hint: String
  ) -> ConnectorFailure {
    ConnectorFailure(
      code: code, operation: operation, message: message, hint: hint, disposition: .user)
  }
}
