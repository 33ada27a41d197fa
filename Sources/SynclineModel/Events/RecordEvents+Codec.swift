extension Stamp: PayloadCoded {
  /// Bit 0: a time follows. Bit 1: an author follows. Bit 2: a version follows.
  public func encode(to writer: inout ByteWriter) {
    writer.byte((time == nil ? 0 : 1) | (author.isEmpty ? 0 : 2) | (version == 0 ? 0 : 4))
    if let time { writer.zigzag(time.microseconds) }
    if !author.isEmpty { writer.text(author) }
    if version != 0 { writer.zigzag(version) }
  }

  public init(from reader: inout ByteReader) throws(DecodingFailure) {
    let flags = try reader.byte()
    guard flags < 8 else { throw .malformed(what: "stamp", offset: reader.offset - 1) }
    time = flags & 1 == 0 ? nil : Timestamp(microseconds: try reader.zigzag())
    author = flags & 2 == 0 ? "" : try reader.text()
    version = flags & 4 == 0 ? 0 : try reader.zigzag()
  }
}

extension RecordCreated: PayloadCoded {
  func encode(to writer: inout ByteWriter) {
    writer.number(object)
    writer.key(key)
    writer.row(row)
    stamp.encode(to: &writer)
  }

  init(from reader: inout ByteReader) throws(DecodingFailure) {
    object = try reader.number()
    key = try reader.key()
    row = try reader.row()
    stamp = try Stamp(from: &reader)
  }
}

extension RecordChanged: PayloadCoded {
  func encode(to writer: inout ByteWriter) {
    writer.row(row)
    stamp.encode(to: &writer)
    writer.flag(isRestored)
    writer.flag(isRewritten)
  }

  init(from reader: inout ByteReader) throws(DecodingFailure) {
    row = try reader.row()
    stamp = try Stamp(from: &reader)
    isRestored = try reader.flag()
    isRewritten = try reader.flag()
  }
}

extension RecordTouched: PayloadCoded {
  func encode(to writer: inout ByteWriter) { stamp.encode(to: &writer) }
  init(from reader: inout ByteReader) throws(DecodingFailure) { stamp = try Stamp(from: &reader) }
}

extension RecordDeleted: PayloadCoded {
  func encode(to writer: inout ByteWriter) {
    writer.flag(isConfirmed)
    stamp.encode(to: &writer)
  }

  init(from reader: inout ByteReader) throws(DecodingFailure) {
    isConfirmed = try reader.flag()
    stamp = try Stamp(from: &reader)
  }
}

extension RecordRekeyed: PayloadCoded {
  func encode(to writer: inout ByteWriter) { writer.key(key) }
  init(from reader: inout ByteReader) throws(DecodingFailure) { key = try reader.key() }
}

extension RecordFailed: PayloadCoded {
  public func encode(to writer: inout ByteWriter) {
    writer.number(task)
    writer.byte(side.rawValue)
    writer.text(code)
    writer.text(message)
  }

  public init(from reader: inout ByteReader) throws(DecodingFailure) {
    task = try reader.number()
    side = try reader.side()
    code = try reader.text()
    message = try reader.text()
  }
}

extension Linked: PayloadCoded {
  func encode(to writer: inout ByteWriter) {
    writer.number(task)
    writer.number(source)
    writer.number(target)
  }

  init(from reader: inout ByteReader) throws(DecodingFailure) {
    task = try reader.number()
    source = try reader.number()
    target = try reader.number()
  }
}

/// A payload without content.
private protocol EmptyPayload: PayloadCoded { init() }

extension EmptyPayload {
  func encode(to writer: inout ByteWriter) {}
  init(from reader: inout ByteReader) throws(DecodingFailure) { self.init() }
}

extension Unlinked: EmptyPayload {}
extension Parked: EmptyPayload {}
extension ConflictSuperseded: EmptyPayload {}
extension ConflictDecided: EmptyPayload {}

