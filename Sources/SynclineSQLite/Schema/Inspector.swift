import SynclineModel
import SynclinePorts
import SynclineSQL

/// Looks at a database and at the tables that tasks name. It writes nothing; only the proof of an
/// assigned key inserts a row, which it rolls back.
struct Inspector {
  let database: Database
  let file: String
  let zoneMinutes: Int16
  let identifiers: () -> [UInt8]

  func inspect(_ requests: [ObjectRequest], journal: JournalID?) throws -> Inspection {
    var inspection = Inspection(identity: try Tracking.identity(in: database), objects: [:])
    inspection.owners = try Tracking.all(in: database).compactMap { try $0.owner() }
    inspection.now = try database.first("SELECT \(SQLiteTrigger.now)") { row in
      Timestamp(microseconds: row.integer(0) &* 1000)
    }
    let ours = journal.map { Tracking($0, in: database) }
    let owner = try ours?.owner()
    for request in requests {
      let table = try TableShape(request.name.rawValue, in: database)
      if let refusal = try refusal(request, table) {
        inspection.refusals[request.name] = refusal
      } else if let table {
        inspection.objects[request.name] = table.schema(in: database, zoneMinutes: zoneMinutes)
        inspection.tracking[request.name] = try ours?.condition(of: table, owner: owner) ?? .missing
      }
    }
    return inspection
  }

  private func refusal(_ request: ObjectRequest, _ table: TableShape?) throws -> String? {
    if SQLiteTrackingNames.isReserved(request.name.rawValue) {
      return "\(request.name) bears a name that SQLite or Syncline keeps for itself; name another "
        + "table"
    }
    guard let table else {
      return "\(file) has no table \(request.name); name one that it has"
    }
    if let refusal = table.refusal(keyIsAssigned: request.keyIsAssigned) { return refusal }
    guard request.keyIsAssigned, !table.keyIsRowid else { return nil }
    return try KeyProof(table: table, random: identifiers()).refusal(in: database)
  }
}
