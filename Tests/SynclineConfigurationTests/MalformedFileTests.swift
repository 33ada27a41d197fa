import SynclineConfiguration
import SynclineMapping
import Testing

@Suite struct `Malformed package files` {
  private static let texts = [
    Refusal(
      "",
      "1:1: the file is empty; `syncline new` writes one to begin with"),
    Refusal(
      "# only a comment\n",
      "1:1: the file is empty; `syncline new` writes one to begin with"),
    Refusal(
      "null\n",
      "1:1: the file is empty; `syncline new` writes one to begin with"),
    Refusal(
      "- a\n",
      "1:1: the file must be a mapping (lines of `key: value`), not a list"),
    Refusal(
      "just text\n",
      "1:1: the file must be a mapping (lines of `key: value`), not a single value"),
    Refusal(
      "{package: x}\n",
      "1:1: the keys of the file must stand at the start of lines, without braces"),
    Refusal(
      "  package: x\n",
      "1:3: the keys of the file must stand at the start of lines, without braces"),
    Refusal(
      "source:\n\tconnection: a\n",
      "2:1: a tab stands here; YAML is indented with spaces"),
    Refusal(
      "source:\n  connection: a\n\ttarget: b\n",
      "3:1: a tab stands here; YAML is indented with spaces"),
    Refusal(
      "package: x\n---\npackage: y\n",
      "2:1: a second document begins here; a file holds one"),
    Refusal(
      "package: *nothing\n",
      "1:10: this alias has no anchor above it"),
    Refusal(
      "package: @x\n",
      "1:10: a value cannot begin with this character; put it in quotes"),
    Refusal(
      "package: a: b\n",
      "1:11: a `:` is not expected here; put the text in quotes or check the"
        + " indentation"),
    Refusal(
      "source:\n  connec",
      "1:1: the package has no `target`",
      "1:1: the package has no `tasks`",
      "2:3: `source` must be a mapping, not a single value"),
    Refusal(
      "source:\n  connection: a\ntar",
      "4:1: a key without `:` ends here; the file may be cut off"),
    Refusal(
      "package: \"Shop and\n",
      "2:1: a quoted text does not end; the file may be cut off"),
    Refusal(
      "deletes: {limit: 10%,\n",
      "2:1: a value is expected here; the file may be cut off"),
    Refusal(
      "capture: [a.b,\n",
      "2:1: a value is expected here; the file may be cut off"),
    Refusal(
      "tasks:\n  - name: T\n   source: S\n",
      "3:4: a `-` is expected here; check the indentation"),
    Refusal(
      "source:\n  connection: a\n target: b\n",
      "3:2: a key is expected here; check the indentation"),
    Refusal(
      "package: x\npackage: y\npackage: z\n",
      "1:1: `package` stands more than once in the same mapping; keep one"),
    Refusal(
      "tasks:\n  - name: T\n    columns:\n      a: b\n      a: c\n",
      "4:7: `a` stands more than once in the same mapping; keep one"),
    Refusal(
      "package: \"a\\qb\"\n",
      "1:12: this `\\` begins no escape that YAML knows; use single quotes"),
    Refusal(
      "package: a\u{0}b\n",
      "1:11: a control character stands here; remove it"),
    Refusal(
      "package: 'é\u{1B}[31m'\n",
      "1:12: a control character stands here; remove it"),
    Refusal(
      "package: !!binary aGVsbG8=\n",
      "1:10: a tag (`!…`) is not in this version; remove it"),
    Refusal(
      "%YAML 9.9\n---\npackage: x\n",
      "1:1: this is no YAML: found incompatible YAML document"),
  ]

  @Test(arguments: texts.indices)
  func `each is refused with its place`(row: Int) {
    #expect(Reading(Self.texts[row].text) == .problems(Self.texts[row].problems))
  }

  @Test func `bytes that are no UTF-8 are refused where they begin`() {
    let message = "the file is not UTF-8 from here on; save it as UTF-8"
    let latin = Array("package: ü\nsource: ".utf8) + [0x61, 0xFC, 0x62, 0x0A]
    #expect(Reading(latin) == .problems(["p.sync.yaml:2:10: \(message)"]))
    let utf16 = [0xFF, 0xFE] + Array("p\0a\0".utf8)
    #expect(Reading(utf16) == .problems(["p.sync.yaml:1:1: \(message)"]))
    let cutOff: [UInt8] = Array("package: ".utf8) + [0xE2, 0x82]
    #expect(Reading(cutOff) == .problems(["p.sync.yaml:1:10: \(message)"]))
  }

  @Test func `a file of more than a mebibyte is refused`() {
    let padding = "#" + String(repeating: "x", count: 1 << 20)
    #expect(
      Reading(Minimal.with(padding))
        == .problems(["p.sync.yaml:1:1: the file is larger than 1 MiB; split the package"]))
  }

  @Test func `what is nested too deep is refused`() {
    let message = "the file is nested deeper than 32 levels here"
    let deep = String(repeating: "[", count: 32) + String(repeating: "]", count: 32)
    #expect(Reading(Minimal.with("x: \(deep)\n")) == .problems(["p.sync.yaml:11:35: \(message)"]))
    let bomb = "x: " + String(repeating: "[", count: 500_000)
    #expect(Reading(bomb) == .problems(["p.sync.yaml:1:5: \(message)"]))
    let dashes = "x:\n" + String(repeating: "- ", count: 5000) + "y\n"
    #expect(Reading(dashes) == .problems(["p.sync.yaml:2:1999: \(message)"]))
  }

  /// Nine levels of ten aliases: a thousand million parts.
  private static let bomb = (1...9).map { level in
    let aliases = Array(repeating: "*l\(level - 1)", count: 10).joined(separator: ", ")
    return "l\(level): &l\(level) [\(aliases)]\n"
  }

  private static let aliasMessage =
    "aliases stand for more than 100 parts of the file; write the parts out"

  @Test func `aliases that multiply are refused`() {
    let text = "l0: &l0 x\n" + Self.bomb.joined()
    #expect(Reading(text) == .problems(["p.sync.yaml:1:5: \(Self.aliasMessage)"]))
  }

  @Test func `aliases that multiply inside a key are refused before they are read`() {
    let start = "l0: &l0 x\n" + Self.bomb.joined()
    for key in ["? *l9\n: x\n", "*l9 : x\n", "x: {? [*l9] : y}\n", "x: {[*l9]: y}\n"] {
      #expect(Reading(start + key) == .problems(["p.sync.yaml:1:1: \(Self.aliasMessage)"]))
    }
  }

  @Test func `a hundred aliases are fine`() {
    let tasks = (1...101).map { number in
      "  - {name: T\(number), source: S, target: D, columns: \(number == 1 ? "&c {x: y}" : "*c")}\n"
    }
    let allowed = Minimal.head + "tasks:\n" + tasks.joined()
    #expect(Reading(allowed).package?.tasks.count == 101)
    let refused = allowed + "  - {name: U, source: S, target: D, columns: *c}\n"
    #expect(Reading(refused) == .problems(["p.sync.yaml:7:47: \(Self.aliasMessage)"]))
  }

  @Test func `a banner of asterisks and a question is no alias`() {
    let banner = Array(repeating: "# ***** what : is this? *****\n", count: 30).joined()
    #expect(Reading(Minimal.with(banner)) == .package(Minimal.definition))
  }
}
