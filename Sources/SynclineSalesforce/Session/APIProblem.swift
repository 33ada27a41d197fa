import SynclineJSON

/// A refusal in the words of the interface. Its sentences may hold values of fields, so they are not
/// kept, except for what may be the name of a field in them.
struct APIProblem: Hashable, Sendable {
  var code = ""
  var fields: [String] = []
  /// Whether the requests of the day are used up, not those of the moment.
  var isOfTheDay = false
  /// What the sentence puts into quotes and may be a name. It may be a value, too: only what is known to be a
  /// name is told.
  var words: [String] = []
}

/// The outcome of one record of a collection.
struct SaveResult: Hashable, Sendable {
  var id: String?
  var isSuccess = false
  var problem: APIProblem?
  /// Whether it is no result of a record but the refusal of the whole request.
  var isRefusalOfAll = false
}

extension JSONCursor {
  /// One element of a list of problems.
  mutating func problem() throws(JSONFailure) -> APIProblem {
    var problem = APIProblem()
    try object { (cursor: inout JSONCursor) throws(JSONFailure) in
      try cursor.member(of: &problem)
    }
    return problem
  }

  /// Takes the member at hand, where it is one of a problem.
  mutating func member(of problem: inout APIProblem) throws(JSONFailure) {
    if isAt("errorCode") || isAt("statusCode") {
      problem.code = try optionalText() ?? ""
    } else if isAt("message") {
      let sentence = try optionalText() ?? ""
      problem.isOfTheDay = sentence.hasPrefix("TotalRequests")
      problem.words = sentence.split(separator: "'").filter {
        $0.utf8.count < 100 && $0.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
      }.map(String.init)
    } else if isAt("fields"), try kind == .array {
      var fields: [String] = []
      try array { (cursor: inout JSONCursor) throws(JSONFailure) in
        fields.append(try cursor.text())
      }
      problem.fields = fields
    }
  }

  /// One element of the answer to a collection of writes.
  mutating func saveResult() throws(JSONFailure) -> SaveResult {
    var result = SaveResult()
    var whole = APIProblem()
    try object { (cursor: inout JSONCursor) throws(JSONFailure) in
      if cursor.isAt("id") {
        result.id = try cursor.optionalText()
      } else if cursor.isAt("success") {
        result.isSuccess = try cursor.boolean()
      } else if cursor.isAt("errors") {
        var problems: [APIProblem] = []
        try cursor.array { (cursor: inout JSONCursor) throws(JSONFailure) in
          problems.append(try cursor.problem())
        }
        result.problem = problems.first
      } else {
        try cursor.member(of: &whole)
      }
    }
    if result.problem == nil, !whole.code.isEmpty {
      result.problem = whole
      result.isRefusalOfAll = true
    }
    return result
  }
}

extension APIProblem {
  /// The problem that the body of a refusal tells; none where it is no JSON of that shape.
  static func first(in body: [UInt8]) -> APIProblem? {
    var parser = JSONParser()
    do {
      try parser.append(body)
      return try parser.read { (cursor: inout JSONCursor) throws(JSONFailure) in
        var found: APIProblem?
        guard try cursor.kind == .array else { return nil }
        try cursor.array { (cursor: inout JSONCursor) throws(JSONFailure) in
          let problem = try cursor.problem()
          if found == nil { found = problem }
        }
        return found
      }
    } catch {
      return nil
    }
  }
}

/// Whether the only part of a composite request failed.
struct PartAnswer {
  var status = 0
  var problem: APIProblem?

  /// Nil where the body is no answer of that kind.
  init?(_ body: [UInt8]) {
    var answer = PartAnswer()
    do throws(JSONFailure) {
      try JSONParser.readFields(of: body) { (cursor: inout JSONCursor) throws(JSONFailure) in
        guard cursor.isAt("compositeResponse") else { return }
        try cursor.array { (cursor: inout JSONCursor) throws(JSONFailure) in
          try cursor.object { (cursor: inout JSONCursor) throws(JSONFailure) in
            if cursor.isAt("httpStatusCode") {
              answer.status = try cursor.integer()
            } else if cursor.isAt("body"), try cursor.kind == .array {
              try cursor.array { (cursor: inout JSONCursor) throws(JSONFailure) in
                let problem = try cursor.problem()
                answer.problem = answer.problem ?? problem
              }
            }
          }
        }
      }
    } catch {
      return nil
    }
    self = answer
  }

  private init() {}
}
