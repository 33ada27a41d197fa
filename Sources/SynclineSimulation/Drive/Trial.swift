// One seed, judged; and a failing plan made as small as it gets.

import SynclineJournal
import SynclineModel
import SynclineOracle

/// What became of a seed.
public struct Trial: Sendable {
  public var seed: UInt64
  /// What broke a law; empty where all held.
  public var violations: [String] = []
  /// One line per step.
  public var log: [String] = []
  /// The same for the same seed, wherever and whenever it is carried out; nil where nothing
  /// is logged.
  public var fingerprint: UInt64?
  var figures = Figures()

  /// Carries a seed out.
  /// - Parameter folder: does not exist yet; it is removed afterwards.
  public static func of(seed: UInt64, folder: String, isLogged: Bool = false) -> Trial {
    of(Plan(seed: seed), folder: folder, isLogged: isLogged)
  }

  /// - Parameters:
  ///   - endsWhenIdle: the world ends, unjudged, at a transaction that changes nothing.
  ///   - inspect: sees the world at its end, where all laws held; its journal is still open.
  static func of(
    _ plan: Plan, folder: String, isLogged: Bool, endsWhenIdle: Bool = false,
    inspect: (Simulation) throws -> Void = { _ in }
  ) -> Trial {
    var trial = Trial(seed: plan.seed)
    let place = TrialFolder(folder)
    defer { place.remove() }
    do {
      try place.make()
      let simulation = try Simulation(plan, folder: folder, isLogged: isLogged)
      defer { simulation.journal.close() }
      simulation.endsWhenIdle = endsWhenIdle
      do {
        trial.violations = try simulation.execute().map(\.description)
        if trial.violations.isEmpty { try inspect(simulation) }
      } catch {
        trial.violations = ["L14: the program fails: \(error)"]
      }
      trial.figures = simulation.figures
      trial.log = simulation.log ?? []
      if isLogged { trial.fingerprint = simulation.fingerprint }
    } catch {
      trial.violations = ["the simulation cannot begin: \(error)"]
    }
    return trial
  }

  /// The smallest plan that still breaks the same law, and what happens in it.
  public static func shrink(seed: UInt64, folder: String) -> Trial {
    var plan = Plan(seed: seed)
    guard let law = of(plan, folder: folder, isLogged: false).law else {
      return Trial(seed: seed)
    }
    var shrinker = Shrinker(plan: plan) { smaller in
      of(smaller, folder: folder, isLogged: false).law == law
    }
    shrinker.shrink()
    plan = shrinker.plan
    var trial = of(plan, folder: folder, isLogged: true)
    trial.log = plan.shape.lines + trial.log
    return trial
  }

  /// The first law that is broken.
  var law: String? { violations.first.map { String($0.prefix { $0 != ":" }) } }
}

/// Leaves out of a plan what is not needed for its failure: steps, edits, mishaps, fields.
struct Shrinker {
  var plan: Plan
  let fails: (Plan) -> Bool

  init(plan: Plan, fails: @escaping (Plan) -> Bool) {
    self.plan = plan
    self.fails = fails
  }

  mutating func shrink() {
    while leaveOutSteps() || leaveOutParts() {}
  }

  private mutating func leaveOutSteps() -> Bool {
    var hasShrunk = false
    var size = max(1, plan.steps.count / 2)
    while size >= 1 {
      var index = 0
      while index < plan.steps.count {
        var smaller = plan
        smaller.steps.removeSubrange(index..<min(index + size, plan.steps.count))
        if fails(smaller) {
          plan = smaller
          hasShrunk = true
        } else {
          index += size
        }
      }
      size /= 2
    }
    return hasShrunk
  }

  private mutating func leaveOutParts() -> Bool {
    var hasShrunk = false
    for index in plan.steps.indices {
      var part = 0
      while let smaller = plan.steps[index].without(part: part) {
        var candidate = plan
        candidate.steps[index] = smaller
        if fails(candidate) {
          plan = candidate
          hasShrunk = true
        } else {
          part += 1
        }
      }
    }
    return hasShrunk
  }
}

extension Step {
  /// The step without one of its parts: an edit, a value of an edit, a mishap; nil where there are no
  /// more.
  func without(part: Int) -> Step? {
    switch self {
    case .edits(let place, let edits):
      return Edit.leavingOut(part, of: edits).map { .edits(place, $0) }
    case .run(let intrusions, let limit):
      if part < intrusions.count {
        var fewer = intrusions
        fewer.remove(at: part)
        return .run(fewer, limit: limit)
      }
      var rest = part - intrusions.count
      for (index, intrusion) in intrusions.enumerated() {
        guard case .edits(let call, let place, let edits) = intrusion else { continue }
        if let fewer = Edit.leavingOut(rest, of: edits) {
          var changed = intrusions
          changed[index] = .edits(call: call, place, fewer)
          return .run(changed, limit: limit)
        }
        rest -= Edit.parts(of: edits)
      }
      return limit != nil && rest == 0 ? .run(intrusions, limit: nil) : nil
    default: return nil
    }
  }
}

extension Edit {
  static func parts(of edits: [Edit]) -> Int {
    edits.count + edits.reduce(0) { $0 + $1.values.count }
  }

  static func leavingOut(_ part: Int, of edits: [Edit]) -> [Edit]? {
    var fewer = edits
    if part < edits.count {
      fewer.remove(at: part)
      return fewer
    }
    var rest = part - edits.count
    for (index, edit) in edits.enumerated() {
      if rest < edit.values.count {
        fewer[index].values[edit.values.keys.sorted()[rest]] = nil
        return fewer
      }
      rest -= edit.values.count
    }
    return nil
  }
}

extension Shape {
  /// The world in a few lines.
  var lines: [String] {
    ["rule \(rule)"]
      + sides.map { side in
        "side: keys \(side.reusesKeys ? "used again" : "new"), page \(side.pageLimit), batch "
          + "\(side.batchLimit), clock \(side.clockOffset)/\(side.clockPrecision)"
      } + entities.map(\.line)
  }
}

extension EntityShape {
  fileprivate var line: String {
    let words = [
      isMatched ? "matched" : nil, rule.map { "rule \($0)" },
      restoresDrift ? "restores drift" : nil,
    ]
    return "\(name) (\(words.compactMap { $0 }.joined(separator: ", "))): "
      + fields.map(\.line).joined(separator: "; ")
      + triggers.joined().map { " \($0)" }.joined()
  }
}

extension FieldShape {
  fileprivate var line: String {
    let words: [String?] = [
      "\(name) \(kind)", mapping == .both ? nil : "\(mapping)", rule.map { "rule \($0)" },
      isUnique ? "unique" : nil, foldsCaseInTarget ? "folds" : nil,
      targetScale.map { "scale \($0)" },
      storage == [[], []] ? nil : "\(storage)", defaults == [nil, nil] ? nil : "\(defaults)",
      onDelete == [.refuse, .refuse] ? nil : "\(onDelete)",
    ]
    return words.compactMap { $0 }.joined(separator: " ")
      .replacing("SynclineSimulation.", with: "").replacing("SynclineModel.", with: "")
  }
}
