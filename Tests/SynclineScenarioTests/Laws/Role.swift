/// A side in a scenario: many laws hold for both alike.
enum Role: String, CaseIterable, Sendable {
  case source
  case target

  var other: Role { self == .source ? .target : .source }
}
