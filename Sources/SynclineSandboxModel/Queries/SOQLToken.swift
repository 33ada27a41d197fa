import SynclineModel

/// A piece of a query's text.
struct SOQLToken: Hashable {
  enum Kind: Hashable {
    /// A name or a keyword.
    case word(String)
    case text(String)
    case number(ExactDecimal)
    case date(CalendarDate)
    case moment(Timestamp)
    /// `( ) , . :` and the operators.
    case mark(String)
    case end
  }

  let kind: Kind
  /// Where it begins, in characters from the start of the query.
  let offset: Int

  /// As error messages name it.
  var shown: String {
    switch kind {
    case .word(let word): word
    case .text(let text): "'\(text)'"
    case .number(let number): "\(number)"
    case .date(let date): "\(date)"
    case .moment(let moment): "\(moment)Z"
    case .mark(let mark): mark
    case .end: "<EOF>"
    }
  }
}

/// The text of a query, for messages that point into it.
struct SOQLText {
  let characters: [Character]

  init(_ text: String) { characters = Array(text) }

  /// A refusal that points at a place.
  func refusal(_ code: String, at offset: Int, _ message: String) -> APIError {
    let place = min(offset, characters.count)
    let start = max(0, place - 30)
    let line = String(characters[start..<min(characters.count, place + 30)])
    let blanks = String(repeating: " ", count: place - start)
    return APIError(
      400, code, "\n\(line)\n\(blanks)^\nERROR at Row:1:Column:\(place + 1)\n\(message)")
  }

  /// What is no query at all.
  func malformed(_ token: SOQLToken) -> APIError {
    refusal("MALFORMED_QUERY", at: token.offset, "unexpected token: '\(token.shown)'")
  }
}
