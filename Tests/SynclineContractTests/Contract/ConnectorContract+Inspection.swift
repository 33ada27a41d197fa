import SynclineModel
import SynclinePorts
import SynclineTesting
import Testing

extension ConnectorContract {
  @Test(arguments: WorldKind.allCases)
  func `inspection tells the schemas as the system keeps them`(_ kind: WorldKind) async throws {
    let objects = [ContractObjects.company, ContractObjects.contact, ContractObjects.note]
    let world = try kind.make(objects)
    let connector = world.connector(patienceMilliseconds: 2000)
    let inspection = try await connector.inspect(
      objects.map { ObjectRequest(name: $0.name) }, ourJournal: nil)
    #expect(
      inspection.objects.mapValues(\.comparable)
        == Dictionary(objects.map { ($0.name, $0.schema.comparable) }) { $1 })
    #expect(inspection.refusals == [:])
    #expect(inspection.identity == nil)
    #expect(inspection.owners == [])
    #expect(
      inspection.tracking == ["Company": .missing, "Contact": .missing, "Note": .missing])
    await connector.close()
    withExtendedLifetime(world) {}
  }

  @Test(arguments: WorldKind.allCases)
  func `inspection knows a field of each kind`(_ kind: WorldKind) async throws {
    let world = try kind.make([ContractObjects.values])
    let connector = world.connector(patienceMilliseconds: 2000)
    let inspection = try await connector.inspect(
      [ObjectRequest(name: "Values")], ourJournal: nil)
    #expect(
      inspection.objects["Values"]?.comparable == ContractObjects.values.schema.comparable)
    await connector.close()
    withExtendedLifetime(world) {}
  }

  @Test(arguments: WorldKind.allCases)
  func `what cannot be synced is refused by name`(_ kind: WorldKind) async throws {
    let world = try kind.make([ContractObjects.company, ContractObjects.report])
    let connector = world.connector(patienceMilliseconds: 2000)
    let inspection = try await connector.inspect(
      ["Company", "Report", "Nowhere"].map { ObjectRequest(name: $0) }, ourJournal: nil)
    #expect(Set(inspection.objects.keys) == ["Company"])
    #expect(Set(inspection.refusals.keys) == ["Report", "Nowhere"])
    #expect(inspection.refusals["Report"]?.contains("Report") == true)
    #expect(inspection.refusals["Nowhere"]?.contains("Nowhere") == true)
    await connector.close()
  }

  @Test(arguments: WorldKind.allCases)
  func `inspection changes nothing and tells the same twice`(_ kind: WorldKind) async throws {
    let session = try await ContractSession.open(
      kind, [ContractObjects.company, ContractObjects.log], tracked: ["Company"])
    try session.user(.insert("Company", ["name": .text("Ada")]))
    let before = try session.world.fingerprint()
    let requests = ["Company", "Log"].map { ObjectRequest(name: $0) }
    var first = try await session.connector.inspect(requests, ourJournal: session.journal)
    var second = try await session.connector.inspect(requests, ourJournal: session.journal)
    first.now = nil
    second.now = nil
    #expect(first == second)
    #expect(first.tracking == ["Company": .intact, "Log": .missing])
    #expect(try session.world.fingerprint() == before)
    await session.connector.close()
  }
}

extension ObjectSchema {
  /// The schema without what each kind of system says in words of its own: how it stores a field,
  /// and what a key implies.
  fileprivate var comparable: ObjectSchema {
    var schema = self
    for index in fields.indices {
      let field = fields[index]
      schema.fields[index].type = FieldType(field.type.kind)
      if field.name == key {
        schema.fields[index] = FieldSchema(name: field.name, type: FieldType(field.type.kind))
      }
    }
    schema.foreignKeys.sort { $0.field < $1.field }
    return schema
  }
}
