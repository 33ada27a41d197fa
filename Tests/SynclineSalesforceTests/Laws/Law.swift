import SynclineTesting
import Testing

/// A scenario of the laws as a row: what stood there, what people did on both sides, and what must be.
struct Law: Sendable, CustomTestStringConvertible {
  var testDescription: String
  /// What both sides hold after a settled run.
  var base: [String] = []
  /// Whether there was no run before the edits.
  var isFirstRun = false
  /// Whether records are matched by their tags.
  var isMatched = false
  var source: [Edit] = []
  var target: [Edit] = []
  /// What the run over the edits writes.
  var run = Outcome.silent
  /// What both sides hold then.
  var both: [String]
  var losers: [String] = []

  init(
    _ name: String, base: [String] = [], isFirstRun: Bool = false, isMatched: Bool = false,
    source: [Edit] = [], target: [Edit] = [], run: Outcome = .silent, both: [String],
    losers: [String] = []
  ) {
    testDescription = name
    self.base = base
    self.isFirstRun = isFirstRun
    self.isMatched = isMatched
    self.source = source
    self.target = target
    self.run = run
    self.both = both
    self.losers = losers
  }

  /// Carries it out, with the organisation in this part.
  func carryOut(cloud: Role, options: [String] = []) throws {
    let world = try CloudWorld(
      cloud: cloud, CloudWorld.Settings(isMatched: isMatched, options: options))
    if !isFirstRun { try world.settle(base) }
    try world.edit(.source, source)
    try world.edit(.target, target)
    try world.expectRun(is: run)
    try world.expectBoth(both)
    #expect(try world.losers() == losers)
    #expect(try world.errors() == [])
    #expect(try world.links() == [both.count])
    try world.expectQuiet()
    try world.expectBoth(both)
  }
}

extension Outcome {
  /// Inserts, updates and deletes on both sides.
  static func wrote(
    source: Writes = Writes(), target: Writes = Writes(), conflicts: Int = 0
  ) -> Outcome {
    Outcome(source: source, target: target, conflicts: conflicts)
  }
}
