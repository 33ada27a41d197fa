public import SynclineEngine
public import SynclineModel

/// A journal in memory: the product's own fold over sorted arrays, for tests of engine and machine.
public struct MemoryJournal: Sendable {
  public private(set) var events: [JournalEvent] = []
  public private(set) var state = MemoryTrees()

  public init() {}

  public var head: JournalHead {
    JournalHead(
      sequence: EventSequence(UInt64(events.count)), seal: [UInt8](repeating: 0, count: 32))
  }

  /// Appends and folds one batch.
  public mutating func append(_ drafts: [EventDraft]) throws {
    var projection = Projection()
    for draft in drafts {
      let pointers = try projection.pointers(
        record: draft.record, link: draft.link, in: state)
      var writer = ByteWriter()
      draft.body.encode(to: &writer)
      let header = EventHeader(
        sequence: EventSequence(UInt64(events.count) + 1), kind: draft.body.kind,
        time: draft.time, run: draft.run, record: draft.record, link: draft.link,
        previousOfRecord: pointers.record, previousOfLink: pointers.link, causes: draft.causes,
        payloadLength: UInt32(writer.count))
      let event = JournalEvent(header: header, body: draft.body)
      try projection.apply(event, to: &state)
      events.append(event)
    }
    try projection.finish(&state)
  }

  /// The state that the events alone make, folded in batches of `size`.
  public func rebuilt(inBatchesOf size: Int) throws -> MemoryTrees {
    var trees = MemoryTrees()
    var projection = Projection()
    for (index, event) in events.enumerated() {
      try projection.apply(event, to: &trees)
      if index % size == size - 1 { try projection.finish(&trees) }
    }
    try projection.finish(&trees)
    return trees
  }
}

/// The trees of the state as sorted arrays.
public struct MemoryTrees: StateStore, Hashable, Sendable {
  private var trees: [StateTree: [Entry]] = [:]

  public struct Entry: Hashable, Sendable {
    public var key: [UInt8]
    public var value: [UInt8]
  }

  public init() {}

  public func value(_ tree: StateTree, _ key: [UInt8]) throws(StateFailure) -> [UInt8]? {
    guard let entries = trees[tree] else { return nil }
    let index = Self.index(of: key, in: entries)
    return index < entries.count && entries[index].key == key ? entries[index].value : nil
  }

  public func scan(
    _ tree: StateTree, from start: [UInt8], _ body: (_ key: [UInt8], _ value: [UInt8]) -> Bool
  ) throws(StateFailure) {
    guard let entries = trees[tree] else { return }
    for entry in entries[Self.index(of: start, in: entries)...] {
      guard body(entry.key, entry.value) else { return }
    }
  }

  public mutating func set(
    _ tree: StateTree, _ key: [UInt8], _ value: [UInt8]
  ) throws(StateFailure) {
    var entries = trees.removeValue(forKey: tree) ?? []
    let index = Self.index(of: key, in: entries)
    if index < entries.count, entries[index].key == key {
      entries[index].value = value
    } else {
      entries.insert(Entry(key: key, value: value), at: index)
    }
    trees[tree] = entries
  }

  public mutating func remove(_ tree: StateTree, _ key: [UInt8]) throws(StateFailure) {
    guard var entries = trees.removeValue(forKey: tree) else { return }
    let index = Self.index(of: key, in: entries)
    if index < entries.count, entries[index].key == key { entries.remove(at: index) }
    if !entries.isEmpty { trees[tree] = entries }
  }

  /// Everything in a tree.
  public func entries(_ tree: StateTree) -> [Entry] { trees[tree] ?? [] }

  private static func index(of key: [UInt8], in entries: [Entry]) -> Int {
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].key.lexicographicallyPrecedes(key) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low
  }
}
