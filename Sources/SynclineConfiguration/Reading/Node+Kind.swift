import SynclineMapping
import Yams

extension Node {
  /// Where the node begins.
  var location: FileLocation? {
    mark.map { FileLocation(line: $0.line, column: $0.column) }
  }

  /// What the node is, for a message that says what was found.
  var kind: String {
    switch self {
    case .mapping: "a mapping"
    case .sequence: "a list"
    case .alias: "an alias"
    case .scalar(let scalar): scalar.isNull ? "nothing" : "a single value"
    }
  }

  /// Whether the file says which type the node is. Not for keys, whose tags the parser resolves.
  var hasExplicitTag: Bool {
    switch self {
    case .mapping(let mapping): mapping.tag.rawValue != ""
    case .sequence(let sequence): sequence.tag.rawValue != ""
    case .scalar(let scalar):
      scalar.tag.rawValue != (scalar.isPlain ? "" : Tag.Name.str.rawValue)
    case .alias: false
    }
  }

  /// Whether a key stands there without a value.
  var isNull: Bool {
    guard case .scalar(let scalar) = self else { return false }
    return scalar.isNull
  }

  /// The text of a scalar that is not null.
  var text: String? {
    guard case .scalar(let scalar) = self, !scalar.isNull else { return nil }
    return scalar.string
  }
}

extension Node.Scalar {
  /// Unquoted; a quoted scalar is always text.
  var isPlain: Bool { style == .plain || style == .any }

  /// Nothing, `~` or `null`, unquoted.
  var isNull: Bool { isPlain && ["", "~", "null", "Null", "NULL"].contains(string) }
}
