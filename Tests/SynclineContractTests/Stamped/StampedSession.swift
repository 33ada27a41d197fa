import SynclineModel
import SynclinePorts
import Testing

/// A session with a world, opened as a run opens it: inspected and bound.
struct StampedSession {
  let world: any StampedWorld
  let connector: any StampedSystem
  let bindings: [ObjectName: ObjectBinding]
  /// The server's clock when the session began.
  let opened: Timestamp

  static let objects: [ObjectName] = ["Company__c", "Person__c", "Diary__c", "Values__c"]
  static let company: ObjectName = "Company__c"

  static func open(_ kind: StampedKind) async throws -> StampedSession {
    try await join(try kind.make())
  }

  /// Another session with the world.
  static func join(_ world: any StampedWorld) async throws -> StampedSession {
    let connector = try world.connector()
    let inspection = try await connector.inspect(
      objects.map { ObjectRequest(name: $0) }, ourJournal: nil)
    let bindings = try objects.enumerated().map { index, name in
      let schema = try #require(inspection.objects[name])
      // What people fill and we write; not what the server keeps by itself.
      return ObjectBinding(ObjectNumber(UInt16(index + 1)), schema) {
        $0.name == schema.key || $0.name.rawValue.hasSuffix("__c")
      }
    }
    try await connector.bind(bindings)
    return StampedSession(
      world: world, connector: connector,
      bindings: Dictionary(bindings.map { ($0.name, $0) }) { $1 },
      opened: try #require(inspection.now))
  }

  func number(_ object: ObjectName) throws -> ObjectNumber {
    try #require(bindings[object]).object
  }

  // MARK: Rows

  func row(_ object: ObjectName, _ fields: [FieldName: Value]) -> PackedRow {
    PackedRow(
      (bindings[object]?.fields ?? []).compactMap { field in
        fields[field.name].map { (field.number, $0) }
      })
  }

  /// A whole row as it is read: fields that are not named are null.
  func whole(_ object: ObjectName, _ key: NativeKey, _ fields: [FieldName: Value]) -> PackedRow {
    let binding = bindings[object]
    return PackedRow(
      (binding?.fields ?? []).map { field in
        (field.number, field.name == binding?.key.name ? key.value : fields[field.name] ?? .null)
      })
  }

  func company(_ key: NativeKey, _ title: String, code: Value = .null) -> PackedRow {
    whole(
      Self.company, key,
      ["Title__c": .text(Text(title)), "Code__c": code, "Kind__c": .text("Plain")])
  }

  /// A person makes a company.
  func make(_ title: String) throws -> NativeKey {
    try world.make(Self.company, ["Title__c": .text(Text(title))])
  }

  // MARK: Reading

  /// A full read, slice by slice; every slice keeps its limit and the read ends.
  func readAll(_ object: ObjectName = company, limit: Int = 100) async throws -> [ReadRecord] {
    var records: [ReadRecord] = []
    var page: RecordPage
    repeat {
      page = try await connector.readPage(
        PageRequest(object: try number(object), after: records.last?.key, limit: limit))
      #expect(page.records.count <= limit)
      #expect(page.failures == [])
      try #require(page.isLast || !page.records.isEmpty, "a read must come to its end")
      records += page.records
    } while !page.isLast
    return records
  }

  /// A census.
  func readKeys(_ object: ObjectName = company, limit: Int = 100) async throws -> [NativeKey] {
    var keys: [NativeKey] = []
    var page: KeyPage
    repeat {
      page = try await connector.readKeys(
        PageRequest(object: try number(object), after: keys.last, limit: limit))
      #expect(page.keys.count <= limit)
      try #require(page.isLast || !page.keys.isEmpty, "a census must come to its end")
      keys += page.keys
    } while !page.isLast
    return keys
  }

  /// The changes from a moment on, all pages; `between` is done after the first of them.
  func readStamped(
    _ object: ObjectName = company, since: Timestamp, limit: Int = 100,
    between: () throws -> Void = {}
  ) async throws -> (records: [ReadRecord], coverage: Coverage) {
    var records: [ReadRecord] = []
    var coverage: Coverage?
    var mark: PageMark?
    repeat {
      let page = try await connector.readStamped(
        StampedRequest(object: try number(object), since: since, after: mark, limit: limit))
      #expect(page.records.count <= limit)
      #expect(page.failures == [])
      if coverage == nil {
        coverage = page.coverage
        try between()
      }
      records += page.records
      mark = page.next
    } while mark != nil
    return (records, try #require(coverage))
  }

  /// The feed of deletes from a moment on.
  func readDeletions(
    _ object: ObjectName = company, since: Timestamp
  ) async throws -> (keys: Set<NativeKey>, reachesBackTo: Timestamp?) {
    var keys: Set<NativeKey> = []
    var mark: PageMark?
    while true {
      let page = try await connector.readDeletions(
        StampedRequest(object: try number(object), since: since, after: mark, limit: 100))
      keys.formUnion(page.deletions.map(\.key))
      mark = page.next
      if page.isLast { return (keys, page.reachesBackTo) }
    }
  }

  /// Records by their keys; each key has one answer.
  func fetch(_ keys: [NativeKey], of object: ObjectName = company) async throws -> FetchedRecords {
    var answer = try await connector.fetch(
      FetchRequest(object: try number(object), keys: keys))
    #expect(answer.answered == Set(keys))
    #expect(
      keys.count
        == answer.records.count + answer.failures.count + answer.absent.count
        + answer.deleted.count)
    answer.records.sort { $0.key < $1.key }
    return answer
  }

  // MARK: Writing

  func insert(_ id: UInt64, _ fields: [FieldName: Value], into object: ObjectName = company)
    -> WriteCommand
  {
    WriteCommand(
      id: CommandID(id), operation: .insert, key: nil, row: row(object, fields),
      expected: PackedRow())
  }

  func update(
    _ id: UInt64, _ key: NativeKey, _ fields: [FieldName: Value], of object: ObjectName = company
  ) -> WriteCommand {
    WriteCommand(
      id: CommandID(id), operation: .update, key: key, row: row(object, fields),
      expected: PackedRow())
  }

  func delete(_ id: UInt64, _ key: NativeKey) -> WriteCommand {
    WriteCommand(
      id: CommandID(id), operation: .delete, key: key, row: PackedRow(), expected: PackedRow())
  }

  /// Sends a batch; one outcome for each command.
  func write(
    _ commands: [WriteCommand], to object: ObjectName = company
  ) async throws -> [CommandID: WriteOutcome] {
    let outcomes = try await connector.write(
      WriteBatch(object: try number(object), commands: commands, head: .empty))
    #expect(Set(outcomes.map(\.id)) == Set(commands.map(\.id)))
    #expect(outcomes.count == commands.count)
    return Dictionary(outcomes.map { ($0.id, $0) }) { $1 }
  }
}

extension WriteOutcome {
  /// Where the command was carried out, the key of its record.
  var key: NativeKey? {
    if case .written(let key, _) = result { key } else { nil }
  }
}

extension Timestamp {
  func earlier(bySeconds seconds: Int64) -> Timestamp {
    Timestamp(microseconds: microseconds - seconds * 1_000_000)
  }
}
