import SynclineModel

/// What a request says about the state in which it wants to find a resource. The dates compare with the
/// last change by a user, to the second; tags are those of accounts, since no other object has any.
struct Conditions {
  private let modifiedSince: Timestamp?
  private let unmodifiedSince: Timestamp?
  private let anyOf: [String]?
  private let noneOf: [String]?

  /// Reads the headers; a date that is none is refused.
  init(of request: APIRequest) throws(APIError) {
    modifiedSince = try Self.date("If-Modified-Since", request)
    unmodifiedSince = try Self.date("If-Unmodified-Since", request)
    anyOf = Self.tags(request.headers["if-match"])
    noneOf = Self.tags(request.headers["if-none-match"])
  }

  /// Refuses what must not happen to the resource as it is. True: a reader has it already.
  /// `tag`: nil where the resource has none, and then nothing is compared with tags.
  func isKnown(modified: Timestamp?, tag: String?, isRead: Bool) throws(APIError) -> Bool {
    if let tag, let anyOf {
      guard Self.names(anyOf, tag) else { throw .precondition("The ETag does not match") }
    } else if let unmodifiedSince, let modified, modified > unmodifiedSince {
      throw .precondition("The record was modified since \(HTTPDate.format(unmodifiedSince))")
    }
    if let tag, let noneOf {
      guard Self.names(noneOf, tag) else { return false }
      guard isRead else { throw .precondition("The ETag matches") }
      return true
    }
    guard isRead, let modifiedSince, let modified else { return false }
    return modified <= modifiedSince
  }

  private static func date(_ name: String, _ request: APIRequest) throws(APIError) -> Timestamp? {
    guard let text = request.headers[name.lowercased()] else { return nil }
    guard let date = HTTPDate.read(text) else {
      throw APIError(400, "INVALID_ARGUMENT", "\(name) is no HTTP date: \(text)")
    }
    return date
  }

  private static func tags(_ header: String?) -> [String]? {
    header?.split(separator: ",").map { part in
      let tag = part.drop { $0 == " " }
      let strong = tag.hasPrefix("W/") ? tag.dropFirst(2) : tag
      return String(strong.prefix { $0 != " " })
    }
  }

  private static func names(_ tags: [String], _ tag: String) -> Bool {
    tags.contains("*") || tags.contains(tag)
  }
}

extension APIError {
  static func precondition(_ message: String) -> APIError {
    APIError(412, "PRECONDITION_FAILED", message)
  }
}

extension Record {
  /// A text that is another one after each change; only accounts have one.
  var entityTag: String? {
    guard object == "Account" else { return nil }
    let text = values.keys.sorted().map { "\($0)=\(values[$0].map { "\($0)" } ?? "")" }
    return "\"\(String(StableHash.number(of: text.joined(separator: "\n")), radix: 16))\""
  }

  /// What an answer says in its head about the state of the record.
  var stateHeaders: [(name: String, value: String)] {
    var headers: [(name: String, value: String)] = []
    if let lastModified { headers.append(("Last-Modified", HTTPDate.format(lastModified))) }
    if let entityTag { headers.append(("ETag", entityTag)) }
    return headers
  }
}

/// A number that follows from a text, the same in every process.
enum StableHash {
  static func number(of text: String) -> UInt64 {
    text.utf8.reduce(14_695_981_039_346_656_037) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
  }
}
