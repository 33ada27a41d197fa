import SynclineModel
import SynclinePorts
import SynclineTesting
import Testing

/// A session with a world, opened as a run opens it: inspected, bound, tracking created.
struct ContractSession: Sendable {
  let world: any ContractWorld
  let connector: any ContractConnector
  let bindings: [ObjectName: ObjectBinding]
  let journal: JournalID

  static let journal = JournalID(bytes: Array(1...16))

  /// A new world with these objects; `tracked` (all, where nil) are tracked from the first moment.
  static func open(
    _ kind: WorldKind, _ objects: [SystemObject], tracked: [ObjectName]? = nil
  ) async throws -> ContractSession {
    let world = try kind.make(objects)
    let names = objects.filter { $0.refusal == nil }.map(\.name)
    let session = try await join(world, names, journal: journal)
    _ = try await session.createTracking(tracked ?? names)
    return session
  }

  /// Another session with the world, inspected and bound.
  static func join(
    _ world: any ContractWorld, _ names: [ObjectName], journal: JournalID,
    patienceMilliseconds: Int = 2000
  ) async throws -> ContractSession {
    let connector = world.connector(patienceMilliseconds: patienceMilliseconds)
    let inspection = try await connector.inspect(
      names.map { ObjectRequest(name: $0) }, ourJournal: journal)
    let bindings = try names.enumerated().map { index, name in
      ObjectBinding(ObjectNumber(UInt16(index + 1)), try #require(inspection.objects[name]))
    }
    try await connector.bind(bindings)
    return ContractSession(
      world: world, connector: connector,
      bindings: Dictionary(bindings.map { ($0.name, $0) }) { $1 }, journal: journal)
  }

  /// The next run's session.
  func again(patienceMilliseconds: Int = 2000) async throws -> ContractSession {
    await connector.close()
    let names = bindings.values.sorted { $0.object < $1.object }.map(\.name)
    return try await Self.join(
      world, names, journal: journal, patienceMilliseconds: patienceMilliseconds)
  }

  /// Tracks these objects; a repeated call with the same generation adds them.
  func createTracking(
    _ names: [ObjectName], generation: UInt32 = 1, takeover: JournalID? = nil
  ) async throws -> SystemIdentity {
    try await connector.createTracking(
      TrackingRequest(
        objects: names.compactMap { bindings[$0] }, owner: owner(generation: generation),
        takeover: takeover))
  }

  func ownerWithIdentity(
    generation: UInt32 = 1, head: JournalHead = .empty
  ) async throws -> OwnerRow {
    var row = owner(generation: generation, head: head)
    row.identities[.source] = try await connector.inspect([], ourJournal: journal).identity
    return row
  }

  /// The owner row as the session asks for it; the system adds its own identity.
  func owner(generation: UInt32 = 1, head: JournalHead = .empty) -> OwnerRow {
    OwnerRow(
      journal: journal, side: .source, generation: TrackingGeneration(generation),
      sequence: head.sequence, seal: head.seal,
      identities: [.target: SystemIdentity("the other side")],
      pairs: [ObjectPair(source: "Company", target: "Account")])
  }

  /// A user's single edit; the key of its record.
  @discardableResult
  func user(_ edit: UserEdit) throws -> NativeKey {
    try #require(try world.edit([edit]).first)
  }

  // MARK: Rows

  /// The packed row of these fields.
  func row(_ object: ObjectName, _ fields: [FieldName: Value]) -> PackedRow {
    let known = bindings[object]?.fields ?? []
    return PackedRow(
      known.compactMap { field in fields[field.name].map { (field.number, $0) } })
  }

  /// A whole row as it is read: fields that are not named are null.
  func whole(_ object: ObjectName, _ key: NativeKey, _ fields: [FieldName: Value]) -> PackedRow {
    let binding = bindings[object]
    let all = (binding?.fields ?? []).map { field in
      (field.number, field.name == binding?.key.name ? key.value : fields[field.name] ?? .null)
    }
    return PackedRow(all)
  }

  /// A whole record as it is read.
  func record(_ object: ObjectName, _ key: Int64, _ fields: [FieldName: Value]) -> ReadRecord {
    let key = NativeKey(integer: key)
    return ReadRecord(key: key, row: whole(object, key, fields))
  }

  func number(_ object: ObjectName) throws -> ObjectNumber {
    try #require(bindings[object]).object
  }

  // MARK: Reading

  func page(
    _ object: ObjectName, after: NativeKey? = nil, limit: Int
  ) async throws -> RecordPage {
    try await connector.readPage(
      PageRequest(object: try number(object), after: after, limit: limit))
  }

  /// A full read, slice by slice; every slice keeps its limit and the read ends.
  func readAll(_ object: ObjectName, limit: Int = 100) async throws -> [ReadRecord] {
    var records: [ReadRecord] = []
    var page: RecordPage
    repeat {
      page = try await self.page(object, after: records.last?.key, limit: limit)
      #expect(page.records.count <= limit)
      #expect(page.failures == [])
      try #require(page.isLast || !page.records.isEmpty, "a read must come to its end")
      records += page.records
    } while !page.isLast
    return records
  }

  /// Records by their keys; no key has two answers.
  func fetch(_ object: ObjectName, _ keys: [NativeKey]) async throws -> FetchedRecords {
    let answer = try await connector.fetch(
      FetchRequest(object: try number(object), keys: keys))
    #expect(
      answer.answered.count
        == answer.records.count + answer.failures.count + answer.absent.count)
    #expect(answer.answered.isSubset(of: keys))
    return answer
  }

