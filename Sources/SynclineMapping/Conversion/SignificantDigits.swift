import SynclineModel

/// The shortest decimal digits that read back as the same double, and where their point stands.
struct SignificantDigits {
  var isNegative: Bool
  /// ASCII, without zeros at either end; empty for zero.
  var digits: [UInt8]
  /// The power of ten of the first digit.
  var exponent: Int

  /// Nil where the number is not finite.
  init?(_ double: Double) {
    guard double.isFinite, let decimal = ExactDecimal(shortestOf: double) else { return nil }
    isNegative = decimal.isNegative
    digits = decimal.digits
    exponent = digits.count - decimal.scale - 1
    while digits.last == 0x30 { digits.removeLast() }
    if digits.isEmpty { exponent = 0 }
  }

  /// Rounds half away from zero to `count` digits.
  mutating func round(to count: Int) {
    guard digits.count > count else { return }
    let roundsUp = digits[count] >= 0x35
    digits.removeLast(digits.count - count)
    if roundsUp, !increment(&digits) { exponent += 1 }
    while digits.last == 0x30 { digits.removeLast() }
  }

  /// Plain notation; with `pointed`, at least one digit stands behind the point.
  func plain(pointed: Bool) -> String {
    let value = ExactDecimal(
      isNegative: isNegative, digits: digits, scale: digits.count - exponent - 1)
    return pointed && value.scale == 0 ? "\(value).0" : "\(value)"
  }

  /// `1.5E+16`: one digit before the point, at least two in the exponent.
  func scientific(mark: String, pointed: Bool) -> String {
    let rest = String(decoding: digits.dropFirst(), as: UTF8.self)
    let fraction = rest.isEmpty ? (pointed ? ".0" : "") : ".\(rest)"
    let magnitude = String(exponent.magnitude)
    let power = String(repeating: "0", count: max(0, 2 - magnitude.count)) + magnitude
    let first = String(decoding: digits.prefix(1), as: UTF8.self)
    return (isNegative ? "-" : "") + first + fraction + mark + (exponent < 0 ? "-" : "+") + power
  }
}

extension ExactDecimal {
  /// The number with at most `scale` digits behind the point, rounded half away from zero.
  func rounded(toScale scale: Int) -> ExactDecimal {
    guard self.scale > scale else { return self }
    let dropped = self.scale - scale
    guard dropped <= digits.count else { return ExactDecimal(0) }
    var kept = Array(digits.dropLast(dropped))
    if digits[kept.count] >= 0x35, !increment(&kept) { kept.append(0x30) }
    return ExactDecimal(isNegative: isNegative, digits: kept, scale: scale)
  }
}

extension Int64 {
  /// The double from which the same number is read back by a field of this kind: decimals are read by
  /// the shortest text of the double, integers by its exact value.
  func double(as kind: FieldType.Kind) -> Double? {
    kind == .decimal ? ExactDecimal(self).double : Double(exactly: self)
  }
}

/// Adds one to the number that the digits spell. False where all were nines (or there were none):
/// then they are a one and zeros, and a zero is missing at the end.
private func increment(_ digits: inout [UInt8]) -> Bool {
  for index in digits.indices.reversed() {
    if digits[index] != 0x39 {
      digits[index] += 1
      return true
    }
    digits[index] = 0x30
  }
  if digits.isEmpty {
    digits.append(0x31)
    return true
  }
  digits[0] = 0x31
  return false
}
