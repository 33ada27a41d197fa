import SynclineJSON
import SynclineModel

/// What `updated` and `deleted` answer about a span of time.
struct ReplicationAnswer: Hashable, Sendable {
  var deletions: [DeletionPage.Deletion] = []
  /// From when on deletes are known.
  var earliest: Timestamp?
  /// All that is stamped earlier can be seen.
  var covered: Timestamp?

  init(_ body: [UInt8]) throws(JSONFailure) {
    var answer = ReplicationAnswer()
    try JSONParser.readFields(of: body) { (cursor: inout JSONCursor) throws(JSONFailure) in
      if cursor.isAt("deletedRecords") {
        var deletions: [DeletionPage.Deletion] = []
        try cursor.array { (cursor: inout JSONCursor) throws(JSONFailure) in
          if let deletion = try cursor.deletion() { deletions.append(deletion) }
        }
        answer.deletions = deletions
      } else if cursor.isAt("earliestDateAvailable") {
        answer.earliest = try cursor.optionalText().flatMap(StampText.moment)
      } else if cursor.isAt("latestDateCovered") {
        answer.covered = try cursor.optionalText().flatMap(StampText.moment)
      }
    }
    self = answer
  }

  init() {}
}

extension JSONCursor {
  fileprivate mutating func deletion() throws(JSONFailure) -> DeletionPage.Deletion? {
    var key: NativeKey?
    var time: Timestamp?
    try object { (cursor: inout JSONCursor) throws(JSONFailure) in
      if cursor.isAt("id") { key = BoundObject.key(try cursor.text()) }
      if cursor.isAt("deletedDate") { time = try cursor.optionalText().flatMap(StampText.moment) }
    }
    return key.map { DeletionPage.Deletion(key: $0, stamp: Stamp(time: time)) }
  }
}
