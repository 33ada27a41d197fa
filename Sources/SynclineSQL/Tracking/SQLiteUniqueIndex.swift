/// A unique index of a tracked table, as the triggers need it.
public struct SQLiteUniqueIndex: Hashable, Sendable {
  /// What an index compares: a column, or an expression of columns.
  public struct Term: Hashable, Sendable {
    public enum Content: Hashable, Sendable {
      case column(String)
      /// As the index's definition spells it.
      case expression(String)
    }

    public var content: Content
    public var collation: String

    public init(_ content: Content, collation: String = "BINARY") {
      self.content = content
      self.collation = collation
    }
  }

  public var terms: [Term]
  /// The condition of a partial index, as its definition spells it.
  public var condition: String?

  public init(_ terms: [Term], condition: String? = nil) {
    self.terms = terms
    self.condition = condition
  }
}
