extension RunOpened: PayloadCoded {
  func encode(to writer: inout ByteWriter) {
    writer.text(program)
    writer.list(allowances) { writer, text in writer.text(text) }
    for figure in [clocks.source, clocks.target, clocks.error] { writer.zigzag(figure) }
  }

  init(from reader: inout ByteReader) throws(DecodingFailure) {
    program = try reader.text()
    allowances = []
    for _ in 0..<(try reader.count()) { allowances.append(try reader.text()) }
    clocks = ClockOffsets()
    clocks.source = try reader.zigzag()
    clocks.target = try reader.zigzag()
    clocks.error = try reader.zigzag()
  }
}

extension RunClosed: PayloadCoded {
  public func encode(to writer: inout ByteWriter) {
    writer.byte(state.rawValue)
    for tally in [tally.source, tally.target] {
      for figure in [
        tally.created, tally.changed, tally.deleted, tally.inserts, tally.updates, tally.deletes,
      ] { writer.varint(figure) }
    }
    for figure in [tally.conflicts, tally.failed, tally.held, tally.pending, tally.untouched] {
      writer.varint(figure)
    }
    writer.flag(endsEpoch)
    writer.number(sourceOwner)
    writer.number(targetOwner)
    writer.text(reason)
  }

  public init(from reader: inout ByteReader) throws(DecodingFailure) {
    state = try reader.choice()
    tally = RunTally()
    for side in Side.allCases {
      tally[side].created = try reader.varint()
      tally[side].changed = try reader.varint()
      tally[side].deleted = try reader.varint()
      tally[side].inserts = try reader.varint()
      tally[side].updates = try reader.varint()
      tally[side].deletes = try reader.varint()
    }
    tally.conflicts = try reader.varint()
    tally.failed = try reader.varint()
    tally.held = try reader.varint()
    tally.pending = try reader.varint()
    tally.untouched = try reader.varint()
    endsEpoch = try reader.flag()
    sourceOwner = try reader.number()
    targetOwner = try reader.number()
    reason = try reader.text()
  }
}

extension MappingAdopted: PayloadCoded {
  public func encode(to writer: inout ByteWriter) {
    writer.number(revision)
    writer.varint(UInt64(evaluator))
    writer.text(text)
    writer.counted(compiled)
    table.encode(to: &writer)
  }

  public init(from reader: inout ByteReader) throws(DecodingFailure) {
    revision = try reader.number()
    evaluator = try reader.small()
    text = try reader.text()
    compiled = try reader.counted()
    table = try MappingTable(from: &reader)
  }
}

extension MappingTable: PayloadCoded {
  public func encode(to writer: inout ByteWriter) {
    writer.list(tasks) { writer, task in task.encode(to: &writer) }
  }

  public init(from reader: inout ByteReader) throws(DecodingFailure) {
    tasks = []
    for _ in 0..<(try reader.count()) { tasks.append(try TaskTable(from: &reader)) }
  }
}

extension TaskTable: PayloadCoded {
  func encode(to writer: inout ByteWriter) {
    writer.number(number)
    writer.text(name)
    writer.number(source)
    writer.number(target)
    for written in [toTarget, toSource] {
      writer.list(written) { writer, written in
        writer.number(written.field)
        writer.number(written.input)
        writer.number(written.parent)
      }
    }
    writer.numbers(matchSource)
    writer.numbers(matchTarget)
  }

  init(from reader: inout ByteReader) throws(DecodingFailure) {
    number = try reader.number()
    name = try reader.text()
    source = try reader.number()
    target = try reader.number()
    toTarget = try Self.written(from: &reader)
    toSource = try Self.written(from: &reader)
    matchSource = try reader.numbers()
    matchTarget = try reader.numbers()
  }

