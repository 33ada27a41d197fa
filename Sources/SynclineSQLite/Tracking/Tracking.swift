import SynclineModel
import SynclineSQL

/// What journals created in a database, found and looked at without a write.
struct Tracking {
  let database: Database
  let names: SQLiteTrackingNames

  init(_ journal: JournalID, in database: Database) {
    self.init(SQLiteTrackingNames(journal: journal), in: database)
  }

  init(_ names: SQLiteTrackingNames, in database: Database) {
    self.names = names
    self.database = database
  }

  /// The tracking of every journal that has an owner table here.
  static func all(in database: Database) throws -> [Tracking] {
    var found: [Tracking] = []
    try database.rows(
      "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name GLOB 'syncline_*_owner' "
        + "ORDER BY name"
    ) { row in
      if let names = row.string(0).flatMap(SQLiteTrackingNames.init(ownerTable:)) {
        found.append(Tracking(names, in: database))
      }
    }
    return found
  }

  /// The identity that the database was given when it was first tracked.
  static func identity(in database: Database) throws -> SystemIdentity? {
    guard try hasTable(SQLiteTrackingNames.identity, in: database) else { return nil }
    let table = SQLiteText.identifier(SQLiteTrackingNames.identity)
    return try database.first("SELECT id FROM main.\(table)") { row in
      row.string(0).map { SystemIdentity($0) }
    } ?? nil
  }

  static func hasTable(_ name: String, in database: Database) throws -> Bool {
    try database.exists(
      "SELECT 1 FROM main.sqlite_schema WHERE type = 'table' AND name = ?1", [.text(name)])
  }

  /// Whose the tracking objects are, or nil where there are none that tell.
  func owner() throws -> OwnerRow? {
    guard try Self.hasTable(names.owner, in: database) else { return nil }
    let found: OwnerRow?? = try database.first(
      "SELECT journal, side, generation, sequence, seal, source_identity, target_identity "
        + "FROM main.\(SQLiteText.identifier(names.owner))", read: owner)
    guard var owner = found ?? nil else { return nil }
    guard try Self.hasTable(names.pairs, in: database) else { return owner }
    try database.rows(
      "SELECT source, target FROM main.\(SQLiteText.identifier(names.pairs)) ORDER BY rowid"
    ) { row in
      owner.pairs.append(
        ObjectPair(source: ObjectName(row.string(0) ?? ""), target: ObjectName(row.string(1) ?? ""))
      )
    }
    return owner
  }

  private func owner(_ row: Statement) -> OwnerRow? {
    guard let journal = row.string(0).flatMap({ JournalID(text: $0) }),
      let side = Side.allCases.first(where: { $0.description == row.string(1) }),
      case .blob(let seal) = row.stored(4)
    else { return nil }
    var identities: [Side: SystemIdentity] = [:]
    identities[.source] = row.string(5).map { SystemIdentity($0) }
    identities[.target] = row.string(6).map { SystemIdentity($0) }
    return OwnerRow(
      journal: journal, side: side,
      generation: TrackingGeneration(UInt32(truncatingIfNeeded: row.integer(2))),
      sequence: EventSequence(UInt64(bitPattern: row.integer(3))), seal: seal,
      identities: identities, pairs: [])
  }

  /// The triggers of this journal on a table: name and definition.
  func triggers(on table: String) throws -> [String: String] {
    var triggers: [String: String] = [:]
    try database.rows(
      "SELECT name, sql FROM main.sqlite_schema WHERE type = 'trigger' "
        + "AND tbl_name = ?1 COLLATE NOCASE", [.text(table)]
    ) { row in
      guard let name = row.string(0), names.object(ofTrigger: name) != nil else { return }
      triggers[name] = row.string(1) ?? ""
    }
    return triggers
  }

  /// Whether a table is tracked as this version would track it. Which number the journal gave the
  /// object, the triggers' names tell.
  func condition(of table: TableShape, owner: OwnerRow?) throws -> TrackingCondition {
    guard let owner else { return .missing }
    for name in [names.queue, names.commands, names.pairs]
    where try !Self.hasTable(name, in: database) {
      return .damaged(what: "the table \(name) is missing")
    }
    let triggers = try triggers(on: table.name)
    guard let object = triggers.keys.sorted().compactMap(names.object(ofTrigger:)).first else {
      return owner.names(table.name)
        ? .damaged(what: "the triggers on \(table.name) are missing") : .missing
    }
    let wanted = trigger(for: table, object: object)
    for kind in wanted.kinds {
      let name = names.trigger(kind, of: object)
      guard let definition = triggers[name] else {
        return .damaged(what: "the trigger \(name) is missing")
      }
      guard definition == wanted.definition(kind) else {
        return .damaged(what: "the trigger \(name) is not as it was created")
      }
    }
    let surplus = Set(triggers.keys).subtracting(wanted.kinds.map { names.trigger($0, of: object) })
    return surplus.min().map { .damaged(what: "the trigger \($0) is one too many") } ?? .intact
  }

  func trigger(for table: TableShape, object: ObjectNumber) -> SQLiteTrigger {
    SQLiteTrigger(
      names: names, object: object, table: table.name, key: table.key?.name ?? "",
      columns: table.columns.map(\.name), uniqueIndexes: table.watchedIndexes)
  }
}

extension OwnerRow {
  /// Whether a pair names this table on the owner's side.
  func names(_ table: String) -> Bool {
    pairs.contains { pair in
      (side == .source ? pair.source : pair.target).rawValue.lowercased() == table.lowercased()
    }
  }
}
