import SynclineModel

/// A query whose names and literals stand for fields and values.
struct BoundQuery: Sendable {
  /// A field, by way of references to parents.
  struct Path: Hashable, Sendable {
    let parents: [FieldDescription]
    let field: FieldDescription
    /// The words of the relationships, as the answer nests them.
    let relationships: [String]
  }

  /// What a value is compared with.
  enum Comparand: Hashable, Sendable {
    case value(FieldValue)
    case null
    /// Whole days: from the first moment to before the last.
    case range(FieldValue, FieldValue)
  }

  indirect enum Condition: Sendable {
    case comparison(Path, SOQLQuery.Operator, Comparand)
    /// Values in small letters, where they are text.
    case membership(Path, isNegated: Bool, values: Set<FieldValue>, includesNull: Bool)
    /// Each a set of choices that must all be there.
    case includes(Path, isNegated: Bool, [Set<String>])
    case all([Condition])
    case any([Condition])
    case not(Condition)
  }

  struct Order: Sendable {
    let path: Path
    let isDescending: Bool
    let putsNullsLast: Bool
  }

  let object: ObjectDescription
  /// Nil where only the number is asked for.
  let paths: [Path]?
  let condition: Condition?
  let order: [Order]
  let limit: Int?
  let offset: Int
}