  /// All pages of one read of changes.
  func readChanges(limit: Int = 100) async throws -> ChangesRead {
    var read = ChangesRead()
    var page: ChangePage
    repeat {
      page = try await connector.readChanges(limit: limit)
      #expect(page.entries.count <= limit)
      try #require(page.isLast || !page.ranges.isEmpty, "a read must come to its end")
      read.add(page, names: bindings.values.reduce(into: [:]) { $0[$1.object] = $1.name })
    } while !page.isLast
    return read
  }

  /// Forgets what was read, as a run does once its journal holds it.
  func acknowledge(
    _ ranges: [EntryRange], commandsBelow: UInt64 = 0, head: JournalHead = .empty
  ) async throws {
    try await connector.acknowledge(
      Acknowledgement(entries: ranges, commandsBelow: CommandID(commandsBelow), head: head))
  }

  // MARK: Writing

  func insert(_ id: UInt64, _ object: ObjectName, _ fields: [FieldName: Value]) -> WriteCommand {
    WriteCommand(
      id: CommandID(id), operation: .insert, key: nil, row: row(object, fields),
      expected: PackedRow())
  }

  func update(
    _ id: UInt64, _ object: ObjectName, _ key: Int64, _ fields: [FieldName: Value],
    expecting: [FieldName: Value]
  ) -> WriteCommand {
    WriteCommand(
      id: CommandID(id), operation: .update, key: NativeKey(integer: key),
      row: row(object, fields), expected: row(object, expecting))
  }

  func delete(
    _ id: UInt64, _ object: ObjectName, _ key: Int64, expecting: [FieldName: Value]
  ) -> WriteCommand {
    WriteCommand(
      id: CommandID(id), operation: .delete, key: NativeKey(integer: key), row: PackedRow(),
      expected: row(object, expecting))
  }

  /// Sends a batch; at most one outcome for each command, in the order of the commands.
  func write(
    _ object: ObjectName, _ commands: [WriteCommand], head: JournalHead = .empty
  ) async throws -> [CommandID: WriteOutcome.Result] {
    let outcomes = try await connector.write(
      WriteBatch(object: try number(object), commands: commands, head: head))
    #expect(Set(outcomes.map(\.id)).count == outcomes.count)
    return Dictionary(outcomes.map { ($0.id, $0.result) }) { $1 }
  }

  func probe(
    _ object: ObjectName, _ commands: [WriteCommand]
  ) async throws -> [CommandID: ProbeOutcome.Result] {
    let number = try number(object)
    let outcomes = try await connector.probe(
      commands.map { ProbeRequest(object: number, command: $0) })
    return Dictionary(outcomes.map { ($0.id, $0.result) }) { $1 }
  }
}

extension WriteOutcome.Result {
  /// The refusal without its words, which are each system's own.
  var refusal: String? {
    if case .refused(let problem) = self {
      "\(problem.code), may pass: \(problem.mayPass)"
    } else {
      nil
    }
  }
}

extension ObjectBinding {
  /// The object with those of its fields that are wanted, numbered as they stand.
  init(
    _ number: ObjectNumber, _ schema: ObjectSchema,
    where isWanted: (FieldSchema) -> Bool = { _ in true }
  ) {
    let fields = schema.fields.filter(isWanted).enumerated().map { index, field in
      Field(number: FieldNumber(UInt16(index + 1)), name: field.name, type: field.type)
    }
    let key = fields.first { $0.name == schema.key } ?? fields[0]
    self.init(object: number, name: schema.name, key: key, fields: fields)
  }
}
