import SynclineModel
import Yams

/// What a scalar of the file means as a constant: the core schema of YAML 1.2 for unquoted scalars,
/// with exact decimals instead of doubles; quoted scalars are text.
enum ConstantValue {
  /// The value, or nil for a number that no value can hold.
  static func value(of scalar: Node.Scalar) -> Value? {
    guard scalar.isPlain else { return .text(scalar.string) }
    switch scalar.string {
    case _ where scalar.isNull: return .null
    case "true", "True", "TRUE": return .boolean(true)
    case "false", "False", "FALSE": return .boolean(false)
    case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": return Value(double: .infinity)
    case "-.inf", "-.Inf", "-.INF": return Value(double: -.infinity)
    case ".nan", ".NaN", ".NAN": return Value(double: .nan)
    default: return number(Array(scalar.string.utf8)) ?? .text(scalar.string)
    }
  }

  /// Nil inside: a number that is too large. Nil outside: no number.
  private static func number(_ text: [UInt8]) -> Value?? {
    if let digits = digits(of: text, after: 0x78) { return radix(digits, 16) }
    if let digits = digits(of: text, after: 0x6F) { return radix(digits, 8) }
    if let decimal = ExactDecimal(parsing: text) { return Value(decimal: decimal) }
    return isNumber(text) ? .some(nil) : nil
  }

  /// What follows `0x` or `0o`.
  private static func digits(of text: [UInt8], after mark: UInt8) -> ArraySlice<UInt8>? {
    guard text.count > 2, text[0] == 0x30, text[1] == mark else { return nil }
    return text.dropFirst(2)
  }

  private static func radix(_ digits: ArraySlice<UInt8>, _ radix: Int) -> Value?? {
    let isNumber = digits.allSatisfy { digit in
      radix == 8
        ? (0x30...0x37).contains(digit)
        : (0x30...0x39).contains(digit) || (0x41...0x46).contains(digit)
          || (0x61...0x66).contains(digit)
    }
    guard isNumber else { return nil }
    return .some(Int64(String(decoding: digits, as: UTF8.self), radix: radix).map(Value.integer))
  }

  /// Whether the text is a number whose exponent alone is out of range.
  private static func isNumber(_ text: [UInt8]) -> Bool {
    guard let mark = text.firstIndex(where: { $0 == 0x65 || $0 == 0x45 }),
      ExactDecimal(parsing: text[..<mark]) != nil
    else { return false }
    var exponent = text[(mark + 1)...]
    if exponent.first == 0x2B || exponent.first == 0x2D { exponent = exponent.dropFirst() }
    return !exponent.isEmpty && exponent.allSatisfy { (0x30...0x39).contains($0) }
  }
}
