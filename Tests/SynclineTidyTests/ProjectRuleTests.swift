import SynclineTidyRules
import Testing

@Suite struct `The project as a whole` {
  private static let topLevel = [
    "Package.swift", "Sources", "Tests", "Docs", "Tools", "README.md", ".swift-format", ".ci",
    "Package.resolved",
  ]

  @Test func `the top level is fixed`() {
    #expect(LayoutRules.findings(inTopLevel: Self.topLevel) == [])
    let names = Self.topLevel.filter { $0 != "Docs" } + ["scripts"]
    #expect(
      LayoutRules.findings(inTopLevel: names).sorted() == [
        Finding("Docs", "is missing at the top"),
        Finding("scripts", "does not belong at the top; the top level is fixed"),
      ])
  }

  @Test(arguments: ["Utils", "Helpers", "Common", "Misc", "New", "Legacy", "utilities"])
  func `rooms without a subject are refused`(name: String) {
    let message = "`\(name)` says nothing; name the folder or file after a thing"
    for path in ["Sources/A/\(name)/B.swift", "Sources/A/\(name).swift"] {
      #expect(LayoutRules.findings(inPath: path) == [Finding(path, message)])
    }
    #expect(LayoutRules.findings(inPath: "Sources/A/\(name)paper.swift") == [])
  }

  @Test func `a path has no spaces`() {
    #expect(
      LayoutRules.findings(inPath: "Docs/A b.md") == [
        Finding("Docs/A b.md", "a path has no spaces")
      ])
  }

  @Test func `dependencies are pinned and explained`() {
    let manifest = Manifest(
      targets: [],
      packages: [
        Manifest.Package("yams", isPinned: true), Manifest.Package("swift-log", isPinned: false),
      ])
    let record = ProjectFile(path: "Docs/Decisions/0002-yams.md", text: "# Yams reads packages")
    #expect(
      DependencyRules.findings(in: manifest, records: [record]) == [
        Finding("Package.swift", "swift-log must be pinned with `exact:`"),
        Finding("Package.swift", "swift-log needs a record in Docs/Decisions"),
      ])
  }

  @Test func `links lead somewhere`() {
    let text = """
      [a](Style.md) [b](../README.md#shape) [c](https://example.com) [d](#here)
      [e](Missing.md) `[f](Code.md)` [g](../../Outside.md) [h](Decisions/)
      ```
      [i](Fenced.md)
      ```
      ![j](Decisions/picture.png "title")
      """
    let file = ProjectFile(path: "Docs/README.md", text: text)
    let known: Set = ["Docs/Style.md", "README.md", "Docs/Decisions"]
    #expect(
      LinkRules.findings(in: file) { known.contains($0) } == [
        Finding("Docs/README.md", line: 2, "the link `Missing.md` leads nowhere"),
        Finding("Docs/README.md", line: 2, "the link `../../Outside.md` leaves the project"),
        Finding("Docs/README.md", line: 6, "the link `Decisions/picture.png` leads nowhere"),
      ])
  }

  @Test func `the manifest is read from the dump of the package manager`() throws {
    let json = """
      {"dependencies": [
        {"sourceControl": [{"identity": "yams", "requirement": {"exact": ["6.2.2"]}}]},
        {"sourceControl": [{"identity": "a", "requirement": {"range": [{"lowerBound": "1.0.0"}]}}]},
        {"fileSystem": [{"identity": "b", "path": "b"}]}],
       "targets": [
        {"name": "T", "type": "regular", "dependencies": [
          {"byName": ["M", null]}, {"product": ["Yams", "Yams", null, null]}]},
        {"name": "TTests", "type": "test", "dependencies": [{"target": ["T", null]}]}]}
      """
    #expect(
      try Manifest(json: Array(json.utf8))
        == Manifest(
          targets: [
            Manifest.Target("T", dependencies: ["M", "Yams"]),
            Manifest.Target("TTests", kind: "test", dependencies: ["T"]),
          ],
          packages: [
            Manifest.Package("yams", isPinned: true), Manifest.Package("a", isPinned: false),
            Manifest.Package("b", isPinned: false),
          ]))
  }

  @Test func `findings of all rules come sorted`() {
    let project = Project(
      topLevel: Self.topLevel,
      paths: ["Package.swift", "README.md", "Sources/SynclineModel/Utils/A.swift", "Docs/B.md"],
      files: [
        ProjectFile(path: "Docs/B.md", text: "[c](C.md) [s](../Sources)"),
        ProjectFile(
          path: "Sources/SynclineModel/Utils/A.swift", text: "import Foundation\nlet a = Date()"),
      ],
      manifest: Manifest(
        targets: [Manifest.Target("SynclineModel")],
        packages: [Manifest.Package("yams", isPinned: true)]))
    #expect(
      project.findings.map(\.description) == [
        "Docs/B.md:1: the link `C.md` leads nowhere",
        "Package.swift: yams needs a record in Docs/Decisions",
        "Sources/SynclineModel/Utils/A.swift: `Utils` says nothing; name the folder or file after"
          + " a thing",
        "Sources/SynclineModel/Utils/A.swift:1: SynclineModel is pure and must not import"
          + " Foundation",
        "Sources/SynclineModel/Utils/A.swift:2: `Date()` is banned here; take it as an input",
      ])
  }
}
