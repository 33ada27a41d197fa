import SynclineMapping
public import SynclineModel

// A run for one record alone (`run --only`): everything is read as ever, and what is decided is this record in each of
// its links. All else stays on the agenda.

/// The record that a run is for.
public struct ChosenRecord: Hashable, Sendable {
  /// Names of its object, one for each side on which it may stand.
  public var objects: [Side: String]
  /// What a person's word for its key may mean.
  public var keys: [NativeKey]
  /// As the person wrote it.
  public var word: String

  public init(objects: [Side: String], keys: [NativeKey], word: String) {
    self.objects = objects
    self.keys = keys
    self.word = word
  }

  /// What the journal tells of it. The key stays out: it would outlive the record's erasure.
  var objectName: String { objects.values.min() ?? "" }
}

extension RunMachine {
  /// What the run found of the record that it is for.
  struct Choice: Hashable, Sendable {
    /// One side of one link of it.
    struct Place: Hashable, Sendable {
      var task: TaskNumber
      var record: RecordNumber
    }

    var isFound = false
    /// The parents for which it waits, as the last round saw it.
    var awaited: [Place: [String]] = [:]
  }

  /// Whether an entry of the agenda is decided by this run; counts it as pending where it is not.
  mutating func isChosen(_ facts: LinkFacts, _ pass: AgendaWalk.Pass) -> Bool {
    guard let chosen = settings.allowances.only else { return true }
    if Side.allCases.contains(where: { isNamed(facts[$0], on: $0, by: chosen) }) {
      choice.isFound = true
      return true
    }
    if !pass.onlyLinks, pass.part != .waiting { walk.pending += 1 }
    return false
  }

  /// Keeps in mind for which parents the chosen record waits: they are not sent by this run.
  mutating func noteAwaited(
    _ decision: Decision, _ facts: LinkFacts, _ task: TaskNumber,
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) {
    guard settings.allowances.only != nil else { return }
    for side in Side.allCases where facts.link[side].record != .none {
      let place = Choice.Place(task: task, record: facts.link[side].record)
      choice.awaited[place] = nil
      guard case .parent(let parent)? = decision.delay, let row = facts[side]?.row else { continue }
      choice.awaited[place] = try lonely(parent, of: row, in: task, on: side, state)
    }
  }

  /// A record that no side shows, or that waits for another one, is told as a refusal.
  mutating func refuseUnchosen(
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) {
    guard let chosen = settings.allowances.only, failure == nil, !isCanceled else { return }
    var isFound = choice.isFound
    if !isFound { isFound = try isKnown(chosen, state) }
    guard isFound else {
      refusals.append(
        Refusal(
          code: "only",
          message:
            "No side holds a record \(chosen.word), and none was deleted since the last run: "
            + "nothing was sent. Check the object and the key."))
      return
    }
    let parents = Set(choice.awaited.values.joined()).sorted()
    guard !parents.isEmpty else { return }
    refusals.append(
      Refusal(
        code: "waiting",
        message:
          "\(chosen.word) waits for \(parents.joined(separator: ", ")), which the other side "
          + "does not have yet, and was not sent. Run with --only for that record first, or for all."
      ))
  }

  func isNamed(_ record: RecordState?, on side: Side, by chosen: ChosenRecord) -> Bool {
    guard let record, let object = objects[record.object] else { return false }
    return object.side == side && chosen.objects[side] == object.name.rawValue
      && chosen.keys.contains(record.key)
  }

  /// Whether the journal holds the record, with nothing to do about it.
  private func isKnown(
    _ chosen: ChosenRecord, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> Bool {
    for object in objects.values where chosen.objects[object.side] == object.name.rawValue {
      for key in chosen.keys where try state.recordNumber(object.object, key) != nil { return true }
    }
    return false
  }

  /// The parents of a task to which the row's keys point and that the other side does not have.
  private func lonely(
    _ parent: TaskNumber, of row: PackedRow, in task: TaskNumber, on side: Side,
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> [String] {
    var found: [String] = []
    for assignment in mapping.task(task)?.assignments(to: side.other) ?? [] {
      guard case .relation(let input, parent) = assignment.expression,
        let key = row[input].flatMap({ NativeKey($0) }),
        let object = mapping.task(parent)?.object(side)
      else { continue }
      let number = try state.recordNumber(object, key) ?? .none
      let known = try state.record(number)
      let link = try state.link(known?.link(in: parent) ?? .none)
      let other = try state.record(link?[side.other].record ?? .none)
      if other?.isThere != true { found.append("\(objects[object]?.name.rawValue ?? "?")/\(key)") }
    }
    return found
  }
}
