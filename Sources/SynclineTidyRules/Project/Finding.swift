/// One breach of a house rule.
public struct Finding: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// Relative to the top of the project.
  public var path: String
  /// From 1; 0 where the whole file or folder is meant.
  public var line: Int
  /// What is wrong and what to do.
  public var message: String

  /// A breach in the file or folder at `path`.
  public init(_ path: String, line: Int = 0, _ message: String) {
    self.path = path
    self.line = line
    self.message = message
  }

  /// As compilers print theirs, so that editors find the place.
  public var description: String {
    line == 0 ? "\(path): \(message)" : "\(path):\(line): \(message)"
  }

  /// By place.
  public static func < (first: Self, second: Self) -> Bool {
    (first.path, first.line, first.message) < (second.path, second.line, second.message)
  }
}
