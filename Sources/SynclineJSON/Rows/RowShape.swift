import Glibc
public import SynclineModel

/// How the JSON of a field becomes a value.
public enum ValueForm: Sendable {
  case text
  case boolean
  /// A number, exactly as it is spelled.
  case number
  /// `"2026-11-24"`
  case date
  /// `"14:30:00.000Z"`, with or without the mark of the zone.
  case time
  /// A moment with its zone: `Z`, `+02:00` or `+0200`.
  case timestamp
  /// The same without a zone.
  case localTimestamp
  /// Text, number or boolean, as it comes.
  case any
  /// Text with a meaning of the system's own; nil where it has none.
  case converted(@Sendable (RawSpan) -> Value?)
}

/// Which members of an object are the fields of a record.
public struct RowShape: Sendable {
  public struct Field: Sendable {
    public var key: String
    public var number: FieldNumber
    public var form: ValueForm

    public init(_ key: String, _ number: FieldNumber, _ form: ValueForm) {
      self.key = key
      self.number = number
      self.form = form
    }
  }

  /// Ascending by number, as a row has them.
  public let fields: [Field]
  /// The UTF-8 of all keys, one after the other, in the same order.
  private let keys: [UInt8]
  /// Where each key ends there.
  private let ends: [Int]

  /// Reading is quickest where the members come in the order of the numbers.
  public init(_ fields: [Field]) {
    self.fields = fields.sorted { $0.number < $1.number }
    var keys: [UInt8] = []
    ends = self.fields.map { field in
      keys += Array(field.key.utf8)
      return keys.count
    }
    self.keys = keys
  }

  /// Which field has this key; the one at `awaited` is tried first.
  func index(of key: UnsafeRawBufferPointer, awaited: Int) -> Int? {
    if awaited < ends.count, isKey(key, at: awaited) { return awaited }
    return ends.indices.first { isKey(key, at: $0) }
  }

  private func isKey(_ key: UnsafeRawBufferPointer, at index: Int) -> Bool {
    let start = index == 0 ? 0 : ends[index - 1]
    guard key.count == ends[index] - start, let bytes = key.baseAddress else { return false }
    return keys.withUnsafeBytes { keys in
      keys.baseAddress.map { memcmp($0 + start, bytes, key.count) == 0 } ?? false
    }
  }
}

/// Why a member is no value of its field. Only names are told.
public struct RowProblem: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Cause: Hashable, Sendable {
    /// A text, say, where a number is awaited.
    case kind(JSONKind)
    /// Spelled in a way that means nothing.
    case unreadable
    /// The object has the member twice.
    case doubled
  }

  public var field: String
  public var cause: Cause

  public init(field: String, _ cause: Cause) {
    self.field = field
    self.cause = cause
  }

  public var description: String {
    switch cause {
    case .kind(let kind): "\(field) holds a value of another kind than the field (\(kind))"
    case .unreadable: "\(field) holds a value that the field cannot have"
    case .doubled: "\(field) comes twice in one record"
    }
  }
}
