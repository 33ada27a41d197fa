// `compare`: both sides in full, page by page, by value (design, section 7). The target's records wait
// in a temporary environment while the source is read, so that memory follows the page.

public import SynclineEngine
public import SynclineJournal
public import SynclineMapping
public import SynclineModel
public import SynclinePorts

/// Reads both sides and tells what differs. Writes nothing to the systems, and to the journal only what
/// `adopt` finds.
public struct Comparer: Sendable {
  private let settings: RunSettings
  private let journal: Journal
  private let connectors: [Side: any Connector]

  public init(
    settings: RunSettings, journal: Journal, source: any Connector, target: any Connector
  ) {
    self.settings = settings
    self.journal = journal
    connectors = [.source: source, .target: target]
  }

  /// Looks at both systems; every problem of the package, where it cannot be compared.
  public func prepare() async throws -> Result<Comparison, PackageProblems> {
    var inspections: [Side: Inspection] = [:]
    for side in Side.allCases {
      let requests = settings.definition.tasks.map {
        ObjectRequest(name: $0.object(side).object, keyIsAssigned: $0.object(side).keyIsAssigned)
      }
      inspections[side] = try await connectors[side]?.inspect(
        requests, ourJournal: settings.journal)
    }
    let result = try journal.withState {
      try Comparison.make(settings: settings, inspections: inspections, $0)
    }
    guard case .success(let comparison) = result else { return result }
    for side in Side.allCases {
      try await connectors[side]?.bind(comparison.bindings(on: side))
    }
    return result
  }

  /// Hands every difference to `report`, and counts.
  public func compare(
    _ comparison: Comparison, _ report: (RecordDifference) -> Void
  ) async throws -> ComparisonTally {
    var log: AdoptionLog?
    return try await compare(comparison, &log, report)
  }

  /// Why nothing can be adopted; empty where it can.
  public func refusals(to comparison: Comparison) throws -> [Refusal] {
    let head = journal.head
    let seals = try journal.seals(endingWith: Adoption.sealed(comparison))
    return try journal.withState {
      try Adoption.refusals(comparison, head: head, seals: seals, $0)
    }
  }

  /// Compares, and journals what it finds otherwise than the journal knows, for the next run to decide
  /// about. The caller holds the run lock, and `refusals(to:)` was empty.
  public func adopt(
    _ comparison: Comparison, clock: @escaping @Sendable () -> Timestamp,
    _ report: (RecordDifference) -> Void
  ) async throws -> (ComparisonTally, adopted: [Side: SideTally]) {
    var log: AdoptionLog? = AdoptionLog(comparison, journal, clock: clock)
    for side in Side.allCases { try await takeQueue(of: side, &log) }
    let tally = try await compare(comparison, &log, report)
    for side in Side.allCases {
      try await takeQueue(of: side, &log)
      try log?.takeAbsences(on: side)
    }
    return (tally, adopted: log?.adoption.tally ?? [:])
  }

  private func takeQueue(of side: Side, _ log: inout AdoptionLog?) async throws {
    guard let connector = connectors[side] else { return }
    try await log?.takeQueue(of: side, connector)
  }

  private func compare(
    _ comparison: Comparison, _ log: inout AdoptionLog?, _ report: (RecordDifference) -> Void
  ) async throws -> ComparisonTally {
    let scratch = try RowScratch()
    defer { scratch.close() }
    var tally = ComparisonTally()
    for task in comparison.mapping.tasks {
      try scratch.clear()
      try await pages(of: task.target, on: .target, &log) { try scratch.keep($0) }
      try await pages(of: task.source, on: .source, &log) { page in
        for difference in try compare(page, task, comparison, scratch, &tally) {
          report(difference)
        }
      }
      try tell(scratch, task, &tally, report)
    }
    return tally
  }

  private typealias Page = [(key: NativeKey, entry: RowScratch.Entry)]

