/// A value in one of SQLite's five storage classes: what a column holds and a parameter takes.
enum StoredValue: Hashable {
  case null
  case integer(Int64)
  case real(Double)
  /// UTF-8, unchecked: SQLite checks nothing.
  case text([UInt8])
  case blob([UInt8])

  static func text(_ string: String) -> StoredValue { .text(Array(string.utf8)) }

  /// A number that SQLite keeps as a signed one.
  static func bits(_ number: UInt64) -> StoredValue { .integer(Int64(bitPattern: number)) }
}
