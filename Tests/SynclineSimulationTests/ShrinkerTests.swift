import SynclineOracle
import Testing

@testable import SynclineSimulation

@Suite struct `The shrinker` {
  private func shrunk(_ plan: Plan, while fails: @escaping (Plan) -> Bool) -> [Step] {
    var shrinker = Shrinker(plan: plan, fails: fails)
    shrinker.shrink()
    return shrinker.plan.steps
  }

  @Test(arguments: UInt64(1)...20)
  func `leaves the one step that a failure needs`(_ seed: UInt64) {
    var plan = Plan(seed: seed)
    let culprit = Step.dropTrigger(.target, entity: 99)
    plan.steps.insert(culprit, at: plan.steps.count * Int(seed) / 21)
    #expect(shrunk(plan) { $0.steps.contains(culprit) } == [culprit])
  }

  @Test func `leaves steps that a failure needs together, in their order`() {
    let needed: [Step] = [.resetTracking, .dropTrigger(.source, entity: 99), .resetTracking]
    var plan = Plan(seed: 1)
    for (index, step) in needed.enumerated() { plan.steps.insert(step, at: index * 7) }
    let steps = shrunk(plan) { plan in
      plan.steps.filter(needed.contains).starts(with: needed)
    }
    #expect(steps == needed)
  }

  @Test func `leaves the edit and the value that a failure needs`() {
    let record = RecordName(0, "culprit")
    let edit = Edit(kind: .update, record: record, values: [0: .text("a"), 1: .null])
    let birth = Edit(kind: .create, record: record)
    var plan = Plan(seed: 2)
    plan.steps.insert(.edits(.source, [birth, edit, birth]), at: 5)
    let steps = shrunk(plan) { plan in
      plan.steps.contains { step in
        guard case .edits(_, let edits) = step else { return false }
        return edits.contains { $0.record == record && $0.values[1] == .null }
      }
    }
    #expect(
      steps == [.edits(.source, [Edit(kind: .update, record: record, values: [1: .null])])])
  }

  @Test func `leaves the mishap that a failure needs`() {
    let mishap = Intrusion.failsAfter(call: 99)
    let edits = Intrusion.edits(call: 1, .source, [Edit(kind: .delete, record: RecordName(0, "k"))])
    var plan = Plan(seed: 3)
    plan.steps.append(.run([edits, mishap, .diesBefore(call: 98)], limit: 4))
    let steps = shrunk(plan) { plan in
      plan.steps.contains { step in
        if case .run(let intrusions, _) = step { intrusions.contains(mishap) } else { false }
      }
    }
    #expect(steps == [.run([mishap], limit: nil)])
  }
}
