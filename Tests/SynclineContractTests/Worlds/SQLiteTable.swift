import SynclineModel
import SynclineTesting

/// The statements that build an object of the contract in SQLite.
struct SQLiteTable {
  private let object: SystemObject

  init(_ object: SystemObject) { self.object = object }

  private var name: String { quoted(object.name.rawValue) }

  var statements: [String] {
    guard object.refusal == nil else { return ["CREATE VIEW \(name) AS SELECT 1 AS id"] }
    let fields = object.schema.fields.map(column)
    return ["CREATE TABLE \(name) (\(fields.joined(separator: ", ")))"]
      + object.automations.enumerated().flatMap(triggers)
  }

  private func column(_ field: FieldSchema) -> String {
    let column = quoted(field.name.rawValue)
    if field.name == object.schema.key { return "\(column) INTEGER PRIMARY KEY" }
    var text = "\(column) \(Self.declared(field.type.kind))"
    if let origin = object.copies[field.name] { text += " AS (\(quoted(origin.rawValue)))" }
    if !field.isNullable { text += " NOT NULL" }
    if field.isUnique { text += " UNIQUE" }
    if let value = object.defaults[field.name] { text += " DEFAULT \(Self.literal(value))" }
    if let foreignKey = object.schema.foreignKeys.first(where: { $0.field == field.name }) {
      text += " REFERENCES \(quoted(foreignKey.parent.rawValue)) (id)"
      text += Self.action(foreignKey.onDelete)
    }
    return text
  }

  private static func action(_ action: ForeignKey.OnDelete) -> String {
    switch action {
    case .refuse: ""
    case .cascade: " ON DELETE CASCADE"
    case .setNull: " ON DELETE SET NULL"
    case .setDefault: " ON DELETE SET DEFAULT"
    }
  }

  private static func declared(_ kind: FieldType.Kind) -> String {
    switch kind {
    case .any: ""
    case .boolean: "BOOLEAN"
    case .integer: "INTEGER"
    case .decimal: "DECIMAL"
    case .double: "REAL"
    case .text: "TEXT"
    case .bytes: "BLOB"
    case .date: "DATE"
    case .time: "TIME"
    case .timestamp: "TIMESTAMPTZ"
    case .localTimestamp: "DATETIME"
    case .uuid: "UUID"
    }
  }

  private func triggers(_ place: Int, _ automation: Automation) -> [String] {
    ["INSERT", "UPDATE"].compactMap { event in
      let trigger = quoted("owner_\(object.name)_\(place)_\(event)")
      switch automation {
      case .sets(let field, let value):
        let column = quoted(field.rawValue)
        return """
          CREATE TRIGGER \(trigger) AFTER \(event) ON \(name) \
          WHEN NEW.\(column) IS NOT \(Self.literal(value)) \
          BEGIN UPDATE \(name) SET \(column) = \(Self.literal(value)) WHERE id = NEW.id; END
          """
      case .appends(let other, let fields):
        guard event == "INSERT" else { return nil }
        let fields = fields.sorted { $0.key < $1.key }
        let columns = fields.map { quoted($0.key.rawValue) }.joined(separator: ", ")
        let values = fields.map { Self.literal($0.value) }.joined(separator: ", ")
        return """
          CREATE TRIGGER \(trigger) AFTER INSERT ON \(name) BEGIN \
          INSERT INTO \(quoted(other.rawValue)) (\(columns)) VALUES (\(values)); END
          """
      case .refuses(let field, let value):
        return """
          CREATE TRIGGER \(trigger) BEFORE \(event) ON \(name) \
          WHEN NEW.\(quoted(field.rawValue)) IS \(Self.literal(value)) \
          BEGIN SELECT RAISE(ABORT, 'refused by its owner'); END
          """
      }
    }
  }

  /// The contract's defaults and automations hold integers and plain text only.
  private static func literal(_ value: Value) -> String {
    switch value {
    case .integer(let integer): "\(integer)"
    case .text(let text): "'\(text.string)'"
    default: "NULL"
    }
  }
}
