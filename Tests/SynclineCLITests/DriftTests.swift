import SynclineTesting
import Testing

@Suite struct `Drift` {
  /// Names travel both ways, the phone one way; the origin is a constant.
  static func shop(_ rule: String) throws -> Scenario {
    let shop = try Scenario(
      source: """
        CREATE TABLE Customer (id INTEGER PRIMARY KEY, name TEXT, phone TEXT);
        INSERT INTO Customer VALUES (1, 'Anna', '1'), (2, 'Bert', '2');
        """,
      target: """
        CREATE TABLE Client (cid INTEGER PRIMARY KEY, title TEXT, tel TEXT, origin TEXT);
        """,
      tasks: """
          - name: Customers
            source: Customer
            target: Client
            columns: {name: title}
            toTarget: {tel: {column: phone}, origin: {constant: shop}}
            drift: \(rule)
        """)
    #expect(try shop.run().status == 0)
    #expect(try shop.syncline("drift") == Scenario.Answer(status: 0, output: "", errors: ""))
    try shop.target.execute(
      "UPDATE Client SET tel = '9' WHERE cid = 2; UPDATE Client SET origin = 'me' WHERE cid = 1")
    return shop
  }

  @Test func `that is left alone is listed and not written`() throws {
    let shop = try Self.shop("leave")
    let before = try shop.target.rows("SELECT * FROM Client ORDER BY 1")
    for _ in 0..<2 {
      #expect(try shop.run().status == 0)
      #expect(
        try shop.syncline("drift", with: ["--json"])
          == Scenario.Answer(
            status: 0,
            output: """
              {"task":"Customers","side":"target","object":"Client","key":"1","field":"origin","mapped":"shop","held":"me","restored":false}
              {"task":"Customers","side":"target","object":"Client","key":"2","field":"tel","mapped":"2","held":"9","restored":false}

              """, errors: ""))
    }
    #expect(
      try shop.syncline("drift")
        == Scenario.Answer(
          status: 0,
          output: """
            target Client 1  origin: the mapping says "shop", a user wrote "me"
            target Client 2  tel: the mapping says "2", a user wrote "9"

            """, errors: ""))
    #expect(try shop.target.rows("SELECT * FROM Client ORDER BY 1") == before)
    #expect(try shop.syncline("conflicts").output == "")
  }

  @Test func `that shall be restored is put right, recorded, and listed no more`() throws {
    let shop = try Self.shop("restore")
    #expect(try shop.run().status == 0)
    #expect(
      try shop.target.rows("SELECT tel, origin FROM Client ORDER BY cid")
        == [["'1'", "'shop'"], ["'2'", "'shop'"]])
    #expect(try shop.syncline("drift") == Scenario.Answer(status: 0, output: "", errors: ""))
    let recorded = try shop.syncline("conflicts", with: ["--json"]).json.map {
      Recorded(kind: $0["kind"] as? String, lost: $0["lost"] as? [String: String])
    }
    #expect(
      Set(recorded) == [
        Recorded(kind: "drift", lost: ["origin": "me"]),
        Recorded(kind: "drift", lost: ["tel": "9"]),
      ])
  }

  private struct Recorded: Hashable {
    var kind: String?
    var lost: [String: String]?
  }
}
