import SynclineJSON
import SynclineModel

/// The records of a query's answer, or of a read by ids.
struct RecordAnswer: Sendable {
  var elements: [BoundObject.Element] = []
  /// Whether the query has more records than these.
  var isWhole = true

  var problem: APIProblem? {
    for element in elements {
      if case .problem(let problem) = element { return problem }
    }
    return nil
  }

  var found: [FoundRecord] {
    elements.compactMap { if case .record(let found) = $0 { found } else { nil } }
  }

  var failures: [ReadFailure] {
    elements.compactMap { if case .failure(let failure) = $0 { failure } else { nil } }
  }
}

extension JSONCursor {
  /// The answer at hand: an object of a query, or a list of records or problems.
  mutating func records(
    _ object: inout BoundObject, user: String
  ) throws(JSONFailure) -> RecordAnswer {
    var answer = RecordAnswer()
    switch try kind {
    case .array: answer.elements = try elements(&object, user: user)
    case .object:
      var bound = object
      try self.object { (cursor: inout JSONCursor) throws(JSONFailure) in
        if cursor.isAt("records") {
          answer.elements = try cursor.elements(&bound, user: user)
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
