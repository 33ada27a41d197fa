import SynclineConfiguration
import SynclineMapping
import SynclineModel
import Testing

@Suite struct `The journal line` {
  private static let id = "0f0c1d2e-0000-4000-8000-0123456789ab"

  private static let rows: [(before: String, after: String)] = [
    ("a: b\n", "a: b\njournal: ID\n"),
    ("a: b", "a: b\njournal: ID\n"),
    ("", "journal: ID\n"),
    ("a: b\r\nc: d\r\n", "a: b\r\nc: d\r\njournal: ID\r\n"),
    ("a: b\r\nc: d", "a: b\r\nc: d\r\njournal: ID\r\n"),
    ("a: b\n# journal: 0f0c…\n", "a: b\n# journal: 0f0c…\njournal: ID\n"),
    ("#journal: x\na: b # journal: y", "#journal: x\na: b # journal: y\njournal: ID\n"),
    ("a:\n  journal: x\n", "a:\n  journal: x\njournal: ID\n"),
    ("journals: x\n", "journals: x\njournal: ID\n"),
    ("journal: old\na: b\n", "journal: ID\na: b\n"),
    ("a: b\njournal: old", "a: b\njournal: ID"),
    (
      "a: b\r\njournal:   old  # written by the first run\r\n",
      "a: b\r\njournal:   ID  # written by the first run\r\n"
    ),
    ("journal:\na: b\n", "journal: ID\na: b\n"),
    ("'journal' : 'old'\n", "'journal' : ID\n"),
    ("\u{FEFF}journal: old\n", "\u{FEFF}journal: ID\n"),
    ("a: b\n...\n", "a: b\njournal: ID\n...\n"),
  ]

  @Test(arguments: rows.indices)
  func `nothing else of the file is touched`(row: Int) throws {
    let journal = try #require(JournalID(text: Self.id))
    let expected = Self.rows[row].after.replacing("ID", with: Self.id)
    let written = JournalLine.writing(journal, into: Self.rows[row].before)
    #expect(Array(written.utf8) == Array(expected.utf8))
    #expect(Array(JournalLine.writing(journal, into: written).utf8) == Array(expected.utf8))
  }

  @Test func `is found in a file that cannot be read otherwise`() {
    let id = JournalID(text: Self.id)
    let rows = [
      ("x: [\njournal: ID\n", id), ("journal: 'ID'  # first run", id), ("\"journal\": \"ID\"", id),
      ("# journal: ID\n", nil), ("journal: x\n", nil), ("journal: '\n", nil), ("", nil),
    ]
    for (text, expected) in rows {
      #expect(JournalLine.journal(in: Array(text.replacing("ID", with: Self.id).utf8)) == expected)
    }
  }

  @Test func `the reader reads back what was written`() throws {
    let journal = try #require(JournalID(text: Self.id))
    var expected = Minimal.definition
    expected.journal = journal
    #expect(Reading(JournalLine.writing(journal, into: Minimal.text)) == .package(expected))
  }

  @Test func `bytes are kept as they are`() throws {
    let journal = try #require(JournalID(text: Self.id))
    let written = JournalLine.writing(journal, into: [0x61, 0x3A, 0x20, 0xFF, 0x0A])
    #expect(written == [0x61, 0x3A, 0x20, 0xFF, 0x0A] + Array("journal: \(Self.id)\n".utf8))
  }
}

@Suite struct `The skeleton of a package` {
  private static let keys = [
    "timeZone:", "busyTimeout:", "conflicts:", "capture:", "deletes:", "inferredDeletes:", "drift:",
    "relations:", "toTarget:", "toSource:", "Checked:",
  ]
  /// Those that only one of the skeletons has.
  private static func more(_ partner: PackageSkeleton.Partner) -> [String] {
    switch partner {
    case .sqlite: ["ReferredBy:", "Origin:", "Contact:"]
    case .salesforce:
      [
        "dedicatedAccount:", "signIn:", "apiVersion:", "caFile:", "maxCalls:", "writes:",
        "duringRun:",
        "Boss:", "LeadSource:",
      ]
    }
  }

  @Test(arguments: PackageSkeleton.Partner.allCases)
  func `it reads without problems`(partner: PackageSkeleton.Partner) {
    let package = Reading(PackageSkeleton.text(with: partner)).package
    #expect(package?.name == "Untitled")
    #expect(package?.tasks.map(\.name) == ["Customers"])
  }

  @Test(arguments: PackageSkeleton.Partner.allCases)
  func `it reads without problems with every comment in front of a key taken away`(
    partner: PackageSkeleton.Partner
  ) {
    let keys = Self.keys + Self.more(partner)
    let skeleton = PackageSkeleton.text(with: partner)
    var taken = 0
    let lines = skeleton.split(separator: "\n", omittingEmptySubsequences: false)
    let text = lines.map { line -> String in
      let words = line.split(separator: " ")
      guard words.first == "#", words.count > 1, keys.contains(String(words[1])) else {
        return String(line)
      }
      taken += 1
      return String(line.replacing("# ", with: "", maxReplacements: 1))
    }
    .joined(separator: "\n")
    #expect(taken == keys.count)
    var expected = Reading(skeleton).package?.tasks.map(\.relations.count)
    expected = expected.map { $0.map { $0 + 1 } }
    #expect(Reading(text).package?.tasks.map(\.relations.count) == expected)
    #expect(Reading(text) != Reading(skeleton))
  }
}
