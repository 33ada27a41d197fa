import SynclineOracle

/// A history, told in few words: companies (0), and persons (1) who point to them.
struct Story {
  var history: History

  init(winner: Place? = .source, origin constant: String? = nil) {
    func field(
      _ name: String, _ direction: FieldLaw.Direction = .both, isReference: Bool = false,
      constant: String? = nil, winner: Place? = nil
    ) -> FieldLaw {
      FieldLaw(
        name: name, direction: direction, isReference: isReference, constant: constant,
        winner: winner, stored: { $1 })
    }
    var company = [field("tag"), field("name", winner: winner)]
    if let constant { company.append(field("origin", .toTarget, constant: constant)) }
    let person = [field("tag"), field("company", isReference: true, winner: winner)]
    history = History(entities: [
      EntityLaw(fields: company, restoresDrift: false, parents: [:]),
      EntityLaw(fields: person, restoresDrift: false, parents: ["company": 0]),
    ])
  }

  /// The laws that it breaks, each once, ascending.
  var broken: [String] { Set(Oracle.judge(history).map(\.law)).sorted() }

  mutating func act(
    _ time: Int, _ place: Place, _ kind: Act.Kind, _ record: RecordName, _ content: Content = [:],
    by author: Act.Author = .user
  ) {
    var content = content
    if kind != .update { content["tag"] = record.tag }
    history.acts.append(
      Act(
        time: time, place: place, record: record, kind: kind, author: author, content: content))
    history.acts.sort { $0.time < $1.time }
  }

  mutating func run(
    _ times: ClosedRange<Int>, commands: Int = 0, writes: Int = 0, isClean: Bool = true,
    listed: Set<RecordName> = []
  ) {
    history.runs.append(
      Span(
        start: times.lowerBound, end: times.upperBound, isOK: true, isClean: isClean,
        commands: commands, writes: writes, listed: listed))
  }

  /// Two runs with nothing to do.
  mutating func rest(from time: Int) {
    run(time...time + 1)
    run(time + 2...time + 3)
  }

  mutating func loses(
    _ record: RecordName, on loser: Place?, _ lost: Content, as kind: Loss.Kind = .edits,
    identity: String = "one"
  ) {
    history.losses.append(
      Loss(kind: kind, record: record, loser: loser, lost: lost, identity: identity))
  }

  /// What a system holds of a record in the end.
  mutating func holds(_ places: [Place], _ record: RecordName, _ content: Content = [:]) {
    var content = content
    content["tag"] = record.tag
    for place in places {
      history.contents[place, default: [:]][record, default: []].append(content)
    }
  }

  static let company = RecordName(0, "k1")
  static let other = RecordName(0, "k2")
  static let person = RecordName(1, "k3")

  /// A company that was born in the source and copied, before moment 5.
  static func copied(name: String? = "a", winner: Place? = .source) -> Story {
    var story = Story(winner: winner)
    story.act(1, .source, .create, company, name.map { ["name": $0] } ?? [:])
    story.run(2...4, commands: 1, writes: 1)
    return story
  }
}
