import Foundation

/// What rules need of `Package.swift`, as `swift package dump-package` tells it.
public struct Manifest: Hashable, Sendable {
  /// A target and the modules that it lists.
  public struct Target: Hashable, Sendable {
    /// The name of the target, which is that of its module.
    public var name: String
    /// `regular`, `executable`, `test` or `system`.
    public var kind: String
    /// The modules that the target lists, ours and those of other packages.
    public var dependencies: [String]

    /// A target of `Package.swift`.
    public init(_ name: String, kind: String = "regular", dependencies: [String] = []) {
      self.name = name
      self.kind = kind
      self.dependencies = dependencies
    }

    /// Whether the target holds tests.
    public var isTest: Bool { kind == "test" }
  }

  /// A package of others.
  public struct Package: Hashable, Sendable {
    /// The name of the package in lower case, from its address.
    public var identity: String
    /// Whether one version is named, and not a range or a branch.
    public var isPinned: Bool

    /// A package that `Package.swift` names.
    public init(_ identity: String, isPinned: Bool) {
      self.identity = identity
      self.isPinned = isPinned
    }
  }

  /// All targets, those of tests too.
  public var targets: [Target]
  /// The packages of others.
  public var packages: [Package]

  /// A manifest of these targets and packages.
  public init(targets: [Target], packages: [Package] = []) {
    self.targets = targets
    self.packages = packages
  }

  /// Reads the JSON of `swift package dump-package`.
  public init(json: [UInt8]) throws {
    let dump = try JSONDecoder().decode(ManifestDump.self, from: Data(json))
    targets = dump.targets.map { target in
      Target(
        target.name, kind: target.type,
        dependencies: target.dependencies.compactMap { $0.values.first?.name })
    }
    packages = dump.dependencies.flatMap { dependency in
      dependency.flatMap { kind, packages in
        packages.map { package in
          Package(
            package.identity,
            isPinned: kind == "sourceControl" && package.requirement?.exact?.count == 1)
        }
      }
    }
  }

  /// The target of a name.
  public subscript(name: String) -> Target? { targets.first { $0.name == name } }
}

private struct ManifestDump: Decodable {
  struct Target: Decodable {
    var name: String
    var type: String
    /// `{"byName": [name, condition]}` or `{"product": [name, package, …]}`.
    var dependencies: [[String: FirstName]]
  }

  struct Package: Decodable {
    var identity: String
    var requirement: Requirement?
  }

  struct Requirement: Decodable {
    var exact: [String]?
  }

  /// The first item of a list of mixed items.
  struct FirstName: Decodable {
    var name: String

    init(from decoder: any Decoder) throws {
      var list = try decoder.unkeyedContainer()
      name = try list.decode(String.self)
    }
  }

  var targets: [Target]
  var dependencies: [[String: [Package]]]
}
