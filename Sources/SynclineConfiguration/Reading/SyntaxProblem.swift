import SynclineMapping
import Yams

/// Says in our words what the YAML parser found wrong.
enum SyntaxProblem {
  static func problem(of error: YamlError, in text: String) -> PackageProblem {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      let location = FileLocation(line: mark.line, column: mark.column)
      return PackageProblem(
        message(problem, TextPlaces.character(at: location, in: text)), at: location)
    case .duplicatedKeysInMapping(let duplicates, let context):
      let keys = duplicates.map(Words.quoted).joined(separator: ", ")
      let message = "\(keys) stands more than once in the same mapping; keep one"
      return PackageProblem(
        message, at: FileLocation(line: context.mark.line, column: context.mark.column))
    default:
      return PackageProblem("the file cannot be read as YAML", at: nil)
    }
  }

  private static func message(_ problem: String, _ character: Unicode.Scalar?) -> String {
    if character == "\t" { return "a tab stands here; YAML is indented with spaces" }
    if let message = messages.first(where: { problem.contains($0.part) })?.message {
      return message
    }
    return "this is no YAML: \(problem)"
  }

  private static let messages: [(part: String, message: String)] = [
    ("nesting level", DocumentReader.depthMessage),
    ("another document", "a second document begins here; a file holds one"),
    ("undefined alias", "this alias has no anchor above it"),
    ("cannot start any token", "a value cannot begin with this character; put it in quotes"),
    (
      "mapping values are not allowed",
      "a `:` is not expected here; put the text in quotes or check the indentation"
    ),
    ("could not find expected ':'", "a key without `:` ends here; the file may be cut off"),
    ("unexpected end of stream", "a quoted text does not end; the file may be cut off"),
    ("did not find expected ',' or ']'", "a list in `[ ]` is not closed; the file may be cut off"),
    (
      "did not find expected ',' or '}'",
      "a mapping in `{ }` is not closed; the file may be cut off"
    ),
    ("did not find expected node content", "a value is expected here; the file may be cut off"),
    ("unknown escape", "this `\\` begins no escape that YAML knows; use single quotes"),
    ("did not find expected key", "a key is expected here; check the indentation"),
    ("did not find expected '-' indicator", "a `-` is expected here; check the indentation"),
    (
      "did not find expected <document start>",
      "something stands behind the end of the mapping; check the indentation"
    ),
    ("tab", "a tab stands here; YAML is indented with spaces"),
  ]
}
