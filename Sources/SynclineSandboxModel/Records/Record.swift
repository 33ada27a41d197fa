public import SynclineModel

/// A record of the organisation, a deleted one too.
public struct Record: Hashable, Sendable {
  /// Where a deleted record is.
  public struct Bin: Hashable, Sendable {
    /// When it was deleted.
    public var deleted: Timestamp
    /// What was deleted by the same act comes back by one act.
    public var act: UInt64
    /// When it left the recycle bin; it stays visible for a while and cannot come back.
    public var emptied: Timestamp?

    /// Days that a record can come back.
    private static let days: Int64 = 15
    /// Days that `queryAll` still shows a record that cannot.
    private static let daysEmptied: Int64 = 1

    /// When it leaves the recycle bin by itself.
    var leaves: Timestamp { deleted.adding(seconds: Self.days * 86_400) }

    /// When it is gone for good; nil while it can come back.
    var purged: Timestamp? { emptied?.adding(seconds: Self.daysEmptied * 86_400) }
  }

  /// Its id.
  public let id: RecordID
  /// Its object.
  public let object: String
  /// Fields that are not empty, the server's own among them.
  public var values: [String: FieldValue]
  /// Set while it is deleted.
  public var bin: Bin?

  /// A record.
  public init(id: RecordID, object: String, values: [String: FieldValue] = [:], bin: Bin? = nil) {
    self.id = id
    self.object = object
    self.values = values
    self.bin = bin
  }

  /// Whether it is deleted.
  public var isDeleted: Bool { bin != nil }

  /// When anything about it changed last.
  public var systemModstamp: Timestamp? {
    guard case .moment(let stamp) = values["SystemModstamp"] else { return nil }
    return stamp
  }

  /// When a person or a program changed it last.
  public var lastModified: Timestamp? {
    guard case .moment(let stamp) = values["LastModifiedDate"] else { return nil }
    return stamp
  }
}

/// An entry of the log of deletes.
public struct Deletion: Hashable, Sendable {
  /// The record.
  public let id: RecordID
  /// Its object.
  public let object: String
  /// When.
  public let date: Timestamp
}
