/// Text as its system holds it: UTF-8 bytes, compared byte by byte. Swift's own string equality takes
/// composed and decomposed letters for equal, which a database does not.
///
/// A system may hold text that is no valid UTF-8 (SQLite checks nothing); it is kept as it is, and
/// `isValid` tells.
@frozen public struct Text: Hashable, Sendable, Comparable, ExpressibleByStringLiteral {
  public let utf8: [UInt8]

  @inlinable
  public init(utf8: [UInt8]) { self.utf8 = utf8 }

  @inlinable
  public init(_ string: String) { utf8 = Array(string.utf8) }

  public init(stringLiteral value: String) { self.init(value) }

  /// Whether the bytes are valid UTF-8.
  public var isValid: Bool { String(validating: utf8, as: UTF8.self) != nil }

  /// The text for a person to read; bytes that are no UTF-8 become U+FFFD.
  public var string: String { String(decoding: utf8, as: UTF8.self) }

  @inlinable
  public static func < (first: Self, second: Self) -> Bool {
    first.utf8.lexicographicallyPrecedes(second.utf8)
  }
}
