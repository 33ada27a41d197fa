/// Where a secret is to be found. The package never holds the secret itself.
public enum SecretReference: Hashable, Sendable {
  /// `env:NAME`
  case environment(String)
  /// `file:PATH`, relative to the folder of the package.
  case file(String)

  /// What `text` refers to; nil where it is no reference.
  public init?(_ text: String) {
    let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
    guard parts.count == 2, !parts[1].utf8.contains(0) else { return nil }
    switch parts[0] {
    case "env": self = .environment(parts[1])
    case "file": self = .file(parts[1])
    default: return nil
    }
  }
}
