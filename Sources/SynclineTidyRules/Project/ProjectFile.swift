/// A text file of the project.
public struct ProjectFile: Hashable, Sendable {
  /// Relative to the top of the project, with `/`.
  public let path: String
  /// The text, split at line ends.
  public let lines: [String]

  /// The file at `path`, which holds `text`.
  public init(path: String, text: String) {
    self.path = path
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  /// The parts of the path.
  public var components: [String] { path.split(separator: "/").map(String.init) }

  /// The target that the file belongs to, by its folder in `Sources` or `Tests`.
  public var target: String? {
    let parts = components
    guard parts.count > 2, parts[0] == "Sources" || parts[0] == "Tests" else { return nil }
    return parts[1]
  }

  /// Whether the rules for code are meant.
  public var isSwift: Bool { path.hasSuffix(".swift") }
  /// Whether the file belongs to a test target.
  public var isTest: Bool { path.hasPrefix("Tests/") }

  /// How many lines the file has; an end of line at its end begins no further one.
  public var lineCount: Int { lines.last == "" ? lines.count - 1 : lines.count }
}
