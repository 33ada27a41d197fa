/// What a field can hold, as its system describes it. Scale, precision, length and zone belong to the
/// field, not to the value (Docs/Mapping.md, "Types").
public struct FieldType: Hashable, Sendable {
  public enum Kind: UInt8, Hashable, Sendable, CaseIterable {
    /// Holds values of any kind (a column without a declared type).
    case any = 0
    case boolean = 1
    case integer = 2
    case decimal = 3
    case double = 4
    case text = 5
    case bytes = 6
    case date = 7
    case time = 8
    /// A moment: has a zone.
    case timestamp = 9
    /// A wall-clock reading: has no zone.
    case localTimestamp = 10
    case uuid = 11
  }

  /// How the system converts what is written into the field. Typed systems convert nothing.
  public enum Storage: UInt8, Hashable, Sendable, CaseIterable {
    case typed = 0
    /// SQLite's type affinities (sqlite.org, "Datatypes In SQLite", section 3).
    case integerAffinity = 1
    case realAffinity = 2
    case numericAffinity = 3
    case textAffinity = 4
    case blobAffinity = 5
  }

  public var kind: Kind
  public var storage: Storage
  /// Characters of text, or bytes of a blob; nil where there is no limit.
  public var lengthMax: UInt32?
  /// Digits of a decimal in all; nil where there is no limit.
  public var precision: UInt16?
  /// Digits of a decimal behind the point; nil where there is no limit.
  public var scale: UInt16?
  /// Whether the system takes letters that differ only in case for the same text.
  public var foldsCase: Bool
  /// Whether the system takes white space off both ends of a text and keeps an empty text as null.
  public var trims: Bool
  /// Minutes east of UTC of the field's timestamps without a zone (the connection's `timeZone`).
  public var zoneMinutes: Int16

  public init(
    _ kind: Kind, storage: Storage = .typed, lengthMax: UInt32? = nil, precision: UInt16? = nil,
    scale: UInt16? = nil, foldsCase: Bool = false, trims: Bool = false, zoneMinutes: Int16 = 0
  ) {
    self.kind = kind
    self.storage = storage
    self.lengthMax = lengthMax
    self.precision = precision
    self.scale = scale
    self.foldsCase = foldsCase
    self.trims = trims
    self.zoneMinutes = zoneMinutes
  }
}
