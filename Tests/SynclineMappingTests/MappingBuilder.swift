import SynclineMapping
import SynclineModel

/// A small shop on both sides, which tests bend to their need.
struct Shop {
  var source: [ObjectSchema] = [
    ObjectSchema(
      name: "Person", key: "Id",
      fields: [
        FieldSchema(name: "Id", type: key, isNullable: false),
        FieldSchema(name: "Name", type: text, isNullable: false),
        FieldSchema(name: "Born", type: FieldType(.date, storage: .numericAffinity)),
        FieldSchema(name: "Boss", type: key),
        FieldSchema(name: "Photo", type: FieldType(.bytes, storage: .blobAffinity)),
        FieldSchema(name: "Initials", type: text, isCalculated: true),
      ],
      foreignKeys: [ForeignKey(field: "Boss", parent: "person")]),
    ObjectSchema(
      name: "Order", key: "Id",
      fields: [
        FieldSchema(name: "Id", type: key, isNullable: false),
        FieldSchema(name: "Buyer", type: key, isNullable: false),
        FieldSchema(name: "Total", type: FieldType(.decimal, storage: .numericAffinity)),
      ],
      foreignKeys: [ForeignKey(field: "Buyer", parent: "Person")]),
  ]
  var target: [ObjectSchema] = [
    ObjectSchema(
      name: "Kunde", key: "Nr",
      fields: [
        FieldSchema(name: "Nr", type: key, isNullable: false),
        FieldSchema(name: "Anzeige", type: text, isNullable: false),
        FieldSchema(name: "Geboren", type: text),
        FieldSchema(name: "Chef", type: key),
        FieldSchema(name: "Herkunft", type: text, isNullable: false, hasDefault: true),
      ],
      foreignKeys: [ForeignKey(field: "Chef", parent: "Kunde")]),
    ObjectSchema(
      name: "Auftrag", key: "Nr",
      fields: [
        FieldSchema(name: "Nr", type: key, isNullable: false),
        FieldSchema(name: "Kunde", type: key, isNullable: false),
        FieldSchema(name: "Summe", type: FieldType(.double, storage: .realAffinity)),
      ]),
  ]
  var refusals: [Side: [ObjectName: String]] = [:]
  var timedSides: Set<Side> = Set(Side.allCases)
  var conflicts = ConflictRule.source
  var tasks = [Shop.orders, Shop.people]

  static let key = FieldType(.integer, storage: .integerAffinity)
  static let text = FieldType(.text, storage: .textAffinity)

  /// The child stands first in the file.
  static let orders = TaskDefinition(
    name: "Orders", source: ObjectDefinition(object: "Order"),
    target: ObjectDefinition(object: "Auftrag"),
    columns: [ColumnDefinition(source: "Total", target: "Summe", conflicts: .target)],
    relations: [RelationDefinition(source: "Buyer", target: "Kunde", task: "People")],
    location: FileLocation(line: 10, column: 5))

  static let people = TaskDefinition(
    name: "People", source: ObjectDefinition(object: "Person"),
    target: ObjectDefinition(object: "Kunde"),
    match: .pairs([MatchPairDefinition(source: "Name", target: "Anzeige")]),
    columns: [
      ColumnDefinition(source: "Name", target: "Anzeige"),
      ColumnDefinition(source: "Born", target: "Geboren"),
    ],
    relations: [RelationDefinition(source: "Boss", target: "Chef", task: "People")],
    toTarget: [AssignmentDefinition(field: "Herkunft", kind: .constant(.text("shop")))],
    location: FileLocation(line: 20, column: 5))

  var definition: PackageDefinition {
    PackageDefinition(
      source: SideDefinition(connection: "a"), target: SideDefinition(connection: "b"),
      connections: [:], conflicts: conflicts, tasks: tasks)
  }

  var catalog: MappingCatalog {
    var numbers: [String: TaskNumber] = [:]
    for (index, task) in tasks.enumerated() {
      numbers[task.name] = TaskNumber(TaskNumber.RawValue(index + 1))
    }
    return MappingCatalog(
      objects: [.source: objects(source, from: 1), .target: objects(target, from: 11)],
      refusals: refusals, tasks: numbers, timedSides: timedSides)
  }

  var mapping: CompiledMapping? { try? definition.compiled(with: catalog).get() }

  /// Location and message of every problem, in order.
  var problems: [String] {
    guard case .failure(let failure) = definition.compiled(with: catalog) else { return [] }
    return failure.problems.map { "\($0.location?.description ?? "-") \($0.message)" }
  }

  private func objects(
    _ schemas: [ObjectSchema], from first: ObjectNumber.RawValue
  ) -> [ObjectName: MappingCatalog.Object] {
    var objects: [ObjectName: MappingCatalog.Object] = [:]
    for (index, schema) in schemas.enumerated() {
      var fields: [FieldName: FieldNumber] = [:]
      for (position, field) in schema.fields.enumerated() {
        fields[field.name] = FieldNumber(FieldNumber.RawValue(position + 1))
      }
      objects[schema.name] = MappingCatalog.Object(
        number: ObjectNumber(first + ObjectNumber.RawValue(index)), schema: schema, fields: fields)
    }
    return objects
  }
}
