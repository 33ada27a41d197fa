import SynclineMapping
import SynclineModel
import SynclineTesting
import Testing

@Suite struct `A mapping's bytes and text` {
  @Test func `bring the mapping back`() throws {
    let mapping = try #require(Shop().mapping)
    #expect(try CompiledMapping(encoded: mapping.encoded) == mapping)
    #expect(mapping.encoded == Shop().mapping?.encoded)
  }

  @Test func `bring any mapping back`() throws {
    var generator = SeededGenerator(seed: 10)
    for _ in 0..<500 {
      let mapping = generator.mapping()
      #expect(try CompiledMapping(encoded: mapping.encoded) == mapping)
    }
  }

  @Test func `are refused wherever they are cut off`() throws {
    let bytes = try #require(Shop().mapping?.encoded)
    for length in bytes.indices {
      #expect(throws: DecodingFailure.self) {
        try CompiledMapping(encoded: Array(bytes[..<length]))
      }
    }
    #expect(throws: DecodingFailure.self) { try CompiledMapping(encoded: bytes + [0]) }
  }

  @Test func `never trap when they are damaged`() throws {
    var generator = SeededGenerator(seed: 11)
    for _ in 0..<20_000 {
      var bytes = generator.mapping().encoded
      for _ in 0..<2 {
        bytes[Int.random(in: bytes.indices, using: &generator)] = UInt8.random(
          in: 0...255, using: &generator)
      }
      guard let mapping = try? CompiledMapping(encoded: bytes) else { continue }
      #expect(try CompiledMapping(encoded: mapping.encoded) == mapping)
    }
  }

  @Test func `of a later version are refused`() {
    #expect(throws: DecodingFailure.malformed(what: "mapping of a known version", offset: 0)) {
      try CompiledMapping(encoded: [2, 0])
    }
  }

  @Test func `say what is mapped, by name`() throws {
    let shop = Shop()
    let text = try #require(shop.mapping?.canonicalText(shop.catalog))
    #expect(
      text == """
        task "Orders"
          source "Order"
          target "Auftrag"
          conflicts source
          drift leave
          deletes 10% at least 50
          target "Kunde": integer, integer affinity = "Buyer" through task "People", both ways, \
        never null
          target "Summe": double, real affinity = "Total": decimal, numeric affinity, both ways, \
        conflicts target
          source "Buyer": integer, integer affinity = "Kunde" through task "People", both ways, \
        never null
          source "Total": decimal, numeric affinity = "Summe": double, real affinity, both ways, \
        conflicts target
        task "People"
          source "Person"
          target "Kunde"
          conflicts source
          drift leave
          deletes 10% at least 50
          match source "Name": text, text affinity = target "Anzeige": text, text affinity
          target "Anzeige": text, text affinity = "Name": text, text affinity, both ways, \
        never null
          target "Geboren": text, text affinity = "Born": date, numeric affinity, both ways
          target "Chef": integer, integer affinity = "Boss" through task "People", both ways
          target "Herkunft": text, text affinity = constant text "shop", never null
          source "Name": text, text affinity = "Anzeige": text, text affinity, both ways, \
        never null
          source "Born": date, numeric affinity = "Geboren": text, text affinity, both ways
          source "Boss": integer, integer affinity = "Chef" through task "People", both ways

        """)
  }

  @Test func `do not depend on the order of the entries`() throws {
    var other = Shop()
    other.tasks[1].columns.reverse()
    #expect(other.mapping?.encoded == Shop().mapping?.encoded)
    #expect(
      other.mapping?.canonicalText(other.catalog) == Shop().mapping?.canonicalText(Shop().catalog))
  }
}

extension SeededGenerator {
  fileprivate mutating func mapping() -> CompiledMapping {
    CompiledMapping(tasks: list(upTo: 2) { $0.task() })
  }

  private mutating func list<Item>(
    upTo limit: Int, _ make: (inout SeededGenerator) -> Item
  ) -> [Item] {
    var items: [Item] = []
    for _ in 0..<Int.random(in: 0...limit, using: &self) { items.append(make(&self)) }
    return items
  }

  private mutating func pick<Item>(_ items: [Item]) -> Item {
    items[Int.random(in: items.indices, using: &self)]
  }

  private mutating func field() -> FieldNumber { FieldNumber(.random(in: 1...500, using: &self)) }

  private mutating func type() -> FieldType {
    FieldType(
      pick(FieldType.Kind.allCases), storage: pick(FieldType.Storage.allCases),
      lengthMax: pick([nil, 0, 255, .max]), precision: pick([nil, 38, .max]),
      scale: pick([nil, 0, .max]), foldsCase: .random(using: &self),
      trims: .random(using: &self), zoneMinutes: pick([0, -300, .min, .max]))
  }

  private mutating func task() -> TaskMapping {
    TaskMapping(
      number: TaskNumber(.random(in: 1...9, using: &self)), name: pick(["", "Kunden", "“x”\n"]),
      source: ObjectNumber(1), target: ObjectNumber(.max), conflicts: pick(ConflictRule.allCases),
      drift: pick(DriftRule.allCases), deletes: DeleteLimit(percent: 0, atLeast: .max),
      match: match(), toTarget: list(upTo: 4) { $0.assignment() },
      toSource: list(upTo: 4) { $0.assignment() })
  }

  private mutating func match() -> MatchMapping {
    let pairs = list(upTo: 3) {
      MatchPair(
        source: $0.field(), target: $0.field(), sourceType: $0.type(), targetType: $0.type())
    }
    return pick([.unstated, .none, .pairs(pairs)])
  }

  private mutating func assignment() -> Assignment {
    let expressions: [Expression] = [
      .column(field(), from: type()), .constant(value()), .relation(field(), task: TaskNumber(3)),
    ]
    return Assignment(
      field: field(), type: type(), expression: pick(expressions), isTwoWay: .random(using: &self),
      conflicts: pick([nil] + ConflictRule.allCases.map(Optional.some)),
      takesNull: .random(using: &self), goesWithInserts: .random(using: &self))
  }
}
