import SynclineMapping
import SynclineModel

@testable import SynclineEngine

/// What one side did since base, in the worlds that are enumerated.
enum Act: CaseIterable {
  case clean, a, b, both, oneWay, deleted, missing, vacant

  /// The fields mapped both ways that it changed.
  var edits: Set<FieldNumber> {
    switch self {
    case .a: [SmallMapping.a]
    case .b: [SmallMapping.b]
    case .both: [SmallMapping.a, SmallMapping.b]
    case .clean, .oneWay, .deleted, .missing, .vacant: []
    }
  }

  var presence: RecordState.Presence? {
    switch self {
    case .deleted: .deleted
    case .missing: .missing
    case .vacant: nil
    case .clean, .a, .b, .both, .oneWay: .there
    }
  }
}

/// A rule of the package, and rules that fields `a` and `b` have of their own.
struct Rules: Hashable {
  var task: ConflictRule
  var a: ConflictRule?
  var b: ConflictRule?

  func rule(_ field: FieldNumber) -> ConflictRule {
    (field == SmallMapping.a ? a : b) ?? task
  }

  static let all: [Rules] =
    ConflictRule.allCases.map { Rules(task: $0) }
    + [
      Rules(task: .source, a: .target), Rules(task: .target, b: .source),
      Rules(task: .source, b: .merge), Rules(task: .hold, a: .source),
      Rules(task: .hold, a: .target, b: .merge), Rules(task: .merge, a: .target),
      Rules(task: .newest, a: .target),
    ]
}

/// One link that was agreed under the mapping in force, and what either side did since.
struct SmallWorld: CustomStringConvertible {
  var source: Act
  var target: Act
  var rules: Rules
  var sourceIsLater: Bool
  var editsAreAlike: Bool
  var drift: DriftRule
  var isInEpoch: Bool

  static var all: [SmallWorld] {
    var worlds: [SmallWorld] = []
    for source in Act.allCases {
      for target in Act.allCases {
        for rules in Rules.all { worlds += variants(source, target, rules) }
      }
    }
    return worlds
  }

  private static func variants(_ source: Act, _ target: Act, _ rules: Rules) -> [SmallWorld] {
    var worlds: [SmallWorld] = []
    for bits in 0..<16 {
      worlds.append(
        SmallWorld(
          source: source, target: target, rules: rules, sourceIsLater: bits & 1 != 0,
          editsAreAlike: bits & 2 != 0, drift: bits & 4 != 0 ? .restore : .leave,
          isInEpoch: bits & 8 != 0))
    }
    return worlds
  }

  var description: String {
    "source \(source), target \(target), \(rules), "
      + "\(sourceIsLater ? "source" : "target") later, edits \(editsAreAlike ? "alike" : "differ"), "
      + "drift \(drift), \(isInEpoch ? "in" : "not in") an epoch"
  }

  func act(_ side: Side) -> Act { side == .source ? source : target }

  static let fields = [SmallMapping.a, SmallMapping.b, SmallMapping.c]

  /// What a side holds now.
  func row(_ side: Side) -> PackedRow {
    var row = PackedRow(Self.fields.map { ($0, Value.text("base")) })
    let edited = Value.text(editsAreAlike ? "edited" : "edited in \(side)")
    for field in act(side).edits { row = row.setting(field, to: edited) }
    if act(side) == .oneWay { row = row.setting(SmallMapping.c, to: edited) }
    return row
  }

  var mapping: SmallMapping {
    var mapping = SmallMapping(conflicts: rules.task, drift: drift)
    mapping.pair(SmallMapping.a, rule: rules.a)
    mapping.pair(SmallMapping.b, rule: rules.b)
    mapping.oneWay(SmallMapping.c, to: .target)
    return mapping
  }

  var facts: LinkFacts {
    var link = LinkState(task: SmallMapping.task)
    for side in Side.allCases { link[side] = slot(side) }
    return LinkFacts(
      link: link, source: record(.source), target: record(.target), isInEpoch: isInEpoch)
  }

  private func slot(_ side: Side) -> SlotState {
    var slot = SlotState()
    slot.revision = MappingRevision(1)
    slot.isVacant = act(side) == .vacant
    if act(side) == .vacant { return slot }
    slot.record = RecordNumber(side == .source ? 1 : 2)
    let dirty = act(side).edits.union(act(side) == .oneWay ? [SmallMapping.c] : [])
    slot.base = PackedRow(dirty.map { ($0, Value.text("base")) })
    return slot
  }

  private func record(_ side: Side) -> RecordState? {
    guard let presence = act(side).presence else { return nil }
    let isLater = (side == .source) == sourceIsLater
    return RecordState(
      object: side == .source ? SmallMapping.source : SmallMapping.target,
      key: NativeKey(integer: 1), presence: presence, row: row(side),
      stamp: Stamp(time: Timestamp(microseconds: isLater ? 2 : 1)),
      observed: EventSequence(side == .source ? 11 : 12), lastEvent: EventSequence(20),
      memberships: [])
  }
}
