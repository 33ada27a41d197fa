/// The header lines of a message, in order; names are compared without regard to case.
public struct HTTPHeaders: Hashable, Sendable, ExpressibleByDictionaryLiteral {
  /// One line. A secret value shows in no description.
  public enum Content: Hashable, Sendable {
    case plain(String)
    case secret(Secret)

    var revealed: String {
      switch self {
      case .plain(let text): text
      case .secret(let secret): secret.revealed
      }
    }
  }

  public struct Line: Hashable, Sendable {
    public let name: String
    public let content: Content
  }

  public private(set) var lines: [Line] = []

  public init() {}

  public init(dictionaryLiteral elements: (String, String)...) {
    lines = elements.map { Line(name: $0.0, content: .plain($0.1)) }
  }

  /// The first value under the name that is no secret.
  public subscript(_ name: String) -> String? {
    for line in lines where Self.areEqual(line.name, name) {
      if case .plain(let text) = line.content { return text }
    }
    return nil
  }

  public mutating func append(_ name: String, _ value: String) {
    lines.append(Line(name: name, content: .plain(value)))
  }

  /// Sets the one line of this name.
  public mutating func set(_ name: String, _ content: Content) {
    remove(name)
    lines.append(Line(name: name, content: content))
  }

  public mutating func remove(_ name: String) {
    lines.removeAll { Self.areEqual($0.name, name) }
  }

  /// The lines that another host may see: no secret and nothing that signs a person in.
  var forAnotherHost: HTTPHeaders {
    let signIn = ["authorization", "proxy-authorization", "cookie"]
    var headers = self
    headers.lines.removeAll { line in
      if case .secret = line.content { return true }
      return signIn.contains(line.name.lowercased())
    }
    return headers
  }

  /// The name of the first line that would be no line of its own, or several.
  var malformedName: String? {
    lines.first { line in
      line.name.isEmpty || !line.name.utf8.allSatisfy(Self.isNamePart)
        || line.content.revealed.utf8.contains { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }
    }?.name
  }

  private static func isNamePart(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: true
    default: false
    }
  }

  private static func areEqual(_ first: String, _ second: String) -> Bool {
    first.utf8.count == second.utf8.count && first.lowercased() == second.lowercased()
  }
}
