import SynclineModel

/// The queries of a run. Names come from a describe and ids are checked, so nothing in them ends a text.
enum SOQL {
  static func page(
    _ fields: [String], of object: ObjectName, where condition: String?, orderedBy order: String,
    limit: Int
  ) -> String {
    "SELECT \(fields.joined(separator: ",")) FROM \(object)"
      + (condition.map { " WHERE \($0)" } ?? "") + " ORDER BY \(order) LIMIT \(limit)"
  }

  /// Behind an id.
  static func after(_ key: NativeKey) -> String { "Id > \(quoted(key))" }

  /// Stamped at a moment or later, behind the last record of the page before.
  static func stamped(since: Timestamp, after mark: PageMark?) -> String {
    guard let mark, mark.time >= since else {
      return "SystemModstamp >= \(StampText.format(since))"
    }
    let time = StampText.format(mark.time)
    return "(SystemModstamp > \(time) OR (SystemModstamp = \(time) AND \(after(mark.key))))"
  }

  static func among(_ keys: [NativeKey]) -> String {
    "Id IN (\(keys.map(quoted).joined(separator: ",")))"
  }

  /// Made by a user at a moment or later.
  static func created(by user: String, since: Timestamp, after: NativeKey?) -> String {
    "CreatedById = '\(user)' AND CreatedDate >= \(StampText.format(since))"
      + (after.map { " AND " + self.after($0) } ?? "")
  }

  private static func quoted(_ key: NativeKey) -> String { "'\(key.id ?? "")'" }
}

extension NativeKey {
  /// The id, where the key is one.
  var id: String? {
    guard case .text(let text) = value else { return nil }
    return RecordIdentifier.normalized(text.string)
  }
}