  private static func written(from reader: inout ByteReader) throws(DecodingFailure) -> [Written] {
    var list: [Written] = []
    for _ in 0..<(try reader.count()) {
      let field = try reader.number(FieldNumber.self)
      let input = try reader.number(FieldNumber.self)
      list.append(Written(field: field, input: input, parent: try reader.number()))
    }
    return list
  }
}

extension ObjectObserved: PayloadCoded {
  public func encode(to writer: inout ByteWriter) {
    writer.number(object)
    writer.byte(side.rawValue)
    writer.text(name.rawValue)
    writer.number(key)
    writer.list(fields) { writer, field in field.encode(to: &writer) }
    writer.list(foreignKeys) { writer, key in
      writer.text(key.field.rawValue)
      writer.text(key.parent.rawValue)
      writer.byte(key.onDelete.rawValue)
    }
  }

  public init(from reader: inout ByteReader) throws(DecodingFailure) {
    object = try reader.number()
    side = try reader.side()
    name = ObjectName(try reader.text())
    key = try reader.number()
    fields = []
    for _ in 0..<(try reader.count()) { fields.append(try Field(from: &reader)) }
    foreignKeys = []
    for _ in 0..<(try reader.count()) {
      let field = FieldName(try reader.text())
      let parent = ObjectName(try reader.text())
      foreignKeys.append(
        ForeignKey(field: field, parent: parent, onDelete: try reader.choice()))
    }
  }
}

extension ObjectObserved.Field: PayloadCoded {
  func encode(to writer: inout ByteWriter) {
    writer.number(number)
    writer.text(schema.name.rawValue)
    schema.type.encode(to: &writer)
    writer.flag(schema.isNullable)
    writer.flag(schema.hasDefault)
    writer.flag(schema.isCalculated)
    writer.flag(schema.isReadOnly)
    writer.byte(schema.writing.rawValue)
    writer.flag(schema.isUnique)
    writer.flag(isCaptured)
    writer.list(schema.pointsTo) { writer, object in writer.text(object.rawValue) }
  }

  init(from reader: inout ByteReader) throws(DecodingFailure) {
    number = try reader.number()
    let name = FieldName(try reader.text())
    let type = try FieldType(from: &reader)
    let isNullable = try reader.flag()
    let hasDefault = try reader.flag()
    let isCalculated = try reader.flag()
    let isReadOnly = try reader.flag()
    let writing = try reader.choice(FieldSchema.Writing.self)
    schema = FieldSchema(
      name: name, type: type, isNullable: isNullable, hasDefault: hasDefault,
      isCalculated: isCalculated, isReadOnly: isReadOnly, writing: writing,
      isUnique: try reader.flag())
    isCaptured = try reader.flag()
    for _ in 0..<(try reader.count()) { schema.pointsTo.append(ObjectName(try reader.text())) }
  }
}

extension FieldType: PayloadCoded {
  /// Kind, storage, then flags and limits; a limit that is not there is 0, others are one higher.
  public func encode(to writer: inout ByteWriter) {
    writer.byte(kind.rawValue)
    writer.byte(storage.rawValue)
    writer.varint(lengthMax.map { UInt64($0) + 1 } ?? 0)
    writer.varint(precision.map { UInt64($0) + 1 } ?? 0)
    writer.varint(scale.map { UInt64($0) + 1 } ?? 0)
    writer.flag(foldsCase)
    writer.flag(trims)
    writer.zigzag(Int64(zoneMinutes))
  }

  public init(from reader: inout ByteReader) throws(DecodingFailure) {
    let kind = try reader.choice(Kind.self)
    let storage = try reader.choice(Storage.self)
    let lengthMax = try Self.limit(UInt32.self, from: &reader)
    let precision = try Self.limit(UInt16.self, from: &reader)
    let scale = try Self.limit(UInt16.self, from: &reader)
    let foldsCase = try reader.flag()
    let trims = try reader.flag()
    guard let zoneMinutes = Int16(exactly: try reader.zigzag()) else {
      throw .malformed(what: "zone", offset: reader.offset)
    }
    self.init(
      kind, storage: storage, lengthMax: lengthMax, precision: precision, scale: scale,
      foldsCase: foldsCase, trims: trims, zoneMinutes: zoneMinutes)
  }

