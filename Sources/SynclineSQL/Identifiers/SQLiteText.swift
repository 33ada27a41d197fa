/// How names and texts are written into SQLite statements. Every name is quoted, so that reserved
/// words, quotes, brackets and letters of any script are names like any other.
public enum SQLiteText {
  /// A name as a quoted identifier. SQLite takes a quoted name that names no column for a string
  /// literal, so columns are always written with their table in front: `column(_:of:)`.
  public static func identifier(_ name: String) -> String { quoted(name, "\"") }

  /// A column, with its table (or `NEW`, `OLD`) in front.
  public static func column(_ name: String, of table: String) -> String {
    "\(table).\(identifier(name))"
  }

  /// A text as a string literal.
  public static func literal(_ text: String) -> String { quoted(text, "'") }

  private static func quoted(_ text: String, _ mark: Unicode.Scalar) -> String {
    var quoted = String.UnicodeScalarView()
    quoted.append(mark)
    for scalar in text.unicodeScalars {
      if scalar == mark { quoted.append(mark) }
      quoted.append(scalar)
    }
    quoted.append(mark)
    return String(quoted)
  }
}
