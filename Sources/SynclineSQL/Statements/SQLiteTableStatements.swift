/// The statements that read and write the rows of one table.
public struct SQLiteTableStatements: Hashable, Sendable {
  public let table: String
  public let key: String
  /// The columns of every row that is read, in this order, behind the key.
  public let columns: [String]

  /// The first slice; ?1: rows at most.
  public let firstPage: String
  /// The slice behind a key; ?1: rows at most, ?2: the key.
  public let nextPage: String
  /// One row; ?1: its key.
  public let row: String
  /// One row whose key may stand in one of three forms: ?1, ?2, ?3.
  public let rowByForms: String
  /// A delete; ?1: the key.
  public let delete: String

  public init(table: String, key: String, columns: [String]) {
    self.table = table
    self.key = key
    self.columns = columns
    let source = SQLiteText.identifier(table)
    let keyColumn = SQLiteText.column(key, of: "t")
    let list = ([key] + columns).map { SQLiteText.column($0, of: "t") }
    let select = "SELECT \(list.joined(separator: ", ")) FROM main.\(source) AS t"
    firstPage = "\(select) ORDER BY \(keyColumn) LIMIT ?1"
    nextPage = "\(select) WHERE \(keyColumn) > ?2 ORDER BY \(keyColumn) LIMIT ?1"
    row = "\(select) WHERE \(keyColumn) = ?1"
    rowByForms = "\(select) WHERE \(keyColumn) IN (?1, ?2, ?3)"
    delete = "DELETE FROM main.\(source) WHERE \(SQLiteText.column(key, of: source)) = ?1"
  }

  private var source: String { SQLiteText.identifier(table) }

  /// The key of the row with the rowid ?1; `rowid`: a name of the rowid that no column bears.
  public func key(byRowid rowid: String) -> String {
    "SELECT \(SQLiteText.column(key, of: "t")) FROM main.\(source) AS t WHERE t.\(rowid) = ?1"
  }

  /// An insert of these columns, parameters in their order. OR ABORT, so that a table declared ON
  /// CONFLICT REPLACE refuses a clash instead of deleting a row.
  public func insert(_ columns: [String]) -> String {
    guard !columns.isEmpty else { return "INSERT OR ABORT INTO main.\(source) DEFAULT VALUES" }
    let names = columns.map(SQLiteText.identifier).joined(separator: ", ")
    let values = columns.indices.map { "?\($0 + 1)" }.joined(separator: ", ")
    return "INSERT OR ABORT INTO main.\(source) (\(names)) VALUES (\(values))"
  }

  /// An update of these columns, parameters in their order, the key last.
  public func update(_ columns: [String]) -> String {
    let list = columns.indices.map { "\(SQLiteText.identifier(columns[$0])) = ?\($0 + 1)" }
    return """
      UPDATE OR ABORT main.\(source) SET \(list.joined(separator: ", ")) \
      WHERE \(SQLiteText.column(key, of: source)) = ?\(columns.count + 1)
      """
  }
}
