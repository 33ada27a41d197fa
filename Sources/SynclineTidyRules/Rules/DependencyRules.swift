/// Code of others is pinned to one version, and a decision record says why it is here.
public enum DependencyRules {
  /// `records`: the files of `Docs/Decisions`.
  public static func findings(in manifest: Manifest, records: [ProjectFile]) -> [Finding] {
    manifest.packages.flatMap { package in
      var findings: [Finding] = []
      if !package.isPinned {
        findings.append(
          Finding("Package.swift", "\(package.identity) must be pinned with `exact:`"))
      }
      let name = package.identity.lowercased()
      let isNamed = records.contains { record in
        record.lines.contains { $0.lowercased().contains(name) }
      }
      if !isNamed {
        findings.append(
          Finding("Package.swift", "\(package.identity) needs a record in Docs/Decisions"))
      }
      return findings
    }
  }
}
