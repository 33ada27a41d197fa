// An invented database: tables with rules, tracking by triggers, a clock, and a log of every row that
// changed, with its author, which is what the oracle is told.

import SynclineModel
import SynclinePorts

/// One row that changed.
struct RowChange {
  /// `dedicated`: somebody who works by hand as the user that belongs to the package.
  enum Author { case user, consequence, run, answer, dedicated }

  var time: Int
  var object: Int
  var key: Int64
  var before: [Value]?
  var after: [Value]?
  var author: Author
  /// Whether a deleted row came back as it was: nobody wrote its fields anew.
  var isReturn = false
}

/// A system's refusal of one row.
struct RowRefused: Error {
  var code: String
  var message: String
  var mayPass = false

  var problem: RecordProblem { RecordProblem(code: code, message: message, mayPass: mayPass) }
}

/// The tracking objects of one journal.
struct Tracking {
  struct Entry {
    var number: Int64
    var object: Int
    var operation: TrackingEntry.Operation
    var before: Int64?
    var after: Int64?
    var time: Timestamp
  }

  var owner: OwnerRow
  var tracked: Set<Int> = []
  /// Objects whose trigger somebody dropped.
  var damaged: Set<Int> = []
  var entries: [Entry] = []
  var lastNumber: Int64 = 0
  /// The key that each noted command wrote, and the newest entry before it.
  var commands: [CommandID: (key: Int64, mark: Int64)] = [:]

  mutating func renew(_ head: JournalHead) {
    owner.sequence = head.sequence
    owner.seal = head.seal
  }
}

/// What a transaction can change, as a value, so that it can be taken back and read as a snapshot.
struct SystemState {
  typealias Row = [Value]

  var tables: [[Int64: Row]]
  var lastKeys: [Int64]
  var tracking: Tracking?
  var identity: SystemIdentity?
  var changes: [RowChange] = []
  /// Of a cloud: what it knows of each row, the rows that were deleted, the commands that it knows, and
  /// for how long the transaction under way held back what it does.
  var marks: [[Int64: RecordMark]] = []
  var buried: [DeletedRecord] = []
  var noted: [CommandID: Int64] = [:]
  var lateBy: Int64 = 0
  /// Whether the tracking objects are to be made anew, or are just being made: until a run succeeds.
  var isRenewing = false
  /// By object: keys up to this one are not given again.
  var spentKeys: [Int64] = []
  var automations: [Automation] = []
}

final class InventedSystem {
  let rules: SystemRules
  let clock: WorldClock
  let ownIdentity: SystemIdentity
  var state: SystemState
  /// What a session knows: the bindings and the snapshot of an open read of changes.
  var bindings: [ObjectNumber: BoundObject] = [:]
  var reading: (snapshot: SystemState, rest: ArraySlice<Tracking.Entry>)?
  var ourJournal: JournalID?
  private(set) var author = RowChange.Author.user
  /// What stood here before the newest transaction, where searches lag.
  var past: (state: SystemState, time: Timestamp)?

  init(_ rules: SystemRules, identity: SystemIdentity, clock: WorldClock) {
    self.rules = rules
    self.clock = clock
    ownIdentity = identity
    state = SystemState(
      tables: rules.objects.map { _ in [:] }, lastKeys: rules.objects.map { _ in 0 })
    state.marks = rules.objects.map { _ in [:] }
    state.spentKeys = rules.objects.map { _ in 0 }
  }

  /// Whether nothing tells of what happens now: then nobody can know a changed key again, nor that a key
  /// was given again (Docs/Guarantees.md, "Windows and limits").
  private var isUnwatched: Bool {
    guard let tracking = state.tracking else { return false }
    return state.isRenewing || !tracking.damaged.isEmpty
  }

  /// Whether a run's command, and nothing that follows from it, is being carried out.
  var isWrittenByRun: Bool { author == .run }

  /// Whether the system names our user for it: what follows from a write bears the writer's name.
  var isWrittenByOurUser: Bool {
    switch author {
    case .run, .answer, .dedicated: true
    case .user, .consequence: false
    }
  }

  /// What the system's clock shows.
  var now: Timestamp { clock.now(ahead: rules.clockOffset, precision: rules.clockPrecision) }

