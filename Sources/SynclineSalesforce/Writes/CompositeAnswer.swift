import SynclineJSON
import SynclineModel

/// What a request of two reads and some writes answers, part by part.
struct CompositeAnswer: Sendable {
  /// A part that writes.
  struct Write: Hashable, Sendable {
    /// In the order of the commands, where there are as many.
    var results: [SaveResult] = []
    /// Why the part was refused as a whole.
    var problem: APIProblem?
  }

  var before = RecordAnswer()
  var writes: [Write] = []
  var after = RecordAnswer()

  /// `writes`: how many parts stand between the two reads.
  static func read(
    _ body: [UInt8], _ object: BoundObject, writes count: Int, user: String
  ) throws(JSONFailure) -> CompositeAnswer {
    var answer = CompositeAnswer()
    var bound = object
    try JSONParser.readFields(of: body) { (cursor: inout JSONCursor) throws(JSONFailure) in
      guard cursor.isAt("compositeResponse") else { return }
      var place = 0
      try cursor.array { (cursor: inout JSONCursor) throws(JSONFailure) in
        var status = 0
        try cursor.object { (cursor: inout JSONCursor) throws(JSONFailure) in
          if cursor.isAt("httpStatusCode") {
            status = try cursor.integer()
          } else if cursor.isAt("body") {
            switch place {
            case 0: answer.before = try cursor.records(&bound, user: user)
            case 1...count: answer.writes.append(try cursor.write())
            default: answer.after = try cursor.records(&bound, user: user)
            }
          }
        }
        answer.judge(place, status, writes: count)
        place += 1
      }
    }
    return answer
  }

  /// A part that failed tells why; where it does not, its status says that much.
  private mutating func judge(_ place: Int, _ status: Int, writes count: Int) {
    let isFailed = status >= 300
    switch place {
    case 0:
      if isFailed, before.problem == nil { before.elements = [.problem(.silent(status))] }
    case 1...count:
      if writes.count < place { writes.append(Write()) }
      if isFailed, writes[place - 1].problem == nil {
        writes[place - 1].problem = .silent(status)
      }
    default:
      if isFailed, after.problem == nil { after.elements = [.problem(.silent(status))] }
    }
  }
}

extension APIProblem {
  /// The refusal of a part that gives no reason.
  static func silent(_ status: Int) -> APIProblem {
    APIProblem(code: status >= 500 ? "UNKNOWN_EXCEPTION" : "")
  }
}

extension JSONCursor {
  /// The answer to a collection of writes; no results where it is none.
  mutating func saveResults() throws(JSONFailure) -> [SaveResult] { try write().results }

  /// The same, or the refusal of all of it.
  fileprivate mutating func write() throws(JSONFailure) -> CompositeAnswer.Write {
    var write = CompositeAnswer.Write()
    guard try kind == .array else {
      try skip()
      return write
    }
    try array { (cursor: inout JSONCursor) throws(JSONFailure) in
      let result = try cursor.saveResult()
      if result.isRefusalOfAll { write.problem = write.problem ?? result.problem }
      write.results.append(result)
    }
    return write
  }
}
