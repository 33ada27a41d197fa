// An invented system's rules: what it makes of values, what it refuses, what its owner's triggers do.

import SynclineModel

/// What a field does to a value that is written into it, without saying so in its schema.
enum StorageRule: Hashable, Sendable {
  case trims
  case lowercases
  case roundsTo(Int)
  case emptyAsNull
}

/// One field of an object. The first field of each is the key.
struct FieldRules: Sendable {
  var name: FieldName
  var type: FieldType
  var isUnique = false
  var storage: [StorageRule] = []
  var defaultValue: Value?
  /// The object that the field points to.
  var parent: Int?
  var onDelete = ForeignKey.OnDelete.refuse

  /// What the field keeps of a value.
  func stored(_ value: Value) -> Value {
    var value = type.scale.map { value.rounded(to: Int($0)) } ?? value
    for rule in storage { value = rule.applied(to: value) }
    return value
  }
}

/// What an owner's trigger does after a row was inserted or updated.
enum OwnerTrigger: Hashable, Sendable {
  /// Writes the row's tag into a field of the row that it points to.
  case touchesParent(reference: Int, field: Int)
  /// An automation that runs so many microseconds later, in a transaction of its own: it puts a mark behind
  /// the text in a field, unless one stands there.
  case marksLater(field: Int, after: Int64)
  /// Refuses rows that hold this value.
  case refuses(field: Int, holding: Value)
}

struct ObjectRules: Sendable {
  var name: ObjectName
  var fields: [FieldRules]
  var triggers: [OwnerTrigger] = []

  /// The place of the field with the tag.
  static let tag = 1

  func index(of name: FieldName) -> Int? { fields.firstIndex { $0.name == name } }

  /// As a connector describes it.
  func schema(_ names: [ObjectName]) -> ObjectSchema {
    ObjectSchema(
      name: name, key: fields[0].name,
      fields: fields.map { field in
        FieldSchema(
          name: field.name, type: field.type, isNullable: field.name != fields[0].name,
          hasDefault: field.defaultValue != nil, isUnique: field.isUnique)
      },
      foreignKeys: fields.compactMap { field in
        field.parent.map {
          ForeignKey(field: field.name, parent: names[$0], onDelete: field.onDelete)
        }
      })
  }
}

/// A whole system's rules.
struct SystemRules: Sendable {
  var objects: [ObjectRules]
  /// Whether a deleted record's key comes back.
  var reusesKeys: Bool
  /// The clock's lead before the run's, in microseconds.
  var clockOffset: Int64
  /// How fine the clock is, in microseconds.
  var clockPrecision: Int64
  var pageLimit: Int
  var batchLimit: Int
  /// What it is like as a cloud; nil for a database.
  var cloud: CloudRules?

  var names: [ObjectName] { objects.map(\.name) }
}

extension StorageRule {
  fileprivate func applied(to value: Value) -> Value {
    switch (self, value) {
    case (.trims, .text(let text)):
      var bytes = text.utf8[...]
      while bytes.last == 0x20 { bytes.removeLast() }
      return .text(Text(utf8: Array(bytes)))
    case (.lowercases, .text(let text)):
      return .text(Text(utf8: text.utf8.map { (0x41...0x5A).contains($0) ? $0 + 32 : $0 }))
    case (.roundsTo(let scale), _): return value.rounded(to: scale)
    case (.emptyAsNull, .text(let text)): return text.utf8.isEmpty ? .null : value
    default: return value
    }
  }
}

extension Value {
  /// Half away from zero, as the systems round.
  func rounded(to scale: Int) -> Value {
    guard case .decimal(let decimal) = self, decimal.scale > scale else { return self }
    let drop = decimal.scale - scale
    var digits = Array(decimal.digits)
    while digits.count <= drop { digits.insert(0x30, at: 0) }
    let isUp = digits[digits.count - drop] >= 0x35
    digits.removeLast(drop)
    if isUp {
      var place = digits.count - 1
      while place >= 0, digits[place] == 0x39 {
        digits[place] = 0x30
        place -= 1
      }
      if place < 0 { digits.insert(0x31, at: 0) } else { digits[place] += 1 }
    }
    return Value(
      decimal: ExactDecimal(isNegative: decimal.isNegative, digits: digits, scale: scale))
  }

  /// The value as plain text, which is all that the oracle sees; nil where it is empty.
  var plain: String? {
    switch self {
    case .null: nil
    case .text(let text): text.string
    case .integer(let integer): String(integer)
    case .decimal(let decimal): decimal.description
    case .boolean(let flag): String(flag)
    default: "\(self)"
    }
  }
}
