public import SynclineModel

/// What is known about one record of one system.
public struct RecordState: Hashable, Sendable {
  public enum Presence: UInt8, Hashable, Sendable {
    case there = 1
    /// Absent, without its system saying that it was deleted.
    case missing = 2
    case deleted = 3
  }

  /// The link that holds the record in one task.
  public struct Membership: Hashable, Sendable {
    public var task: TaskNumber
    public var link: LinkNumber
  }

  public var object: ObjectNumber
  public var key: NativeKey
  public var presence: Presence
  /// The content as last observed; kept for a deleted record while a link holds it.
  public var row: PackedRow
  public var stamp: Stamp
  /// The newest event that changed content, key or presence.
  public var observed: EventSequence
  /// The newest event that names the record.
  public var lastEvent: EventSequence
  /// At most one for each task.
  public var memberships: [Membership]
  /// For a record that we inserted: tracking entries of this generation up to this number that name its
  /// key are about an earlier record under it.
  public var bornIn = TrackingGeneration.none
  public var bornAfter: Int64 = 0

  public var isThere: Bool { presence == .there }

  /// Whether we inserted it after the tracking entry `number` of `generation`.
  func isYounger(than number: Int64, in generation: TrackingGeneration) -> Bool {
    bornIn == generation && bornAfter > number
  }

  /// Whether the task has still to do something about it by itself.
  func isNew(in task: TaskNumber) -> Bool { isThere && link(in: task) == .none }

  /// The link that holds the record in `task`, or none.
  public func link(in task: TaskNumber) -> LinkNumber {
    memberships.first { $0.task == task }?.link ?? .none
  }
}

extension RecordState {
  var encoded: [UInt8] {
    var writer = ByteWriter(capacity: row.bytes.count + key.bytes.count + 48)
    writer.number(object)
    writer.byte(presence.rawValue)
    writer.key(key)
    writer.number(observed)
    writer.number(lastEvent)
    stamp.encode(to: &writer)
    writer.number(bornIn)
    writer.zigzag(bornAfter)
    writer.list(memberships) { writer, membership in
      writer.number(membership.task)
      writer.number(membership.link)
    }
    writer.row(row)
    return writer.bytes
  }

  init(encoded bytes: [UInt8]) throws(DecodingFailure) {
    var reader = ByteReader(bytes.span.bytes)
    object = try reader.number()
    presence = try reader.choice()
    key = try reader.key()
    observed = try reader.number()
    lastEvent = try reader.number()
    stamp = try Stamp(from: &reader)
    bornIn = try reader.number()
    bornAfter = try reader.zigzag()
    memberships = []
    for _ in 0..<(try reader.count()) {
      let task = try reader.number(TaskNumber.self)
      memberships.append(Membership(task: task, link: try reader.number()))
    }
    row = try reader.row()
  }
}