  /// Runs a transaction: all of it stands when it ends, and nothing when it throws.
  @discardableResult
  func transaction<Answer, Failure: Error>(
    by author: RowChange.Author, _ body: () throws(Failure) -> Answer
  ) throws(Failure) -> Answer {
    let saved = state
    self.author = author
    state.lateBy = 0
    if let cloud = rules.cloud {
      if cloud.searchLag > 0 { past = (saved, now) }
      if author == .user, cloud.holdBack > 0, clock.step % 4 == 0 {
        state.lateBy = Int64(clock.step) * 977_001 % (cloud.holdBack - CloudRules.precision)
      }
    }
    do throws(Failure) {
      return try body()
    } catch {
      state = saved
      throw error
    }
  }

  /// Runs a part of a transaction that may be taken back by itself.
  func attempt<Answer>(_ body: () throws(RowRefused) -> Answer) throws(RowRefused) -> Answer {
    let saved = state
    do throws(RowRefused) { return try body() } catch {
      state = saved
      throw error
    }
  }

  /// Whose doing it is what the system makes of the change that is under way.
  var authorOfConsequences: RowChange.Author {
    switch author {
    case .user, .consequence: .consequence
    case .run, .answer: .answer
    case .dedicated: .dedicated
    }
  }

  /// Carries out a change that the system itself makes because of another one.
  func asConsequence<Failure: Error>(_ body: () throws(Failure) -> Void) throws(Failure) {
    let saved = author
    author = authorOfConsequences
    defer { author = saved }
    try body()
  }
}

// MARK: - Rows

extension InventedSystem {
  /// The keys of the rows with a tag, ascending.
  func keys(tagged tag: String, of object: Int) -> [Int64] {
    let wanted = Value.text(tag)
    return state.tables[object].filter { $0.value[ObjectRules.tag] == wanted }.keys.sorted()
  }

  /// - Parameter fields: values by place; what is left out is filled with its default, or empty.
  @discardableResult
  func insert(_ fields: [Int: Value], into object: Int) throws(RowRefused) -> Int64 {
    let rules = rules.objects[object]
    let key = state.lastKeys[object] + 1
    var row = rules.fields.indices.map { index in
      fields[index].map { rules.fields[index].stored($0) } ?? rules.fields[index].defaultValue
        ?? .null
    }
    row[0] = .integer(key)
    try check(row, under: key, of: object)
    state.tables[object][key] = row
    state.lastKeys[object] = key
    mark(object, key, isNew: true)
    note(.insert, object, nil, key)
    log(object, key, nil, row, sent: fields)
    try fire(object, key)
    return key
  }

  func update(_ key: Int64, of object: Int, _ fields: [Int: Value]) throws(RowRefused) {
    guard let before = state.tables[object][key] else {
      throw RowRefused(code: "gone", message: "no row stands under the key")
    }
    let rules = rules.objects[object]
    var row = before
    for (index, value) in fields { row[index] = rules.fields[index].stored(value) }
    try check(row, under: key, of: object)
    state.tables[object][key] = row
    mark(object, key, isNew: false)
    note(.update, object, key, key)
    log(object, key, before, row, sent: fields)
    try fire(object, key)
  }

  func delete(_ key: Int64, of object: Int) throws(RowRefused) {
    guard let before = state.tables[object][key] else {
      throw RowRefused(code: "gone", message: "no row stands under the key")
    }
    state.tables[object][key] = nil
    bury(object, key, before)
    if isUnwatched { state.spentKeys[object] = max(state.spentKeys[object], key) }
    if self.rules.reusesKeys {
      state.lastKeys[object] = max(
        state.tables[object].keys.max() ?? 0, state.spentKeys[object])
    }
    for (child, field, childKey) in children(of: key, in: object) {
      guard state.tables[child][childKey] != nil else { continue }
      switch rules.objects[child].fields[field].onDelete {
      case .refuse:
        throw RowRefused(
          code: "foreignKey", message: "\(rules.names[child]) points to the row", mayPass: true)
      case .cascade:
        try asConsequence { () throws(RowRefused) in try delete(childKey, of: child) }
      case .setNull, .setDefault:
        try asConsequence { () throws(RowRefused) in
          try update(childKey, of: child, [field: .null])
        }
      }
    }
    note(.delete, object, key, nil)
    log(object, key, before, nil, sent: [:])
  }

  /// Puts a row back under the key that it had.
  func restore(_ row: [Value], under key: Int64, of object: Int) throws(RowRefused) {
    try check(row, under: key, of: object)
    state.tables[object][key] = row
    mark(object, key, isNew: false)
    log(object, key, nil, row, sent: [:])
    state.changes[state.changes.count - 1].isReturn = true
  }

