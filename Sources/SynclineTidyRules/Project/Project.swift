/// The project as text: what all rules look at.
public struct Project: Sendable {
  /// The names at the top.
  public var topLevel: [String]
  /// Every path of a file below `Sources`, `Tests`, `Docs` and `Tools`, and of those at the top.
  public var paths: Set<String>
  /// The Swift files and documents among them.
  public var files: [ProjectFile]
  /// What `Package.swift` says.
  public var manifest: Manifest

  /// The project as it was read.
  public init(topLevel: [String], paths: Set<String>, files: [ProjectFile], manifest: Manifest) {
    self.topLevel = topLevel
    self.paths = paths
    self.files = files
    self.manifest = manifest
  }

  /// Every breach of a rule, sorted by place.
  public var findings: [Finding] {
    let records = files.filter { $0.path.hasPrefix("Docs/Decisions/") }
    let folders = Set(paths.flatMap(Project.folders))
    let whole =
      LayoutRules.findings(inTopLevel: topLevel) + ImportRules.findings(in: manifest)
      + DependencyRules.findings(in: manifest, records: records)
      + CodeRules.budgetFindings(in: files)
      + paths.flatMap(LayoutRules.findings(inPath:))
    let single = files.flatMap { file in
      ImportRules.findings(in: file, manifest: manifest) + CodeRules.findings(in: file)
        + SizeRules.findings(in: file)
        + LinkRules.findings(in: file) { paths.contains($0) || folders.contains($0) }
    }
    return (whole + single).sorted()
  }

  /// The folders that a path goes through.
  private static func folders(of path: String) -> [String] {
    let parts = path.split(separator: "/")
    return parts.indices.dropFirst().map { parts[..<$0].joined(separator: "/") }
  }
}
