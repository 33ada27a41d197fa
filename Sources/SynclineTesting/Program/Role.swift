/// A side in a scenario: many laws hold for both alike.
public enum Role: String, CaseIterable, Sendable {
  case source
  case target

  /// The side across.
  public var other: Role { self == .source ? .target : .source }
}
