import SynclineJSON

extension JSONParser {
  /// Reads an answer that is one object, field by field.
  static func readFields(
    of body: [UInt8], _ field: (inout JSONCursor) throws(JSONFailure) -> Void
  ) throws(JSONFailure) {
    var parser = JSONParser()
    try parser.append(body)
    try parser.read { (cursor: inout JSONCursor) throws(JSONFailure) in try cursor.object(field) }
  }
}
