import SynclineTidyRules
import Testing

@Suite struct `Sizes` {
  private static func findings(_ text: String) -> [Finding] {
    SizeRules.findings(in: ProjectFile(path: "Sources/A/A.swift", text: text))
  }

  private static func lines(_ count: Int) -> String {
    Array(repeating: "    f()\n", count: count).joined()
  }

  @Test func `a file has at most 400 lines`() {
    #expect(Self.findings(Self.lines(400)) == [])
    #expect(
      Self.findings(Self.lines(401)) == [
        Finding("Sources/A/A.swift", "401 lines; at most 400, split it by meaning")
      ])
  }

  private static let heads = [
    "  func a() {", "  func a(\n    _ b: Int = { 1 }(),\n  ) throws -> [Int] {",
    "  init?(a: Int) {",
    "  deinit {", "  public subscript(a: Int) -> Int {", "  @Test func `a {`() {",
    "  func a<T>(_ b: T) -> T\n  where T: Equatable {",
  ]

  @Test(arguments: heads.indices)
  func `a function has at most 70 lines`(row: Int) {
    let head = Self.heads[row]
    let headLines = head.split(separator: "\n").count
    let fine = "struct A {\n\(head)\n\(Self.lines(69 - headLines))  }\n}\n"
    let long = "struct A {\n\(head)\n\(Self.lines(70 - headLines))  }\n}\n"
    #expect(Self.findings(fine) == [])
    #expect(
      Self.findings(long) == [
        Finding(
          "Sources/A/A.swift", line: 2, "a function of 71 lines; at most 70, split it by meaning")
      ])
  }

  @Test func `requirements and calls are no functions`() {
    let text = """
      protocol P {
        func a() -> Int
        init(b: Int)
      }
      struct S {
        let c = S.init(d: 1)
      \(Self.lines(80))}
      """
    #expect(Self.findings(text) == [])
  }
}
