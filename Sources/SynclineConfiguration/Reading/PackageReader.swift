public import SynclineMapping

/// A package with those of its connections that only the edge of the program knows.
public struct ReadPackage: Hashable, Sendable {
  /// The package; its `connections` are those to databases.
  public var definition: PackageDefinition
  /// By the name that the sides use.
  public var salesforce: [String: SalesforceConnection]
}

/// Reads a package file. Everything is checked that can be checked without the two systems: whether
/// their objects and fields exist is the business of `check`.
///
/// Nothing is read and ignored: what this version does not know is refused by name. All problems are
/// told at once; only a file that is no YAML at all ends with the first one. No message holds a value
/// of the file, so that a constant or a secret in the wrong place cannot reach a log.
public struct PackageReader {
  /// How the file of shared connections is called; it stands beside the packages.
  public static let sharedConnectionsFileName = "connections.yaml"

  /// The package that `bytes` describes.
  ///
  /// - Parameters:
  ///   - fileName: names the package file in messages.
  ///   - sharedConnections: what `connections.yaml` beside the package holds, if it exists.
  public static func read(
    _ bytes: [UInt8], fileName: String, sharedConnections: [UInt8]? = nil
  ) throws(PackageErrors) -> PackageDefinition {
    try readWhole(bytes, fileName: fileName, sharedConnections: sharedConnections).definition
  }

  /// The package that `bytes` describes, with its connections to clouds.
  public static func readWhole(
    _ bytes: [UInt8], fileName: String, sharedConnections: [UInt8]? = nil
  ) throws(PackageErrors) -> ReadPackage {
    let problems = ProblemList()
    var shared: [String: ReadConnection]?
    if let sharedConnections {
      problems.file = sharedConnectionsFileName
      shared = ConnectionsSection.readShared(sharedConnections, problems)
      problems.file = nil
    }
    let package = PackageSection(problems: problems, sharedConnections: shared).read(bytes)
    guard let package, problems.isEmpty else {
      throw PackageErrors(fileName: fileName, problems: problems.sorted)
    }
    return package
  }

  /// The package that `text` describes.
  public static func read(
    _ text: String, fileName: String, sharedConnections: String? = nil
  ) throws(PackageErrors) -> PackageDefinition {
    try read(
      Array(text.utf8), fileName: fileName,
      sharedConnections: sharedConnections.map { Array($0.utf8) })
  }
}
