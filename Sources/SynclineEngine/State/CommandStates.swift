public import SynclineModel

/// An intent without an outcome: what was sent, and what it rests on.
public struct IntentState: Hashable, Sendable {
  public var link: LinkNumber
  /// The run that sent it.
  public var run: RunNumber
  public var command: CommandIssued
  /// The fields of the other slot's record that the carried fields were computed from, as they were.
  public var inputs: PackedRow
  /// What the carried relation fields point to.
  public var relations: [SlotState.RelationBase]
}

/// A conflict, or another case of a value that was taken back.
public struct ConflictState: Hashable, Sendable {
  public enum Status: UInt8, Hashable, Sendable {
    case open = 1
    case superseded = 2
    case decided = 3
  }
  public var status: Status
  public var link: LinkNumber
  public var run: RunNumber
  public var time: Timestamp
  /// The observations of source and target that it stands between.
  public var between: EventCauses
  /// What was recorded beside conflicts of the link before this, or none.
  public var previous = EventSequence.none
  public var conflict: ConflictOpened
}

/// What failed, how often, and when it is tried again.
public struct FailureState: Hashable, Sendable {
  public var count: UInt32
  /// The run after which `retry` counts.
  public var run: RunNumber
  public var time: Timestamp
  /// The first run that tries again.
  public var retry: RunNumber
  public var isParked: Bool
  public var event: EventSequence
  public var failure: RecordFailed
}

/// One run.
public struct RunSummary: Hashable, Sendable {
  public var opened: Timestamp
  /// How the systems' clocks stood to the run's.
  public var clocks = ClockOffsets()
  /// Nil while it is running, or where its process died.
  public var closed: Timestamp?
  public var state: RunState
  public var tally: RunTally
  public var reason: String
}

extension IntentState {
  var encoded: [UInt8] {
    var writer = ByteWriter()
    writer.number(link)
    writer.number(run)
    writer.row(inputs)
    writer.list(relations) { writer, relation in relation.encode(to: &writer) }
    command.encode(to: &writer)
    return writer.bytes
  }

  init(encoded bytes: [UInt8]) throws(DecodingFailure) {
    var reader = ByteReader(bytes.span.bytes)
    link = try reader.number()
    run = try reader.number()
    inputs = try reader.row()
    relations = []
    for _ in 0..<(try reader.count()) {
      relations.append(try SlotState.RelationBase(from: &reader))
    }
    command = try CommandIssued(from: &reader)
  }
}

extension ConflictState {
  var encoded: [UInt8] {
    var writer = ByteWriter()
    writer.byte(status.rawValue)
    writer.number(link)
    writer.number(run)
    writer.zigzag(time.microseconds)
    writer.number(between.first)
    writer.number(between.second)
    writer.number(previous)
    conflict.encode(to: &writer)
    return writer.bytes
  }

  init(encoded bytes: [UInt8]) throws(DecodingFailure) {
    var reader = ByteReader(bytes.span.bytes)
    status = try reader.choice()
    link = try reader.number()
    run = try reader.number()
    time = Timestamp(microseconds: try reader.zigzag())
    let first = try reader.number(EventSequence.self)
    between = EventCauses(first, try reader.number())
    previous = try reader.number()
    conflict = try ConflictOpened(from: &reader)
  }
}

extension FailureState {
  var encoded: [UInt8] {
    var writer = ByteWriter()
    writer.varint(UInt64(count))
    writer.number(run)
    writer.zigzag(time.microseconds)
    writer.number(retry)
    writer.flag(isParked)
    writer.number(event)
    failure.encode(to: &writer)
    return writer.bytes
  }

  init(encoded bytes: [UInt8]) throws(DecodingFailure) {
    var reader = ByteReader(bytes.span.bytes)
    count = try reader.small()
    run = try reader.number()
    time = Timestamp(microseconds: try reader.zigzag())
    retry = try reader.number()
    isParked = try reader.flag()
    event = try reader.number()
    failure = try RecordFailed(from: &reader)
  }
}

extension RunSummary {
  /// The summary as the payloads of its two events would say it.
  var encoded: [UInt8] {
    var writer = ByteWriter()
    writer.zigzag(opened.microseconds)
    writer.zigzag(clocks.source)
    writer.zigzag(clocks.target)
    writer.zigzag(clocks.error)
    writer.flag(closed != nil)
    writer.zigzag(closed?.microseconds ?? 0)
    RunClosed(state: state, tally: tally, reason: reason).encode(to: &writer)
    return writer.bytes
  }

  init(encoded bytes: [UInt8]) throws(DecodingFailure) {
    var reader = ByteReader(bytes.span.bytes)
    opened = Timestamp(microseconds: try reader.zigzag())
    let source = try reader.zigzag()
    let target = try reader.zigzag()
    clocks = ClockOffsets(source: source, target: target, error: try reader.zigzag())
    let isClosed = try reader.flag()
    let time = Timestamp(microseconds: try reader.zigzag())
    closed = isClosed ? time : nil
    let payload = try RunClosed(from: &reader)
    state = payload.state
    tally = payload.tally
    reason = payload.reason
  }
}
