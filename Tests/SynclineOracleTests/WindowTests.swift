import SynclineOracle
import Testing

/// What nobody could know is no fault (Docs/Guarantees.md, "Windows and limits"); beside each window the
/// same story without it.
@Suite struct `A window` {
  private let company = Story.company

  /// A system that keeps one letter of a name.
  private static let firstLetter: @Sendable (Place, String?) -> String? = { place, value in
    place == .target ? value.map { String($0.prefix(1)) } : value
  }

  @Test func `a return that a run was not shown may leave a second record`() {
    func story(unseen: [Place: Int]) -> Story {
      var story = Story.copied()
      story.act(5, .target, .delete, company)
      story.history.acts.append(
        Act(
          time: 6, place: .target, record: company, kind: .create, author: .user,
          content: ["tag": company.tag]))
      story.run(7...8, commands: 1, writes: 1)
      story.history.runs[1].unseen = unseen
      story.rest(from: 9)
      story.holds([.source, .target, .target], company, ["name": "a"])
      return story
    }
    #expect(story(unseen: [:]).broken == ["L4"])
    #expect(story(unseen: [.target: 6]).broken == [])
  }

  @Test func `an edit finer than the other side holds gives way to one that was not shown`() {
    func story(unseen: [Place: Int]) -> Story {
      var story = Story.copied()
      story.history.entities[0].fields[1].stored = Self.firstLetter
      story.run(4...4)
      story.history.acts.append(
        Act(
          time: 5, place: .source, record: company, kind: .update, author: .user,
          content: ["name": "ab"], before: ["name": "a"]))
      story.act(6, .target, .update, company, ["name": "c"])
      story.run(7...8, isClean: false)
      story.history.runs[2].unseen = unseen
      story.run(9...10, commands: 1, writes: 1)
      story.rest(from: 11)
      story.holds(Place.allCases, company, ["name": "c"])
      return story
    }
    #expect(story(unseen: [:]).broken == ["L2", "L6"])
    #expect(story(unseen: [.target: 6]).broken == [])
  }

  @Test func `what a system made of the other side's value may stand as lost`() {
    func story(lost: String) -> Story {
      var story = Story.copied()
      story.history.entities[0].fields[1].stored = Self.firstLetter
      story.act(5, .source, .update, company, ["name": "bc"])
      story.act(5, .target, .update, company, ["name": lost])
      story.run(7...8, commands: 1, writes: 1)
      story.rest(from: 9)
      story.holds([.source], company, ["name": "bc"])
      story.holds([.target], company, ["name": "b"])
      story.loses(company, on: .target, ["name": lost])
      return story
    }
    #expect(story(lost: "b").broken == [])
    #expect(story(lost: "x").broken == [])
    // Nothing stood against this one.
    var alone = Story.copied()
    alone.act(5, .target, .update, company, ["name": "b"])
    alone.rest(from: 7)
    alone.holds(Place.allCases, company, ["name": "b"])
    alone.loses(company, on: .target, ["name": "b"])
    #expect(alone.broken == ["L13"])
  }

  @Test func `a write of what stood there lets the record follow a mapping that was edited`() {
    func story(touched: Int) -> Story {
      var story = Story.copied()
      story.run(5...6)
      story.run(8...9, commands: 1, writes: 1)
      story.history.touched = touched
      story.holds(Place.allCases, company, ["name": "a"])
      return story
    }
    #expect(story(touched: 0).broken == ["L5"])
    #expect(story(touched: 7).broken == [])
  }

  @Test func `a one-way field meets when the side that gives is touched`() {
    func story(touching place: Place) -> Story {
      var story = Story.copied()
      story.history.entities[0].fields[1].direction = .toTarget
      story.history.entities[0].fields[1].since = 5
      story.history.entities[0].restoresDrift = true
      story.act(6, place, .update, company, ["other": "x"])
      story.run(7...8)
      story.act(9, .target, .update, company, ["name": nil])
      story.run(10...11, commands: 1, writes: 1)
      story.rest(from: 12)
      story.holds(Place.allCases, company, ["name": "a"])
      return story
    }
    #expect(story(touching: .source).broken == ["L2"])
    #expect(story(touching: .target).broken == [])
  }

