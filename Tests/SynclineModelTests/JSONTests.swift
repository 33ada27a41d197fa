import SynclineModel
import Testing

@Suite struct `JSON text` {
  @Test func `keeps the order of members, whichever way they are given`() {
    let members: [(String, JSON)] = [("b", .number(1)), ("a", .list([.null, .boolean(true)]))]
    #expect(JSON.members(members).line == #"{"b":1,"a":[null,true]}"#)
    #expect(JSON.object(["b": .number(1), "a": .text("x")]).line == #"{"b":1,"a":"x"}"#)
  }

  @Test func `escapes what JSON must not hold and what a terminal would obey`() {
    #expect(JSON.text("\"\\\n\r\t").line == #""\"\\\n\r\t""#)
    #expect(JSON.text("\u{0}\u{1B}\u{7F}\u{9B}").line == #""\u0000\u001b\u007f\u009b""#)
    #expect(
      JSON.text("\u{2028}\u{200F}\u{202E}\u{2066}").line == #""\u2028\u200f\u202e\u2066""#)
    #expect(JSON.text("Zoë 名 😀").line == "\"Zoë 名 😀\"")
  }
}
