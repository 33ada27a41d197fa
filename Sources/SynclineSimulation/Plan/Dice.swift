/// Numbers that look random and follow from a seed alone (SplitMix64).
struct Dice {
  private var state: UInt64

  /// The seed is mixed first: neighbours have nothing in common.
  init(seed: UInt64) { state = Self.mixed(seed &+ 0x1234_5678_9ABC_DEF1) }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.mixed(state)
  }

  private static func mixed(_ number: UInt64) -> UInt64 {
    var mixed = number
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A number from 0 to `bound` - 1.
  mutating func roll(_ bound: Int) -> Int { Int(next() % UInt64(max(1, bound))) }

  mutating func roll(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + roll(range.count)
  }

  /// True in `percent` of a hundred throws.
  mutating func chance(_ percent: Int) -> Bool { roll(100) < percent }

  mutating func pick<Element>(_ elements: [Element]) -> Element? {
    elements.isEmpty ? nil : elements[roll(elements.count)]
  }
}
