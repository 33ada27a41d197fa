import SynclineModel

@testable import SynclineEngine

/// The facts of one link whose records are both there, bent by tests to their need.
struct LinkBuilder {
  var source: PackedRow
  var target: PackedRow
  var link: LinkState

  init(source: PackedRow, target: PackedRow, revision: UInt32 = 1) {
    self.source = source
    self.target = target
    link = LinkState(task: SmallMapping.task)
    for side in Side.allCases {
      link[side].record = RecordNumber(side == .source ? 1 : 2)
      link[side].revision = MappingRevision(revision)
    }
  }

  init(_ row: PackedRow) { self.init(source: row, target: row) }

  subscript(side: Side) -> PackedRow {
    get { side == .source ? source : target }
    set { if side == .source { source = newValue } else { target = newValue } }
  }

  /// A user puts a value into a field, as the fold would see it.
  mutating func edit(_ side: Side, _ field: FieldNumber, _ value: Value) {
    if !link[side].base.contains(field), let old = self[side][field] {
      link[side].base = link[side].base.setting(field, to: old)
    }
    self[side] = self[side].setting(field, to: value)
  }

  var facts: LinkFacts {
    LinkFacts(link: link, source: record(.source), target: record(.target), isInEpoch: false)
  }

  private func record(_ side: Side) -> RecordState {
    RecordState(
      object: side == .source ? SmallMapping.source : SmallMapping.target,
      key: NativeKey(integer: 1), presence: .there, row: self[side], stamp: Stamp(),
      observed: EventSequence(side == .source ? 11 : 12), lastEvent: EventSequence(20),
      memberships: [])
  }
}
