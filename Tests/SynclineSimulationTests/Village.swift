import SynclineModel
import SynclinePorts

@testable import SynclineSimulation

/// An invented system with houses (0), and guests (1) and owners (2) who point to them.
struct Village {
  static let house = 0
  static let guest = 1
  static let owner = 2
  /// The place of a house's unique code, and of a person's house.
  static let detail = 2

  let system: InventedSystem
  let journal = JournalID(bytes: [UInt8](repeating: 7, count: 16))

  /// - Parameter marks: an automation over houses.
  init(
    reusesKeys: Bool = false, guests: ForeignKey.OnDelete = .cascade, cloud: CloudRules? = nil,
    marks: OwnerTrigger? = nil
  ) {
    func own(_ type: FieldType.Kind, _ name: String) -> FieldRules {
      FieldRules(name: FieldName(name), type: FieldType(type))
    }
    var code = own(.text, "code")
    code.isUnique = true
    code.type.foldsCase = true
    var trimmed = own(.text, "note")
    trimmed.storage = [.trims]
    trimmed.defaultValue = .text("as usual")
    func person(_ name: String, _ onDelete: ForeignKey.OnDelete) -> ObjectRules {
      var home = own(.integer, "home")
      home.parent = Self.house
      home.onDelete = onDelete
      return ObjectRules(
        name: ObjectName(name), fields: [own(.integer, "id"), own(.text, "tag"), home])
    }
    let rules = SystemRules(
      objects: [
        ObjectRules(
          name: "house", fields: [own(.integer, "id"), own(.text, "tag"), code, trimmed],
          triggers: marks.map { [$0] } ?? []),
        person("guest", guests), person("owner", .refuse),
      ], reusesKeys: reusesKeys, clockOffset: 0, clockPrecision: 1, pageLimit: 10, batchLimit: 10,
      cloud: cloud)
    system = InventedSystem(rules, identity: SystemIdentity("village"), clock: WorldClock())
  }

  /// Binds all fields under their places as numbers, and begins to track.
  func track() {
    let objects = system.rules.objects.enumerated().map { number, object in
      let fields = object.fields.enumerated().map { index, field in
        ObjectBinding.Field(
          number: FieldNumber(UInt16(index)), name: field.name, type: field.type)
      }
      return ObjectBinding(
        object: ObjectNumber(UInt16(number)), name: object.name, key: fields[0], fields: fields)
    }
    system.bind(objects)
    let owner = OwnerRow(
      journal: journal, side: .source, generation: TrackingGeneration(1), sequence: .none,
      seal: JournalHead.empty.seal, identities: [:], pairs: [])
    _ = system.createTracking(TrackingRequest(objects: objects, owner: owner, takeover: nil))
  }

  // MARK: Users

  @discardableResult
  func insert(_ object: Int, _ tag: String, _ fields: [Int: Value] = [:]) throws -> Int64 {
    var fields = fields
    fields[ObjectRules.tag] = .text(tag)
    return try system.transaction(by: .user) { () throws(RowRefused) in
      try system.insert(fields, into: object)
    }
  }

  func update(_ object: Int, _ key: Int64, _ fields: [Int: Value]) throws {
    try system.transaction(by: .user) { () throws(RowRefused) in
      try system.update(key, of: object, fields)
    }
  }

  func delete(_ object: Int, _ key: Int64) throws {
    try system.transaction(by: .user) { () throws(RowRefused) in
      try system.delete(key, of: object)
    }
  }

  // MARK: A run

  func write(_ object: Int, _ commands: [WriteCommand]) throws -> [WriteOutcome] {
    try system.write(
      WriteBatch(object: ObjectNumber(UInt16(object)), commands: commands, head: .empty),
      refused: nil)
  }

  /// Each entry of the queue as its number, object and keys before and after.
  var queue: [String] {
    (system.state.tracking?.entries ?? []).map { entry in
      let keys = [entry.before, entry.after].map { $0.map(String.init) ?? "-" }
      return "\(entry.number): \(entry.object) \(keys[0])→\(keys[1])"
    }
  }

  func rows(_ object: Int) -> [Int64: [Value]] { system.state.tables[object] }
}

func row(_ values: [UInt16: Value]) -> PackedRow {
  var builder = RowBuilder()
  for (number, value) in values.sorted(by: { $0.key < $1.key }) {
    builder.append(FieldNumber(number), value)
  }
  return builder.row
}
