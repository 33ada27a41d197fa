import SynclineMapping
import SynclineModel

/// Finds, for a record that no link holds, the record of the other side that a match rule takes for the
/// same (sync-semantics, "match rule").
struct Matcher {
  enum Answer: Hashable {
    /// No partner: the record is new on the other side.
    case none
    /// The one free partner, and the link whose empty slot the record takes, where there is one.
    case partner(RecordNumber, link: LinkNumber)
    /// Several candidates, or a partner that another link holds: reported, not guessed.
    case unclear(String)
  }

  let task: TaskMapping
  let pairs: [MatchPair]

  /// Candidates that are looked at for one record, at most.
  private static let candidatesMax = 1000

  func answer(
    _ record: RecordState, _ number: RecordNumber, on side: Side,
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> Answer {
    guard let key = LooseKey(pairs.map { record.row[$0.field(side)] }) else { return .none }
    var free: [(record: RecordNumber, link: LinkNumber)] = []
    var isTaken = false
    for candidate in try state.candidates(task.number, side.other, key, Self.candidatesMax) {
      guard let other = try state.record(candidate), other.isThere,
        agree(record.row, other.row, on: side)
      else { continue }
      let link = other.link(in: task.number)
      guard let held = try state.link(link) else {
        free.append((candidate, .none))
        continue
      }
      let holder = try state.record(held[side].record)
      if holder == nil || holder?.isThere == false {
        free.append((candidate, link))
      } else if let holder, !areAlike(holder.row, record.row, on: side) {
        isTaken = true
      }
    }
    guard let first = free.first else {
      return isTaken ? .unclear("the record that it matches is linked with another one") : .none
    }
    if free.count > 1 { return .unclear("it matches \(free.count) records") }
    if let partner = try state.record(first.record),
      try hasRival(number, for: partner, on: side, key, state)
    {
      return .unclear("another record of its own side matches the same one")
    }
    return .partner(first.record, link: first.link)
  }

  /// Whether another record of the same side, without a link, matches the partner, too.
  private func hasRival(
    _ number: RecordNumber, for partner: RecordState, on side: Side, _ key: LooseKey,
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> Bool {
    for rival in try state.candidates(task.number, side, key, Self.candidatesMax)
    where rival != number {
      guard let other = try state.record(rival), other.isThere,
        other.link(in: task.number) == .none, agree(other.row, partner.row, on: side)
      else { continue }
      return true
    }
    return false
  }

  /// Whether all pairs agree: as either system compares, so that it is the same question from both.
  private func agree(_ row: PackedRow, _ other: PackedRow, on side: Side) -> Bool {
    pairs.allSatisfy { pair in
      guard let mine = row[pair.field(side)], let theirs = other[pair.field(side.other)] else {
        return false
      }
      return pair.agrees(mine, with: theirs, on: side.other)
        || pair.agrees(theirs, with: mine, on: side)
    }
  }

  private func areAlike(_ first: PackedRow, _ second: PackedRow, on side: Side) -> Bool {
    pairs.allSatisfy { pair in
      guard let first = first[pair.field(side)], let second = second[pair.field(side)] else {
        return false
      }
      return pair.type(side).matches(first, second)
    }
  }
}

extension FieldType {
  /// Equality for a match rule: as the system compares, and letters with accents are the same in both
  /// of their forms.
  func matches(_ first: Value, _ second: Value) -> Bool {
    if agrees(first, second) { return true }
    guard case .text(let first) = first, case .text(let second) = second else { return false }
    return first.string == second.string
  }
}

extension MatchPair {
  func field(_ side: Side) -> FieldNumber { side == .source ? source : target }
  func type(_ side: Side) -> FieldType { side == .source ? sourceType : targetType }

  /// Whether `value`, written on `side`, is there what `held` is.
  func agrees(_ value: Value, with held: Value, on side: Side) -> Bool {
    let type = type(side)
    guard let converted = try? type.convert(value, from: self.type(side.other)) else {
      return false
    }
    return type.matches(type.norm(converted), held)
  }
}

extension StateView where Self: ~Copyable {
  /// Records of a side that stand under a loose key of a task's match rule.
  func candidates(
    _ task: TaskNumber, _ side: Side, _ key: LooseKey, _ limit: Int
  ) throws(StateFailure) -> [RecordNumber] {
    try entries(.candidates, prefix: StateKey.candidates(task, side, key), limit: limit)
      .map { RecordNumber(StateKey.trailing($0.key, as: UInt64.self)) }
  }
}