  @Test func `a value that came back while its field was mapped anew is no change`() {
    func story(run: ClosedRange<Int>?) -> Story {
      var story = Story.copied()
      story.history.entities[0].fields[1].direction = .toTarget
      story.history.entities[0].fields[1].since = 8
      story.history.entities[0].restoresDrift = true
      for (time, before, value) in [(5, "b", "c"), (9, "c", "b")] {
        story.history.acts.append(
          Act(
            time: time, place: .target, record: company, kind: .update, author: .user,
            content: ["name": value], before: ["name": before]))
      }
      if let run { story.run(run) }
      story.rest(from: 10)
      story.holds([.source], company, ["name": "a"])
      story.holds([.target], company, ["name": "b"])
      return story
    }
    #expect(story(run: nil).broken == [])
    #expect(story(run: 6...7).broken == ["L1"])
  }

  @Test func `a run that failed may have seen what stood there before its field was mapped anew`() {
    func story(run: ClosedRange<Int>?) -> Story {
      var story = Story.copied()
      story.history.entities[0].fields[1].direction = .toTarget
      story.history.entities[0].fields[1].since = 8
      story.history.entities[0].restoresDrift = true
      for (time, before, value) in [(5, "b", "c"), (9, "c", "d"), (10, "d", "c")] {
        story.history.acts.append(
          Act(
            time: time, place: .target, record: company, kind: .update, author: .user,
            content: ["name": value], before: ["name": before]))
      }
      if let run { story.run(run, isClean: false) }
      story.rest(from: 11)
      story.holds([.source], company, ["name": "a"])
      story.holds([.target], company, ["name": "c"])
      return story
    }
    #expect(story(run: nil).broken == ["L1"])
    #expect(story(run: 6...7).broken == [])
  }

  @Test func `an edit by hand may stay where it is when the record was gone between two runs`() {
    func story(run: ClosedRange<Int>?) -> Story {
      var story = Story.copied()
      story.act(5, .target, .update, company, ["name": "h"], by: .dedicated)
      story.run(6...7)
      story.act(8, .target, .delete, company)
      if let run { story.run(run, commands: 1, writes: 1) }
      story.act(11, .target, .create, company)
      story.rest(from: 12)
      story.holds([.source], company, ["name": "a"])
      story.holds([.target], company, ["name": "h"])
      return story
    }
    #expect(story(run: nil).broken == [])
    #expect(story(run: 9...10).broken.contains("L1"))
  }

  @Test
  func `an edit by hand may stay where it is when another field was edited that goes nowhere`() {
    func story(field: String) -> Story {
      var story = Story.copied()
      story.history.entities[0].fields.append(
        FieldLaw(
          name: "unmapped", direction: .targetOnly, isReference: false, winner: nil,
          stored: { $1 }))
      story.act(5, .target, .update, company, ["name": "h"], by: .dedicated)
      story.run(6...7)
      story.act(8, .target, .update, company, [field: company.tag])
      story.rest(from: 9)
      story.holds([.source], company, ["name": "a"])
      story.holds([.target], company, ["name": "h", field: company.tag])
      return story
    }
    #expect(story(field: "unmapped").broken == [])
    #expect(story(field: "tag").broken == ["L1"])
  }

  @Test func `an edit by hand may lose when it travels with another one`() {
    func story(carrier: Int?) -> Story {
      var story = Story.copied()
      story.act(5, .target, .update, company, ["name": "h"], by: .dedicated)
      story.run(6...7)
      if let carrier { story.act(carrier, .target, .update, company, ["tag": company.tag]) }
      story.act(9, .source, .update, company, ["name": "s"])
      story.run(10...11, commands: 1, writes: 1)
      story.rest(from: 12)
      story.holds(Place.allCases, company, ["name": "s"])
      story.loses(company, on: .target, ["name": "h"])
      return story
    }
    #expect(story(carrier: 8).broken == [])
    #expect(story(carrier: nil).broken == ["L13"])
  }

  @Test func `a key that a run empties as somebody turns it is lost, on record`() {
    func story(turned: Int) -> Story {
      var story = Story()
      let companies = [company, Story.other].map(\.tag)
      for record in [company, Story.other] { story.act(1, .source, .create, record) }
      story.act(1, .source, .create, Story.person)
      story.run(2...3, commands: 3, writes: 3)
      story.act(4, .target, .update, Story.person, ["company": companies[0]])
      story.act(5, .source, .delete, company)
      story.run(6...8, commands: 1, writes: 1)
      story.act(turned, .target, .update, Story.person, ["company": companies[1]])
      story.rest(from: 10)
      story.holds(Place.allCases, Story.other)
      story.holds(Place.allCases, Story.person)
      story.loses(Story.person, on: .target, ["company": companies[1]])
      return story
    }
    #expect(story(turned: 7).broken == [])
    #expect(story(turned: 9).broken == ["L13"])
  }
}
