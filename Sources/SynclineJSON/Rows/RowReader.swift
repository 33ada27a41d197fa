public import SynclineModel

/// Turns objects into packed rows. It keeps its buffers from record to record, so that a record costs
/// the allocation of its row and no other.
public struct RowReader: Sendable {
  private let shape: RowShape
  /// The encoded values of the record at hand, in the order in which they came.
  private var values = ByteWriter()
  /// Where each field's value stands there; empty where it did not come.
  private var places: [Range<Int>]
  private var problem: RowProblem?

  public init(_ shape: RowShape) {
    self.shape = shape
    places = Array(repeating: 0..<0, count: shape.fields.count)
  }

  /// The row of the object at hand; a member that the object lacks is absent. A problem is one of this
  /// record alone: the object is read to its end, and the next can follow.
  ///
  /// `other`: is called at each member that is no field; what it leaves unread is skipped.
  public mutating func row(
    _ cursor: inout JSONCursor,
    other: (inout JSONCursor) throws(JSONFailure) -> Void = { _ in }
  ) throws(JSONFailure) -> Result<PackedRow, RowProblem> {
    begin()
    var awaited = 0
    try cursor.enterObject()
    while try cursor.nextMember() {
      guard let index = shape.index(of: cursor.keyBytes, awaited: awaited) else {
        try other(&cursor)
        continue
      }
      awaited = index + 1
      try read(index, &cursor)
    }
    if let problem { return .failure(problem) }
    return .success(packed())
  }

  private mutating func begin() {
    values.removeAll()
    problem = nil
    for index in places.indices { places[index] = 0..<0 }
  }

  private mutating func read(_ index: Int, _ cursor: inout JSONCursor) throws(JSONFailure) {
    let start = values.count
    var cause: RowProblem.Cause? = .doubled
    if places[index].isEmpty { cause = try append(shape.fields[index].form, &cursor) }
    if let cause { fail(index, cause) }
    places[index] = start..<(cause == nil ? values.count : start)
  }

  /// What could be read of the last object where it had a problem: the row without the fields that have
  /// no value.
  public var readable: PackedRow { packed() }

  private mutating func fail(_ index: Int, _ cause: RowProblem.Cause) {
    if problem == nil { problem = RowProblem(field: shape.fields[index].key, cause) }
  }

  /// Appends the value at hand, or tells why it is none; then it may be left unread.
  private mutating func append(
    _ form: ValueForm, _ cursor: inout JSONCursor
  ) throws(JSONFailure) -> RowProblem.Cause? {
    let kind = try cursor.kind
    switch (kind, form) {
    case (.null, _): values.byte(ValueTag.null)
    case (.text, .text), (.text, .any):
      let text = try cursor.textBytes()
      values.byte(ValueTag.text)
      values.counted(text)
    case (.number, .number), (.number, .any):
      if !values.number(try cursor.numberBytes().bytes) { return .unreadable }
    case (.boolean, .boolean), (.boolean, .any):
      values.byte(try cursor.boolean() ? ValueTag.true : ValueTag.false)
    case (.text, .date), (.text, .time), (.text, .timestamp), (.text, .localTimestamp),
      (.text, .converted):
      guard let value = Self.value(form, try cursor.textBytes().bytes) else { return .unreadable }
      values.value(value)
    default: return .kind(kind)
    }
    return nil
  }

  private static func value(_ form: ValueForm, _ text: RawSpan) -> Value? {
    var scanner = MomentScanner(text)
    return switch form {
    case .date: scanner.wholeDate().map { .date($0) }
    case .time: scanner.wholeTime().map { .time($0) }
    case .timestamp: scanner.wholeTimestamp().map { .timestamp($0) }
    case .localTimestamp: scanner.wholeLocalTimestamp().map { .localTimestamp($0) }
    case .converted(let convert): convert(text)
    case .text, .boolean, .number, .any: nil
    }
  }

  private func packed() -> PackedRow {
    var builder = RowBuilder(capacity: values.count + 2 * places.count)
    for (index, place) in places.enumerated() where !place.isEmpty {
      builder.append(shape.fields[index].number, encoded: values.bytes[place])
    }
    return builder.row
  }
}
