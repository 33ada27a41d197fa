import Foundation
import SynclineMapping
import SynclineModel
import Testing

/// Keeps the tables of Docs/Mapping.md equal to the code. With SYNCLINE_RECORD set in the environment
/// the page is written anew.
@Suite(.serialized) struct `Docs/Mapping.md` {
  @Test func `shows which kinds convert`() throws {
    let kinds = FieldType.Kind.allCases
    var lines = ["| from \\ to | " + kinds.map(\.word).joined(separator: " | ") + " |"]
    lines.append(String(repeating: "|---", count: kinds.count + 1) + "|")
    for source in kinds {
      let cells = kinds.map { $0.verdict(from: source).rawValue }
      lines.append("| **\(source.word)** | " + cells.joined(separator: " | ") + " |")
    }
    try Page().check("kinds", lines)
  }

  @Test func `shows examples as the code computes them`() throws {
    let values: [(FieldType.Kind, Value)] = [
      (.boolean, .boolean(true)), (.integer, .integer(1)), (.integer, .integer(42)),
      (.integer, .integer(9_007_199_254_740_993)), (.decimal, Samples.decimal("12.5")),
      (.decimal, Samples.decimal("0.12345678901234567890123")), (.double, .double(0.1)),
      (.double, .double(5)), (.double, .double(1e16)), (.double, .double(9.3e18)),
      (.bytes, .bytes([0xDE, 0xAD])), (.date, Samples.date("2026-11-24")),
      (.time, Samples.time("09:30:00.25")), (.timestamp, Samples.moment("2026-11-24T09:30:00Z")),
      (.localTimestamp, Samples.local("2026-11-24 00:00:00")), (.uuid, Samples.uuid),
    ]
    var lines = ["| value | written to | becomes |", "|---|---|---|"]
    for (source, value) in values {
      for target in FieldType.Kind.allCases
      where target != source && target != .any && target.verdict(from: source) != .refused {
        lines.append(example(value, source, target))
      }
    }
    let texts: [(String, [FieldType.Kind])] = [
      ("7,5", [.double]), ("1.234,5", [.decimal]), ("1.50", [.integer, .decimal, .double]),
      ("007", [.integer]), ("true", [.boolean, .integer]),
      ("2026-11-24", [.date, .time, .timestamp, .localTimestamp]),
      ("11/24/2026 09:30:00", [.date, .timestamp, .localTimestamp]), ("24.11.2026", [.date]),
      ("2026-11-24T09:30:00+02:00", [.timestamp, .localTimestamp]), ("9:30", [.time]),
      ("00010203-0405-0607-0809-0A0B0C0D0E0F", [.uuid]),
    ]
    for (text, kinds) in texts {
      lines += kinds.map { example(.text(text), .text, $0) }
    }
    try Page().check("examples", lines)
  }

  @Test func `shows what the affinities make of a value`() throws {
    let columns: [(String, FieldType.Storage)] = [
      ("INTEGER, NUMERIC", .numericAffinity), ("REAL", .realAffinity), ("TEXT", .textAffinity),
      ("BLOB, none", .blobAffinity),
    ]
    let values: [Value] = [
      .integer(5), .integer(9_007_199_254_740_993), .double(5), .double(1.5), .double(1e16),
      .text("5"), .text("007"), .text(" 1.50 "), .text("1e3"), .text("0x10"), .text("abc"),
      .text(""), .bytes([0x35]),
    ]
    var lines = ["| value | " + columns.map(\.0).joined(separator: " | ") + " |"]
    lines.append(String(repeating: "|---", count: columns.count + 1) + "|")
    for value in values {
      let cells = columns.map { classed(FieldType(.any, storage: $0.1).norm(value)) }
      lines.append("| \(classed(value)) | " + cells.joined(separator: " | ") + " |")
    }
    try Page().check("affinities", lines)
  }

  private func example(
    _ value: Value, _ source: FieldType.Kind, _ target: FieldType.Kind
  ) -> String {
    let result =
      switch FieldType(target).result(of: value, from: FieldType(source)) {
      case .value(let value): shown(value)
      case .problem(let message): "record error: \(message)"
      }
    return "| \(source.word) \(shown(value)) | \(target.word) | \(result) |"
  }

  private func classed(_ value: Value) -> String {
    switch value {
    case .integer: "INTEGER \(shown(value))"
    case .double(let double): "REAL `\(double)`"
    case .text: "TEXT \(shown(value))"
    default: "BLOB \(shown(value))"
    }
  }

  private func shown(_ value: Value) -> String {
    let text =
      switch value {
      case .boolean(let boolean): "\(boolean)"
      case .integer(let integer): "\(integer)"
      case .decimal(let decimal): "\(decimal)"
      case .double(let double): "\(double)"
      case .text(let text): "'\(text.string)'"
      case .bytes(let bytes): "x" + Hexadecimal.text(bytes)
      case .date(let date): "\(date)"
      case .time(let time): "\(time)"
      case .timestamp(let moment): ISOText.format(moment: moment)
      case .localTimestamp(let local): ISOText.format(local: local)
      case .uuid(let bytes): UUIDText.format(bytes)
      default: "?"
      }
    return "`\(text)`"
  }
}

/// The page, and the parts of it between marks.
private struct Page {
  private let url = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Docs/Mapping.md")

  func check(_ name: String, _ lines: [String]) throws {
    let text = try String(contentsOf: url, encoding: .utf8)
    let begin = try #require(text.range(of: "<!-- begin \(name) -->\n"))
    let end = try #require(text.range(of: "<!-- end \(name) -->"))
    let wanted = lines.map { $0 + "\n" }.joined()
    let part = begin.upperBound..<end.lowerBound
    if ProcessInfo.processInfo.environment["SYNCLINE_RECORD"] != nil {
      try text.replacingCharacters(in: part, with: wanted)
        .write(to: url, atomically: true, encoding: .utf8)
    } else {
      #expect(String(text[part]) == wanted)
    }
  }
}
