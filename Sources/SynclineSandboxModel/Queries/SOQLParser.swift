import SynclineModel

/// Reads the part of the language that the reference of the sandbox names (Docs/Sandbox.md, "Queries");
/// everything else is `MALFORMED_QUERY`.
struct SOQLParser {
  let text: SOQLText
  private let tokens: [SOQLToken]
  private var index = 0

  private init(_ text: SOQLText, _ tokens: [SOQLToken]) {
    self.text = text
    self.tokens = tokens
  }

  static func parse(_ query: String) throws(APIError) -> SOQLQuery {
    let text = SOQLText(query)
    guard text.characters.count <= 100_000 else {
      throw APIError(
        400, "MALFORMED_QUERY", "SOQL statements cannot be longer than 100000 characters.")
    }
    var parser = SOQLParser(text, try SOQLLexer.tokens(of: text))
    return try parser.query()
  }

  // MARK: Walking

  var token: SOQLToken { tokens[index] }

  mutating func advance() { index = min(index + 1, tokens.count - 1) }

  func isWord(_ word: String, ahead: Int = 0) -> Bool {
    let place = min(index + ahead, tokens.count - 1)
    guard case .word(let found) = tokens[place].kind else { return false }
    return found.uppercased() == word
  }

  func isMark(_ mark: String, ahead: Int = 0) -> Bool {
    tokens[min(index + ahead, tokens.count - 1)].kind == .mark(mark)
  }

  mutating func take(_ word: String) -> Bool {
    guard isWord(word) else { return false }
    advance()
    return true
  }

  mutating func takeMark(_ mark: String) -> Bool {
    guard isMark(mark) else { return false }
    advance()
    return true
  }

  mutating func expect(_ word: String) throws(APIError) {
    guard take(word) else { throw text.malformed(token) }
  }

  mutating func expectMark(_ mark: String) throws(APIError) {
    guard takeMark(mark) else { throw text.malformed(token) }
  }

  mutating func name() throws(APIError) -> String {
    guard case .word(let word) = token.kind, !Self.keywords.contains(word.uppercased()) else {
      throw text.malformed(token)
    }
    advance()
    return word
  }

  mutating func path() throws(APIError) -> SOQLQuery.Path {
    let offset = token.offset
    var names = [try name()]
    while takeMark(".") { names.append(try name()) }
    return SOQLQuery.Path(names: names, offset: offset)
  }

  private static let keywords: Set<String> = [
    "SELECT", "FROM", "WHERE", "ORDER", "LIMIT", "OFFSET", "AND", "OR", "NOT", "IN", "LIKE",
    "INCLUDES", "EXCLUDES", "NULL", "TRUE", "FALSE", "GROUP", "HAVING", "WITH", "USING",
  ]

  // MARK: Clauses

  private mutating func query() throws(APIError) -> SOQLQuery {
    try expect("SELECT")
    let selection = try selection()
    try expect("FROM")
    let offset = token.offset
    var query = SOQLQuery(
      selection: selection, object: try name(), objectOffset: offset)
    if take("WHERE") { query.condition = try conditions() }
    if take("ORDER") {
      try expect("BY")
      repeat { query.order.append(try order()) } while takeMark(",")
    }
    if take("LIMIT") { query.limit = try count() }
    if take("OFFSET") {
      query.offset = try count()
      guard query.offset <= 2000 else {
        throw APIError(
          400, "NUMBER_OUTSIDE_VALID_RANGE", "Maximum SOQL offset allowed is 2000")
      }
    }
    guard token.kind == .end else { throw text.malformed(token) }
    return query
  }

  private mutating func selection() throws(APIError) -> SOQLQuery.Selection {
    if isWord("COUNT"), isMark("(", ahead: 1), isMark(")", ahead: 2) {
      for _ in 0..<3 { advance() }
      return .count
    }
    var items: [SOQLQuery.Item] = []
    repeat {
      if isWord("FIELDS"), isMark("(", ahead: 1) {
        let offset = token.offset
        advance()
        advance()
        let group = try name().uppercased()
        guard ["ALL", "STANDARD", "CUSTOM"].contains(group) else { throw text.malformed(token) }
        try expectMark(")")
        items.append(.fields(group, offset: offset))
      } else {
        items.append(.path(try path()))
      }
    } while takeMark(",")
    return .items(items)
  }

  private mutating func order() throws(APIError) -> SOQLQuery.Order {
    let path = try path()
    let isDescending = take("DESC")
    if !isDescending { _ = take("ASC") }
    var putsNullsLast = false
    if take("NULLS") {
      putsNullsLast = take("LAST")
      if !putsNullsLast { try expect("FIRST") }
    }
    return SOQLQuery.Order(path: path, isDescending: isDescending, putsNullsLast: putsNullsLast)
  }

  private mutating func count() throws(APIError) -> Int {
    guard case .number(let number) = token.kind, let value = number.integer, value >= 0 else {
      throw text.malformed(token)
    }
    advance()
    return Int(value)
  }
}
