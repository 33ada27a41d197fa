import SynclineMapping
import SynclineModel
import SynclineTesting

@testable import SynclineEngine

extension ReplicaPair {
  /// What must hold once a run has found nothing more to do.
  mutating func check() throws {
    if let events = try sync(), events > 0 { fail("the run after a quiet one is not quiet") }
    for size in [1, 7, Int.max] {
      if try journal.rebuilt(inBatchesOf: size) != journal.state {
        fail("the state differs when it is folded in batches of \(size)")
      }
    }
    var held: Set<RecordNumber> = []
    for (number, link) in try journal.state.links(after: .none, limit: Int.max) {
      if link.conflict != .none {
        held.formUnion([link.source.record, link.target.record])
        continue
      }
      try check(link, number)
    }
    try checkTags(held)
    checkInvention()
  }

  private mutating func check(_ link: LinkState, _ number: LinkNumber) throws {
    guard let source = try journal.state.record(link.source.record),
      let target = try journal.state.record(link.target.record), source.isThere, target.isThere
    else { return fail("link \(number) lacks a record") }
    let rows: [Side: PackedRow] = [.source: source.row, .target: target.row]
    for side in Side.allCases {
      if replicas[side]?.rows[side == .source ? source.key : target.key] != rows[side] {
        fail("the journal does not know \(side) of link \(number)")
      }
    }
    for assignment in mapping.compiled.toTarget where assignment.isTwoWay {
      let back = mapping.compiled.toSource.first { $0.field == assignment.input }
      if !agrees(assignment, rows, .target), back.map({ agrees($0, rows, .source) }) != true {
        fail("link \(number) differs in field \(assignment.field)")
      }
    }
    for side in Side.allCases {
      for assignment in mapping.compiled.assignments(to: side)
      where !assignment.isTwoWay && !agrees(assignment, rows, side) {
        let isDrift = mapping.drift == .leave && link[side].base.contains(assignment.field)
        // What one way gives is for records that we make and for what changes: a record whose
        // counterpart was made from it keeps what it held.
        let other = side == .source ? target.key : source.key
        let isOrigin = replicas[side.other]?.ours.contains(other) == true
        if !isOrigin, !isDrift {
          fail("link \(number) differs in one-way field \(assignment.field)")
        }
      }
    }
  }

  private func agrees(
    _ assignment: Assignment, _ rows: [Side: PackedRow], _ side: Side
  ) -> Bool {
    guard let from = rows[side.other], let value = try? assignment.evaluate(from) else {
      return false
    }
    return assignment.type.norm(value) == rows[side]?[assignment.field]
  }

  /// Each record stands once on either side.
  private mutating func checkTags(_ held: Set<RecordNumber>) throws {
    var tags: [Side: [Value]] = [:]
    for side in Side.allCases {
      for (_, number) in try journal.state.keys(
        of: object(side), after: nil, through: nil, limit: Int.max)
      where !held.contains(number) {
        guard let tag = try journal.state.record(number)?.row[SmallMapping.tag] else { continue }
        if tags[side, default: []].contains(tag) { fail("\(tag) stands twice in \(side)") }
        tags[side, default: []].append(tag)
      }
    }
    if Set(tags[.source] ?? []) != Set(tags[.target] ?? []) {
      fail("the sides hold other records: \(tags)")
    }
  }

  /// Every value that stands somewhere was written by somebody.
  private mutating func checkInvention() {
    for (side, replica) in replicas {
      for (key, row) in replica.rows {
        for (field, value) in row.values where !value.isNull && field != SmallMapping.d {
          let isKnown =
            ledger.everWritten.contains(EditLedger.canonical(value))
            || EditLedger.canonical(value).hasPrefix("GENERATED")
          if !isKnown { fail("\(side) \(key) holds \(value) in field \(field): invented") }
        }
      }
    }
  }
}
