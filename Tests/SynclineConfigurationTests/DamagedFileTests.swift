import SynclineConfiguration
import SynclineMapping
import SynclineModel
import Testing

/// A sound file that was cut off or altered anywhere: it is read, or every problem has a place.
@Suite struct `Damaged package files` {
  private static let sound = Array(PackageSkeleton.text(with: .sqlite).utf8)

  /// What was said about a file without telling where.
  private static func unplaced(_ bytes: [UInt8]) -> [String] {
    Reading(bytes).lines.filter { $0.firstMatch(of: /^p\.sync\.yaml:\d+:\d+: ./) == nil }
  }

  @Test func `a file that is cut off anywhere`() {
    for count in Self.sound.indices {
      #expect(Self.unplaced(Array(Self.sound.prefix(count))) == [], "cut off at \(count)")
    }
  }

  @Test(arguments: ["\t", "\n", ":", "-", "[", "}", "\"", "*", "&", "!", "#", "\u{0}", "|", "?"])
  func `a file in which any one character is another`(character: String) {
    // Every eleventh place, which meets every column sooner or later.
    for index in stride(from: 0, to: Self.sound.count, by: 11) {
      var bytes = Self.sound
      bytes.replaceSubrange(index...index, with: character.utf8)
      #expect(Self.unplaced(bytes) == [], "altered at \(index)")
    }
  }

  @Test func `a file in which any line is missing or doubled`() {
    let lines = PackageSkeleton.text(with: .sqlite).split(
      separator: "\n", omittingEmptySubsequences: false)
    for index in lines.indices {
      let missing = Array(lines[..<index]) + Array(lines[(index + 1)...])
      let doubled = Array(lines[...index]) + Array(lines[index...])
      for changed in [missing, doubled] {
        #expect(Self.unplaced(Array(changed.joined(separator: "\n").utf8)) == [])
      }
    }
  }

  @Test func `the journal line never spoils a file that was fine`() throws {
    let journal = try #require(JournalID(text: "0f0c1d2e-0000-4000-8000-0123456789ab"))
    for count in stride(from: 0, to: Self.sound.count, by: 3) {
      let cut = Array(Self.sound.prefix(count))
      guard var expected = Reading(cut).package else { continue }
      expected.journal = journal
      #expect(Reading(JournalLine.writing(journal, into: cut)) == .package(expected))
    }
  }
}
