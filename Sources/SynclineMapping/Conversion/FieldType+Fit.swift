// Whether a field keeps a value of its own kind without loss. A typed system enforces what the field
// declares; SQLite enforces none of it, but its numeric affinities turn into a double, with 15 to 17
// digits, whatever is no 64-bit integer.

import SynclineModel

extension FieldType {
  func checkFit(of value: Value) throws(ConversionProblem) {
    switch storage {
    case .typed: try checkLimits(of: value)
    case .integerAffinity, .numericAffinity: try checkDigits(of: value, keepsIntegers: true)
    case .realAffinity: try checkDigits(of: value, keepsIntegers: false)
    case .textAffinity: try checkText(of: value)
    case .blobAffinity: try checkNumber(value)
    }
  }

  private func checkLimits(of value: Value) throws(ConversionProblem) {
    switch value {
    case .text(let text):
      guard let lengthMax, text.utf8.count > Int(lengthMax) else { return }
      // A character begins with every byte that continues none.
      guard text.utf8.count(where: { $0 & 0xC0 != 0x80 }) <= Int(lengthMax) else {
        throw ConversionProblem("a text that is longer than the field")
      }
    case .bytes(let bytes):
      guard let lengthMax, bytes.count > Int(lengthMax) else { return }
      throw ConversionProblem("bytes that are more than the field takes")
    case .integer(let integer) where kind == .decimal && precision != nil:
      try checkPrecision(of: ExactDecimal(integer))
    case .decimal(let decimal): try checkPrecision(of: decimal)
    default: return
    }
  }

  private func checkPrecision(of decimal: ExactDecimal) throws(ConversionProblem) {
    guard kind == .decimal, let precision else { return }
    let rounded = scale.map { decimal.rounded(toScale: Int($0)) } ?? decimal
    guard rounded.integralDigits <= Int(precision) - Int(scale ?? 0) else {
      throw ConversionProblem("a number with more digits before the point than the field takes")
    }
  }

  private func checkDigits(
    of value: Value, keepsIntegers: Bool
  ) throws(ConversionProblem) {
    switch value {
    case .integer(let integer):
      guard keepsIntegers || integer.double(as: kind) != nil else { throw .digitsLost }
    case .decimal(let decimal):
      guard decimal.double != nil else { throw .digitsLost }
    case .text(let text):
      guard StoredValue.text(text.utf8).keepsNumber(under: storage) else { throw .digitsLost }
    case .double: try checkNumber(value)
    default: return
    }
  }

  /// SQLite writes a double that becomes text with 15 digits.
  private func checkText(of value: Value) throws(ConversionProblem) {
    guard case .double(let double) = value else { return }
    guard let number = SignificantDigits(double), number.digits.count <= 15 else {
      throw .digitsLost
    }
  }

  /// SQLite stores a NaN as NULL.
  private func checkNumber(_ value: Value) throws(ConversionProblem) {
    if case .double(let double) = value, double.isNaN {
      throw ConversionProblem("a NaN, which the system keeps as null")
    }
  }
}
