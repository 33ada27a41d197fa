// The payloads of events as bytes (Docs/JournalFormat.md, "Payloads"). Each payload writes its fields
// in the order of its type; counts and numbers are varints, so small events stay small.

/// Something that stands in an event's payload.
protocol PayloadCoded {
  func encode(to writer: inout ByteWriter)
  init(from reader: inout ByteReader) throws(DecodingFailure)
}

extension EventBody {
  /// Appends the payload.
  public func encode(to writer: inout ByteWriter) {
    payload.encode(to: &writer)
  }

  private var payload: any PayloadCoded {
    switch self {
    case .runOpened(let payload): payload
    case .runClosed(let payload): payload
    case .mappingAdopted(let payload): payload
    case .objectObserved(let payload): payload
    case .trackingCreated(let payload): payload
    case .entriesForgotten(let payload): payload
    case .cursorAdvanced(let payload): payload
    case .parameterReset(let payload): payload
    case .recordCreated(let payload): payload
    case .recordChanged(let payload): payload
    case .recordTouched(let payload): payload
    case .recordDeleted(let payload): payload
    case .recordRekeyed(let payload): payload
    case .recordFailed(let payload): payload
    case .linked(let payload): payload
    case .unlinked(let payload): payload
    case .agreed(let payload): payload
    case .slotVacated(let payload): payload
    case .parked(let payload): payload
    case .ignored(let payload): payload
    case .commandIssued(let payload): payload
    case .commandConfirmed(let payload): payload
    case .commandRejected(let payload): payload
    case .conflictOpened(let payload): payload
    case .conflictSuperseded(let payload): payload
    case .conflictDecided(let payload): payload
    case .overrideRequested(let payload): payload
    }
  }

  /// Reads the payload of an event of this kind, which must end where `reader` ends.
  public init(kind: EventKind, version: UInt8, from reader: inout ByteReader)
    throws(DecodingFailure)
  {
    guard version == 1 else { throw .malformed(what: "payload version", offset: reader.offset) }
    self = try Self.body(of: kind, from: &reader)
    guard reader.isAtEnd else { throw .malformed(what: "payload", offset: reader.offset) }
  }

  private static func body(of kind: EventKind, from reader: inout ByteReader)
    throws(DecodingFailure) -> EventBody
  {
    switch kind {
    case .runOpened: .runOpened(try RunOpened(from: &reader))
    case .runClosed: .runClosed(try RunClosed(from: &reader))
    case .mappingAdopted: .mappingAdopted(try MappingAdopted(from: &reader))
    case .objectObserved: .objectObserved(try ObjectObserved(from: &reader))
    case .trackingCreated: .trackingCreated(try TrackingCreated(from: &reader))
    case .entriesForgotten: .entriesForgotten(try EntriesForgotten(from: &reader))
    case .cursorAdvanced: .cursorAdvanced(try CursorAdvanced(from: &reader))
    case .parameterReset: .parameterReset(try ParameterReset(from: &reader))
    case .recordCreated: .recordCreated(try RecordCreated(from: &reader))
    case .recordChanged: .recordChanged(try RecordChanged(from: &reader))
    case .recordTouched: .recordTouched(try RecordTouched(from: &reader))
    case .recordDeleted: .recordDeleted(try RecordDeleted(from: &reader))
    case .recordRekeyed: .recordRekeyed(try RecordRekeyed(from: &reader))
    case .recordFailed: .recordFailed(try RecordFailed(from: &reader))
    case .linked: .linked(try Linked(from: &reader))
    case .unlinked: .unlinked(try Unlinked(from: &reader))
    case .agreed: .agreed(try Agreed(from: &reader))
    case .slotVacated: .slotVacated(try SlotVacated(from: &reader))
    case .parked: .parked(try Parked(from: &reader))
    case .ignored: .ignored(try Ignored(from: &reader))
    case .commandIssued: .commandIssued(try CommandIssued(from: &reader))
    case .commandConfirmed: .commandConfirmed(try CommandConfirmed(from: &reader))
    case .commandRejected: .commandRejected(try CommandRejected(from: &reader))
    case .conflictOpened: .conflictOpened(try ConflictOpened(from: &reader))
    case .conflictSuperseded: .conflictSuperseded(try ConflictSuperseded(from: &reader))
    case .conflictDecided: .conflictDecided(try ConflictDecided(from: &reader))
    case .overrideRequested: .overrideRequested(try OverrideRequested(from: &reader))
    }
  }
}

