/// The fields of a record as one run of bytes: field number (2 bytes, little-endian) and canonical
/// value, in ascending order of fields. Rows are compared and merged as bytes; a field is decoded
/// only when a mapping reads it. A field that the row lacks is *absent*: it was not read.
@frozen public struct PackedRow: Hashable, Sendable {
  /// Well formed; rows from outside the process come through `init(encoded:)`.
  public let bytes: [UInt8]

  @inlinable
  public init() { bytes = [] }

  @usableFromInline
  init(trusted bytes: [UInt8]) { self.bytes = bytes }

  /// A row read from a journal. Throws where the bytes are no row.
  public init(encoded bytes: [UInt8]) throws(DecodingFailure) {
    var reader = ByteReader(bytes.span.bytes)
    var last: Int = -1
    while !reader.isAtEnd {
      let field = Int(try reader.fixed(UInt16.self))
      guard field > last else { throw .malformed(what: "packed row", offset: reader.offset) }
      last = field
      try reader.skipValue()
    }
    self.bytes = bytes
  }

  /// The row of these fields, in any order; a field may stand in it once.
  public init(_ fields: some Sequence<(FieldNumber, Value)>) {
    var builder = RowBuilder()
    for (field, value) in fields.sorted(by: { $0.0 < $1.0 }) { builder.append(field, value) }
    self = builder.row
  }

  public init(_ fields: KeyValuePairs<FieldNumber, Value>) {
    self.init(fields.map { ($0.key, $0.value) })
  }

  @inlinable public var isEmpty: Bool { bytes.isEmpty }

  /// The value of a field, or nil where it is absent.
  public subscript(field: FieldNumber) -> Value? {
    var cursor = RowCursor(self)
    while cursor.next() {
      if cursor.field == field { return cursor.value(in: self) }
      if cursor.field > field { return nil }
    }
    return nil
  }

  /// The canonical bytes of a field's value, or nil where it is absent.
  public func encodedValue(_ field: FieldNumber) -> ArraySlice<UInt8>? {
    var cursor = RowCursor(self)
    while cursor.next() {
      if cursor.field == field { return bytes[cursor.valueRange] }
      if cursor.field > field { return nil }
    }
    return nil
  }

  public func contains(_ field: FieldNumber) -> Bool { encodedValue(field) != nil }

  /// The numbers of the fields that are not absent, ascending.
  public var fields: [FieldNumber] {
    var fields: [FieldNumber] = []
    var cursor = RowCursor(self)
    while cursor.next() { fields.append(cursor.field) }
    return fields
  }

  /// All fields with their values, ascending.
  public var values: [(field: FieldNumber, value: Value)] {
    var values: [(FieldNumber, Value)] = []
    var cursor = RowCursor(self)
    while cursor.next() { values.append((cursor.field, cursor.value(in: self))) }
    return values
  }

  /// This row with the fields of `changes` in the place of its own.
  public func merging(_ changes: PackedRow) -> PackedRow {
    if changes.isEmpty { return self }
    if isEmpty { return changes }
    var builder = RowBuilder(capacity: bytes.count + changes.bytes.count)
    var old = RowCursor(self)
    var new = RowCursor(changes)
    var hasOld = old.next()
    var hasNew = new.next()
    while hasOld || hasNew {
      if hasNew, !hasOld || new.field <= old.field {
        builder.copy(new.entryRange, of: changes)
        if hasOld, old.field == new.field { hasOld = old.next() }
        hasNew = new.next()
      } else {
        builder.copy(old.entryRange, of: self)
        hasOld = old.next()
      }
    }
    return builder.row
  }

  /// The fields of this row whose values are not those of `known`, or that `known` lacks.
  public func difference(from known: PackedRow) -> PackedRow {
    if bytes == known.bytes { return PackedRow() }
    var builder = RowBuilder()
    var mine = RowCursor(self)
    var theirs = RowCursor(known)
    var hasTheirs = theirs.next()
    while mine.next() {
      while hasTheirs, theirs.field < mine.field { hasTheirs = theirs.next() }
      if hasTheirs, theirs.field == mine.field,
        bytes[mine.valueRange] == known.bytes[theirs.valueRange]
      {
        continue
      }
      builder.copy(mine.entryRange, of: self)
    }
    return builder.row
  }

