/// Where things live: the fixed top level, folders named after what they hold. Docs/Style.md, "Files".
public enum LayoutRules {
  static let topLevel: Set<String> = [
    "Package.swift", "Sources", "Tests", "Docs", "Tools", "README.md",
  ]

  /// Written by the package manager and not part of the project.
  static let generated: Set<String> = ["Package.resolved", "demo"]

  /// Rooms without a subject fill with anything.
  static let forbiddenNames: Set<String> = [
    "common", "deprecated", "helper", "helpers", "legacy", "misc", "new", "util",
    "utilities", "utils",
  ]

  /// What stands at the top and must not, or must and does not; names with a dot in front are free.
  public static func findings(inTopLevel names: [String]) -> [Finding] {
    let seen = Set(names.filter { !$0.hasPrefix(".") }).subtracting(generated)
    let extra = seen.subtracting(topLevel).map {
      Finding($0, "does not belong at the top; the top level is fixed")
    }
    return extra + topLevel.subtracting(seen).map { Finding($0, "is missing at the top") }
  }

  /// The breaches in the path of one file.
  public static func findings(inPath path: String) -> [Finding] {
    let parts = path.split(separator: "/").map(String.init)
    var findings: [Finding] = []
    if path.contains(" ") { findings.append(Finding(path, "a path has no spaces")) }
    for part in parts {
      let name = part.split(separator: ".").first.map(String.init) ?? part
      guard forbiddenNames.contains(name.lowercased()) else { continue }
      findings.append(
        Finding(path, "`\(name)` says nothing; name the folder or file after a thing"))
    }
    return findings
  }
}
