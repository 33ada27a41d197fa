/// The tables that a journal creates in an SQLite database (Docs/Connectors/SQLite.md, "What is
/// created").
public struct SQLiteTrackingTables: Hashable, Sendable {
  public let names: SQLiteTrackingNames

  public init(names: SQLiteTrackingNames) { self.names = names }

  /// The queue. AUTOINCREMENT, because SQLite otherwise gives numbers out again once the queue was
  /// emptied; keys have no type, so that they stand as the table holds them.
  public var queue: String {
    """
    CREATE TABLE \(SQLiteText.identifier(names.queue)) (
      number INTEGER PRIMARY KEY AUTOINCREMENT,
      object INTEGER NOT NULL,
      operation INTEGER NOT NULL,
      key_before,
      key_after,
      time INTEGER
    )
    """
  }

  public var owner: String {
    """
    CREATE TABLE \(SQLiteText.identifier(names.owner)) (
      journal TEXT NOT NULL,
      side TEXT NOT NULL,
      generation INTEGER NOT NULL,
      sequence INTEGER NOT NULL,
      seal BLOB NOT NULL,
      source_identity TEXT,
      target_identity TEXT
    )
    """
  }

  public var pairs: String {
    """
    CREATE TABLE \(SQLiteText.identifier(names.pairs)) (
      source TEXT NOT NULL,
      target TEXT NOT NULL
    )
    """
  }

  public var commands: String {
    """
    CREATE TABLE \(SQLiteText.identifier(names.commands)) (
      id INTEGER PRIMARY KEY,
      key,
      mark INTEGER NOT NULL
    )
    """
  }

  public static var identity: String {
    "CREATE TABLE \(SQLiteText.identifier(SQLiteTrackingNames.identity)) (id TEXT NOT NULL)"
  }
}
