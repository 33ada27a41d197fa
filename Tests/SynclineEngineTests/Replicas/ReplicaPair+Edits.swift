import SynclineMapping
import SynclineModel
import SynclineTesting

@testable import SynclineEngine

extension ReplicaPair {
  private static let numbers = ["7", "07", "007", "8", "08", "9"]

  /// Users do something on either side.
  mutating func edit() {
    for _ in 0..<Int.random(in: 1...4, using: &generator) {
      clock += 1
      let side: Side = generator.oneIn(2) ? .source : .target
      let keys = (replicas[side]?.rows.keys.sorted()) ?? []
      guard let key = generator.choose(keys), !(keys.count < 3 && generator.oneIn(3)) else {
        create(side)
        continue
      }
      if generator.oneIn(7) {
        log.append("  user deletes \(side) \(key)")
        replicas[side]?.delete(key)
        ledger.forget(side, key)
      } else {
        let fields = [
          SmallMapping.a, SmallMapping.b, SmallMapping.b, SmallMapping.c, SmallMapping.generated,
        ]
        guard let field = generator.choose(fields) else { continue }
        write(side, key, PackedRow([field: value(field, side)]))
      }
    }
  }

  private mutating func create(_ side: Side) {
    var row = PackedRow([SmallMapping.tag: .text("tag \(side) \(clock)")])
    for field in [SmallMapping.a, SmallMapping.b, SmallMapping.c] where !generator.oneIn(4) {
      row = row.setting(field, to: value(field, side))
    }
    let time = Timestamp(microseconds: clock)
    guard let key = replicas[side]?.create(row, at: time, default: .null) else { return }
    log.append("  user creates \(side) \(key) \(Self.text(row))")
    note(side, key, row)
  }

  private mutating func write(_ side: Side, _ key: NativeKey, _ changes: PackedRow) {
    log.append("  user writes \(side) \(key) \(Self.text(changes))")
    replicas[side]?.update(key, changes, at: Timestamp(microseconds: clock))
    note(side, key, changes)
  }

  /// What a user wrote; a value that comes back to what was agreed is no edit.
  private mutating func note(_ side: Side, _ key: NativeKey, _ row: PackedRow) {
    let agreed = (try? agreed(side, key)) ?? PackedRow()
    for (field, value) in row.values where agreed[field] == value {
      ledger.close(side, key, field)
    }
    let row = row.difference(from: agreed)
    let mapped = Set(mapping.compiled.assignments(to: side.other).compactMap(\.input))
    ledger.note(side, key, row) { mapped.contains($0) ? .user : .unmapped }
  }

  private func agreed(_ side: Side, _ key: NativeKey) throws -> PackedRow {
    guard let number = try journal.state.recordNumber(object(side), key),
      let record = try journal.state.record(number),
      let link = try journal.state.link(record.link(in: SmallMapping.task))
    else { return PackedRow() }
    return record.row.merging(link[side].base)
  }

  /// Another value each time, but for field `b` where it is a number on one side.
  private mutating func value(_ field: FieldNumber, _ side: Side) -> Value {
    if generator.oneIn(8) { return .null }
    let isNumber = mapping.toTarget.contains {
      $0.input == SmallMapping.b && $0.type.kind == .integer
    }
    guard field == SmallMapping.b, isNumber, let number = generator.choose(Self.numbers) else {
      return .text("v\(clock)")
    }
    return side == .source ? .text(number) : Int64(number).map { .integer($0) } ?? .null
  }

  /// Keeps the books of one write: what it overwrites must be dealt with or recorded.
  mutating func account(
    _ sent: Sent, key: NativeKey, before: PackedRow?, stored: PackedRow
  ) throws {
    let command = sent.command
    let side = command.slot.side
    let lost = lostValues(of: sent.link, side)
    if command.operation == .delete {
      for (field, edit) in ledger.edits(side, key)
      where isTwoWay(field, side) && edit.origin == .user {
        if edit.value.isNull || lost[field, default: []].contains(edit.value) { continue }
        fail("the delete of \(side) \(key) loses \(edit.value) in field \(field)")
      }
      ledger.forget(side, key)
      return
    }
    let link = try journal.state.link(sent.link)
    let origin = try journal.state.record(link?[side.other].record ?? .none)
    let inputs = try journal.state.intent(sent.id)?.inputs ?? PackedRow()
    let isOurs = replicas[side]?.ours.contains(key) == true
    for (field, value) in command.row.values {
      let edit = ledger.edits(side, key)[field]
      if let edit, edit.origin != .automation, !edit.value.isNull, edit.value != value,
        !lost[field, default: []].contains(edit.value),
        isOurs || isTwoWay(field, side)
      {
        fail("\(side) \(key) loses \(edit.value) in field \(field)")
      }
      let assignment = mapping.compiled.assignments(to: side).first { $0.field == field }
      if let origin, let input = assignment?.input {
        ledger.close(side.other, origin.key, input, if: inputs[input])
      }
      ledger.close(side, key, field)
      if let now = stored[field], now != norm(value, assignment) {
        ledger.note(side, key, PackedRow([field: now])) { _ in .automation }
      }
    }
    if command.operation == .insert {
      note(side, key, stored.filter { !command.row.contains($0) && stored[$0] != .null })
    }
  }

  private func norm(_ value: Value, _ assignment: Assignment?) -> Value {
    assignment?.type.norm(value) ?? value
  }

  private func isTwoWay(_ field: FieldNumber, _ side: Side) -> Bool {
    mapping.compiled.assignments(to: side.other).contains { $0.input == field && $0.isTwoWay }
  }

  /// What conflicts of a link recorded as taken back from a side.
  private func lostValues(of link: LinkNumber, _ side: Side) -> [FieldNumber: [Value]] {
    var lost: [FieldNumber: [Value]] = [:]
    for event in journal.events where event.header.link == link {
      guard case .conflictOpened(let conflict) = event.body, conflict.loser == side else {
        continue
      }
      for (field, value) in conflict.lost.values { lost[field, default: []].append(value) }
    }
    return lost
  }
}
