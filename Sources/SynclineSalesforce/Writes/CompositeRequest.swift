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
  /// Whether the interface knows of parts that it may carry out in another order, and can be told not to: from
  /// version 48.0 on, where it does so unless it is told.
  let canCollate: Bool
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
    var members: [(String, JSON)] = [("allOrNone", .boolean(false))]
    if canCollate { members.append(("collateSubrequests", .boolean(false))) }
    return .members(members + [("compositeRequest", .list(parts))])
  }

  var chunks: [ArraySlice<WriteCommand>] {
    stride(from: 0, to: commands.count, by: Self.recordsMax).map {
      commands[$0..<min($0 + Self.recordsMax, commands.count)]
    }
  }

  private func update(_ chunk: ArraySlice<WriteCommand>, _ index: Int, _ path: String) -> JSON {
    let records = zip(chunk, ids(chunk)).map { text.record($0.row, id: $1) }
    return part(
      "PATCH", path, "write\(index)",
      .object(["allOrNone": .boolean(false), "records": .list(records)]))
  }

  private func delete(_ chunk: ArraySlice<WriteCommand>, _ index: Int, _ path: String) -> JSON {
    let ids = ids(chunk).joined(separator: ",")
    return part("DELETE", "\(path)?ids=\(ids)&allOrNone=false", "write\(index)", nil)
  }

  private func ids(_ chunk: ArraySlice<WriteCommand>) -> [String] {
    chunk.enumerated().map { place, command in
      place == 0 ? "@{before[\(chunk.startIndex)].Id}" : command.key?.id ?? ""
    }
  }

  private func part(_ method: String, _ url: String, _ reference: String, _ body: JSON?) -> JSON {
    var members: [(String, JSON)] = [
      ("method", .text(method)), ("url", .text(url)), ("referenceId", .text(reference)),
    ]
    if let body { members.append(("body", body)) }
    return .members(members)
  }
}
