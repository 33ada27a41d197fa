/// One of the two systems of a package. The only difference between them: under the default rule the
/// source wins conflicts.
@frozen public enum Side: UInt8, Hashable, Sendable, CaseIterable, CustomStringConvertible {
  case source = 1
  case target = 2

  /// The other side.
  @inlinable public var other: Side { self == .source ? .target : .source }

  public var description: String {
    switch self {
    case .source: "source"
    case .target: "target"
    }
  }
}

/// One object's place in a link. A one-to-one link has slot 0 on both sides.
@frozen public struct Slot: Hashable, Sendable, CustomStringConvertible {
  public let side: Side
  /// The place among the slots of this side, from 0.
  public let index: UInt8

  @inlinable
  public init(_ side: Side, index: UInt8 = 0) {
    self.side = side
    self.index = index
  }

  public var description: String { index == 0 ? side.description : "\(side) \(index)" }
}
