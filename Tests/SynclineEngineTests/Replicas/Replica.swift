import SynclineMapping
import SynclineModel

@testable import SynclineEngine

/// One system in memory: rows under keys that it gives out itself.
struct Replica {
  private(set) var rows: [NativeKey: PackedRow] = [:]
  private(set) var stamps: [NativeKey: Timestamp] = [:]
  /// What was carried out, by command, as a database keeps it in the same transaction.
  private(set) var carriedOut: [CommandID: NativeKey] = [:]
  /// The records that we made.
  private(set) var ours: Set<NativeKey> = []
  /// An automation that writes field `b` in capitals after each of our writes.
  var rewrites = false
  private var lastKey: Int64 = 0

  static let columns = [
    SmallMapping.tag, SmallMapping.a, SmallMapping.b, SmallMapping.c, SmallMapping.d,
    SmallMapping.generated,
  ]

  /// A user makes a record; fields that are left out get a default or null.
  mutating func create(_ row: PackedRow, at time: Timestamp, default generated: Value) -> NativeKey
  {
    lastKey += 1
    let key = NativeKey(integer: lastKey)
    let empty = PackedRow(Self.columns.map { ($0, Value.null) })
    rows[key] = empty.setting(SmallMapping.generated, to: generated).merging(row)
    stamps[key] = time
    return key
  }

  mutating func update(_ key: NativeKey, _ changes: PackedRow, at time: Timestamp) {
    guard let row = rows[key] else { return }
    rows[key] = row.merging(changes)
    stamps[key] = time
  }

  mutating func delete(_ key: NativeKey) { rows[key] = nil }

  enum Result {
    case written(NativeKey, stored: PackedRow)
    case changed
  }

  /// Carries out a command if the record is as expected.
  mutating func carryOut(
    _ id: CommandID, _ command: CommandIssued, key: NativeKey?, expected: PackedRow?,
    types: [FieldNumber: FieldType]
  ) -> Result {
    if let key {
      guard rows[key] == expected else { return .changed }
    }
    var changes = PackedRow(
      command.row.values.map { ($0.field, types[$0.field]?.norm($0.value) ?? $0.value) })
    if rewrites, case .text(let text)? = changes[SmallMapping.b] {
      changes = changes.setting(SmallMapping.b, to: .text(text.string.uppercased()))
    }
    switch command.operation {
    case .insert:
      let new = create(
        changes, at: Timestamp(microseconds: 0), default: .text("generated \(lastKey + 1)"))
      carriedOut[id] = new
      ours.insert(new)
    case .update:
      guard let key, let row = rows[key] else { return .changed }
      rows[key] = row.merging(changes)
      carriedOut[id] = key
    case .delete:
      guard let key else { return .changed }
      rows[key] = nil
      carriedOut[id] = key
    }
    guard let written = carriedOut[id] else { return .changed }
    return .written(written, stored: rows[written] ?? PackedRow())
  }
}
