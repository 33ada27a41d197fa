// Everything that the memory system holds, as one value: a copy of it is a snapshot, and a
// transaction is a copy that takes the place of the old state when it ends well.

import SynclineModel

/// The rows, rules and tracking objects of a memory system.
struct MemoryState: Sendable {
  typealias Row = [FieldName: Value]

  let objects: [ObjectName: SystemObject]
  /// Calculated fields are not kept; `value(of:in:)` gives them.
  var rows: [ObjectName: [NativeKey: Row]] = [:]
  var trackings: [JournalID: MemoryTracking] = [:]
  var identity: SystemIdentity?
  var now: Timestamp

  init(_ objects: [SystemObject], now: Timestamp) {
    self.objects = Dictionary(objects.map { ($0.name, $0) }) { $1 }
    self.now = now
    for object in objects { rows[object.name] = [:] }
  }

  /// The object, where it exists and holds rows.
  func object(_ name: ObjectName) throws(EditRefused) -> SystemObject {
    guard let object = objects[name] else {
      throw EditRefused("schema", "There is no object \(name)")
    }
    if let refusal = object.refusal { throw EditRefused("schema", "\(name): \(refusal)") }
    return object
  }

  /// The row of a key as a user sees it, calculated fields included.
  func visible(_ key: NativeKey, of object: SystemObject) -> Row? {
    guard var row = rows[object.name]?[key] else { return nil }
    for (field, origin) in object.copies { row[field] = row[origin] }
    return row
  }

  /// The keys of an object, ascending.
  func keys(of name: ObjectName) -> [NativeKey] { (rows[name] ?? [:]).keys.sorted() }

  /// The key that the system assigns next: like SQLite's, the highest in use and one, so that the
  /// key of a deleted record comes back.
  func nextKey(of object: SystemObject) -> NativeKey {
    let highest = rows[object.name]?.keys.max()?.value
    guard object.schema.field(object.schema.key)?.type.kind != .text else {
      return Self.textKey(after: highest)
    }
    guard case .integer(let integer)? = highest else { return NativeKey(integer: 1) }
    return NativeKey(integer: integer + 1)
  }

  private static func textKey(after highest: Value?) -> NativeKey {
    var number = 1
    if case .text(let text)? = highest, let last = Int(text.string.dropFirst()) {
      number = last + 1
    }
    let digits = String(number)
    let text = "K" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    return NativeKey(.text(text)) ?? NativeKey(integer: Int64(number))
  }
}

/// The tracking objects of one journal.
struct MemoryTracking: Sendable {
  struct Entry: Sendable {
    var number: Int64
    var object: ObjectName
    var operation: TrackingEntry.Operation
    var keyBefore: NativeKey?
    var keyAfter: NativeKey?
    var time: Timestamp
  }

  /// Nil in a system without tracking objects, which keeps the ids of our commands alone.
  var owner: OwnerRow?
  /// Objects whose edits are noted.
  var tracked: Set<ObjectName> = []
  /// Objects whose trigger somebody dropped.
  var damaged: Set<ObjectName> = []
  /// Ascending by number.
  var entries: [Entry] = []
  /// The highest number ever given in this generation; a number is never given twice.
  var lastNumber: Int64 = 0
  /// The noted command ids, with the key that each wrote.
  var commands: [CommandID: NativeKey] = [:]

  mutating func renew(_ head: JournalHead) {
    owner?.sequence = head.sequence
    owner?.seal = head.seal
  }

  mutating func note(
    _ operation: TrackingEntry.Operation, _ object: ObjectName, before: NativeKey?,
    after: NativeKey?, at time: Timestamp
  ) {
    guard tracked.contains(object), !damaged.contains(object) else { return }
    lastNumber += 1
    entries.append(
      Entry(
        number: lastNumber, object: object, operation: operation, keyBefore: before,
        keyAfter: after, time: time))
  }
}
