// `compare --adopt`: what a full read of both sides finds otherwise than the journal knows becomes
// observations, in the order in which a run makes them: the queue, pages, the queue again, then absences
// that none of them explains. Nothing is decided and no side is written; the next run does both.

import SynclineMapping
public import SynclineModel

/// Turns what a comparison reads into events. Pure; reading and appending are somebody else's part.
public struct Adoption: Sendable {
  private let comparison: Comparison
  /// What was found so far, by side.
  public private(set) var tally: [Side: SideTally] = [.source: SideTally(), .target: SideTally()]
  /// Keys that an entry of the queue named and whose row is not there.
  private var dangling: [Side: Set<ObjectKey>] = [:]

  public init(_ comparison: Comparison) { self.comparison = comparison }

  /// The events at which the journal's own seals are asked for.
  public static func sealed(_ comparison: Comparison) -> [EventSequence] {
    OwnerCheck.sequences(in: comparison.inspections, of: comparison.settings.journal)
  }

  /// Why nothing can be adopted: what is read must mean to the journal what it would mean to a run.
  public static func refusals(
    _ comparison: Comparison, head: JournalHead, seals: [EventSequence: [UInt8]],
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> [Refusal] {
    let package = try state.package()
    let owners = OwnerCheck(
      settings: comparison.settings, inspections: comparison.inspections, seals: seals)
    var refusals = try owners.refusals(package, head: head, state)
    if try !state.unsettled(limit: 1).isEmpty {
      refusals.append(refusal("the outcome of a command is not known yet"))
    }
    for object in comparison.unjournaled {
      refusals.append(refusal("“\(object.name)” looks otherwise than the journal knows"))
    }
    guard comparison.unjournaled.isEmpty else { return refusals }
    for side in Side.allCases {
      for object in comparison.bindings(on: side)
      where !package[side].fullyRead.contains(object.object) {
        refusals.append(refusal("no run has read all of “\(object.name)” yet"))
      }
    }
    return refusals
  }

  private static func refusal(_ reason: String) -> Refusal {
    Refusal(
      code: "adopt",
      message: "Nothing was journaled: \(reason). Run the package with `syncline run` first.")
  }

  /// A page of a full read.
  public mutating func pageRead(
    _ page: RecordPage, _ request: PageRequest, on side: Side, at now: Timestamp,
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> [EventDraft] {
    var observer = Observer(side: side, state: try state.package())
    for record in page.records {
      let key = ObjectKey(object: request.object, key: record.key)
      try observer.see(key, record.row, isReport: false, Stamp(), state)
    }
    for failure in page.failures { try observer.fail(request.object, failure, state) }
    let through = page.isLast ? nil : page.lastKey ?? request.after
    try observer.census(request.object, page, after: request.after, through: through, state)
    return take(observer, at: now)
  }

  /// Whether the queue of a side can be read: an intact object proves that it is the one that this
  /// journal made. Where there is none, the next run makes tracking anew and reads in full.
  public func hasQueue(
    on side: Side, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> Bool {
    let inspection = comparison.inspections[side]
    let generation = try state.package()[side].generation
    guard generation != .none,
      inspection?.owners.contains(where: {
        $0.journal == comparison.settings.journal && $0.generation == generation
      }) == true
    else { return false }
    return comparison.bindings(on: side).contains { inspection?.tracking[$0.name] == .intact }
  }

  /// A page of the queue. Entries that the journal holds already are passed over; the others stay
  /// where they are until the next run forgets them.
  public mutating func changesRead(
    _ page: ChangePage, on side: Side, at now: Timestamp,
    _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> [EventDraft] {
    let package = try state.package()
    let covered = package[side].covered
    var changes = ChangeObserver(
      observer: Observer(side: side, state: package), page: page,
      dangling: dangling[side] ?? [])
    for entry in page.entries
    where !covered.contains(where: { $0.first <= entry.number && entry.number <= $0.last }) {
      try changes.take(entry, state)
    }
    if page.isLast { try changes.finish(state) }
    dangling[side] = changes.dangling
    var drafts = take(changes.observer, at: now)
    let isNews = page.ranges.contains { range in
      !covered.contains { $0.first <= range.first && range.last <= $0.last }
    }
    if isNews {
      let cursor = CursorAdvanced(
        side: side, generation: package[side].generation, ranges: page.ranges)
      drafts.append(EventDraft(time: now, run: .none, body: .cursorAdvanced(cursor)))
    }
    return drafts
  }

  /// Absences that the pages found and the queue does not explain.
  public mutating func absences(
    on side: Side, at now: Timestamp, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> [EventDraft] {
    guard comparison.settings.confirmsAbsence(on: side) else { return [] }
    var drafts: [EventDraft] = []
    for object in comparison.bindings(on: side) {
      for record in try state.missing(object.object) {
        let body = EventBody.recordDeleted(RecordDeleted(isConfirmed: true))
        drafts.append(EventDraft(time: now, run: .none, record: record, body: body))
      }
    }
    tally[side]?.deleted += UInt64(drafts.count)
    return drafts
  }

  private mutating func take(_ observer: Observer, at now: Timestamp) -> [EventDraft] {
    tally[observer.side]?.created += observer.created
    tally[observer.side]?.changed += observer.changed
    tally[observer.side]?.deleted += observer.deleted
    return observer.found.map {
      EventDraft(time: now, run: .none, record: $0.record, body: $0.body)
    }
  }
}

extension RecordPage {
  /// The highest key of the slice, whether or not its record could be taken; nil for an empty one.
  public var lastKey: NativeKey? {
    (records.map(\.key) + failures.map(\.key)).max()
  }
}

extension RunSettings {
  /// Whether an absence counts as a deletion without a word of the system: in a database no row under
  /// the key confirms it, elsewhere a person or the package must say so.
  func confirmsAbsence(on side: Side) -> Bool {
    self[side].tracksByTriggers || definition.inferredDeletes == .apply
  }
}
