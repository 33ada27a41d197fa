import SynclineTesting

extension World {
  /// The triggers of ours on a side, with the SQL that made them.
  func triggers(_ role: Role) throws -> [(name: String, sql: String)] {
    try file(role).rows(
      "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'syncline%'"
    ).map { row in
      (
        String(row[0].dropFirst().dropLast()),
        String(row[1].dropFirst().dropLast().replacing("''", with: "'"))
      )
    }
  }

  /// Somebody drops the triggers by which changes are noted.
  func dropTracking(_ role: Role) throws {
    for trigger in try triggers(role) { try file(role).execute("DROP TRIGGER \"\(trigger.name)\"") }
  }

  /// Runs SQL that no trigger of ours sees, and leaves them as they were.
  func editUnseen(_ role: Role, _ sql: String) throws {
    let triggers = try triggers(role)
    try dropTracking(role)
    try edit(role, sql)
    for trigger in triggers { try file(role).execute(trigger.sql) }
  }
}
