import SynclineTidyRules
import Testing

@Suite struct `Imports` {
  private static let manifest = Manifest(targets: [
    Manifest.Target("SynclineModel"),
    Manifest.Target("SynclineSQLite", dependencies: ["CSQLite", "SynclineModel"]),
    Manifest.Target("SynclineTesting", dependencies: ["SynclineModel"]),
    Manifest.Target("SynclineModelTests", kind: "test", dependencies: ["CSQLite"]),
  ])

  private static let rows: [(path: String, text: String, findings: [String])] = [
    ("Sources/SynclineSQLite/A.swift", "import CSQLite\npublic import SynclineModel", []),
    (
      "Sources/SynclineSQLite/A.swift", "// why\n@preconcurrency internal import struct Yams.Node",
      ["Sources/SynclineSQLite/A.swift:2: Yams is no dependency of SynclineSQLite in Package.swift"]
    ),
    (
      "Sources/SynclineModel/Values/A.swift", "import Foundation",
      [
        "Sources/SynclineModel/Values/A.swift:1: SynclineModel is pure and must not import"
          + " Foundation"
      ]
    ),
    (
      "Sources/SynclineModel/A.swift", "import Synchronization\nimport Glibc\nimport Dispatch",
      [
        "Sources/SynclineModel/A.swift:1: SynclineModel is pure and must not import"
          + " Synchronization",
        "Sources/SynclineModel/A.swift:2: SynclineModel is pure and must not import Glibc",
        "Sources/SynclineModel/A.swift:3: SynclineModel is pure and must not import Dispatch",
      ]
    ),
    ("Sources/SynclineSQLite/A.swift", "import Foundation", []),
    ("Sources/SynclineTesting/A.swift", "import Testing", []),
    ("Tests/SynclineModelTests/A.swift", "import Testing\nimport CSQLite", []),
    (
      "Sources/SynclineSQLite/A.swift", "import Testing",
      ["Sources/SynclineSQLite/A.swift:1: only tests and SynclineTesting may import Testing"]
    ),
    ("Sources/SynclineModel/A.swift", "let text = \"import Foundation\" // import Glibc", []),
    ("Sources/CCrypto/a.c", "import Foundation", []),
  ]

  @Test(arguments: rows.indices)
  func `a file imports what its target lists and its layer allows`(row: Int) {
    let (path, text, findings) = Self.rows[row]
    let file = ProjectFile(path: path, text: text)
    #expect(
      ImportRules.findings(in: file, manifest: Self.manifest).map(\.description) == findings)
  }

  @Test func `the lists of the manifest keep the layers`() {
    let manifest = Manifest(targets: [
      Manifest.Target("SynclineEngine", dependencies: ["SynclineModel", "SynclinePorts"]),
      Manifest.Target("SynclineRun", dependencies: ["SynclineTesting", "CLMDB", "SynclineModel"]),
      Manifest.Target("SynclineLMDB", dependencies: ["CLMDB"]),
      Manifest.Target("SynclineTesting", dependencies: ["CSQLite"]),
      Manifest.Target(
        "SynclineRunTests", kind: "test", dependencies: ["SynclineTesting", "CLMDB"]),
    ])
    #expect(
      ImportRules.findings(in: manifest).map(\.description) == [
        "Package.swift: SynclineEngine is pure and must not depend on SynclinePorts",
        "Package.swift: SynclineRun is product and must not depend on SynclineTesting",
        "Package.swift: only SynclineLMDB may depend on CLMDB, not SynclineRun",
      ])
  }
}
