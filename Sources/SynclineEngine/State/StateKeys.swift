import SynclineModel

/// The keys of the state's trees. Numbers are big-endian, so that keys sort as numbers do
/// (Docs/JournalFormat.md, "State").
enum StateKey {
  static let package: [UInt8] = [0]

  /// The last mapping table that named a task.
  static func taskTable(_ task: TaskNumber) -> [UInt8] { [1] + bytes(task.rawValue) }

  static func object(_ object: ObjectNumber) -> [UInt8] { bytes(object.rawValue) }
  static func mapping(_ revision: MappingRevision) -> [UInt8] { bytes(revision.rawValue) }
  static func run(_ run: RunNumber) -> [UInt8] { bytes(run.rawValue) }
  static func record(_ record: RecordNumber) -> [UInt8] { bytes(record.rawValue) }
  static func link(_ link: LinkNumber) -> [UInt8] { bytes(link.rawValue) }
  static func intent(_ command: CommandID) -> [UInt8] { bytes(command.rawValue) }
  static func conflict(_ sequence: EventSequence) -> [UInt8] { bytes(sequence.rawValue) }

  static func key(_ object: ObjectNumber, _ key: NativeKey) -> [UInt8] {
    bytes(object.rawValue) + key.bytes
  }

  static func agenda(_ task: TaskNumber, _ part: AgendaClass, _ number: UInt64 = 0) -> [UInt8] {
    bytes(task.rawValue) + [part.rawValue] + bytes(number)
  }

  static func missing(_ object: ObjectNumber, _ record: RecordNumber) -> [UInt8] {
    bytes(object.rawValue) + bytes(record.rawValue)
  }

  /// Failures stand by task and record: the record whose content could not travel.
  static func failure(_ task: TaskNumber, _ record: RecordNumber) -> [UInt8] {
    bytes(task.rawValue) + bytes(record.rawValue)
  }

  static func references(to parent: ObjectNumber, _ key: NativeKey) -> [UInt8] {
    bytes(parent.rawValue) + bytes(UInt16(key.bytes.count)) + key.bytes
  }

  static func reference(
    to parent: ObjectNumber, _ key: NativeKey, task: TaskNumber, field: FieldNumber,
    child: RecordNumber
  ) -> [UInt8] {
    references(to: parent, key) + bytes(task.rawValue) + bytes(field.rawValue)
      + bytes(child.rawValue)
  }

  static func candidates(_ task: TaskNumber, _ side: Side, _ looseKey: LooseKey) -> [UInt8] {
    bytes(task.rawValue) + [side.rawValue] + bytes(looseKey.rawValue)
  }

  static func candidate(
    _ task: TaskNumber, _ side: Side, _ looseKey: LooseKey, _ record: RecordNumber
  ) -> [UInt8] {
    candidates(task, side, looseKey) + bytes(record.rawValue)
  }

  /// The task in a key of the references: what stands before field and child.
  static func task(ofReference key: [UInt8]) -> TaskNumber {
    TaskNumber(trailing(Array(key.dropLast(10)), as: UInt16.self))
  }

  /// A number, most significant byte first.
  static func bytes<Integer: FixedWidthInteger>(_ value: Integer) -> [UInt8] {
    withUnsafeBytes(of: value.bigEndian) { [UInt8]($0) }
  }

  /// The number that ends a key.
  static func trailing<Integer: FixedWidthInteger>(_ key: [UInt8], as: Integer.Type) -> Integer {
    key.suffix(MemoryLayout<Integer>.size).reduce(Integer(0)) { $0 << 8 | Integer($1) }
  }
}
