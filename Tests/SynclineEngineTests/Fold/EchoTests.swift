import SynclineModel
import Testing

@testable import SynclineEngine

private let a = SmallMapping.a
private let b = SmallMapping.b
private let unmapped = FieldNumber(99)

/// How often in a row systems rewrote what was written (semantics 22).
@Suite struct `Rewrites` {
  private static let low = PackedRow([a: .text("x")])
  private static let high = PackedRow([a: .text("X")])

  private var journal: FoldedJournal

  /// A quiet pair whose source was edited and whose target was written.
  init() throws {
    journal = try FoldedJournal()
    try journal.pair(PackedRow([a: .text("o"), b: .text("o")]))
    try journal.change(1, Self.low)
    try write(Self.low, to: .target)
  }

  private mutating func write(
    _ row: PackedRow, to side: Side, revision: UInt32 = 1,
    rewrittenAs stored: PackedRow = PackedRow()
  ) throws {
    let record: UInt64 = side == .source ? 1 : 2
    let command = try journal.issue(.update, to: side, row, record: record, revision: revision)
    try journal.confirm(
      command, record: record, CommandConfirmed(stored: stored, derived: stored.fields))
  }

  private func count() throws -> UInt8? { try journal.link()?.bounces }

  @Test mutating func `what was written waits for the first look at it`() throws {
    #expect(try journal.link()?.target.echo == .awaited)
    #expect(try journal.link()?.source.echo == SlotState.Echo.none)
    #expect(try count() == 0)
  }

  @Test mutating func `what our own user wrote after our write is that rewritten, and an edit`()
    throws
  {
    try journal.change(2, Self.high, isRewritten: true)
    let link = try journal.link()
    #expect(link?.bounces == 1)
    #expect(link?.target.echo == .rewritten)
    #expect(link?.target.base == Self.low)
    #expect(link?.agenda == .linked)
  }

  @Test mutating func `two systems that rewrite one another's values reach the limit`() throws {
    for expected in [UInt8(2), 3] {
      try journal.change(2, Self.high, isRewritten: true)
      try write(Self.high, to: .source, rewrittenAs: Self.low)
      #expect(try count() == expected)
      try write(Self.low, to: .target)
    }
  }

  @Test mutating func `a second look before the answer was carried counts once`() throws {
    try journal.change(2, Self.high, isRewritten: true)
    try journal.change(2, PackedRow([a: .text("XX")]), isRewritten: true)
    #expect(try count() == 1)
  }

  @Test(arguments: [UInt64(1), 2])
  mutating func `an edit by somebody ends the row`(of record: UInt64) throws {
    try journal.change(2, Self.high, isRewritten: true)
    try journal.change(record, PackedRow([b: .text("z")]))
    #expect(try count() == 0)
  }

  @Test mutating func `a field that no mapping names is nothing that was written`() throws {
    try journal.change(2, PackedRow([unmapped: .text("t")]), isRewritten: true)
    #expect(try count() == 0)
    #expect(try journal.link()?.target.echo == .awaited)
  }

  @Test mutating func `an edit under our user's name that follows no write is somebody's`() throws {
    try journal.change(2, Self.high, isRewritten: true)
    try write(Self.high, to: .source)
    try journal.change(2, Self.low, isRewritten: true)
    #expect(try count() == 0)
  }

  @Test mutating func `a write that no rewriting led to begins anew`() throws {
    try journal.change(2, Self.high, isRewritten: true)
    try write(Self.high, to: .source)
    #expect(try count() == 1)
    try write(Self.low, to: .target)
    #expect(try count() == 0)
  }

  @Test mutating func `a write under another mapping begins anew`() throws {
    try journal.change(2, Self.high, isRewritten: true)
    try journal.adopt(2, [FoldedJournal.people])
    try write(Self.high, to: .source, revision: 2, rewrittenAs: Self.low)
    #expect(try count() == 1)
  }

  @Test mutating func `a held link that was tried again and stands is held no longer`() throws {
    for _ in 1...2 {
      try journal.change(2, Self.high, isRewritten: true)
      try write(Self.high, to: .source, rewrittenAs: Self.low)
      try write(Self.low, to: .target)
    }
    #expect(try count() == 0)
    try journal.change(2, Self.high, isRewritten: true)
    #expect(try count() == 1)
  }
}
