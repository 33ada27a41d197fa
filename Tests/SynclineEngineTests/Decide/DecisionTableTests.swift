import SynclineMapping
import SynclineModel
import Testing

@testable import SynclineEngine

@Suite("The decision table over all small worlds") struct DecisionTableTests {
  @Test func `decides what the sentences of the table say`() {
    for world in SmallWorld.all {
      let decision = decide(world.facts, world.mapping.context())
      #expect(Expectation(decision) == Expectation(of: world), "\(world)")
    }
  }

  @Test func `rests every decision on both observations`() {
    for world in SmallWorld.all {
      let decision = decide(world.facts, world.mapping.context())
      let causes = EventCauses(
        world.source == .vacant ? .none : EventSequence(11),
        world.target == .vacant ? .none : EventSequence(12))
      #expect(decision.restsOn == causes, "\(world)")
    }
  }

  @Test func `never deletes in an epoch`() {
    for world in SmallWorld.all where world.isInEpoch {
      let decision = decide(world.facts, world.mapping.context())
      #expect(!decision.sendings.contains { $0.operation == .delete }, "\(world)")
    }
  }

  @Test func `never agrees on what a command carries`() {
    for world in SmallWorld.all {
      let decision = decide(world.facts, world.mapping.context())
      for sending in decision.sendings where sending.operation == .update {
        let carried = Set(sending.row.fields)
        for side in Side.allCases {
          let agreed = Set(decision.agreement?.fields(side) ?? [])
          #expect(agreed.isDisjoint(with: carried), "\(world)")
        }
        #expect(decision.agreement?.slots.contains(sending.side) != true, "\(world)")
      }
    }
  }

  @Test func `does nothing for a link while a command has no outcome`() {
    for world in SmallWorld.all {
      for side in Side.allCases {
        var facts = world.facts
        facts.link[side].intent = CommandID(7)
        var expected = Decision(.unsettled)
        expected.delay = .unsettled
        expected.restsOn = facts.observations
        #expect(decide(facts, world.mapping.context()) == expected, "\(world)")
      }
    }
  }

  @Test func `keeps what both sides held at base with each conflict`() {
    for world in SmallWorld.all {
      for conflict in decide(world.facts, world.mapping.context()).conflicts
      where conflict.kind == .bothChanged || conflict.kind == .drift {
        let base = PackedRow(conflict.lost.fields.map { ($0, Value.text("base")) })
        #expect(conflict.base == base, "\(world)")
        #expect(Set(conflict.won.fields) == Set(conflict.lost.fields), "\(world)")
      }
    }
  }
}
