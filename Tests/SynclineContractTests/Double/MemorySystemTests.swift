import SynclineModel
import SynclinePorts
import SynclineTesting
import Testing

/// What the contract does not reach in the double: its users' side, its clock, what it refuses.
@Suite struct MemorySystemTests {
  private static let one = NativeKey(integer: 1)

  private func refusal(_ system: MemorySystem, _ edits: [UserEdit]) -> String? {
    do throws(EditRefused) {
      try system.edit(edits)
      return nil
    } catch {
      return error.problem.code
    }
  }

  @Test func `edits of one transaction stand together or not at all`() throws {
    let system = MemorySystem([ContractObjects.company])
    let before = system.now
    #expect(
      refusal(
        system, [.insert("Company", ["name": .text("Ada")]), .insert("Company", [:])]) == "notNull")
    #expect(system.rows(of: "Company") == [:])
    #expect(system.now == before)
  }

  @Test func `a user sees defaults, calculated fields and the owner's automations`() throws {
    let system = MemorySystem([
      ContractObjects.company, ContractObjects.log, ContractObjects.diary,
    ])
    try system.insert(into: "Company", ["name": .text("Ada")])
    try system.insert(into: "Diary", ["text": .text("a")])
    #expect(
      system.rows(of: "Company") == [
        Self.one: [
          "id": .integer(1), "name": .text("Ada"), "code": .null, "size": .integer(1),
          "label": .text("Ada"),
        ]
      ])
    #expect(
      system.rows(of: "Diary") == [
        Self.one: ["id": .integer(1), "text": .text("a"), "stamp": .text("stamped")]
      ])
    #expect(
      system.rows(of: "Log") == [Self.one: ["id": .integer(1), "text": .text("written")]])
  }

  @Test func `the key of the last record, once deleted, is given again`() throws {
    let system = MemorySystem([ContractObjects.log])
    for _ in 0..<2 { try system.insert(into: "Log", [:]) }
    try system.delete("Log", NativeKey(integer: 2))
    #expect(try system.insert(into: "Log", [:]) == NativeKey(integer: 2))
  }

  @Test func `what breaks a rule is refused by its code`() throws {
    let system = MemorySystem([
      ContractObjects.company, ContractObjects.contact, ContractObjects.order,
      ContractObjects.report,
    ])
    try system.insert(into: "Company", ["name": .text("Ada"), "code": .text("a")])
    try system.insert(into: "Order", ["company": .integer(1)])
    let codes = [
      [.insert("Company", ["id": .integer(1), "name": .text("Bob")])],
      [.insert("Company", ["name": .text("Bob"), "code": .text("a")])],
      [.insert("Company", ["name": .integer(1)])],
      [.insert("Company", ["name": .text("Bob"), "label": .text("Bob")])],
      [.insert("Company", ["name": .text("Bob"), "colour": .text("red")])],
      [.insert("Contact", ["company": .integer(9)])],
      [.delete("Company", Self.one)],
      [.rekey("Company", Self.one, to: NativeKey(integer: 2))],
      [.update("Company", NativeKey(integer: 7), ["size": .integer(2)])],
      [.insert("Report", [:])],
      [.insert("Nowhere", [:])],
    ].map { (edits: [UserEdit]) in refusal(system, edits) }
    #expect(
      codes == [
        "unique", "unique", "value", "value", "schema", "foreignKey", "foreignKey", "foreignKey",
        "gone", "schema", "schema",
      ])
  }

  @Test func `lengths, digits and the case of unique text are kept`() throws {
    let system = MemorySystem([
      SystemObject(
        ObjectSchema(
          name: "Narrow", key: "id",
          fields: [
            FieldSchema(name: "id", type: FieldType(.integer)),
            FieldSchema(
              name: "short", type: FieldType(.text, lengthMax: 3, foldsCase: true),
              isUnique: true),
            FieldSchema(name: "price", type: FieldType(.decimal, precision: 5, scale: 2)),
          ]))
    ])
    let codes = [
      ["short": .text("abc")], ["short": .text("ABC")], ["short": .text("abcd")],
      ["price": .decimal(parsing: "999.99")], ["price": .integer(1000)],
      ["price": .decimal(parsing: "0.001")],
    ].map { fields in refusal(system, [.insert("Narrow", fields)]) }
    #expect(codes == [nil, "unique", "value", nil, "value", "value"])
  }

  @Test func `a cascade that comes round to its beginning ends`() throws {
    let system = MemorySystem([
      SystemObject(
        ObjectSchema(
          name: "Node", key: "id",
          fields: [
            FieldSchema(name: "id", type: FieldType(.integer)),
            FieldSchema(name: "parent", type: FieldType(.integer)),
          ], foreignKeys: [ForeignKey(field: "parent", parent: "Node", onDelete: .cascade)]))
    ])
    try system.insert(into: "Node", ["parent": .integer(1)])
    try system.insert(into: "Node", ["parent": .integer(1)])
    try system.update("Node", Self.one, ["parent": .integer(2)])
    try system.delete("Node", Self.one)
    #expect(system.rows(of: "Node") == [:])
  }

  @Test func `a foreign key falls back to its default, where that has a record`() throws {
    let system = MemorySystem([
      ContractObjects.log,
      SystemObject(
        ObjectSchema(
          name: "Line", key: "id",
          fields: [
            FieldSchema(name: "id", type: FieldType(.integer)),
            FieldSchema(name: "log", type: FieldType(.integer)),
          ], foreignKeys: [ForeignKey(field: "log", parent: "Log", onDelete: .setDefault)]),
        defaults: ["log": .integer(1)]),
    ])
    for _ in 0..<2 { try system.insert(into: "Log", [:]) }
    try system.insert(into: "Line", ["log": .integer(2)])
    try system.delete("Log", NativeKey(integer: 2))
    #expect(
      system.rows(of: "Line") == [Self.one: ["id": .integer(1), "log": .integer(1)]])
    #expect(refusal(system, [.delete("Log", Self.one)]) == "foreignKey")
  }

  @Test func `text keys are assigned in ascending order`() async throws {
    let tickets = SystemObject(
      ObjectSchema(
        name: "Ticket", key: "id", fields: [FieldSchema(name: "id", type: FieldType(.text))]))
    let system = MemorySystem([tickets])
    let keys = try (0..<11).map { _ in try system.insert(into: "Ticket", [:]) }
    #expect(keys == keys.sorted())
    #expect(Set(keys).count == 11)
    let inspection = try await MemoryConnector(system).inspect(
      [ObjectRequest(name: "Ticket", keyIsAssigned: true)], ourJournal: nil)
    #expect(inspection.objects == ["Ticket": tickets.schema])
    let refused = try await MemoryConnector(system).inspect(
      [ObjectRequest(name: "Ticket")], ourJournal: nil)
    #expect(Set(refused.refusals.keys) == ["Ticket"])
  }

  @Test func `the clock moves with each transaction and when told to`() throws {
    let system = MemorySystem([ContractObjects.log])
    try system.insert(into: "Log", [:])
    system.advance(microseconds: 5)
    #expect(
      system.now == Timestamp(microseconds: MemorySystem.beginning.microseconds + 1000 + 5))
  }

  @Test func `calls out of turn are refused as a database would`() async throws {
    let session = try await ContractSession.open(.memory, [ContractObjects.log])
    for _ in 0..<2 { try session.user(.insert("Log", [:])) }
    _ = try await session.connector.readChanges(limit: 1)
    let code = { (call: () async throws -> Void) async -> String? in
      do { try await call() } catch { return (error as? ConnectorFailure)?.code }
      return nil
    }
    let tooMany = (1...501).map { session.insert(UInt64($0), "Log", [:]) }
    #expect(await code { _ = try await session.write("Log", []) } == "misuse")
    #expect(await code { try await session.acknowledge([]) } == "misuse")
    _ = try await session.connector.readChanges(limit: 1)
    #expect(await code { _ = try await session.write("Log", tooMany) } == "misuse")
    _ = try await session.connector.removeTracking(of: session.journal)
    #expect(await code { _ = try await session.write("Log", []) } == "missing")
    #expect(await code { _ = try await session.readChanges() } == "missing")
    await session.connector.close()
    #expect(await code { _ = try await session.readChanges() } == "misuse")
  }
}
