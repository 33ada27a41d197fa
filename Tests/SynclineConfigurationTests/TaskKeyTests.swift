import SynclineConfiguration
import SynclineMapping
import SynclineModel
import Testing

private typealias Change = @Sendable (inout TaskDefinition) -> Void

private func at(_ line: Int, _ column: Int) -> FileLocation {
  FileLocation(line: line, column: column)
}

@Suite struct `Keys of a task` {
  /// Each with `columns: {x: y}` on line 10, so the lines begin at 11.
  private static let keys: [(lines: String, change: Change)] = [
    ("    match: none\n", { $0.match = .none }),
    (
      "    match: {x: y, v: w}\n",
      {
        $0.match = .pairs([
          MatchPairDefinition(source: "x", target: "y", location: at(11, 13)),
          MatchPairDefinition(source: "v", target: "w", location: at(11, 19)),
        ])
      }
    ),
    (
      "    relations:\n      Boss: {column: boss, task: T, conflicts: target}\n",
      {
        $0.relations = [
          RelationDefinition(
            source: "Boss", target: "boss", task: "T", conflicts: .target, location: at(12, 7))
        ]
      }
    ),
    (
      "    toTarget: {c: d, e: {column: f}, g: {constant: ACME}}\n",
      {
        $0.toTarget = [
          AssignmentDefinition(field: "c", kind: .column("d"), location: at(11, 16)),
          AssignmentDefinition(field: "e", kind: .column("f"), location: at(11, 22)),
          AssignmentDefinition(field: "g", kind: .constant(.text("ACME")), location: at(11, 38)),
        ]
      }
    ),
    (
      "    toSource: {c: {constant: 1}}\n",
      {
        $0.toSource = [
          AssignmentDefinition(field: "c", kind: .constant(.integer(1)), location: at(11, 16))
        ]
      }
    ),
    ("    conflicts: hold\n", { $0.conflicts = .hold }),
    ("    drift: restore\n", { $0.drift = .restore }),
    (
      "    deletes: {limit: 50%}\n",
      { $0.deletes = DeleteLimit(percent: 50, atLeast: 50) }
    ),
  ]

  @Test(arguments: keys.indices)
  func `each key of a task is read`(row: Int) {
    var expected = Minimal.definition
    Self.keys[row].change(&expected.tasks[0])
    #expect(Reading(Minimal.with(Self.keys[row].lines)) == .package(expected))
  }

  @Test func `a task takes from the package what its own limit leaves out`() {
    let text = Minimal.with("    deletes: {limit: 50%}\ndeletes: {limit: 1%, atLeast: 9}\n")
    #expect(Reading(text).package?.tasks.map(\.deletes) == [DeleteLimit(percent: 50, atLeast: 9)])
  }

  @Test func `an object may say that a trigger assigns its key`() {
    let text = Minimal.text.replacing("target: D", with: "target: {object: D, key: assigned}")
    #expect(
      Reading(text).package?.tasks.map(\.target) == [
        ObjectDefinition(object: "D", keyIsAssigned: true, location: at(9, 22))
      ])
  }

  @Test func `a column may have a rule of its own and any name`() {
    let text = Minimal.task(
      """
          columns:
            Phone: {column: Phone, conflicts: target}
            "a.b [c]; '--": {column: 'null', conflicts: merge}
            Ünïcode: "tab\\there"
            a: {column: b, conflicts: source}
      """)
    #expect(
      Reading(text).package?.tasks.map(\.columns) == [
        [
          ColumnDefinition(
            source: "Phone", target: "Phone", conflicts: .target, location: at(11, 7)),
          ColumnDefinition(
            source: "a.b [c]; '--", target: "null", conflicts: .merge, location: at(12, 7)),
          ColumnDefinition(source: "Ünïcode", target: "tab\there", location: at(13, 7)),
          ColumnDefinition(source: "a", target: "b", conflicts: .source, location: at(14, 7)),
        ]
      ])
  }

  private static let constants: [(String, Value)] = [
    ("null", .null), ("~", .null), ("", .null), ("Null", .null),
    ("true", .boolean(true)), ("FALSE", .boolean(false)), ("yes", .text("yes")),
    ("12", .integer(12)), ("-7", .integer(-7)), ("+007", .integer(7)),
    ("0x1F", .integer(31)), ("0o17", .integer(15)), ("0o18", .text("0o18")),
    ("0xZZ", .text("0xZZ")), ("1e3", .integer(1000)),
    ("1.10", Value(decimal: ExactDecimal(isNegative: false, digits: [0x31, 0x31], scale: 1))),
    ("5.00", .integer(5)), (".5e", .text(".5e")),
    (
      "123456789012345678901234567890",
      Value(
        decimal: ExactDecimal(
          isNegative: false, digits: "123456789012345678901234567890".utf8, scale: 0))
    ),
    (".inf", .double(.infinity)), ("-.inf", .double(-.infinity)),
    ("ACME", .text("ACME")), ("1.2.3", .text("1.2.3")), ("2024-01-01", .text("2024-01-01")),
    ("'12'", .text("12")), ("\"true\"", .text("true")), ("''", .text("")),
    ("\"\\0\"", .text("\0")), ("'null'", .text("null")),
  ]

  @Test(arguments: constants.indices)
  func `a constant is what the core schema of YAML says`(row: Int) {
    let (spelling, value) = Self.constants[row]
    let text = Minimal.task("    toTarget:\n      c:\n        constant: \(spelling)\n")
    #expect(
      Reading(text).package?.tasks.map(\.toTarget) == [
        [AssignmentDefinition(field: "c", kind: .constant(value), location: at(11, 7))]
      ])
  }
}