  private func pages(
    of object: ObjectNumber, on side: Side, _ log: inout AdoptionLog?,
    _ body: (Page) throws -> Void
  ) async throws {
    guard let connector = connectors[side] else { return }
    var after: NativeKey?
    while true {
      try Task.checkCancellation()
      let request = PageRequest(
        object: object, after: after, limit: connector.capabilities.pageLimit)
      let page = try await connector.readPage(request)
      let entries: Page =
        page.records.map { ($0.key, .row($0.row)) }
        + page.failures.map { ($0.key, .unreadable($0.message)) }
      try body(entries)
      try log?.take(page, request, on: side)
      after = page.lastKey ?? after
      if page.isLast { return }
    }
  }

  /// A page of the source against what the target has under the partners' keys.
  private func compare(
    _ page: Page, _ task: TaskMapping, _ comparison: Comparison, _ scratch: RowScratch,
    _ tally: inout ComparisonTally
  ) throws -> [RecordDifference] {
    try journal.withState { state in
      let partners = try page.map {
        try comparison.partner(of: $0.key, on: .source, in: task, state)
      }
      var taken = try scratch.take(partners.compactMap { $0 })[...]
      var found: [RecordDifference] = []
      for ((key, entry), partner) in zip(page, partners) {
        let held = partner == nil ? nil : taken.removeFirst()
        var difference = RecordDifference(
          task: task, source: key, target: partner, kind: .values([]))
        switch (entry, held) {
        case (_, nil): (difference.kind, difference.target) = (.only(.source), nil)
        case (.unreadable(let reason), _): difference.kind = .unreadable(.source, reason)
        case (_, .unreadable(let reason)?): difference.kind = .unreadable(.target, reason)
        case (.row(let source), .row(let target)?):
          let fields = try comparison.differences(task, source: source, target: target, state)
          if fields.isEmpty {
            tally.equal += 1
            continue
          }
          difference.kind = .values(fields)
        }
        tally.count(difference)
        found.append(difference)
      }
      return found
    }
  }

  /// What of the target no record of the source is linked with.
  private func tell(
    _ scratch: RowScratch, _ task: TaskMapping, _ tally: inout ComparisonTally,
    _ report: (RecordDifference) -> Void
  ) throws {
    var after: NativeKey?
    while true {
      let keys = try scratch.rest(after: after, limit: 1000)
      for key in keys {
        let difference = RecordDifference(
          task: task, source: nil, target: key, kind: .only(.target))
        tally.count(difference)
        report(difference)
      }
      guard let last = keys.last else { return }
      after = last
    }
  }
}

/// A record, or two that are linked, in which the sides differ.
public struct RecordDifference: Sendable {
  /// How they differ.
  public enum Kind: Sendable {
    case values([FieldDifference])
    /// The record has no linked partner on the other side.
    case only(Side)
    /// One of them is there and cannot be taken; the reason, safe to show.
    case unreadable(Side, String)
  }

  public var task: TaskMapping
  /// The key on each side; nil where there is no record.
  public var source: NativeKey?
  public var target: NativeKey?
  public var kind: Kind
}

/// What a comparison counted.
public struct ComparisonTally: Hashable, Sendable {
  /// Pairs of linked records that are equal under the mapping.
  public var equal: UInt64 = 0
  /// Pairs that differ.
  public var different: UInt64 = 0
  /// Records without a partner, by the side that has them.
  public var onlySource: UInt64 = 0
  public var onlyTarget: UInt64 = 0
  /// Pairs of which one record could not be read.
  public var unreadable: UInt64 = 0

  /// Whether both sides hold the same.
  public var isEqual: Bool { different + onlySource + onlyTarget + unreadable == 0 }

  mutating func count(_ difference: RecordDifference) {
    switch difference.kind {
    case .values: different += 1
    case .only(.source): onlySource += 1
    case .only(.target): onlyTarget += 1
    case .unreadable: unreadable += 1
    }
  }
}