extension ByteWriter {
  /// A dense number as a varint.
  public mutating func number<Number: DenseNumber>(_ number: Number) {
    varint(UInt64(number.rawValue))
  }

  /// A flag as one byte.
  public mutating func flag(_ flag: Bool) { byte(flag ? 1 : 0) }

  /// A count, then the elements.
  public mutating func list<Element>(
    _ list: [Element], _ write: (inout ByteWriter, Element) -> Void
  ) {
    varint(UInt64(list.count))
    for element in list { write(&self, element) }
  }

  /// A count, then dense numbers.
  public mutating func numbers<Number: DenseNumber>(_ numbers: [Number]) {
    list(numbers) { writer, number in writer.number(number) }
  }

  /// A packed row with its length.
  public mutating func row(_ row: PackedRow) { counted(row.bytes) }

  /// A native key with its length.
  public mutating func key(_ key: NativeKey) { counted(key.bytes) }

  /// A slot as side and index.
  public mutating func slot(_ slot: Slot) {
    byte(slot.side.rawValue)
    byte(slot.index)
  }
}

extension ByteReader {
  /// A dense number.
  @_lifetime(self: copy self)
  public mutating func number<Number: DenseNumber>(_ type: Number.Type = Number.self)
    throws(DecodingFailure) -> Number
  {
    Number(rawValue: try small(Number.RawValue.self))
  }

  /// A flag of one byte, 0 or 1.
  @_lifetime(self: copy self)
  public mutating func flag() throws(DecodingFailure) -> Bool {
    switch try byte() {
    case 0: return false
    case 1: return true
    default: throw .malformed(what: "flag", offset: offset - 1)
    }
  }

  /// A count that cannot ask for more memory than the bytes could fill.
  @_lifetime(self: copy self)
  public mutating func count() throws(DecodingFailure) -> Int {
    let count = try small(Int.self)
    guard count <= remaining else { throw .truncated(offset: offset) }
    return count
  }

  /// A count and dense numbers.
  @_lifetime(self: copy self)
  public mutating func numbers<Number: DenseNumber>(_ type: Number.Type = Number.self)
    throws(DecodingFailure) -> [Number]
  {
    let count = try count()
    var numbers: [Number] = []
    numbers.reserveCapacity(count)
    for _ in 0..<count { numbers.append(try number()) }
    return numbers
  }

  /// A packed row with its length.
  @_lifetime(self: copy self)
  public mutating func row() throws(DecodingFailure) -> PackedRow {
    try PackedRow(encoded: try counted())
  }

  /// A native key with its length.
  @_lifetime(self: copy self)
  public mutating func key() throws(DecodingFailure) -> NativeKey {
    NativeKey(encoded: try counted())
  }

  /// A side of one byte.
  @_lifetime(self: copy self)
  public mutating func side() throws(DecodingFailure) -> Side {
    guard let side = Side(rawValue: try byte()) else {
      throw .malformed(what: "side", offset: offset - 1)
    }
    return side
  }

  /// A slot of two bytes.
  @_lifetime(self: copy self)
  public mutating func slot() throws(DecodingFailure) -> Slot {
    let side = try side()
    return Slot(side, index: try byte())
  }

  /// A byte that is the raw value of an enumeration.
  @_lifetime(self: copy self)
  public mutating func choice<Choice: RawRepresentable>(_ type: Choice.Type = Choice.self)
    throws(DecodingFailure) -> Choice where Choice.RawValue == UInt8
  {
    guard let choice = Choice(rawValue: try byte()) else {
      throw .malformed(what: "choice", offset: offset - 1)
    }
    return choice
  }
}
