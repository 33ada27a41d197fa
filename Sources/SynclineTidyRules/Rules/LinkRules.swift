/// A link of a document to a file of the project must lead somewhere.
public enum LinkRules {
  /// `exists` answers for a path relative to the top of the project.
  public static func findings(in file: ProjectFile, exists: (String) -> Bool) -> [Finding] {
    guard file.path.hasSuffix(".md") else { return [] }
    return links(of: file).compactMap { line, target in
      guard let path = resolve(target, from: file) else {
        return Finding(file.path, line: line, "the link `\(target)` leaves the project")
      }
      return exists(path)
        ? nil : Finding(file.path, line: line, "the link `\(target)` leads nowhere")
    }
  }

  /// The links to files, without fragments; what stands in code is none.
  static func links(of file: ProjectFile) -> [(line: Int, target: String)] {
    var links: [(line: Int, target: String)] = []
    var isFenced = false
    for (index, line) in file.lines.enumerated() {
      if line.drop(while: { $0 == " " }).hasPrefix("```") {
        isFenced.toggle()
        continue
      }
      guard !isFenced else { continue }
      for target in targets(in: withoutCode(line)) { links.append((index + 1, target)) }
    }
    return links
  }

  private static func targets(in line: String) -> [String] {
    var rest = line[...]
    var targets: [String] = []
    while let start = rest.firstRange(of: "](") {
      rest = rest[start.upperBound...]
      let target = rest.prefix { $0 != ")" && $0 != " " && $0 != "#" }
      if !target.isEmpty, !target.contains("://"), !target.hasPrefix("mailto:") {
        targets.append(String(target))
      }
    }
    return targets
  }

  /// The line without what stands between single backticks.
  private static func withoutCode(_ line: String) -> String {
    let parts = line.split(separator: "`", omittingEmptySubsequences: false)
    guard parts.count > 1 else { return line }
    return parts.enumerated().filter { $0.offset % 2 == 0 }.map { String($0.element) }
      .joined(separator: "_")
  }

  private static func resolve(_ target: String, from file: ProjectFile) -> String? {
    var parts = target.hasPrefix("/") ? [] : Array(file.components.dropLast())
    for part in target.split(separator: "/") where part != "." {
      if part == ".." {
        guard parts.popLast() != nil else { return nil }
      } else {
        parts.append(String(part))
      }
    }
    return parts.joined(separator: "/")
  }
}
