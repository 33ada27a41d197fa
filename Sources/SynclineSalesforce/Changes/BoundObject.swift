import CCrypto
import SynclineJSON
import SynclineModel

/// One object as a run reads and writes it: which fields are asked for, and how a record of the answer
/// becomes a row.
struct BoundObject: Sendable {
  let binding: ObjectBinding
  /// Names of what is asked for, the stamps among them.
  let selected: [String]
  private var reader: RowReader

  /// What an element of an answer is.
  enum Element: Hashable, Sendable {
    case record(FoundRecord)
    /// It is there and cannot be taken.
    case failure(ReadFailure)
    /// The whole request was refused.
    case problem(APIProblem)
    /// Null: no record stands there.
    case nothing
  }

  init(_ binding: ObjectBinding) {
    self.binding = binding
    let names = binding.fields.map(\.name.rawValue)
    selected = names + StampValues.names.filter { !names.contains($0) }
    reader = RowReader(
      RowShape(
        binding.fields.map { RowShape.Field($0.name.rawValue, $0.number, $0.type.kind.form) }))
  }

  var name: ObjectName { binding.name }

  /// The element at hand. `user`: the one as which we write.
  mutating func element(
    _ cursor: inout JSONCursor, user: String
  ) throws(JSONFailure) -> Element {
    if try cursor.isNull() { return .nothing }
    var stamps = StampValues()
    var problem = APIProblem()
    let result = try reader.row(&cursor) { (cursor: inout JSONCursor) throws(JSONFailure) in
      try stamps.take(&cursor)
      try cursor.member(of: &problem)
    }
    if !problem.code.isEmpty { return .problem(problem) }
    switch result {
    case .failure(let flaw):
      guard let key = Self.key(stamps.id) else { return .nothing }
      return .failure(
        ReadFailure(key: key, code: "value", message: "\(name).\(flaw)"))
    case .success(let row): return found(row, stamps, user: user)
    }
  }

  private func found(_ row: PackedRow, _ stamps: StampValues, user: String) -> Element {
    var stamps = stamps
    for field in binding.fields where StampValues.names.contains(field.name.rawValue) {
      if let value = row[field.number] { stamps.take(field.name.rawValue, value) }
    }
    guard let key = Self.key(stamps.id), let moment = stamps.modstamp else { return .nothing }
    let stamp = Stamp(
      time: stamps.modified ?? moment, author: stamps.author, version: moment.microseconds)
    return .record(
      FoundRecord(
        record: ReadRecord(
          key: key, row: shortened(row), stamp: stamp, isOurs: stamps.creator == user,
          isLastOurs: stamps.author == user),
        modstamp: moment, isDeleted: stamps.isDeleted))
  }

  /// The key of an id, in its form of 18 characters.
  static func key(_ id: String) -> NativeKey? {
    RecordIdentifier.normalized(id).flatMap { NativeKey(.text($0)) }
  }

  /// Of large values that no mapping reads, the digest is kept.
  private func shortened(_ row: PackedRow) -> PackedRow {
    var row = row
    for field in binding.fields where !field.keepsWhole {
      guard case .text(let text)? = row[field.number], text.utf8.count > 32 << 10 else { continue }
      var digest = [UInt8](repeating: 0, count: 32)
      guard syncline_sha256(text.utf8, text.utf8.count, &digest) == 1 else { continue }
      row = row.setting(
        field.number, to: .digest(ValueDigest(length: UInt64(text.utf8.count), sha256: digest)))
    }
    return row
  }
}

/// A record of an answer.
struct FoundRecord: Hashable, Sendable {
  var record: ReadRecord
  /// What answers are ordered by.
  var modstamp: Timestamp
  var isDeleted: Bool

  var mark: PageMark { PageMark(time: modstamp, key: record.key) }
}

/// The members of a record that tell of its edits.
struct StampValues: Hashable, Sendable {
  static let names = [
    "Id", "SystemModstamp", "LastModifiedDate", "LastModifiedById", "CreatedById", "IsDeleted",
  ]

  var id = ""
  var modstamp: Timestamp?
  var modified: Timestamp?
  var author = ""
  var creator = ""
  var isDeleted = false

  mutating func take(_ cursor: inout JSONCursor) throws(JSONFailure) {
    if cursor.isAt("IsDeleted") {
      isDeleted = try cursor.boolean()
      return
    }
    let names = Self.names.dropLast()
    let key = cursor.key
    guard names.contains(key), let text = try cursor.optionalText() else { return }
    let isMoment = key == "SystemModstamp" || key == "LastModifiedDate"
    if !isMoment {
      take(key, .text(text))
    } else if let moment = StampText.moment(text) {
      take(key, .timestamp(moment))
    }
  }

  mutating func take(_ name: String, _ value: Value) {
    switch (name, value) {
    case ("Id", .text(let text)): id = text.string
    case ("SystemModstamp", .timestamp(let moment)): modstamp = moment
    case ("LastModifiedDate", .timestamp(let moment)): modified = moment
    case ("LastModifiedById", .text(let text)):
      author = RecordIdentifier.normalized(text.string) ?? text.string
    case ("CreatedById", .text(let text)):
      creator = RecordIdentifier.normalized(text.string) ?? text.string
    case ("IsDeleted", .boolean(let flag)): isDeleted = flag
    default: break
    }
  }
}

extension FieldType.Kind {
  /// How answers hold a value of this kind.
  var form: ValueForm {
    switch self {
    case .boolean: .boolean
    case .integer, .decimal, .double: .number
    case .date: .date
    case .time: .time
    case .timestamp: .timestamp
    case .localTimestamp: .localTimestamp
    case .text, .bytes, .uuid: .text
    case .any: .any
    }
  }
}
