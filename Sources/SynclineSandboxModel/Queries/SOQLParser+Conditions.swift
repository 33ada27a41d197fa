import SynclineModel

// Conditions. AND and OR are not mixed without parentheses, as on the real server.
extension SOQLParser {
  mutating func conditions() throws(APIError) -> SOQLQuery.Condition {
    let first = try condition()
    guard isWord("AND") || isWord("OR") else { return first }
    let word = isWord("AND") ? "AND" : "OR"
    var all = [first]
    while take(word) { all.append(try condition()) }
    if isWord("AND") || isWord("OR") { throw text.malformed(token) }
    return word == "AND" ? .all(all) : .any(all)
  }

  private mutating func condition() throws(APIError) -> SOQLQuery.Condition {
    if take("NOT") { return .not(try condition()) }
    if takeMark("(") {
      let inner = try conditions()
      try expectMark(")")
      return inner
    }
    return try comparison()
  }

  private mutating func comparison() throws(APIError) -> SOQLQuery.Condition {
    let path = try path()
    if take("NOT") {
      try expect("IN")
      return .membership(path, isNegated: true, try list())
    }
    if take("IN") { return .membership(path, isNegated: false, try list()) }
    if isWord("INCLUDES") || isWord("EXCLUDES") {
      let isNegated = isWord("EXCLUDES")
      advance()
      return .includes(path, isNegated: isNegated, try texts())
    }
    if take("LIKE") { return .comparison(path, .like, try literal()) }
    guard case .mark(let mark) = token.kind,
      let operation = SOQLQuery.Operator(rawValue: mark == "<>" ? "!=" : mark)
    else { throw text.malformed(token) }
    advance()
    return .comparison(path, operation, try literal())
  }

  private mutating func list() throws(APIError) -> [SOQLQuery.Literal] {
    try expectMark("(")
    var literals: [SOQLQuery.Literal] = []
    repeat { literals.append(try literal()) } while takeMark(",")
    try expectMark(")")
    return literals
  }

  private mutating func texts() throws(APIError) -> [String] {
    try expectMark("(")
    var texts: [String] = []
    repeat {
      guard case .text(let text) = token.kind else { throw self.text.malformed(token) }
      advance()
      texts.append(text)
    } while takeMark(",")
    try expectMark(")")
    return texts
  }

  private mutating func literal() throws(APIError) -> SOQLQuery.Literal {
    defer { advance() }
    switch token.kind {
    case .text(let text):
      guard text.count <= 4000 else {
        throw APIError(400, "MALFORMED_QUERY", "maximum length of a literal is 4000 characters")
      }
      return .text(text)
    case .number(let number): return .number(number)
    case .date(let date): return .date(date)
    case .moment(let moment): return .moment(moment)
    case .word(let word): return try wordLiteral(word.uppercased())
    case .mark, .end: throw text.malformed(token)
    }
  }

  private mutating func wordLiteral(_ word: String) throws(APIError) -> SOQLQuery.Literal {
    switch word {
    case "NULL": return .null
    case "TRUE": return .boolean(true)
    case "FALSE": return .boolean(false)
    case "TODAY", "YESTERDAY", "TOMORROW": return .days(word, count: nil)
    case "LAST_N_DAYS", "NEXT_N_DAYS":
      guard isMark(":", ahead: 1) else { throw text.malformed(token) }
      advance()
      advance()
      guard case .number(let number) = token.kind, let count = number.integer, count > 0,
        count < 100_000
      else { throw text.malformed(token) }
      return .days(word, count: Int(count))
    default: throw text.malformed(token)
    }
  }
}
