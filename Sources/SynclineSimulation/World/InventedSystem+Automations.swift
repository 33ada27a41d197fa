// What a cloud does by itself, and what its users can do there in one step.

import SynclineModel

/// Something that the system will do of its own accord.
struct Automation {
  var due: Timestamp
  var object: Int
  var key: Int64
  var field: Int
  /// Whose write set it off.
  var author: RowChange.Author
}

extension InventedSystem {
  /// What an automation puts behind a text.
  private static let mark: UInt8 = 0x21

  /// Has a field of a row looked at later.
  func automate(_ object: Int, _ key: Int64, _ field: Int, after span: Int64) {
    guard marked(object, key, field) != nil else { return }
    let due = Timestamp(microseconds: clock.now.microseconds + span)
    state.automations.append(
      Automation(
        due: due, object: object, key: key, field: field, author: authorOfConsequences))
  }

  /// The field's text with its mark; nil where there is none to make.
  private func marked(_ object: Int, _ key: Int64, _ field: Int) -> Value? {
    guard case .text(let text)? = state.tables[object][key]?[field], text.utf8.last != Self.mark
    else { return nil }
    return .text(Text(utf8: Array(text.utf8) + [Self.mark]))
  }

  /// Carries out what is due; where it is refused it comes to nothing.
  /// - Returns: the tags of the records.
  func carryOutAutomations() -> [String] {
    var tags: [String] = []
    let due = state.automations.filter { $0.due <= clock.now }
    state.automations.removeAll { $0.due <= clock.now }
    for one in due {
      guard let text = marked(one.object, one.key, one.field) else { continue }
      try? transaction(by: one.author) { () throws(RowRefused) in
        try update(one.key, of: one.object, [one.field: text])
      }
      tags.append(state.tables[one.object][one.key]?[ObjectRules.tag].plain ?? "")
    }
    return tags
  }

  /// A user makes one record of two: what points to `loser` points to `winner` afterwards, `loser` is
  /// deleted, and `winner` takes over some of its fields. A key to itself is left empty.
  func merge(
    _ loser: Int64, into winner: Int64, of object: Int, taking fields: [Int]
  ) throws(RowRefused) {
    guard rules.cloud != nil, let row = state.tables[object][loser] else {
      throw RowRefused(code: "gone", message: "no record stands under the key, or none merges")
    }
    for (child, field, key) in children(of: loser, in: object) where (child, key) != (object, loser)
    {
      let parent = (child, key) == (object, winner) ? Value.null : .integer(winner)
      try asConsequence { () throws(RowRefused) in try update(key, of: child, [field: parent]) }
    }
    try delete(loser, of: object)
    var taken: [Int: Value] = [:]
    for field in fields where row[field] != .integer(winner) && row[field] != .integer(loser) {
      taken[field] = row[field]
    }
    if !taken.isEmpty { try update(winner, of: object, taken) }
  }
}
