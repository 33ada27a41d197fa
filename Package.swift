// swift-tools-version: 6.2
import PackageDescription

/// The settings of every Swift target: Swift 6 mode, the upcoming features that make imports and
/// existentials explicit, and warnings as errors.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .enableUpcomingFeature("InferIsolatedConformances"),
  .enableUpcomingFeature("ImmutableWeakCaptures"),
  .enableExperimentalFeature("Lifetimes"),
  .enableExperimentalFeature("SuppressedAssociatedTypes"),
  .treatAllWarnings(as: .error),
]

/// Only where the environment asks for it, and never in a release: `planted(_:)` may then be true
/// (Docs/Testing.md, "Planted bugs").
let planted: [SwiftSetting] =
  Context.environment["SYNCLINE_PLANTED"] == "1" ? [.define("SYNCLINE_PLANTED")] : []

/// A test target; it may import what it names.
/// `exclude`: folders of data that the tests read from their place in the source tree.
func tests(
  _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []
) -> Target {
  .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

let strictC: [CSetting] = [.treatAllWarnings(as: .error)]
let strictCxx: [CXXSetting] = [.treatAllWarnings(as: .error)]

let package = Package(
  name: "syncline",
  products: [
    .executable(name: "syncline", targets: ["syncline"])
  ],
  dependencies: [
    // Each is explained in Docs/Decisions.
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    .package(
      url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1", traits: []),
    .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0", traits: []),
    .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
  ],
  targets: [
    // C libraries
    .systemLibrary(name: "CLMDB", providers: [.apt(["liblmdb-dev"])]),
    .systemLibrary(name: "CSQLite", providers: [.apt(["libsqlite3-dev"])]),
    .target(name: "CCrypto", cSettings: strictC, linkerSettings: [.linkedLibrary("crypto")]),
    .target(name: "CCurl", cSettings: strictC, linkerSettings: [.linkedLibrary("curl")]),
    .target(
      name: "CSimdjson", cxxSettings: strictCxx, linkerSettings: [.linkedLibrary("simdjson")]),

    // The pure core
    .target(name: "SynclineModel", swiftSettings: strict + planted),
    .target(name: "SynclineMapping", dependencies: ["SynclineModel"], swiftSettings: strict),
    .target(
      name: "SynclineEngine", dependencies: ["SynclineMapping", "SynclineModel"],
      swiftSettings: strict),
    .target(name: "SynclineSQL", dependencies: ["SynclineModel"], swiftSettings: strict),

    // Ports and adapters
    .target(name: "SynclinePorts", dependencies: ["SynclineModel"], swiftSettings: strict),
    .target(name: "SynclineLMDB", dependencies: ["CLMDB"], swiftSettings: strict),
    .target(
      name: "SynclineJournal",
      dependencies: ["CCrypto", "SynclineEngine", "SynclineLMDB", "SynclineModel"],
      swiftSettings: strict),
    .target(
      name: "SynclineSQLite",
      dependencies: ["CCrypto", "CSQLite", "SynclineModel", "SynclinePorts", "SynclineSQL"],
      swiftSettings: strict),
    .target(
      name: "SynclineConfiguration",
      dependencies: [
        "SynclineMapping", "SynclineModel", .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: strict),

    .target(
      name: "SynclineHTTP", dependencies: ["CCurl", "SynclineModel", "SynclinePorts"],
      swiftSettings: strict),
    .target(
      name: "SynclineJSON", dependencies: ["CSimdjson", "SynclineModel"], swiftSettings: strict),
    .target(
      name: "SynclineSalesforce",
      dependencies: [
        "CCrypto", "SynclineHTTP", "SynclineJSON", "SynclineModel", "SynclinePorts",
      ],
      swiftSettings: strict),

    // The shell and the command line
    .target(
      name: "SynclineRun",
      dependencies: [
        "SynclineConfiguration", "SynclineEngine", "SynclineJournal", "SynclineMapping",
        "SynclineModel", "SynclinePorts",
      ],
      swiftSettings: strict),
    .target(
      name: "SynclineCLI",
      dependencies: [
        "SynclineConfiguration", "SynclineEngine", "SynclineHTTP", "SynclineJournal",
        "SynclineMapping", "SynclineModel", "SynclinePorts", "SynclineRun", "SynclineSalesforce",
        "SynclineSandbox", "SynclineSandboxModel", "SynclineSQLite",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "syncline",
      dependencies: [
        "SynclineCLI", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    // The local server that speaks the protocol of a cloud; only the command line imports it
    .target(
      name: "SynclineSandboxModel", dependencies: ["SynclineModel"],
      resources: [.embedInCode("Resources/standard_objects.txt")], swiftSettings: strict),
    .target(name: "CSandboxCrypto", cSettings: strictC, linkerSettings: [.linkedLibrary("crypto")]),
    .target(name: "CSandboxZip", cSettings: strictC, linkerSettings: [.linkedLibrary("z")]),
    .target(
      name: "SynclineSandbox",
      dependencies: [
        "CSandboxCrypto", "CSandboxZip", "SynclineModel", "SynclinePorts", "SynclineSandboxModel",
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "HummingbirdTLS", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ],
      swiftSettings: strict),

    // What the tests and the house use; never part of the product
    .target(
      name: "SynclineTesting",
      dependencies: ["CSQLite", "SynclineEngine", "SynclineMapping", "SynclineModel", "SynclinePorts"],
      swiftSettings: strict),
    .target(name: "SynclineTidyRules", swiftSettings: strict),
    .executableTarget(
      name: "SynclineTidy", dependencies: ["SynclineTidyRules"], swiftSettings: strict),

    // The simulator and its judge, which knows nothing of what it judges
    .target(name: "SynclineOracle", swiftSettings: strict),
    .target(
      name: "SynclineSimulation",
      dependencies: [
        "SynclineEngine", "SynclineJournal", "SynclineMapping", "SynclineModel", "SynclineOracle",
        "SynclinePorts",
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "SynclineSimulate",
      dependencies: [
        "SynclineModel", "SynclineOracle", "SynclineSimulation", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    .executableTarget(
      name: "SynclineDocs", dependencies: ["SynclineEngine"], swiftSettings: strict),

    tests("SynclineModelTests", ["SynclineModel", "SynclineTesting"]),
    tests(
      "SynclineMappingTests", ["CSQLite", "SynclineMapping", "SynclineModel", "SynclineTesting"]),
    tests(
      "SynclineEngineTests",
      ["SynclineEngine", "SynclineMapping", "SynclineModel", "SynclineTesting"]),
    tests(
      "SynclineRunTests",
      [
        "SynclineEngine", "SynclineMapping", "SynclineModel", "SynclinePorts", "SynclineRun",
        "SynclineTesting",
      ]),
    tests("SynclineSQLTests", ["SynclineModel", "SynclineSQL"], exclude: ["Snapshots"]),
    // What the journal's tests do to a process of its own: limits, users, a kill.
    .executableTarget(
      name: "SynclineJournalProbe", dependencies: ["SynclineJournal", "SynclineModel"],
      path: "Tests/SynclineJournalProbe", swiftSettings: strict),
    .testTarget(
      name: "SynclineJournalTests",
      dependencies: [
        "CLMDB", "SynclineEngine", "SynclineJournal", "SynclineJournalProbe", "SynclineLMDB",
        "SynclineModel",
      ],
      exclude: ["Fixtures", "journal_reader.py"], swiftSettings: strict),
    tests(
      "SynclineSQLiteTests",
      ["CSQLite", "SynclineModel", "SynclinePorts", "SynclineSQL", "SynclineSQLite"]),
    tests(
      "SynclineContractTests",
      [
        "CSQLite", "SynclineHTTP", "SynclineModel", "SynclinePorts", "SynclineSQLite",
        "SynclineSalesforce", "SynclineTesting",
      ]),
    tests(
      "SynclineHTTPTests",
      ["SynclineHTTP", "SynclineModel", "SynclinePorts"], exclude: ["Server/server.py"]),
    tests("SynclineJSONTests", ["SynclineJSON", "SynclineModel"]),
    tests(
      "SynclineConfigurationTests",
      ["SynclineConfiguration", "SynclineMapping", "SynclineModel"]),
    tests("SynclineScenarioTests", ["CSQLite", "SynclineEngine", "SynclineJournal", "SynclineMapping", "SynclineModel", "SynclinePorts", "SynclineRun", "SynclineSQLite", "SynclineTesting"]),
    tests(
      "SynclineCLITests", ["CSQLite", "SynclineModel", "SynclineTesting"], exclude: ["Snapshots"]),
    tests("SynclineOracleTests", ["SynclineOracle"]),
    tests("SynclineSandboxModelTests", ["SynclineModel", "SynclineSandboxModel"]),
    // They drive the sandbox, a process of its own.
    tests(
      "SynclineSalesforceTests",
      [
        "SynclineHTTP", "SynclineModel", "SynclinePorts", "SynclineSalesforce", "SynclineTesting",
      ]),
    tests("SynclineSandboxTests", ["SynclineTesting"], exclude: ["edge.py"]),
    // The command is run by the tests: the same seeds in other surroundings.
    tests(
      "SynclineSimulationTests",
      [
        "SynclineJournal", "SynclineMapping", "SynclineModel", "SynclineOracle", "SynclinePorts",
        "SynclineSimulate", "SynclineSimulation",
      ]),
    tests("SynclineTidyTests", ["SynclineTidyRules"]),
  ],
  cxxLanguageStandard: .cxx17
)
