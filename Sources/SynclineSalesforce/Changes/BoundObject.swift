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
    case failure(FailedRecord)
    /// It has no id, so that it cannot even be named.
    case nameless
    /// The whole request was refused.
    case problem(APIProblem)
    /// Null: no record stands there.
    case nothing

    var key: NativeKey? {
      switch self {
      case .record(let found): found.record.key
      case .failure(let failed): failed.failure.key
      case .nameless, .problem, .nothing: nil
      }
    }

    var mark: PageMark? {
      switch self {
      case .record(let found): found.mark
      case .failure(let failed): failed.mark
      case .nameless, .problem, .nothing: nil
      }
    }
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
    case .failure(let flaw): return element(reader.readable, stamps, "\(flaw)", user: user)
    case .success(let row): return element(row, stamps, nil, user: user)
    }
  }

  /// `flaw`: why a part of the record cannot be read.
  private func element(
    _ row: PackedRow, _ stamps: StampValues, _ flaw: String?, user: String
  ) -> Element {
    var stamps = stamps
    for field in binding.fields where StampValues.names.contains(field.name.rawValue) {
      if let value = row[field.number] { stamps.take(field.name.rawValue, value) }
    }
    guard let key = Self.key(stamps.id) else { return .nameless }
    let record = ReadRecord(
      key: key, row: shortened(row),
      stamp: Stamp(
        time: stamps.modified ?? stamps.modstamp, author: stamps.author,
        version: stamps.modstamp?.microseconds ?? 0), isOurs: stamps.creator == user,
      isLastOurs: stamps.author == user)
    let unstamped = "SystemModstamp holds a value that the field cannot have"
    guard flaw == nil, let moment = stamps.modstamp else {
      return .failure(
        FailedRecord(
          failure: ReadFailure(
            key: key, code: "value", message: "\(name).\(flaw ?? unstamped)"), record: record,
          mark: stamps.modstamp.map { PageMark(time: $0, key: key) },
          isDeleted: stamps.isDeleted))
    }
    return .record(FoundRecord(record: record, modstamp: moment, isDeleted: stamps.isDeleted))
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

/// A record of an answer that is there and cannot be taken.
struct FailedRecord: Hashable, Sendable {
  var failure: ReadFailure
  /// As far as it can be read: its row lacks what cannot.
  var record: ReadRecord
  /// Where it stands among those that are ordered by their stamps; nil where its stamp means nothing.
  var mark: PageMark?
  var isDeleted: Bool
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
