// What the program says of itself, as its owner would read it: what is left to do, what was lost, and
// what stands in the journal.

import SynclineEngine
import SynclineJournal
import SynclineModel
import SynclineOracle

extension Simulation {
  /// The record that a row is about, by the tag in it.
  private func name(
    _ row: PackedRow, _ object: ObjectNumber, _ state: borrowing some StateView & ~Copyable
  ) throws -> RecordName? {
    guard let object = try state.object(object),
      let entity = shape.entities.firstIndex(where: { entity in
        Place.allCases.contains { Shape.object(entity, $0) == object.name }
      }),
      let field = object.fields.first(where: { field in
        Place.allCases.contains { Shape.column("tag", $0) == field.schema.name }
      }), case .text(let tag)? = row[field.number]
    else { return nil }
    return RecordName(entity, tag.string)
  }

  /// Reads on in the journal: which record each number and each link is about.
  func followJournal() throws {
    try journal.withState { state in
      var failure: (any Error)?
      try journal.events(from: read.next) { event in
        read = event.header.sequence
        do { try follow(event, state) } catch { failure = error }
        return failure == nil
      }
      if let failure { throw failure }
    }
  }

  private func follow(
    _ event: JournalEvent, _ state: borrowing some StateView & ~Copyable
  ) throws {
    let header = event.header
    var numbers = [header.record]
    switch event.body {
    case .recordCreated(let created):
      names[header.record] = try name(created.row, created.object, state)
    case .recordChanged(let changed):
      // Another record took the key while nobody watched. Where somebody did, that one shows for a moment,
      // until it is read that this one was deleted.
      if let known = names[header.record], let record = try state.record(header.record),
        record.presence != .deleted, let name = try name(changed.row, record.object, state),
        name != known
      {
        rename(header.record, to: name)
        formerNames[header.record] = known
      }
    case .recordDeleted:
      // It had not, but another record has its key now.
      if let name = formerNames[header.record] { rename(header.record, to: name) }
    case .linked(let linked): numbers += [linked.source, linked.target]
    case .commandIssued(let command): numbers.append(command.origin)
    case .commandConfirmed where names[header.record] == nil:
      names[header.record] = links[header.link]
    default: break
    }
    guard header.link != .none, links[header.link] == nil else { return }
    links[header.link] = numbers.compactMap { names[$0] }.first
  }

  private func rename(_ record: RecordNumber, to name: RecordName) {
    for (link, held) in links where held == names[record] { links[link] = name }
    names[record] = name
  }

  /// What the program says is not done: what waits, is held or failed.
  /// - Parameter isClean: whether it said that nothing is; then a link that drifted is no concern.
  func listed(isClean: Bool) throws -> Set<RecordName> {
    try journal.withState { state in
      var listed: Set<RecordName> = []
      for task in try state.package().tasks {
        for part in AgendaClass.allCases {
          for number in try state.agenda(task, part, after: 0, limit: .max) {
            if part == .newSource || part == .newTarget {
              if let name = names[RecordNumber(number)] { listed.insert(name) }
              continue
            }
            guard let link = try state.link(LinkNumber(number)) else { continue }
            let isHeld = link.conflict != .none || link.bounces >= LinkState.bouncesMax
            if part == .linked, isClean, !isHeld { continue }
            for record in [link.source.record, link.target.record] {
              if let name = names[record] { listed.insert(name) }
            }
          }
        }
      }
      for failing in try state.failures(after: nil, limit: .max) {
        if let name = names[failing.record] { listed.insert(name) }
      }
      return listed
    }
  }

  /// Whether what is left waits for nobody: no record failed, no conflict is held, nothing bounces.
  func isStuck() throws -> Bool {
    try journal.withState { state in
      if try !state.failures(after: nil, limit: 1).isEmpty { return false }
      let conflicts = try state.conflicts(after: .none, limit: .max)
      if conflicts.contains(where: {
        $0.conflict.status == .open && $0.conflict.conflict.loser == nil
      }) {
        return false
      }
      return try !state.links(after: .none, limit: .max).contains {
        $0.link.bounces >= LinkState.bouncesMax
      }
    }
  }

  /// What the oracle needs to know at a quiet point.
  func gather() throws {
    history.contents = contents()
    history.loops = try loops()
    history.losses = try losses.filter { try !isReplaced($0.key) }.sorted { $0.key < $1.key }
      .map(\.value)
  }

  /// Whether the conflict gave way to one that stands between the same observations and holds more.
  private func isReplaced(_ sequence: EventSequence) throws -> Bool {
    try journal.withState { state in
      guard let status = try state.conflict(sequence)?.status, let loss = losses[sequence] else {
        return false
      }
      return status == .superseded
        && losses.contains { other, newer in
          other > sequence && newer.identity == loss.identity
            && loss.lost.allSatisfy { newer.lost[$0.key] == $0.value }
        }
    }
  }

