import SynclineMapping
public import SynclineModel

/// Finds drift page by page: a link in which a written field differs from its base stands on the
/// agenda of its task, so nothing else is looked at. Judged by the mapping in force.
public struct DriftWalk: Sendable {
  private let mapping: CompiledMapping
  private let revision: MappingRevision
  private var tasks: ArraySlice<TaskMapping>
  private var after: UInt64 = 0

  /// Begins before the first link; a package without a mapping in force has no drift.
  public init(_ state: borrowing some StateView & ~Copyable) throws(StateFailure) {
    revision = try state.package().revision
    if let adopted = try state.mapping(revision) {
      mapping = try state.decoding(.mappings) { () throws(DecodingFailure) in
        try CompiledMapping(encoded: adopted.compiled)
      }
    } else {
      mapping = CompiledMapping(tasks: [])
    }
    tasks = mapping.tasks[...]
  }

  /// The drift in the next links, `limit` at most; nil behind the last one.
  public mutating func next(
    limit: Int, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> [DriftedField]? {
    guard let task = tasks.first else { return nil }
    let numbers = try state.agenda(task.number, .linked, after: after, limit: limit)
    guard let last = numbers.last else {
      tasks.removeFirst()
      after = 0
      return []
    }
    after = last
    var found: [DriftedField] = []
    for number in numbers { found += try drifted(LinkNumber(number), task, state) }
    return found
  }

  private func drifted(
    _ number: LinkNumber, _ task: TaskMapping, _ state: borrowing some StateView & ~Copyable
  ) throws(StateFailure) -> [DriftedField] {
    guard let link = try state.link(number) else { return [] }
    var facts = LinkFacts(
      link: link, source: try state.record(link.source.record),
      target: try state.record(link.target.record), isInEpoch: false)
    facts.relatives = try RelativeReader(mapping: mapping).relatives(of: facts, task, state)
    return drift(facts, MappingContext(current: task, revision: revision)).compactMap { drift in
      facts[drift.side].map {
        DriftedField(
          task: task.number, object: $0.object, key: $0.key, isRestored: task.drift == .restore,
          drift: drift)
      }
    }
  }
}

/// A field in which a record drifted.
public struct DriftedField: Hashable, Sendable {
  public var task: TaskNumber
  public var object: ObjectNumber
  /// The key of the record that holds the field.
  public var key: NativeKey
  /// Whether the next run puts it right (`drift: restore`).
  public var isRestored: Bool
  public var drift: Drift
}
