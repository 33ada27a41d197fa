import SynclineJSON
import SynclineModel
import Testing

@Suite struct `Documents` {
  private static let sample = #"""
    {"size": 2, "done":false, "next":null, "list":[ [], {}, [1, -2.50e+3, "a\"\u00e9\ud83d\ude00"] ],
     "\u006bey": {"deep":{"deeper":true}}}
    """#

  @Test func `everything is read as it stands`() throws {
    #expect(
      try Tree.read(Self.sample)
        == .object([
          .init("size", .number("2")), .init("done", .boolean(false)), .init("next", .null),
          .init(
            "list",
            .array([
              .array([]), .object([]),
              .array([.number("1"), .number("-2.50e+3"), .text("a\"é😀")]),
            ])),
          .init("key", .object([.init("deep", .object([.init("deeper", .boolean(true))]))])),
        ]))
  }

  @Test func `a document that ends at any byte is refused, read or skipped`() {
    let bytes = Array(Self.sample.utf8)
    for end in 0..<bytes.count {
      #expect(cause(Array(bytes[..<end])) != nil, "\(end)")
      #expect(causeWhenSkipped(Array(bytes[..<end])) != nil, "\(end)")
    }
    #expect(cause(bytes) == nil)
    #expect(causeWhenSkipped(bytes) == nil)
  }

  @Test func `a changed byte never reads as something that is no JSON`() throws {
    let bytes = Array(#"{"a":[1,"b",null,true],"c":{}}"#.utf8)
    for index in bytes.indices {
      for byte in [0x00, 0x20, 0x22, 0x2C, 0x3A, 0x5B, 0x5D, 0x7B, 0x7D, 0x80, 0xFF] as [UInt8] {
        var changed = bytes
        changed[index] = byte
        #expect((cause(changed) == nil) == (causeWhenSkipped(changed) == nil), "\(index) \(byte)")
      }
    }
  }

  static let malformed: [(String, JSONFailure.Cause)] = [
    ("", .truncated), ("  ", .truncated), ("[", .malformed), ("{\"a\":1", .malformed),
    ("[1]]", .malformed), ("[1] 2", .malformed), ("{} {}", .malformed), ("[1,]", .malformed),
    ("[1 2]", .malformed), ("[,1]", .malformed), ("{\"a\" 1}", .malformed),
    ("{\"a\":}", .malformed), ("{\"a\":1,}", .malformed), ("{a:1}", .malformed),
    ("{1:1}", .malformed), ("{'a':1}", .malformed), ("[tru]", .malformed), ("[True]", .malformed),
    ("[nul]", .malformed), ("[nullx]", .malformed), ("[true false]", .malformed),
    ("[NaN]", .malformed), ("[Infinity]", .malformed), ("[+1]", .malformed), ("[01]", .malformed),
    ("[-]", .malformed), ("[.5]", .malformed), ("[1.]", .malformed), ("[1e]", .malformed),
    ("[0x10]", .malformed), ("[0\u{0}]", .malformed), ("[true\u{0}]", .malformed),
    ("[1\u{0C}]", .malformed), ("[null\u{A0}]", .malformed), ("\u{0}[1]", .malformed),
    ("[1]\u{0}", .malformed), ("[1_000]", .malformed), ("[\"a\u{01}\"]", .malformed),
    ("[\"\\x\"]", .badEscape), ("[\"\\u12\"]", .badEscape), ("[\"\\ud800\"]", .badEscape),
    ("[\"\\udc00\"]", .badEscape), ("[\"\\ud800\\u0041\"]", .badEscape), ("[\"a", .truncated),
    ("[1}", .malformed), ("// x\n[1]", .malformed), ("[1/*x*/]", .malformed),
    ("\"text\"", .unawaited(nil)), ("12", .unawaited(nil)), ("null", .unawaited(nil)),
    ("<html></html>", .malformed),
  ]

  @Test(arguments: malformed)
  func `what is no JSON is refused, read or skipped`(_ text: String, _ expected: JSONFailure.Cause)
  {
    #expect(cause(Array(text.utf8)) == expected)
    #expect(causeWhenSkipped(Array(text.utf8)) == expected)
  }

  @Test(arguments: [
    [0x5B, 0x22, 0xFF, 0x22, 0x5D], [0x5B, 0x22, 0xC0, 0x80, 0x22, 0x5D],
    [0x5B, 0x22, 0xED, 0xA0, 0x80, 0x22, 0x5D], [0x5B, 0x22, 0xF4, 0x90, 0x80, 0x80, 0x22, 0x5D],
    [0x5B, 0x22, 0xE2, 0x82, 0x22, 0x5D], [0xFE, 0xFF, 0x00, 0x5B, 0x00, 0x5D],
  ])
  func `bytes that are no UTF-8 are refused`(_ bytes: [Int]) {
    #expect(cause(bytes.map { UInt8($0) }) == .notUTF8)
  }

  @Test func `a byte order mark is passed over, once and in front`() throws {
    #expect(try Tree.read("\u{FEFF}[1]") == .array([.number("1")]))
    #expect(cause(Array("\u{FEFF}\u{FEFF}[1]".utf8)) != nil)
    #expect(cause([0xEF, 0xBB, 0xBF]) == .truncated)
  }

  @Test(arguments: [("[", "]"), ("{\"a\":", "}")])
  func `nesting has a limit, read or skipped`(_ open: String, _ close: String) {
    func nested(_ depth: Int) -> [UInt8] {
      let inner = open == "[" ? "" : "1"
      let text = String(repeating: open, count: depth) + inner
      return Array((text + String(repeating: close, count: depth)).utf8)
    }
    #expect(cause(nested(64)) == nil)
    #expect(cause(nested(65)) == .tooDeep)
    #expect(causeWhenSkipped(nested(65)) == .tooDeep)
    #expect(cause(nested(100_000)) == .tooDeep)
    #expect(cause(Array(String(repeating: open, count: 1_000_000).utf8)) != nil)
  }

  @Test func `size has a limit, however the bytes arrive`() {
    let limits = JSONLimits(bytesMax: 6)
    #expect(cause(Array("[1, 2]".utf8), limits: limits) == nil)
    var parser = JSONParser(limits: limits)
    let failure = #expect(throws: JSONFailure.self) {
      try parser.append(Array("[1,".utf8))
      try parser.append(Array("2,3]".utf8))
    }
    #expect(failure?.cause == .tooLarge(limit: 6))
  }

  @Test func `one parser reads one document after the other, also after a failure`() throws {
    var parser = JSONParser()
    for text in ["[1]", "[", "{\"a\":[2", "[3]"] {
      for byte in text.utf8 { try parser.append([byte]) }
      let tree = try? parser.read { (cursor) throws(JSONFailure) in try Tree(&cursor) }
      let digits = text.filter(\.isNumber)
      #expect(tree == (text.hasSuffix("]") ? .array([.number(digits)]) : nil))
    }
  }

  @Test func `what is not read is skipped with its inner parts`() throws {
    var parser = JSONParser()
    try parser.append(Array(#"{"a":{"b":[1,{"c":2}]},"d":[[[]]],"e":"x","f":7,"g":[1,2]}"#.utf8))
    var keys: [String] = []
    var first = ""
    try parser.read { (cursor) throws(JSONFailure) in
      try cursor.object { (cursor) throws(JSONFailure) in
        keys.append(cursor.key)
        if cursor.isAt("f") { first = try cursor.number() }
      }
    }
    #expect(keys == ["a", "d", "e", "f", "g"])
    #expect(first == "7")
  }

  @Test func `a value of another kind is told with its place`() throws {
    var parser = JSONParser()
    try parser.append(Array(#"{"token":17}"#.utf8))
    let failure = #expect(throws: JSONFailure.self) {
      try parser.read { (cursor) throws(JSONFailure) in
        try cursor.object { (cursor) throws(JSONFailure) in _ = try cursor.text() }
      }
    }
    #expect(failure?.cause == .unawaited(.text))
    #expect(failure?.description == "the JSON has no text at byte 9 where one is awaited")
  }

  @Test func `whole numbers, and those that are none`() throws {
    func integer(_ text: String) -> Int? {
      var parser = JSONParser()
      return try? parser.append(Array("[\(text)]".utf8)) == ()
        ? parser.read { (cursor) throws(JSONFailure) in
          var found = 0
          try cursor.array { (cursor) throws(JSONFailure) in found = try cursor.integer() }
          return found
        } : nil
    }
    #expect(integer("9223372036854775807") == .max)
    #expect(integer("9223372036854775808") == nil)
    #expect(integer("1.0") == nil)
    #expect(integer("1e3") == nil)
  }

  @Test func `doubled keys come one after the other`() throws {
    #expect(
      try Tree.read(#"{"a":1,"a":2}"#)
        == .object([.init("a", .number("1")), .init("a", .number("2"))]))
  }

  @Test func `what the project writes is what it reads`() throws {
    let text = "\u{0}\u{1F}\u{7F}\u{2028}\u{202E}\"\\/é😀\n"
    #expect(
      try Tree.read(JSON.members([(text, .list([.text(text), .number(-3), .null]))]).line)
        == .object([.init(text, .array([.text(text), .number("-3"), .null]))]))
  }
}
