public import SynclineModel

/// What is known about one link: its records by slot and what both sides last agreed on.
public struct LinkState: Hashable, Sendable {
  public var task: TaskNumber
  public var source: SlotState
  public var target: SlotState
  /// The conflict that is open, or none.
  public var conflict: EventSequence
  /// The newest overwriting on record that is no conflict (first match, drift), or none.
  public var noted: EventSequence
  /// How often in a row a system rewrote what we had written, while nobody edited the records.
  public var bounces: UInt8
  /// The newest event that names the link.
  public var lastEvent: EventSequence
  /// Where the link stands in the agenda; nil where there is nothing to decide.
  public var agenda: AgendaClass?

  public init(task: TaskNumber) {
    self.task = task
    source = SlotState()
    target = SlotState()
    conflict = .none
    noted = .none
    bounces = 0
    lastEvent = .none
    agenda = nil
  }

  public subscript(side: Side) -> SlotState {
    get { side == .source ? source : target }
    set { if side == .source { source = newValue } else { target = newValue } }
  }

  /// After so many rewrites in a row the link is held.
  public static let bouncesMax: UInt8 = 3

  /// Whether the two records meet for the first time: not both slots have agreed yet.
  var isMeeting: Bool { source.revision == .none || target.revision == .none }

  /// Whether a command to one of the slots has no outcome yet.
  public var hasIntent: Bool { source.intent != .none || target.intent != .none }
}

/// One object's place in a link.
public struct SlotState: Hashable, Sendable {
  /// A relation's base: what the foreign key in one written field pointed to when it was agreed.
  public struct RelationBase: Hashable, Sendable {
    public var field: FieldNumber
    /// The parent's link; none for a key that was null.
    public var link: LinkNumber
    /// The parent's record on the written side.
    public var record: RecordNumber
  }

  /// What became of our last write into a slot.
  public enum Echo: UInt8, Hashable, Sendable {
    /// Nobody waits for it: nothing was written, or somebody edited the record since.
    case none = 0
    /// It stood when its system answered; no read has shown the record since.
    case awaited = 1
    /// Its system rewrote it, which is still to be carried to the other side.
    case rewritten = 2
  }

  /// None: the slot is empty.
  public var record = RecordNumber.none
  /// The mapping revision of the slot's last agreement; none: no ancestor.
  public var revision = MappingRevision.none
  /// What both sides last agreed on, for the fields in which it is not the content.
  public var base = PackedRow()
  /// For carried fields that the system rewrote: what was sent, which the other side still holds.
  public var derived = PackedRow()
  /// Fields that hold a stopgap, ascending: the other side's value is still to be written into them.
  public var owed: [FieldNumber] = []
  /// Fields whose edits are ignored (`Ignored`), ascending: while nothing else was edited, they make nothing dirty.
  public var ignored: [FieldNumber] = []
  /// The bases of the slot's written relation fields.
  public var relations: [RelationBase] = []
  /// The system reported the record since the link was last decided, under another revision.
  public var isReported = false
  /// The same while a command was under way, whose confirmation does not answer it.
  public var isReportedSince = false
  public var echo = Echo.none
  /// The slot lost its record and shall be filled by an insert, never answered by a delete.
  public var isVacant = false
  /// The record that left a vacant slot and may come back, or none.
  public var former = RecordNumber.none
  /// The command to this slot that has no outcome yet, or none.
  public var intent = CommandID.none

  /// Whether anything counts as edited since base: where every edit is ignored, nothing does.
  var isEdited: Bool {
    ignored.isEmpty ? !base.isEmpty : base.fields.contains { !ignored.contains($0) }
  }

  /// Whether the field counts as edited since base.
  func isEdited(_ field: FieldNumber) -> Bool { base.contains(field) && isEdited }

  /// Whether the field was edited, and that goes nowhere.
  func isIgnored(_ field: FieldNumber) -> Bool { base.contains(field) && !isEdited }

  /// The base of one relation field; nil where it was never agreed.
  public func relation(_ field: FieldNumber) -> RelationBase? {
    relations.first { $0.field == field }
  }

  /// Notes what a relation field points to, now that it is agreed.
  mutating func setRelation(_ base: RelationBase) {
    relations.removeAll { $0.field == base.field }
    relations.append(base)
    relations.sort { $0.field < $1.field }
  }
}

/// The parts of the agenda, in which a run works through them.
public enum AgendaClass: UInt8, Hashable, Sendable, CaseIterable {
  /// Links of which a record is gone or missing.
  case gone = 0
  /// Links whose records are both there.
  case linked = 1
  /// Links of which a slot is empty.
  case single = 2
  /// Source records, and target records, that no link of the task holds.
  case newSource = 3
  case newTarget = 4
  /// Links with an unsettled intent.
  case waiting = 5
}

extension LinkState {
  var encoded: [UInt8] {
    var writer = ByteWriter(capacity: 64 + source.base.bytes.count + target.base.bytes.count)
    writer.number(task)
    writer.byte(agenda.map { $0.rawValue + 1 } ?? 0)
    writer.number(conflict)
    writer.number(noted)
    writer.byte(bounces)
    writer.number(lastEvent)
    source.encode(to: &writer)
    target.encode(to: &writer)
    return writer.bytes
  }

  init(encoded bytes: [UInt8]) throws(DecodingFailure) {
    var reader = ByteReader(bytes.span.bytes)
    task = try reader.number()
    let raw = try reader.byte()
    agenda = raw == 0 ? nil : AgendaClass(rawValue: raw - 1)
    conflict = try reader.number()
    noted = try reader.number()
    bounces = try reader.byte()
    lastEvent = try reader.number()
    source = try SlotState(from: &reader)
    target = try SlotState(from: &reader)
  }
}

extension SlotState {
  func encode(to writer: inout ByteWriter) {
    writer.number(record)
    writer.number(revision)
    writer.byte(
      (isReported ? 1 : 0) | (isVacant ? 2 : 0) | (isReportedSince ? 4 : 0) | echo.rawValue << 3)
    writer.number(former)
    writer.number(intent)
    writer.row(base)
    writer.row(derived)
    writer.numbers(owed)
    writer.numbers(ignored)
    writer.list(relations) { writer, relation in relation.encode(to: &writer) }
  }

  init(from reader: inout ByteReader) throws(DecodingFailure) {
    record = try reader.number()
    revision = try reader.number()
    let flags = try reader.byte()
    isReported = flags & 1 != 0
    isVacant = flags & 2 != 0
    isReportedSince = flags & 4 != 0
    echo = Echo(rawValue: flags >> 3) ?? .none
    former = try reader.number()
    intent = try reader.number()
    base = try reader.row()
    derived = try reader.row()
    owed = try reader.numbers()
    ignored = try reader.numbers()
    relations = []
    for _ in 0..<(try reader.count()) { relations.append(try RelationBase(from: &reader)) }
  }
}

extension SlotState.RelationBase {
  func encode(to writer: inout ByteWriter) {
    writer.number(field)
    writer.number(link)
    writer.number(record)
  }

  init(from reader: inout ByteReader) throws(DecodingFailure) {
    field = try reader.number()
    link = try reader.number()
    record = try reader.number()
  }
}
