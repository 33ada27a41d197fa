import Foundation
import SynclineModel
import SynclinePorts
import SynclineSQLite

/// A database in a folder of its own, with a connector of ours and the owner's own program.
final class Fixture {
  let folder: URL
  let file: String
  let owner: OwnersProgram
  let connector: SQLiteConnector
  /// The objects that `track` bound, by name.
  private(set) var bindings: [ObjectName: ObjectBinding] = [:]

  static let journal = JournalID(
    bytes: [0xAB, 0x12, 0xCD, 0x34] + [UInt8](repeating: 7, count: 12))

  init(_ script: String, busyTimeoutMilliseconds: Int = 20) throws {
    folder = FileManager.default.temporaryDirectory.appending(
      path: "syncline-sqlite-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    file = folder.appending(path: "test.sqlite").path
    owner = try OwnersProgram(file)
    try owner.run(script)
    connector = Self.connector(file, busyTimeoutMilliseconds: busyTimeoutMilliseconds)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  static func connector(
    _ file: String, busyTimeoutMilliseconds: Int = 20
  ) -> SQLiteConnector {
    SQLiteConnector(
      file: file, zoneMinutes: 0, busyTimeoutMilliseconds: busyTimeoutMilliseconds,
      identifiers: { [UInt8](repeating: 0x11, count: 16) })
  }

  static func ownerRow(
    generation: UInt32 = 1, journal: JournalID = Fixture.journal, objects: [ObjectName] = []
  ) -> OwnerRow {
    OwnerRow(
      journal: journal, side: .source, generation: TrackingGeneration(generation),
      sequence: EventSequence(3), seal: [UInt8](repeating: 9, count: 32),
      identities: [.target: SystemIdentity("the other")],
      pairs: objects.map { ObjectPair(source: $0, target: $0) })
  }

  /// Inspects the objects and binds them: objects are numbered from 1, fields of each from 1, in
  /// the order of their columns.
  @discardableResult
  func bind(
    _ names: ObjectName..., keyIsAssigned: Bool = false,
    edit: (inout ObjectBinding) -> Void = { _ in }
  ) async throws -> Inspection {
    let requests = names.map { ObjectRequest(name: $0, keyIsAssigned: keyIsAssigned) }
    let inspection = try await connector.inspect(requests, ourJournal: Self.journal)
    for (place, name) in names.enumerated() {
      guard let schema = inspection.objects[name] else {
        throw OwnersProgram.Failure(message: inspection.refusals[name] ?? "\(name) is not there")
      }
      let fields = schema.fields.enumerated().map { index, field in
        ObjectBinding.Field(
          number: FieldNumber(UInt16(index + 1)), name: field.name, type: field.type)
      }
      guard let key = fields.first(where: { $0.name == schema.key }) else {
        throw OwnersProgram.Failure(message: "\(name) has no key")
      }
      var binding = ObjectBinding(
        object: ObjectNumber(UInt16(place + 1)), name: name, key: key, fields: fields)
      edit(&binding)
      bindings[name] = binding
    }
    try await connector.bind(names.compactMap { bindings[$0] })
    return inspection
  }

  /// Binds the objects and tracks them.
  func track(
    _ names: ObjectName..., generation: UInt32 = 1, keyIsAssigned: Bool = false
  ) async throws {
    switch names.count {
    case 1: try await bind(names[0], keyIsAssigned: keyIsAssigned)
    case 2: try await bind(names[0], names[1], keyIsAssigned: keyIsAssigned)
    default: throw OwnersProgram.Failure(message: "one or two objects")
    }
    _ = try await connector.createTracking(
      TrackingRequest(
        objects: names.compactMap { bindings[$0] },
        owner: Self.ownerRow(generation: generation, objects: names)))
  }

  /// All changes since the last acknowledgement, told as `number operation before>after`, and the
  /// keys that have a row.
  func changes(limit: Int = 100) async throws -> ChangePage {
    var whole = ChangePage(entries: [], rows: [:], ranges: [], isLast: false)
    while !whole.isLast {
      let page = try await connector.readChanges(limit: limit)
      whole.entries += page.entries
      whole.rows.merge(page.rows) { $1 }
      whole.failures.merge(page.failures) { $1 }
      whole.ranges += page.ranges
      whole.isLast = page.isLast
    }
    return whole
  }

  /// The changes in one line each, then the keys that stand.
  func story() async throws -> [String] {
    let page = try await changes()
    let lines = page.entries.map { entry in
      let before = entry.keyBefore.map(\.description) ?? "-"
      let after = entry.keyAfter.map(\.description) ?? "-"
      return "\(entry.object) \(entry.operation) \(before)>\(after)"
    }
    let standing = page.rows.keys.map { "\($0.object) \($0.key)" }.sorted()
    return lines + ["standing: " + standing.joined(separator: ", ")]
  }

  func acknowledge(
    _ ranges: [EntryRange] = [], commandsBelow: UInt64 = 0, sequence: UInt64 = 3
  ) async throws {
    try await connector.acknowledge(
      Acknowledgement(
        entries: ranges, commandsBelow: CommandID(commandsBelow), head: Self.head(sequence)))
  }

  static func head(_ sequence: UInt64) -> JournalHead {
    JournalHead(sequence: EventSequence(sequence), seal: [UInt8](repeating: 9, count: 32))
  }

  func write(_ commands: WriteCommand..., object: UInt16 = 1) async throws -> [WriteOutcome] {
    try await connector.write(
      WriteBatch(object: ObjectNumber(object), commands: commands, head: Self.head(4))
    ).sorted { $0.id < $1.id }
  }

  /// The whole object, page by page.
  func all(_ object: UInt16 = 1, limit: Int = 100) async throws -> RecordPage {
    var whole = RecordPage(records: [], isLast: false)
    var after: NativeKey?
    while !whole.isLast {
      let page = try await connector.readPage(
        PageRequest(object: ObjectNumber(object), after: after, limit: limit))
      whole.records += page.records
      whole.failures += page.failures
      whole.isLast = page.isLast
      after = page.records.last?.key ?? page.failures.last?.key
    }
    return whole
  }
}

extension WriteCommand {
  static func insert(_ id: UInt64, _ row: PackedRow) -> WriteCommand {
    WriteCommand(
      id: CommandID(id), operation: .insert, key: nil, row: row, expected: PackedRow())
  }

  static func update(
    _ id: UInt64, _ key: Int64, _ row: PackedRow, expected: PackedRow = PackedRow()
  ) -> WriteCommand {
    WriteCommand(
      id: CommandID(id), operation: .update, key: NativeKey(integer: key), row: row,
      expected: expected)
  }

  static func delete(
    _ id: UInt64, _ key: Int64, expected: PackedRow = PackedRow()
  ) -> WriteCommand {
    WriteCommand(
      id: CommandID(id), operation: .delete, key: NativeKey(integer: key), row: PackedRow(),
      expected: expected)
  }
}

extension WriteOutcome {
  static func written(_ id: UInt64, _ key: Int64, _ stored: PackedRow) -> WriteOutcome {
    WriteOutcome(
      id: CommandID(id), result: .written(key: NativeKey(integer: key), stored: stored))
  }

  static func changed(_ id: UInt64, _ current: PackedRow?) -> WriteOutcome {
    WriteOutcome(id: CommandID(id), result: .changed(current: current))
  }

  /// The code of a refusal.
  var refusal: String? {
    guard case .refused(let problem) = result else { return nil }
    return problem.code
  }
}
