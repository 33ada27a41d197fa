import SynclineSandboxModel
import Testing

@Suite struct `An id` {
  @Test(arguments: [
    ("0014W000027f6V3", "0014W000027f6V3QAI"), ("0014W000027f6V3QAI", "0014W000027f6V3QAI"),
    ("0014w000027F6v3qai", "0014W000027f6V3QAI"), ("001000000000000", "001000000000000AAA"),
  ])
  func `of 15 characters, or of 18 in any case, is brought to 18`(_ given: String, _ full: String) {
    #expect(RecordID(parsing: given)?.text == full)
  }

  @Test(arguments: ["", "001", "0014W000027f6V", "0014W000027f6V3QA", "0014W000027f-V3"])
  func `of another length or of other characters is none`(_ given: String) {
    #expect(RecordID(parsing: given) == nil)
  }

  @Test func `whose last three contradict the others is none`() {
    #expect(RecordID(parsing: "001000000000000AA5") == nil)
  }

  @Test func `given later sorts behind one given earlier`() throws {
    let ids = try [0, 9, 10, 61, 62, 4000].map { try #require(RecordID(prefix: "001", number: $0)) }
    #expect(ids == ids.sorted())
    #expect(ids[5].text == "001SB000000012WYAQ")
  }
}
