import SynclineJSON
import SynclineModel

/// A document read into values that tests can compare; members of objects in their order.
enum Tree: Equatable {
  case object([Member])
  case array([Tree])
  case text(String)
  case number(String)
  case boolean(Bool)
  case null

  struct Member: Equatable {
    var key: String
    var value: Tree

    init(_ key: String, _ value: Tree) {
      self.key = key
      self.value = value
    }
  }

  init(_ cursor: inout JSONCursor) throws(JSONFailure) {
    switch try cursor.kind {
    case .object:
      var members: [Member] = []
      try cursor.object { (cursor) throws(JSONFailure) in
        let key = cursor.key
        members.append(Member(key, try Tree(&cursor)))
      }
      self = .object(members)
    case .array:
      var elements: [Tree] = []
      try cursor.array { (cursor) throws(JSONFailure) in elements.append(try Tree(&cursor)) }
      self = .array(elements)
    case .text: self = .text(try cursor.text())
    case .number: self = .number(try cursor.number())
    case .boolean: self = .boolean(try cursor.boolean())
    case .null:
      self = .null
      try cursor.skip()
    }
  }

  static func read(
    _ bytes: [UInt8], limits: JSONLimits = JSONLimits()
  ) throws(JSONFailure) -> Tree {
    var parser = JSONParser(limits: limits)
    try parser.append(bytes)
    return try parser.read { (cursor) throws(JSONFailure) in try Tree(&cursor) }
  }

  static func read(_ text: String, limits: JSONLimits = JSONLimits()) throws(JSONFailure) -> Tree {
    try read(Array(text.utf8), limits: limits)
  }
}

/// Why a document cannot be read whole; nil where it can.
func cause(_ bytes: [UInt8], limits: JSONLimits = JSONLimits()) -> JSONFailure.Cause? {
  do throws(JSONFailure) {
    _ = try Tree.read(bytes, limits: limits)
    return nil
  } catch {
    return error.cause
  }
}

/// The same where all that stands in it is skipped.
func causeWhenSkipped(_ bytes: [UInt8]) -> JSONFailure.Cause? {
  var parser = JSONParser()
  do throws(JSONFailure) {
    try parser.append(bytes)
    try parser.read { (cursor) throws(JSONFailure) in try cursor.skip() }
    return nil
  } catch {
    return error.cause
  }
}