  /// Gives a row another key.
  func rekey(_ key: Int64, of object: Int) throws(RowRefused) {
    let new = (state.tables[object].keys.max() ?? 0) + 3
    guard var row = state.tables[object][key], self.rules.cloud == nil else {
      throw RowRefused(code: "gone", message: "no row stands under the key, or none can move")
    }
    guard !isUnwatched else { throw RowRefused(code: "key", message: "nothing would tell of it") }
    guard children(of: key, in: object).isEmpty else {
      throw RowRefused(code: "foreignKey", message: "a row points here")
    }
    state.tables[object][key] = nil
    row[0] = .integer(new)
    state.tables[object][new] = row
    state.lastKeys[object] = max(state.lastKeys[object], new)
    note(.update, object, key, new)
  }

  /// The rows that point to a row, in order of object and key.
  func children(of key: Int64, in parent: Int) -> [(object: Int, field: Int, key: Int64)] {
    var found: [(Int, Int, Int64)] = []
    for (object, rules) in rules.objects.enumerated() {
      for (index, field) in rules.fields.enumerated() where field.parent == parent {
        for child in state.tables[object].keys.sorted()
        where state.tables[object][child]?[index] == .integer(key) {
          found.append((object, index, child))
        }
      }
    }
    return found
  }

  private func check(_ row: [Value], under key: Int64, of object: Int) throws(RowRefused) {
    let rules = rules.objects[object]
    for case .refuses(let field, let value) in rules.triggers where row[field] == value {
      throw RowRefused(code: "trigger", message: "a trigger of \(rules.name) refused the row")
    }
    for (index, field) in rules.fields.enumerated() where !row[index].isNull {
      if field.isUnique {
        let wanted = field.type.folded(row[index])
        for (other, held) in state.tables[object]
        where other != key && field.type.folded(held[index]) == wanted {
          throw RowRefused(
            code: "unique", message: "another row has the value of \(field.name)", mayPass: true)
        }
      }
      if let parent = field.parent {
        guard case .integer(let number) = row[index],
          state.tables[parent][number] != nil || (parent == object && number == key)
        else {
          throw RowRefused(
            code: "foreignKey", message: "\(field.name) points to no row", mayPass: true)
        }
      }
    }
  }

  private func fire(_ object: Int, _ key: Int64) throws(RowRefused) {
    for case .marksLater(let field, let after) in rules.objects[object].triggers {
      automate(object, key, field, after: after)
    }
    for case .touchesParent(let reference, let field) in rules.objects[object].triggers {
      guard let row = state.tables[object][key], case .integer(let parentKey) = row[reference],
        let parent = rules.objects[object].fields[reference].parent,
        let held = state.tables[parent][parentKey]?[field]
      else { continue }
      let value = row[ObjectRules.tag]
      if held == value { continue }
      try asConsequence { () throws(RowRefused) in
        try update(parentKey, of: parent, [field: value])
      }
    }
  }

  private func note(
    _ operation: TrackingEntry.Operation, _ object: Int, _ before: Int64?, _ after: Int64?
  ) {
    guard let tracking = state.tracking, tracking.tracked.contains(object),
      !tracking.damaged.contains(object)
    else { return }
    state.tracking?.lastNumber += 1
    state.tracking?.entries.append(
      Tracking.Entry(
        number: tracking.lastNumber + 1, object: object, operation: operation, before: before,
        after: after, time: now))
  }

  /// What a run's command wrote is its own; what the system made of that beyond the schema is the
  /// system's answer, and an edit.
  private func log(
    _ object: Int, _ key: Int64, _ before: [Value]?, _ after: [Value]?, sent: [Int: Value]
  ) {
    let time = clock.tick()
    guard author == .run else {
      state.changes.append(
        RowChange(
          time: time, object: object, key: key, before: before, after: after, author: author))
      return
    }
    guard let after else {
      state.changes.append(
        RowChange(time: time, object: object, key: key, before: before, after: nil, author: .run))
      return
    }
    let fields = rules.objects[object].fields
    let plain = after.indices.map { index -> Value in
      if index == 0 { return after[0] }
      if let value = sent[index] {
        return fields[index].type.scale.map { value.rounded(to: Int($0)) } ?? value
      }
      return before?[index] ?? .null
    }
    state.changes.append(
      RowChange(time: time, object: object, key: key, before: before, after: plain, author: .run))
    if plain != after {
      state.changes.append(
        RowChange(
          time: time, object: object, key: key, before: plain, after: after, author: .answer))
    }
  }
}

extension FieldType {
  /// The value as a unique index compares it.
  func folded(_ value: Value) -> Value {
    guard foldsCase, case .text(let text) = value else { return value }
    return .text(Text(utf8: text.utf8.map { (0x41...0x5A).contains($0) ? $0 + 32 : $0 }))
  }
}
