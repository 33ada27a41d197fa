import SynclineOracle
import Testing

/// For each law a history that breaks it and no other, and beside it one that keeps it.
@Suite struct `The oracle` {
  private let company = Story.company

  @Test func `finds nothing where a record was copied and is quiet`() {
    var story = Story.copied()
    story.rest(from: 5)
    story.holds(Place.allCases, company, ["name": "a"])
    #expect(Oracle.judge(story.history) == [])
  }

  @Test func `L1: a record stands on both sides, or waits and is listed`() {
    var story = Story.copied()
    story.rest(from: 5)
    story.holds([.source], company, ["name": "a"])
    #expect(story.broken == ["L1"])
    story.history.runs[2].isClean = false
    story.history.runs[2].listed = [company]
    #expect(story.broken == [])
  }

  @Test func `L1: a field is the same on both sides`() {
    func story(target: String) -> Story {
      var story = Story.copied()
      // An automation of the target rewrote what was copied.
      story.act(3, .target, .update, company, ["name": "A"], by: .answer)
      story.rest(from: 5)
      story.holds([.source], company, ["name": "A"])
      story.holds([.target], company, ["name": target])
      return story
    }
    #expect(story(target: "a").broken == ["L1"])
    #expect(story(target: "A").broken == [])
  }

  @Test func `L2: a value that was written is there, overwritten or on record`() {
    var story = Story.copied()
    story.act(5, .source, .update, company, ["name": "c"])
    story.act(6, .target, .update, company, ["name": "b"])
    story.run(7...8, commands: 1, writes: 1)
    story.rest(from: 9)
    story.holds(Place.allCases, company, ["name": "c"])
    #expect(story.broken == ["L2"])
    story.loses(company, on: .target, ["name": "b"])
    #expect(story.broken == [])
  }

  @Test func `L2: what was emptied before the field was mapped is filled by the other side`() {
    func story(since: Int) -> Story {
      var story = Story.copied()
      story.act(5, .source, .update, company, ["name": "c"])
      story.act(6, .target, .update, company, ["name": nil])
      story.run(8...9, commands: 1, writes: 1)
      story.rest(from: 10)
      story.holds(Place.allCases, company, ["name": "c"])
      story.history.entities[0].fields[1].since = since
      return story
    }
    #expect(story(since: 0).broken == ["L2"])
    #expect(story(since: 7).broken == [])
  }

  @Test func `L3: a value was written by somebody`() {
    var story = Story.copied(name: nil)
    story.rest(from: 5)
    story.holds(Place.allCases, company, ["name": "x"])
    #expect(story.broken == ["L3"])
    story.act(3, .target, .update, company, ["name": "x"], by: .answer)
    #expect(story.broken == [])
  }

  @Test func `L3: a constant of the mapping was written by nobody`() {
    func story(origin: String) -> Story {
      var story = Story(origin: "crm")
      story.act(1, .source, .create, company)
      story.run(2...4, commands: 1, writes: 1)
      story.rest(from: 5)
      story.holds([.source], company, ["origin": origin])
      story.holds([.target], company, ["origin": "crm"])
      return story
    }
    #expect(story(origin: "erp").broken == ["L3"])
    #expect(story(origin: "crm").broken == [])
  }

  @Test func `L4: a record stands once on each side`() {
    var story = Story.copied()
    story.rest(from: 5)
    story.holds(Place.allCases, company, ["name": "a"])
    #expect(story.broken == [])
    story.holds([.target], company, ["name": "a"])
    #expect(story.broken == ["L4"])
  }

  @Test func `L5: nothing is written into quiet`() {
    func story(writes: Int, commands: Int, reset: Int? = nil) -> Story {
      var story = Story.copied()
      story.run(5...6)
      story.run(8...9, commands: commands, writes: writes)
      story.rest(from: 10)
      story.holds(Place.allCases, company, ["name": "a"])
      if let reset { story.history.resets = [reset] }
      return story
    }
    #expect(story(writes: 1, commands: 1).broken == ["L5"])
    #expect(story(writes: 0, commands: 1).broken == ["L5"])
    #expect(story(writes: 0, commands: 0).broken == [])
    // A reset is a reason to look again.
    #expect(story(writes: 1, commands: 1, reset: 7).broken == [])
  }

