/// The name of a table or CRM object, as its system spells it.
public struct ObjectName: Hashable, Sendable, Comparable, CustomStringConvertible,
  ExpressibleByStringLiteral
{
  public let rawValue: String
  public init(_ rawValue: String) { self.rawValue = rawValue }
  public init(stringLiteral value: String) { self.init(value) }
  public var description: String { rawValue }
  public static func < (first: Self, second: Self) -> Bool { first.rawValue < second.rawValue }
}

/// The name of a column or CRM field, as its system spells it.
public struct FieldName: Hashable, Sendable, Comparable, CustomStringConvertible,
  ExpressibleByStringLiteral
{
  public let rawValue: String
  public init(_ rawValue: String) { self.rawValue = rawValue }
  public init(stringLiteral value: String) { self.init(value) }
  public var description: String { rawValue }
  public static func < (first: Self, second: Self) -> Bool { first.rawValue < second.rawValue }
}

/// The id of a journal, a UUID, as 16 bytes.
public struct JournalID: Hashable, Sendable, CustomStringConvertible {
  public let bytes: [UInt8]

  /// `bytes`: exactly 16.
  public init(bytes: [UInt8]) {
    precondition(bytes.count == 16, "a journal id has 16 bytes")
    self.bytes = bytes
  }

  /// The id that `text` (8-4-4-4-12 hexadecimal digits) spells, or nil.
  public init?(text: String) {
    guard let bytes = UUIDText.parse(text) else { return nil }
    self.bytes = bytes
  }

  public var description: String { UUIDText.format(bytes) }

  /// The first eight hexadecimal digits, which name tracking objects.
  public var short: String { String(description.prefix(8)) }
}

/// What a system says of itself that no other system says: an organisation's id, the id that a
/// database keeps in our tracking objects.
public struct SystemIdentity: Hashable, Sendable, CustomStringConvertible {
  public let rawValue: String
  public init(_ rawValue: String) { self.rawValue = rawValue }
  public var description: String { rawValue }
}
