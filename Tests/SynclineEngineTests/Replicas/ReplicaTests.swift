import SynclineMapping
import SynclineModel
import SynclineTesting
import Testing

@testable import SynclineEngine

@Suite("Two systems under random edits, crashes and mapping edits") struct ReplicaTests {
  /// How field `b` is mapped, and what else.
  enum Shape: CaseIterable {
    case one, two, lossy, oneWay, rewritten

    func mapping(_ conflicts: ConflictRule, _ drift: DriftRule) -> SmallMapping {
      var mapping = SmallMapping(conflicts: conflicts, drift: drift)
      mapping.pair(SmallMapping.tag)
      mapping.pair(SmallMapping.generated)
      if self != .lossy { mapping.pair(SmallMapping.a) }
      switch self {
      case .one: break
      case .two, .rewritten: mapping.pair(SmallMapping.b)
      case .lossy:
        mapping.pair(SmallMapping.b, source: FieldType(.text), target: FieldType(.integer))
      case .oneWay:
        mapping.oneWay(SmallMapping.b, to: .source)
        mapping.oneWay(SmallMapping.c, to: .target)
        mapping.constant(SmallMapping.d, .text("D"), to: .target)
      }
      return mapping
    }
  }

  static let workloads: UInt64 = 40

  @Test(arguments: Shape.allCases, ConflictRule.allCases)
  func `come to rest with equal sides and every lost value on record`(
    shape: Shape, rule: ConflictRule
  ) throws {
    for seed in 1...Self.workloads {
      let drift: DriftRule = seed.isMultiple(of: 2) ? .leave : .restore
      var pair = try ReplicaPair(shape.mapping(rule, drift), seed: seed)
      pair.replicas[.target]?.rewrites = shape == .rewritten
      try Self.play(&pair)
      try pair.check()
      try #require(
        pair.problems.isEmpty,
        "seed \(seed), \(shape), \(rule): \(pair.problems)\n\(pair.log.joined(separator: "\n"))")
    }
  }

  @Test(arguments: ConflictRule.allCases)
  func `come to rest when the mapping is edited between runs`(rule: ConflictRule) throws {
    for seed in 1...Self.workloads {
      var pair = try ReplicaPair(Shape.one.mapping(rule, .leave), seed: seed)
      try Self.play(&pair)
      try pair.adopt(Shape.two.mapping(rule, .leave))
      try pair.touch(oneIn: 2)
      try Self.play(&pair)
      for _ in 0..<2 {
        try pair.touch(oneIn: 1)
        _ = try pair.sync()
      }
      try pair.check()
      try #require(
        pair.problems.isEmpty,
        "seed \(seed), \(rule): \(pair.problems)\n\(pair.log.joined(separator: "\n"))")
    }
  }

  /// Edits and runs in turn, some of which die; then runs until one gets through.
  private static func play(_ pair: inout ReplicaPair) throws {
    for _ in 0..<4 {
      pair.edit()
      var trouble = ReplicaPair.Trouble()
      if pair.generator.oneIn(3) {
        trouble.crashAt = Int.random(in: 1...3, using: &pair.generator)
        trouble.crashIsAfterEffect = pair.generator.oneIn(2)
      }
      trouble.editsBetween = pair.generator.oneIn(3)
      _ = try pair.sync(trouble)
    }
    _ = try pair.sync()
  }
}