extension Agreed: PayloadCoded {
  func encode(to writer: inout ByteWriter) {
    writer.byte(reason.rawValue)
    writer.number(revision)
    writer.byte(slots.reduce(0) { $0 | $1.rawValue })
    writer.numbers(sourceFields)
    writer.numbers(targetFields)
  }

  init(from reader: inout ByteReader) throws(DecodingFailure) {
    reason = try reader.choice()
    revision = try reader.number()
    let mask = try reader.byte()
    slots = Side.allCases.filter { mask & $0.rawValue != 0 }
    sourceFields = try reader.numbers()
    targetFields = try reader.numbers()
  }
}

extension SlotVacated: PayloadCoded {
  func encode(to writer: inout ByteWriter) {
    writer.slot(slot)
    writer.byte(reason.rawValue)
  }

  init(from reader: inout ByteReader) throws(DecodingFailure) {
    slot = try reader.slot()
    reason = try reader.choice()
  }
}

extension Ignored: PayloadCoded {
  func encode(to writer: inout ByteWriter) {
    writer.byte(rule.rawValue)
    writer.slot(slot)
    writer.row(row)
  }

  init(from reader: inout ByteReader) throws(DecodingFailure) {
    rule = try reader.choice()
    slot = try reader.slot()
    row = try reader.row()
  }
}

extension CommandIssued: PayloadCoded {
  public func encode(to writer: inout ByteWriter) {
    writer.number(task)
    writer.slot(slot)
    writer.byte(operation.rawValue)
    writer.number(revision)
    writer.row(row)
    writer.number(origin)
    writer.number(conflict)
    writer.flag(isInterim)
  }

  public init(from reader: inout ByteReader) throws(DecodingFailure) {
    task = try reader.number()
    slot = try reader.slot()
    operation = try reader.choice()
    revision = try reader.number()
    row = try reader.row()
    origin = try reader.number()
    conflict = try reader.number()
    isInterim = try reader.flag()
  }
}

extension CommandConfirmed: PayloadCoded {
  func encode(to writer: inout ByteWriter) {
    writer.counted(key?.bytes ?? [])
    writer.row(stored)
    writer.numbers(derived)
    writer.zigzag(mark)
    writer.zigzag(version)
  }

  init(from reader: inout ByteReader) throws(DecodingFailure) {
    let bytes = try reader.counted()
    key = bytes.isEmpty ? nil : NativeKey(encoded: bytes)
    stored = try reader.row()
    derived = try reader.numbers()
    mark = try reader.zigzag()
    version = try reader.zigzag()
  }
}

extension CommandRejected: PayloadCoded {
  func encode(to writer: inout ByteWriter) {
    writer.byte(disposition.rawValue)
    writer.text(code)
    writer.text(message)
  }

  init(from reader: inout ByteReader) throws(DecodingFailure) {
    disposition = try reader.choice()
    code = try reader.text()
    message = try reader.text()
  }
}

extension ConflictOpened: PayloadCoded {
  public func encode(to writer: inout ByteWriter) {
    writer.number(task)
    writer.byte(kind.rawValue)
    writer.byte(rule)
    writer.byte(loser?.rawValue ?? 0)
    writer.row(lost)
    writer.row(base)
    writer.row(won)
  }

  public init(from reader: inout ByteReader) throws(DecodingFailure) {
    task = try reader.number()
    kind = try reader.choice()
    rule = try reader.byte()
    let raw = try reader.byte()
    loser = Side(rawValue: raw)
    guard loser != nil || raw == 0 else {
      throw .malformed(what: "side", offset: reader.offset - 1)
    }
    lost = try reader.row()
    base = try reader.row()
    won = try reader.row()
  }
}

extension OverrideRequested: PayloadCoded {
  func encode(to writer: inout ByteWriter) { writer.byte(kind.rawValue) }
  init(from reader: inout ByteReader) throws(DecodingFailure) { kind = try reader.choice() }
}
