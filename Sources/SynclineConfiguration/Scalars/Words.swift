/// How names and choices look in messages.
enum Words {
  /// A name in backticks; one that is too long to be read is cut.
  static func quoted(_ name: String) -> String {
    let scalars = name.unicodeScalars
    guard scalars.count > 80 else { return "`\(name)`" }
    return "`\(String(String.UnicodeScalarView(scalars.prefix(79))))…`"
  }

  /// `a, b or c`.
  static func choice(_ words: [String]) -> String {
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " or " + last
  }
}