  /// The fields for which `isIncluded` holds.
  public func filter(_ isIncluded: (FieldNumber) -> Bool) -> PackedRow {
    var builder = RowBuilder(capacity: bytes.count)
    var cursor = RowCursor(self)
    while cursor.next() {
      if isIncluded(cursor.field) { builder.copy(cursor.entryRange, of: self) }
    }
    return builder.row
  }

  /// This row without one field.
  public func removing(_ field: FieldNumber) -> PackedRow { filter { $0 != field } }

  /// This row with one field set.
  public func setting(_ field: FieldNumber, to value: Value) -> PackedRow {
    merging(PackedRow([field: value]))
  }
}

/// Walks the fields of a row in place.
public struct RowCursor {
  private let bytes: [UInt8]
  private var end = 0
  private var start = 0
  /// The field at the cursor.
  public private(set) var field = FieldNumber.none
  private var valueStart = 0

  public init(_ row: PackedRow) { bytes = row.bytes }

  /// Moves to the next field; false at the end.
  public mutating func next() -> Bool {
    guard end < bytes.count else { return false }
    start = end
    let entry = Self.entry(in: bytes, at: start)
    field = entry.field
    valueStart = start + MemoryLayout<FieldNumber.RawValue>.size
    end = entry.end
    return true
  }

  private static func entry(in bytes: [UInt8], at start: Int) -> (field: FieldNumber, end: Int) {
    var reader = ByteReader(bytes.span.bytes)
    reader.offset = start
    do {
      let field = FieldNumber(try reader.fixed(UInt16.self))
      try reader.skipValue()
      return (field, reader.offset)
    } catch {
      preconditionFailure("a packed row is checked where it enters the process")
    }
  }

  /// Where field and value stand.
  public var entryRange: Range<Int> { start..<end }
  /// Where the value stands.
  public var valueRange: Range<Int> { valueStart..<end }

  /// The value at the cursor.
  public func value(in row: PackedRow) -> Value {
    var reader = ByteReader(row.bytes.span.bytes)
    reader.offset = valueStart
    guard let value = try? reader.value() else {
      preconditionFailure("a packed row is checked where it enters the process")
    }
    return value
  }
}

/// Builds a row field by field, in ascending order.
public struct RowBuilder {
  private var writer: ByteWriter
  private var last = -1

  public init(capacity: Int = 0) { writer = ByteWriter(capacity: capacity) }

  /// Fields come in ascending order.
  public mutating func append(_ field: FieldNumber, _ value: Value) {
    begin(field)
    writer.value(value)
  }

  /// Appends a value that is already in its canonical encoding.
  public mutating func append(_ field: FieldNumber, encoded value: ArraySlice<UInt8>) {
    begin(field)
    writer.raw(value)
  }

  /// Appends text that lies in a system's own buffer, without a copy on the way.
  public mutating func append(_ field: FieldNumber, text utf8: RawSpan) {
    begin(field)
    writer.byte(ValueTag.text)
    writer.varint(UInt64(utf8.byteCount))
    writer.raw(utf8)
  }

  /// Appends bytes that lie in a system's own buffer, without a copy on the way.
  public mutating func append(_ field: FieldNumber, bytes: RawSpan) {
    begin(field)
    writer.byte(ValueTag.bytes)
    writer.varint(UInt64(bytes.byteCount))
    writer.raw(bytes)
  }

  mutating func copy(_ entry: Range<Int>, of row: PackedRow) {
    writer.raw(row.bytes[entry])
  }

  private mutating func begin(_ field: FieldNumber) {
    precondition(Int(field.rawValue) > last, "fields of a row come in ascending order, once each")
    last = Int(field.rawValue)
    writer.fixed(field.rawValue)
  }

  public var row: PackedRow { PackedRow(trusted: writer.bytes) }
}
