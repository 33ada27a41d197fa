import SynclineModel
import SynclinePorts
import SynclineSQL

// Making and removing tracking objects. Everything here runs inside a transaction of the caller.

extension Tracking {
  /// Makes the objects that a request names, or makes them anew where its generation is another one
  /// than that of the objects that stand.
  func create(_ request: TrackingRequest, identity: () -> [UInt8]) throws -> SystemIdentity {
    if let vanished = request.takeover {
      _ = try Tracking(vanished, in: database).removeAll(keepingIdentity: true)
    }
    let standing = try owner()
    try check(standing, against: request.owner)
    if standing?.generation != request.owner.generation { try removeTriggersAndQueue() }
    let tables = SQLiteTrackingTables(names: names)
    try make(names.queue, tables.queue)
    try make(names.commands, tables.commands)
    try makeAnew(names.owner, tables.owner)
    try makeAnew(names.pairs, tables.pairs)
    let identity = try ensureIdentity(identity)
    var owner = request.owner
    owner.identities[owner.side] = identity
    try insert(owner)
    for object in request.objects { try createTriggers(object) }
    return identity
  }

  /// The short names of two journals can be alike, and both sides of a package can be one database.
  private func check(_ standing: OwnerRow?, against owner: OwnerRow) throws {
    guard let standing else { return }
    guard standing.journal == owner.journal else {
      throw refusal(
        "the tables \(names.prefix)_… belong to another journal",
        "Remove them by `syncline untrack` with that journal's package")
    }
    guard standing.side == owner.side else {
      throw refusal(
        "this journal already tracks the database as its \(standing.side)",
        "Put the objects of source and target into two databases")
    }
  }

  private func refusal(_ message: String, _ hint: String) -> ConnectorFailure {
    ConnectorFailure(
      code: "tracking", operation: "create tracking", message: message, hint: hint,
      disposition: .user)
  }

  private func make(_ name: String, _ definition: String) throws {
    if try !Self.hasTable(name, in: database) { try database.execute(definition) }
  }

  private func makeAnew(_ name: String, _ definition: String) throws {
    try database.execute("DROP TABLE IF EXISTS main.\(SQLiteText.identifier(name))")
    try database.execute(definition)
  }

  private func ensureIdentity(_ make: () -> [UInt8]) throws -> SystemIdentity {
    if let identity = try Self.identity(in: database) { return identity }
    try makeAnew(SQLiteTrackingNames.identity, SQLiteTrackingTables.identity)
    let identity = UUIDText.format(make())
    let table = SQLiteText.identifier(SQLiteTrackingNames.identity)
    try database.execute("INSERT INTO main.\(table) (id) VALUES (?1)", [.text(identity)])
    return SystemIdentity(identity)
  }

  private func insert(_ owner: OwnerRow) throws {
    func identity(_ side: Side) -> StoredValue {
      owner.identities[side].map { .text($0.rawValue) } ?? .null
    }
    try database.execute(
      "INSERT INTO main.\(SQLiteText.identifier(names.owner)) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
      [
        .text(owner.journal.description), .text(owner.side.description),
        .integer(Int64(owner.generation.rawValue)), .bits(owner.sequence.rawValue),
        .blob(owner.seal), identity(.source), identity(.target),
      ])
    for pair in owner.pairs {
      try database.execute(
        "INSERT INTO main.\(SQLiteText.identifier(names.pairs)) VALUES (?1, ?2)",
        [.text(pair.source.rawValue), .text(pair.target.rawValue)])
    }
  }

  private func createTriggers(_ object: ObjectBinding) throws {
    guard let table = try TableShape(object.name.rawValue, in: database) else {
      throw refusal(
        "there is no table \(object.name)", "Compare the package with the database's tables")
    }
    for name in try triggers(on: table.name).keys { try dropTrigger(name) }
    let trigger = trigger(for: table, object: object.object)
    for kind in trigger.kinds {
      // A table that was renamed took its triggers along.
      try dropTrigger(names.trigger(kind, of: object.object))
      try database.execute(trigger.definition(kind))
    }
  }

  private func dropTrigger(_ name: String) throws {
    try database.execute("DROP TRIGGER IF EXISTS main.\(SQLiteText.identifier(name))")
  }

  private func removeTriggersAndQueue() throws {
    var triggers: [String] = []
    try database.rows("SELECT name FROM main.sqlite_schema WHERE type = 'trigger'") { row in
      if let name = row.string(0), names.object(ofTrigger: name) != nil { triggers.append(name) }
    }
    for name in triggers { try dropTrigger(name) }
    try database.execute("DROP TABLE IF EXISTS main.\(SQLiteText.identifier(names.queue))")
  }

  /// Removes everything that the journal created, and the database's identity with the last
  /// journal. False where there was nothing.
  func removeAll(keepingIdentity: Bool = false) throws -> Bool {
    var hadAny = false
    for name in [names.queue, names.commands, names.pairs, names.owner]
    where try Self.hasTable(name, in: database) {
      hadAny = true
    }
    try removeTriggersAndQueue()
    for name in [names.commands, names.pairs, names.owner] {
      try database.execute("DROP TABLE IF EXISTS main.\(SQLiteText.identifier(name))")
    }
    if !keepingIdentity, try Self.all(in: database).isEmpty {
      let identity = SQLiteText.identifier(SQLiteTrackingNames.identity)
      try database.execute("DROP TABLE IF EXISTS main.\(identity)")
    }
    return hadAny
  }

  /// Writes how far the journal has come.
  func renew(_ head: JournalHead) throws {
    try database.execute(
      "UPDATE main.\(SQLiteText.identifier(names.owner)) SET sequence = ?1, seal = ?2",
      [.bits(head.sequence.rawValue), .blob(head.seal)])
  }
}