  /// The records that the program leaves alone because its writes keep being rewritten.
  private func loops() throws -> Set<RecordName> {
    try journal.withState { state in
      let loops = try state.links(after: .none, limit: .max).filter {
        $0.link.bounces >= LinkState.bouncesMax
      }
      return Set(loops.compactMap { names[$0.link.source.record] ?? names[$0.link.target.record] })
    }
  }

  /// Notes new conflicts, while it can be told which records their keys name.
  func followConflicts() throws {
    try journal.withState { state in
      let last = losses.keys.max() ?? .none
      for (sequence, conflict) in try state.conflicts(after: last, limit: .max) {
        let loss = try loss(conflict, state)
        losses[sequence] = loss
        note("  conflict \(sequence): \(loss.map(\.line) ?? "of link \(conflict.link)")")
      }
    }
  }

  private func loss(
    _ conflict: ConflictState, _ state: borrowing some StateView & ~Copyable
  ) throws -> Loss? {
    let opened = conflict.conflict
    guard let name = links[conflict.link] else { return nil }
    let kind: Loss.Kind
    switch opened.kind {
    case .bothChanged: kind = .edits
    case .deletedAndChanged, .changedAndDeleted: kind = .deletion
    case .firstMatch: kind = .firstMatch
    case .drift: kind = .drift
    }
    let loser = opened.loser ?? .target
    let table = try state.taskTable(opened.task)
    let object = try table.flatMap { try state.object($0.object(loser)) }
    var lost: [String: String?] = [:]
    for (number, value) in opened.lost.values {
      guard let field = object?.fields.first(where: { $0.number == number })?.schema.name,
        let shape = shape.entities[name.entity].fields.first(where: { shape in
          Place.allCases.contains { Shape.column(shape.name, $0) == field }
        })
      else {
        if kind == .deletion { lost["tag"] = .some(nil) }
        continue
      }
      if case .reference = shape.kind {
        lost[shape.name] = .some(reference(value, shape, Place(loser)))
      } else {
        lost[shape.name] = .some(value.plain)
      }
    }
    return Loss(
      kind: kind, record: name, loser: opened.loser.map { Place($0) }, lost: lost,
      identity: "\(conflict.link) \(opened.kind) \(opened.loser.map { "\($0)" } ?? "-") "
        + "\(conflict.between.first)/\(conflict.between.second)")
  }

  /// The tag of the record that a key named.
  private func reference(_ value: Value, _ field: FieldShape, _ place: Place) -> String? {
    guard case .integer(let key) = value, case .reference(let parent) = field.kind else {
      return nil
    }
    let system = systems[place.rawValue]
    if let row = system.state.tables[parent][key] { return row[ObjectRules.tag].plain }
    let last = system.state.changes.last {
      $0.object == parent && $0.key == key && $0.before != nil
    }
    return last?.before?[ObjectRules.tag].plain
  }

  /// L9, L11, L15 and L16, on the final journal.
  func judgeJournal() throws {
    let report = try journal.verify()
    if !report.isSound {
      violations.append(Violation("L9", "the journal does not verify: \(report)"))
    }
    var times: [Side: [TaskNumber: Timestamp]] = [:]
    var generations: [Side: TrackingGeneration] = [:]
    var found: [Violation] = []
    try journal.events { event in
      switch event.body {
      case .commandIssued
      where event.header.causes.first == .none && event.header.causes.second == .none:
        found.append(Violation("L15", "command \(event.header.sequence) names no cause"))
      case .parameterReset(let reset) where reset.parameter == .lastSyncTime: times = [:]
      case .cursorAdvanced(let cursor):
        if let known = generations[cursor.side], cursor.generation < known {
          found.append(Violation("L11", "the generation of the \(cursor.side) went back"))
        }
        generations[cursor.side] = cursor.generation
        for task in cursor.tasks {
          if let known = times[cursor.side]?[task], cursor.lastSyncTime < known {
            found.append(Violation("L11", "LastSyncTime of task \(task) went back"))
          }
          times[cursor.side, default: [:]][task] = cursor.lastSyncTime
        }
      default: break
      }
      return true
    }
    violations += found
    try judgeGrowth()
    try judgeTampering()
  }
}

extension Loss {
  /// The same text whatever the order in which a dictionary is kept.
  fileprivate var line: String {
    let values = lost.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value ?? "null")" }
    return "\(kind) \(record) \(loser.map { "\($0)" } ?? "-") \(values.joined(separator: " "))"
  }
}
