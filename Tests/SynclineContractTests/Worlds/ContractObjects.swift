import SynclineModel
import SynclineTesting

/// The objects that the contract speaks of.
enum ContractObjects {
  static let company = SystemObject(
    ObjectSchema(
      name: "Company", key: "id",
      fields: [
        id, FieldSchema(name: "name", type: FieldType(.text), isNullable: false),
        FieldSchema(name: "code", type: FieldType(.text), isUnique: true),
        FieldSchema(name: "size", type: FieldType(.integer)),
        FieldSchema(name: "label", type: FieldType(.text)),
      ]),
    defaults: ["size": .integer(1)], copies: ["label": "name"])

  static let contact = child("Contact", .cascade)
  static let note = child("Note", .setNull)
  static let order = child("Order", .refuse)

  static let log = SystemObject(
    ObjectSchema(
      name: "Log", key: "id", fields: [id, FieldSchema(name: "text", type: FieldType(.text))]))

  /// An object with triggers of its owner.
  static let diary = SystemObject(
    ObjectSchema(
      name: "Diary", key: "id",
      fields: [
        id, FieldSchema(name: "text", type: FieldType(.text)),
        FieldSchema(name: "stamp", type: FieldType(.text)),
      ]),
    automations: [
      .sets("stamp", to: .text("stamped")), .appends(to: "Log", ["text": .text("written")]),
      .refuses("text", holding: .text("forbidden")),
    ])

  static let report = SystemObject(
    ObjectSchema(
      name: "Report", key: "id", fields: [id, FieldSchema(name: "text", type: FieldType(.text))]),
    refusal: "Report is a view")

  /// A field for each kind of value.
  static let values = SystemObject(
    ObjectSchema(
      name: "Values", key: "id",
      fields: [id]
        + FieldType.Kind.allCases.map { kind in
          FieldSchema(name: FieldName("\(kind)Field"), type: FieldType(kind))
        }))

  private static let id = FieldSchema(name: "id", type: FieldType(.integer))

  private static func child(
    _ name: ObjectName, _ onDelete: ForeignKey.OnDelete
  ) -> SystemObject {
    SystemObject(
      ObjectSchema(
        name: name, key: "id",
        fields: [
          id, FieldSchema(name: "text", type: FieldType(.text)),
          FieldSchema(name: "company", type: FieldType(.integer)),
        ],
        foreignKeys: [ForeignKey(field: "company", parent: "Company", onDelete: onDelete)]))
  }
}

extension Value {
  static func decimal(parsing text: String) -> Value {
    ExactDecimal(parsing: text.utf8).map { Value(decimal: $0) } ?? .null
  }
}
