import SynclineHTTP
import SynclineJSON
import SynclineModel

/// One request that reads some records, writes them, and reads them once more: what stood there just
/// before shows whether an edit was taken back, what stands there afterwards is what was stored.
///
/// At most 25 parts, of which 5 are collections: so two reads and three writes of 200 records.
struct CompositeRequest {
  static let writesMax = 3
  static let recordsMax = 200

  let root: String
  let object: ObjectName
  let isDelete: Bool
  /// In the order of the commands.
  let commands: [WriteCommand]
  let retrieval: JSON
  let text: RecordText

  var body: JSON {
    let path = "\(root)/composite/sobjects"
    let read = "\(path)/\(HTTPAddress.encode(object.rawValue))"
    var parts = [part("POST", read, "before", retrieval)]
    for (index, chunk) in chunks.enumerated() {
      parts.append(isDelete ? delete(chunk, index, path) : update(chunk, index, path))
    }
    if !isDelete { parts.append(part("POST", read, "after", retrieval)) }
    return .object(["allOrNone": .boolean(false), "compositeRequest": .list(parts)])
  }

  var chunks: [ArraySlice<WriteCommand>] {
    stride(from: 0, to: commands.count, by: Self.recordsMax).map {
      commands[$0..<min($0 + Self.recordsMax, commands.count)]
    }
  }

  private func update(_ chunk: ArraySlice<WriteCommand>, _ index: Int, _ path: String) -> JSON {
    let records = chunk.map { text.record($0.row, id: $0.key?.id) }
    return part(
      "PATCH", path, "write\(index)",
      .object(["allOrNone": .boolean(false), "records": .list(records)]))
  }

  private func delete(_ chunk: ArraySlice<WriteCommand>, _ index: Int, _ path: String) -> JSON {
    let ids = chunk.compactMap { $0.key?.id }.joined(separator: ",")
    return part("DELETE", "\(path)?ids=\(ids)&allOrNone=false", "write\(index)", nil)
  }

  private func part(_ method: String, _ url: String, _ reference: String, _ body: JSON?) -> JSON {
    var members: [(String, JSON)] = [
      ("method", .text(method)), ("url", .text(url)), ("referenceId", .text(reference)),
    ]
    if let body { members.append(("body", body)) }
    return .members(members)
  }
}

/// What such a request answers, part by part.
struct CompositeAnswer: Sendable {
  var before = RecordAnswer()
  /// The results of one write each; a write that was refused as a whole has one problem.
  var writes: [[SaveResult]] = []
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
        try cursor.object { (cursor: inout JSONCursor) throws(JSONFailure) in
          guard cursor.isAt("body") else { return }
          switch place {
          case 0: answer.before = try cursor.records(&bound, user: user)
          case 1...count: answer.writes.append(try cursor.saveResults())
          default: answer.after = try cursor.records(&bound, user: user)
          }
        }
        place += 1
      }
    }
    return answer
  }
}

extension JSONCursor {
  /// The answer to a collection of writes.
  mutating func saveResults() throws(JSONFailure) -> [SaveResult] {
    guard try kind == .array else {
      try skip()
      return []
    }
    var results: [SaveResult] = []
    try array { (cursor: inout JSONCursor) throws(JSONFailure) in
      results.append(try cursor.saveResult())
    }
    return results
  }
}
