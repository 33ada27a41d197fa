/// One field of an object, as its system describes it.
public struct FieldSchema: Hashable, Sendable {
  /// When a field that can be written takes a value.
  public enum Writing: UInt8, Hashable, Sendable {
    case always = 0
    /// With the record, and never again.
    case onlyAtInsert = 1
    /// Once the record is there.
    case onlyLater = 2
  }

  public var name: FieldName
  public var type: FieldType
  public var isNullable: Bool
  /// Whether the system fills the field where an insert leaves it out.
  public var hasDefault: Bool
  /// Computed by the system from other fields: read, never written.
  public var isCalculated: Bool
  /// Whether the connection's user may read the field and has no right to write it, where its system
  /// tells that from a calculated field: others write it, and the user could be given the right.
  public var isReadOnly: Bool
  /// When the field takes a value; it means nothing where it takes none.
  public var writing: Writing
  public var isUnique: Bool
  /// The objects whose records the field may point to, where they are several. No relation goes over
  /// such a field, since its value alone does not tell which object is meant.
  public var pointsTo: [ObjectName]

  public init(
    name: FieldName, type: FieldType, isNullable: Bool = true, hasDefault: Bool = false,
    isCalculated: Bool = false, isReadOnly: Bool = false,
    writing: Writing = .always, isUnique: Bool = false, pointsTo: [ObjectName] = []
  ) {
    self.name = name
    self.type = type
    self.isNullable = isNullable
    self.hasDefault = hasDefault
    self.isCalculated = isCalculated
    self.isReadOnly = isReadOnly
    self.writing = writing
    self.isUnique = isUnique
    self.pointsTo = pointsTo
  }
}

/// A foreign key that the system itself enforces.
public struct ForeignKey: Hashable, Sendable {
  public enum OnDelete: UInt8, Hashable, Sendable {
    case refuse = 0
    case cascade = 1
    case setNull = 2
    case setDefault = 3
  }
  /// The field that holds the parent's key.
  public var field: FieldName
  public var parent: ObjectName
  public var onDelete: OnDelete

  public init(field: FieldName, parent: ObjectName, onDelete: OnDelete = .refuse) {
    self.field = field
    self.parent = parent
    self.onDelete = onDelete
  }
}

/// One object of a system, as the system describes it.
public struct ObjectSchema: Hashable, Sendable {
  public var name: ObjectName
  /// The field whose value is the record's native key; the system assigns it on insert.
  public var key: FieldName
  /// In the system's order.
  public var fields: [FieldSchema]
  public var foreignKeys: [ForeignKey]

  public init(
    name: ObjectName, key: FieldName, fields: [FieldSchema], foreignKeys: [ForeignKey] = []
  ) {
    self.name = name
    self.key = key
    self.fields = fields
    self.foreignKeys = foreignKeys
  }

  public func field(_ name: FieldName) -> FieldSchema? { fields.first { $0.name == name } }
}

/// Which numbers the journal gave an object and its fields: what turns a system's rows into packed
/// rows and back. Connectors get one for each object that they read or write.
public struct ObjectBinding: Hashable, Sendable {
  public struct Field: Hashable, Sendable {
    public var number: FieldNumber
    public var name: FieldName
    public var type: FieldType
    /// Whether its values are kept whole. Where not (no mapping reads the field), a value above
    /// 32 KiB is kept as its digest and length.
    public var keepsWhole: Bool

    public init(
      number: FieldNumber, name: FieldName, type: FieldType, keepsWhole: Bool = true
    ) {
      self.number = number
      self.name = name
      self.type = type
      self.keepsWhole = keepsWhole
    }
  }

  public var object: ObjectNumber
  public var name: ObjectName
  public var key: Field
  /// The captured fields (the key field is among them), ascending by number.
  public var fields: [Field]

  public init(object: ObjectNumber, name: ObjectName, key: Field, fields: [Field]) {
    self.object = object
    self.name = name
    self.key = key
    self.fields = fields
  }
}
