import SynclineJSON
import SynclineModel

/// The records of a query's answer, or of a read by ids.
struct RecordAnswer: Sendable {
  var elements: [BoundObject.Element] = []
  /// Whether the query has more records than these.
  var isWhole = true
  /// Whether the answer has a list of records at all.
  var isList = false
  /// How many records the query asked for at most.
  var limit = Int.max

  /// Whether nothing stands behind these records.
  var isLast: Bool { isWhole && elements.count < limit }

  var problem: APIProblem? {
    for element in elements {
      if case .problem(let problem) = element { return problem }
    }
    return nil
  }

  var found: [FoundRecord] {
    elements.compactMap { if case .record(let found) = $0 { found } else { nil } }
  }

  var failed: [FailedRecord] {
    elements.compactMap { if case .failure(let failed) = $0 { failed } else { nil } }
  }

  var failures: [ReadFailure] { failed.map(\.failure) }

  /// The keys of all records in their order, of those that cannot be taken too.
  var keys: [NativeKey] { elements.compactMap(\.key) }

  /// Where the last record stands of which that can be told.
  var mark: PageMark? { elements.lazy.compactMap(\.mark).last }

  /// What can be read of each record, by its key.
  var rows: [NativeKey: PackedRow] {
    Dictionary(
      found.map { ($0.record.key, $0.record.row) }
        + failed.map { ($0.failure.key, $0.record.row) }
    ) { $1 }
  }
}

extension JSONCursor {
  /// The answer at hand: an object of a query, or a list of records or problems.
  mutating func records(
    _ object: inout BoundObject, user: String
  ) throws(JSONFailure) -> RecordAnswer {
    var answer = RecordAnswer()
    switch try kind {
    case .array:
      answer.elements = try elements(&object, user: user)
      answer.isList = true
    case .object:
      var bound = object
      try self.object { (cursor: inout JSONCursor) throws(JSONFailure) in
        if cursor.isAt("records") {
          answer.elements = try cursor.elements(&bound, user: user)
          answer.isList = true
        } else if cursor.isAt("done") {
          answer.isWhole = try cursor.boolean()
        }
      }
    case .text, .number, .boolean, .null: try skip()
    }
    return answer
  }

  private mutating func elements(
    _ object: inout BoundObject, user: String
  ) throws(JSONFailure) -> [BoundObject.Element] {
    var bound = object
    var elements: [BoundObject.Element] = []
    try array { (cursor: inout JSONCursor) throws(JSONFailure) in
      elements.append(try bound.element(&cursor, user: user))
    }
    return elements
  }
}