  @Test(arguments: [Place.source, .target])
  func `L6: the side that wins has its value where both changed`(_ winner: Place) {
    func story(held: String, lost: String, on loser: Place, winner: Place?) -> Story {
      var story = Story.copied(winner: winner)
      story.act(5, .source, .update, company, ["name": "s"])
      story.act(6, .target, .update, company, ["name": "t"])
      story.run(7...8, commands: 1, writes: 1)
      story.rest(from: 9)
      story.holds(Place.allCases, company, ["name": held])
      story.loses(company, on: loser, ["name": lost])
      return story
    }
    let right = winner == .source ? ("s", "t") : ("t", "s")
    #expect(
      story(held: right.1, lost: right.0, on: winner, winner: winner).broken == ["L6"])
    #expect(
      story(held: right.0, lost: right.1, on: winner.other, winner: winner).broken == [])
    // Under `newest` and `hold` the loser may be either.
    #expect(story(held: right.1, lost: right.0, on: winner, winner: nil).broken == [])
  }

  @Test func `L7: what was deleted is gone, unless the deletion lost on record`() {
    var story = Story.copied()
    story.act(5, .source, .update, company, ["name": "b"])
    story.act(6, .target, .delete, company, ["name": "a"])
    story.run(7...8, commands: 1, writes: 1)
    story.rest(from: 9)
    var gone = story
    story.holds(Place.allCases, company, ["name": "b"])
    #expect(story.broken == ["L7"])
    story.loses(company, on: .target, [:], as: .deletion)
    #expect(story.broken == [])
    gone.loses(company, on: .source, ["name": "b"], as: .deletion)
    #expect(gone.broken == [])
  }

  @Test func `L7: a delete is not about a record that was born again on the other side meanwhile`()
  {
    func story(isSeen: Bool) -> Story {
      var story = Story.copied()
      story.act(5, .source, .delete, company, ["name": "a"])
      story.act(6, .source, .create, company, ["name": "b"])
      if isSeen { story.run(7...8, commands: 2, writes: 2) }
      story.act(9, .target, .delete, company, ["name": "a"])
      story.run(10...11, commands: 1, writes: 1)
      story.rest(from: 12)
      story.holds(Place.allCases, company, ["name": "b"])
      return story
    }
    #expect(story(isSeen: true).broken == ["L7"])
    #expect(story(isSeen: false).broken == [])
  }

  @Test func `L7: what nobody deleted is there`() {
    var story = Story.copied()
    story.rest(from: 5)
    #expect(story.broken == ["L7"])
    story.act(4, .target, .delete, company, ["name": "a"])
    #expect(story.broken == [])
  }

  @Test func `L8: a record points to the same parent on both sides`() {
    func story(parent: RecordName) -> Story {
      var story = Story()
      for (time, company) in [Story.company, Story.other].enumerated() {
        story.act(time, .source, .create, company)
        story.holds(Place.allCases, company)
      }
      story.act(2, .source, .create, Story.person, ["company": Story.company.tag])
      story.run(3...6, commands: 3, writes: 3)
      // An automation of the target gave the person another company.
      story.act(5, .target, .update, Story.person, ["company": Story.other.tag], by: .answer)
      story.rest(from: 7)
      story.holds([.source], Story.person, ["company": parent.tag])
      story.holds([.target], Story.person, ["company": Story.other.tag])
      return story
    }
    #expect(story(parent: Story.company).broken == ["L8"])
    #expect(story(parent: Story.other).broken == [])
  }

  /// Both sides changed the name and the source won.
  private func conflict(lost: [String]) -> Story {
    var story = Story.copied()
    story.act(5, .source, .update, company, ["name": "s"])
    story.act(6, .target, .update, company, ["name": "t"])
    story.run(7...8, commands: 1, writes: 1)
    story.rest(from: 9)
    story.holds(Place.allCases, company, ["name": "s"])
    for value in lost {
      story.loses(company, on: .target, ["name": value], identity: "one \(value)")
    }
    return story
  }

  @Test func `L13: what is recorded as lost was written by the loser`() {
    #expect(conflict(lost: ["t", "z"]).broken == ["L13"])
    #expect(conflict(lost: ["t"]).broken == [])
  }

  @Test func `L13: a conflict is recorded once`() {
    #expect(conflict(lost: ["t", "t"]).broken == ["L13"])
  }

  @Test func `L13: a conflict has changes on both sides that did not know of each other`() {
    func story(isSeen: Bool) -> Story {
      var story = Story.copied()
      story.act(5, .target, .update, company, ["name": "t"])
      if isSeen { story.run(6...7, commands: 1, writes: 1) }
      story.act(8, .source, .update, company, ["name": "s"])
      story.run(9...10, commands: 1, writes: 1)
      story.rest(from: 11)
      story.holds(Place.allCases, company, ["name": "s"])
      story.loses(company, on: .target, ["name": "t"])
      return story
    }
    #expect(story(isSeen: true).broken == ["L13"])
    #expect(story(isSeen: false).broken == [])
  }

  @Test func `L13: what was written before the field was mapped so was carried by no run`() {
    func story(since: Int) -> Story {
      var story = Story.copied(name: nil)
      story.act(5, .target, .update, company, ["name": "t"])
      story.run(6...7)
      story.act(9, .source, .update, company, ["name": "s"])
      story.run(10...11, commands: 1, writes: 1)
      story.rest(from: 12)
      story.holds(Place.allCases, company, ["name": "s"])
      story.loses(company, on: .target, ["name": "t"])
      story.history.entities[0].fields[1].since = since
      return story
    }
    #expect(story(since: 0).broken == ["L13"])
    #expect(story(since: 8).broken == [])
  }

  @Test func `L14: a run that says that nothing is left leaves nothing`() {
    var story = Story.copied()
    story.rest(from: 5)
    story.holds(Place.allCases, company, ["name": "a"])
    story.history.runs[2].listed = [company]
    #expect(story.broken == ["L14"])
    story.history.runs[2].isClean = false
    #expect(story.broken == [])
  }
}
