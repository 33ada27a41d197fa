import SynclineMapping
import Yams

/// Turns the bytes of a file into the one YAML mapping that it holds, within limits: a package is
/// written by a person, so a file that is large, deep or full of aliases is a mistake or an attack.
enum DocumentReader {
  static let sizeBytesMax = 1 << 20
  static let depthMax = 32
  static let aliasExpansionsMax = 100

  /// The root mapping, or nil after a problem was told.
  static func mapping(_ bytes: [UInt8], _ problems: ProblemList) -> Node? {
    guard let text = text(bytes, problems), let root = parse(text, problems) else { return nil }
    guard case .mapping = root, let location = root.location else {
      problems.add("the file must be a mapping (lines of `key: value`), not \(root.kind)", at: root)
      return nil
    }
    // The first run appends `journal: UUID` as a line of its own. (The parser's style of a mapping is
    // that of its end, which has none.)
    let isBraced = TextPlaces.character(at: location, in: text).map {
      "{&!".contains(Character($0))
    }
    guard isBraced == false, location.column == 1 else {
      problems.add(
        "the keys of the file must stand at the start of lines, without braces", at: root)
      return nil
    }
    return root
  }

  /// The text without a byte order mark, or nil where it cannot be YAML.
  private static func text(_ bytes: [UInt8], _ problems: ProblemList) -> String? {
    let start = FileLocation(line: 1, column: 1)
    guard bytes.count <= sizeBytesMax else {
      problems.add("the file is larger than 1 MiB; split the package", at: start)
      return nil
    }
    let content = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
    guard let text = String(validating: content, as: UTF8.self) else {
      let place = TextPlaces.firstInvalid(content)
      problems.add("the file is not UTF-8 from here on; save it as UTF-8", at: place)
      return nil
    }
    if let place = TextPlaces.firstControlCharacter(text) {
      problems.add("a control character stands here; remove it", at: place)
      return nil
    }
    if TextPlaces.mayExpandKeys(content) {
      problems.add(aliasMessage, at: start)
      return nil
    }
    return text
  }

  private static func parse(_ text: String, _ problems: ProblemList) -> Node? {
    do {
      // Nodes hold their anchors weakly: the parser must outlive the counting.
      let parser = try Parser(yaml: text)
      let root = try parser.singleRoot()
      return withExtendedLifetime(parser) {
        guard let root, !root.isNull else {
          let start = FileLocation(line: 1, column: 1)
          let hint = problems.file == nil ? "; `syncline new` writes one to begin with" : ""
          problems.add("the file is empty\(hint)", at: start)
          return nil
        }
        var limits = NodeLimits()
        limits.visit(root, depth: 1)
        guard let problem = limits.problem else { return root }
        problems.add(problem.message, at: problem.location)
        return nil
      }
    } catch let error as YamlError {
      let problem = SyntaxProblem.problem(of: error, in: text)
      problems.add(problem.message, at: problem.location)
    } catch {
      problems.add("the file cannot be read as YAML", at: nil)
    }
    return nil
  }

  static let aliasMessage =
    "aliases stand for more than \(aliasExpansionsMax) parts of the file; write the parts out"
  static let depthMessage = "the file is nested deeper than \(depthMax) levels here"
}

/// Walks the nodes with aliases expanded, as far as the limits allow.
private struct NodeLimits {
  private(set) var problem: PackageProblem?
  private var anchors: Set<ObjectIdentifier> = []
  private var expansions = 0

  mutating func visit(_ node: Node, depth: Int, isInKey: Bool = false) {
    guard problem == nil else { return }
    if depth > DocumentReader.depthMax {
      problem = PackageProblem(DocumentReader.depthMessage, at: node.location)
    } else if let anchor = node.anchor, !anchors.insert(ObjectIdentifier(anchor)).inserted {
      // Every node with an anchor is met once where it stands and once for each alias of it.
      expansions += 1
      if expansions > DocumentReader.aliasExpansionsMax {
        problem = PackageProblem(DocumentReader.aliasMessage, at: node.location)
      }
    }
    if !isInKey, node.hasExplicitTag {
      problem = PackageProblem("a tag (`!…`) is not in this version; remove it", at: node.location)
    }
    switch node {
    case .scalar, .alias: break
    case .sequence(let sequence):
      for item in sequence { visit(item, depth: depth + 1, isInKey: isInKey) }
    case .mapping(let mapping):
      for (key, value) in mapping {
        visit(key, depth: depth + 1, isInKey: true)
        visit(value, depth: depth + 1, isInKey: isInKey)
      }
    }
  }
}
