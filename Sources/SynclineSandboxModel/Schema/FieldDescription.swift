/// What happens to a record whose parent is deleted.
public enum DeleteRule: String, Hashable, Sendable {
  /// The child is deleted too.
  case cascade
  /// The parent cannot be deleted.
  case restrict
  /// The child's reference becomes null.
  case setNull
}

/// One choice of a picklist.
public struct PicklistValue: Hashable, Sendable {
  /// The text that is stored.
  public let value: String
  /// Whether a new record gets it where none is given.
  public let isDefault: Bool

  /// A choice.
  public init(_ value: String, isDefault: Bool = false) {
    self.value = value
    self.isDefault = isDefault
  }
}

/// A field of an object, as a describe tells it.
public struct FieldDescription: Hashable, Sendable {
  /// The name for the interface.
  public var name: String
  /// The name for people, which error messages use.
  public var label: String
  /// The type.
  public var kind: FieldKind
  /// Characters at most, where values are text.
  public var length = 0
  /// Digits at most, and how many of them behind the point.
  public var precision = 0
  /// Digits behind the point.
  public var scale = 0
  /// Digits at most, where values are whole numbers.
  public var digits = 0
  /// Whether a new record may name it.
  public var isCreateable = false
  /// Whether an update may name it.
  public var isUpdateable = false
  /// Whether programs have no right to write it, though nothing computes it.
  public var isReadOnly = false
  /// Whether it may be empty.
  public var isNillable = false
  /// Whether the server fills it where a new record does not name it.
  public var isDefaultedOnCreate = false
  /// Whether a query may ask for its values.
  public var isFilterable = true
  /// Whether a query may sort by it.
  public var isSortable = true
  /// Whether an upsert may find records by it.
  public var isIDLookup = false
  /// Whether it holds the key of another system.
  public var isExternalID = false
  /// Whether no two records may hold the same value.
  public var isUnique = false
  /// Whether `A` and `a` are different values of a unique field.
  public var isCaseSensitive = false
  /// Whether it was added to the object by the organisation.
  public var isCustom = false
  /// Objects whose records it may name.
  public var referenceTo: [String] = []
  /// The word by which a query reaches the parent.
  public var relationshipName: String?
  /// What a delete of the parent does.
  public var onDelete = DeleteRule.setNull
  /// The field that this one is a part of.
  public var compound: String?
  /// A finer type, as a describe tells it.
  public var extraType: String?
  /// The choices of a picklist.
  public var picklist: [PicklistValue] = []
  /// Whether other values than the choices are refused.
  public var isRestricted = false
  /// The path whose value it shows: a formula is computed when it is read and moves no stamp.
  public var formula: [String]?
  /// How a number that the server counts is written, `INV-{0000}`.
  public var autoNumber: String?

  /// A field with nothing allowed yet.
  public init(name: String, label: String, kind: FieldKind) {
    self.name = name
    self.label = label
    self.kind = kind
  }

  /// Whether a new record must name it.
  public var isRequired: Bool { isCreateable && !isNillable && !isDefaultedOnCreate }

  /// Whether the server computes it when it is read.
  public var isCalculated: Bool { formula != nil }

  /// Whether records are looked up by it often enough for an index.
  var isIndexed: Bool { isExternalID || isUnique || isIDLookup && kind != .id }
}
