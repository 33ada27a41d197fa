// Decimals and doubles: a double stands for the decimal that its shortest text spells, the one that a
// person would write down for it.

extension ExactDecimal {
  /// The number that the shortest text of `double` spells; nil where it is not finite.
  public init?(shortestOf double: Double) {
    guard double.isFinite else { return nil }
    self.init(parsing: double.description.utf8)
  }

  /// The double whose shortest text spells exactly this number.
  public var double: Double? {
    // 17 digits tell any double from its neighbours; more would be lost.
    guard digits.count - trailingZeros <= 17, let double = Double(exponential),
      ExactDecimal(shortestOf: double) == self
    else { return nil }
    return double
  }

  private var trailingZeros: Int { digits.reversed().prefix { $0 == 0x30 }.count }

  private var exponential: String {
    guard !digits.isEmpty else { return "0" }
    return (isNegative ? "-" : "") + String(decoding: digits, as: UTF8.self) + "e\(-scale)"
  }
}
