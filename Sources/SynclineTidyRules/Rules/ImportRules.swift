/// Which module a file may import: those that its target lists, and of the modules of the platform
/// those that the layer of the target allows. Docs/Style.md, "Targets".
public enum ImportRules {
  /// Facts in, decisions out: no input, no output, no clock, no thread.
  public static let pureTargets: Set<String> = [
    "SynclineModel", "SynclineMapping", "SynclineEngine", "SynclineSQL", "SynclineSandboxModel",
  ]

  /// No connector may know another.
  static let connectors: Set<String> = ["SynclineSQLite", "SynclineSalesforce"]

  /// Never part of the product.
  static let testOnlyTargets: Set<String> = ["SynclineTesting"]

  /// Each C library is known to one target.
  static let owners = [
    "CCurl": "SynclineHTTP", "CLMDB": "SynclineLMDB", "CSQLite": "SynclineSQLite",
    "CSimdjson": "SynclineJSON",
  ]

  static let platformModules: Set<String> = [
    "Dispatch", "Foundation", "FoundationEssentials", "Glibc", "Synchronization",
  ]

  /// The breaches in one Swift file.
  public static func findings(in file: ProjectFile, manifest: Manifest) -> [Finding] {
    guard file.isSwift, let name = file.target, let target = manifest[name] else { return [] }
    return imports(of: file).compactMap { line, module in
      message(module, target).map { Finding(file.path, line: line, $0) }
    }
  }

  /// The breaches in the lists of `Package.swift` itself.
  public static func findings(in manifest: Manifest) -> [Finding] {
    manifest.targets.flatMap { target in
      target.dependencies.compactMap { dependency in
        listMessage(dependency, target).map { Finding("Package.swift", $0) }
      }
    }
  }

  private static func message(_ module: String, _ target: Manifest.Target) -> String? {
    if platformModules.contains(module) {
      guard pureTargets.contains(target.name) else { return nil }
      return "\(target.name) is pure and must not import \(module)"
    }
    if module == "Testing" {
      guard !target.isTest, !testOnlyTargets.contains(target.name) else { return nil }
      return "only tests and SynclineTesting may import Testing"
    }
    guard target.dependencies.contains(module) else {
      return "\(module) is no dependency of \(target.name) in Package.swift"
    }
    return nil
  }

  private static func listMessage(_ dependency: String, _ target: Manifest.Target) -> String? {
    let name = target.name
    if pureTargets.contains(name), !pureTargets.contains(dependency) {
      return "\(name) is pure and must not depend on \(dependency)"
    }
    if connectors.contains(name), connectors.contains(dependency) {
      return "the connector \(name) must not depend on the connector \(dependency)"
    }
    guard !target.isTest, !testOnlyTargets.contains(name) else { return nil }
    if testOnlyTargets.contains(dependency) {
      return "\(name) is product and must not depend on \(dependency)"
    }
    if let owner = owners[dependency], owner != name {
      return "only \(owner) may depend on \(dependency), not \(name)"
    }
    return nil
  }

  /// The imported modules with their lines.
  static func imports(of file: ProjectFile) -> [(line: Int, module: String)] {
    SwiftText(file).code.enumerated().compactMap { index, code in
      let words = code.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
      guard let place = words.firstIndex(of: "import"),
        words[..<place].allSatisfy({ $0.hasPrefix("@") || accessLevels.contains($0) })
      else { return nil }
      let rest = words[(place + 1)...].drop { kinds.contains($0) }
      return rest.first.map { (index + 1, String($0.prefix { $0 != "." && $0 != ";" })) }
    }
  }

  private static let accessLevels: Set<String> = [
    "public", "package", "internal", "fileprivate", "private",
  ]
  private static let kinds: Set<String> = [
    "struct", "class", "enum", "protocol", "typealias", "func", "var", "let", "actor",
  ]
}
