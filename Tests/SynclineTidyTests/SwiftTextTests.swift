import SynclineTidyRules
import Testing

@Suite struct `Code and comments told apart` {
  private static let rows: [(text: String, code: [String], comments: [String])] = [
    ("let a = 1", ["let a = 1"], [""]),
    ("let a = 1 // one", ["let a = 1 "], ["// one"]),
    ("a /* b /* c */ d */ e", ["a  e"], ["/* b /* c */ d */"]),
    ("/* a\nb */ c", ["", " c"], ["/* a", "b */"]),
    ("f(\"Date() // no\")", ["f(\"\")"], [""]),
    ("f(\"a \\\" b\")", ["f(\"\")"], [""]),
    ("f(\"a \\(g(x)) b\")", ["f(\"(g(x))\")"], [""]),
    ("f(\"\\(g(\"x\"))\") // c", ["f(\"(g(\"\"))\") "], ["// c"]),
    ("f(#\"a \" \\(b) \\#(c) d\"#)", ["f(\"(c)\")"], [""]),
    ("f(\"\"\"\n  \"a\" Date()\n  \"\"\")", ["f(\"", "", "\")"], ["", "", ""]),
    ("func `Date() is // banned`() {}", ["func _() {}"], [""]),
  ]

  @Test(arguments: rows.indices)
  func `strings are blanked and interpolations are code`(row: Int) {
    let text = SwiftText(Self.rows[row].text)
    #expect(text.code == Self.rows[row].code)
    #expect(text.comments == Self.rows[row].comments)
  }
}