  private static func limit<Integer: FixedWidthInteger>(
    _ type: Integer.Type, from reader: inout ByteReader
  ) throws(DecodingFailure) -> Integer? {
    let raw = try reader.varint()
    if raw == 0 { return nil }
    guard let limit = Integer(exactly: raw - 1) else {
      throw .malformed(what: "limit", offset: reader.offset)
    }
    return limit
  }
}

extension TrackingCreated: PayloadCoded {
  func encode(to writer: inout ByteWriter) {
    writer.byte(side.rawValue)
    writer.number(generation)
    writer.text(identity.rawValue)
    writer.numbers(objects)
  }

  init(from reader: inout ByteReader) throws(DecodingFailure) {
    side = try reader.side()
    generation = try reader.number()
    identity = SystemIdentity(try reader.text())
    objects = try reader.numbers()
  }
}

extension ByteWriter {
  /// A count, then for each object its number and a zigzag time.
  public mutating func bounds(_ bounds: [ObjectBound]) {
    list(bounds) { writer, bound in
      writer.number(bound.object)
      writer.zigzag(bound.since.microseconds)
    }
  }

  /// A count, then ranges as first number and length.
  public mutating func ranges(_ ranges: [EntryRange]) {
    list(ranges) { writer, range in
      writer.zigzag(range.first)
      writer.varint(UInt64(bitPattern: range.last &- range.first))
    }
  }
}

extension ByteReader {
  /// A count and bounds.
  @_lifetime(self: copy self)
  public mutating func bounds() throws(DecodingFailure) -> [ObjectBound] {
    var bounds: [ObjectBound] = []
    for _ in 0..<(try count()) {
      let object = try number(ObjectNumber.self)
      bounds.append(ObjectBound(object: object, since: Timestamp(microseconds: try zigzag())))
    }
    return bounds
  }

  /// A count and ranges.
  @_lifetime(self: copy self)
  public mutating func ranges() throws(DecodingFailure) -> [EntryRange] {
    var ranges: [EntryRange] = []
    for _ in 0..<(try count()) {
      let first = try zigzag()
      let last = first &+ Int64(bitPattern: try varint())
      guard first <= last else { throw .malformed(what: "range of entries", offset: offset) }
      ranges.append(EntryRange(first: first, last: last))
    }
    return ranges
  }
}

extension EntriesForgotten: PayloadCoded {
  func encode(to writer: inout ByteWriter) {
    writer.byte(side.rawValue)
    writer.number(generation)
    writer.ranges(ranges)
    writer.number(owner)
  }

  init(from reader: inout ByteReader) throws(DecodingFailure) {
    side = try reader.side()
    generation = try reader.number()
    ranges = try reader.ranges()
    owner = try reader.number()
  }
}

extension CursorAdvanced: PayloadCoded {
  func encode(to writer: inout ByteWriter) {
    writer.byte(side.rawValue)
    writer.number(generation)
    writer.ranges(ranges)
    writer.numbers(fullyRead)
    writer.numbers(tasks)
    writer.zigzag(lastSyncTime.microseconds)
    writer.bounds(bounds)
  }

  init(from reader: inout ByteReader) throws(DecodingFailure) {
    side = try reader.side()
    generation = try reader.number()
    ranges = try reader.ranges()
    fullyRead = try reader.numbers()
    tasks = try reader.numbers()
    lastSyncTime = Timestamp(microseconds: try reader.zigzag())
    bounds = try reader.bounds()
  }
}

extension ParameterReset: PayloadCoded {
  func encode(to writer: inout ByteWriter) { writer.byte(parameter.rawValue) }
  init(from reader: inout ByteReader) throws(DecodingFailure) { parameter = try reader.choice() }
}
