import SynclineModel
import SynclineSalesforce
import Testing

@Suite struct `An id of a record` {
  private func key(_ text: String) -> NativeKey? { NativeKey(.text(text)) }

  @Test(arguments: [
    "0014W000027f6V3", "0014W000027f6V3QAI", "0014w000027f6v3qai", "0014W000027F6V3QAI",
    "0014w000027f6V3qAI",
  ])
  func `is one in 15 characters, in 18 and in any case`(spelled: String) {
    #expect(SalesforceConnector.key(spelled: spelled) == key("0014W000027f6V3QAI"))
  }

  @Test func `of 15 characters has its cases`() {
    #expect(SalesforceConnector.key(spelled: "0014w000027f6v3") == key("0014w000027f6v3AAA"))
  }

  @Test(arguments: ["", "0014W000027f6V", "0014W000027f6V3QA", "0014W000027f6V3-AI", "Ada"])
  func `is nothing else`(text: String) {
    #expect(SalesforceConnector.key(spelled: text) == nil)
  }

  @Test(arguments: ["0014W000027f6V3QA9", "0014W000027f6V3555"])
  func `is left as it is where its last characters say nothing`(text: String) {
    #expect(SalesforceConnector.key(spelled: text) == key(text))
  }
}
