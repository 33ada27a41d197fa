import SynclineConfiguration
import SynclineMapping
import SynclineModel
import Testing

private typealias Change = @Sendable (inout PackageDefinition) -> Void

@Suite struct `Keys of a package` {
  @Test func `a package with nothing that may be left out has the defaults`() {
    #expect(Reading(Minimal.text) == .package(Minimal.definition))
  }

  private static let topLevel: [(lines: String, change: Change)] = [
    ("package: Shop and CRM\n", { $0.name = "Shop and CRM" }),
    ("package: 'null'\n", { $0.name = "null" }),
    ("locale: invariant\n", { _ in }),
    ("duringRun: sync\n", { _ in }),
    ("conflicts: source\n", { $0.conflicts = .source }),
    ("conflicts: target\n", { $0.conflicts = .target }),
    ("conflicts: newest\n", { $0.conflicts = .newest }),
    ("conflicts: merge\n", { $0.conflicts = .merge }),
    ("conflicts: hold\n", { $0.conflicts = .hold }),
    ("capture: all\n", { $0.capture = .all }),
    ("capture: mapped\n", { $0.capture = .mapped }),
    ("capture: [S.x, D.y z]\n", { $0.capture = .listed(["S.x", "D.y z"]) }),
    (
      "deletes: {limit: 25%, atLeast: 7}\n",
      { $0.deletes = DeleteLimit(percent: 25, atLeast: 7) }
    ),
    ("deletes: {limit: 0 %}\n", { $0.deletes = DeleteLimit(percent: 0, atLeast: 50) }),
    ("deletes: {atLeast: 0}\n", { $0.deletes = DeleteLimit(percent: 10, atLeast: 0) }),
    ("inferredDeletes: hold\n", { $0.inferredDeletes = .hold }),
    ("inferredDeletes: apply\n", { $0.inferredDeletes = .apply }),
    ("drift: leave\n", { $0.drift = .leave }),
    ("drift: restore\n", { $0.drift = .restore }),
    (
      "journal: 0F0C1D2E-0000-4000-8000-0123456789AB\n",
      { $0.journal = JournalID(text: "0f0c1d2e-0000-4000-8000-0123456789ab") }
    ),
  ]

  @Test(arguments: topLevel.indices)
  func `each key of the top level is read`(row: Int) {
    var expected = Minimal.definition
    Self.topLevel[row].change(&expected)
    #expect(Reading(Minimal.with(Self.topLevel[row].lines)) == .package(expected))
  }

  private static let connections: [(keys: String, zone: Int16, busy: Int)] = [
    ("timeZone: UTC", 0, 30_000),
    ("timeZone: +01:00", 60, 30_000),
    ("timeZone: -09:30", -570, 30_000),
    ("timeZone: '+14:00'", 840, 30_000),
    ("busyTimeout: 30 seconds", 0, 30_000),
    ("busyTimeout: 1 second", 0, 1000),
    ("busyTimeout: 500 milliseconds", 0, 500),
    ("busyTimeout: 2 minutes", 0, 120_000),
    ("busyTimeout: 0 seconds", 0, 0),
  ]

  @Test(arguments: connections.indices)
  func `each key of an SQLite connection is read`(row: Int) {
    let (keys, zone, busy) = Self.connections[row]
    let text = Minimal.text.replacing("file: a.db", with: "file: a.db, \(keys)")
    var expected = Minimal.definition
    expected.connections["a"] = .sqlite(
      SQLiteConnection(
        file: "a.db", zoneMinutes: zone, busyTimeoutMilliseconds: busy,
        location: FileLocation(line: 4, column: 3)))
    #expect(Reading(text) == .package(expected))
  }

  @Test func `a side of a database may say that no account is dedicated`() {
    let text = Minimal.text.replacing(
      "target: {connection: b}", with: "target: {connection: b, dedicatedAccount: false}")
    #expect(Reading(text) == .package(Minimal.definition))
  }

  @Test func `connections may stand in a file of their own`() {
    let connections = """
      connections:
        a: {type: sqlite, file: a.db}
      """
    let text = """
      source: {connection: a}
      target: {connection: b}
      connections:
        b: {type: sqlite, file: b.db}
      tasks: [{name: T, source: S, target: D, columns: {x: y}}]
      """
    let package = Reading(text, shared: connections).package
    #expect(
      package?.connections == [
        "a": .sqlite(SQLiteConnection(file: "a.db", location: FileLocation(line: 2, column: 3))),
        "b": .sqlite(SQLiteConnection(file: "b.db", location: FileLocation(line: 4, column: 3))),
      ])
  }

  @Test func `aliases and a byte order mark are fine`() {
    let text =
      "\u{FEFF}"
      + Minimal.text.replacing("a: {type", with: "a: &one {type").replacing(
        "b: {type: sqlite, file: b.db}", with: "b: *one")
    #expect(Reading(text).package?.connections.keys.sorted() == ["a", "b"])
  }
}
