import SynclineModel

/// What users wrote and no run has dealt with yet: each value must be sent, agreed, overwritten by its
/// own side, or stand in a recorded conflict before we write over it.
struct EditLedger {
  struct Place: Hashable {
    var side: Side
    var key: NativeKey
    var field: FieldNumber
  }

  enum Origin {
    case user
    /// A user, into a field that no mapping read then: it has no ancestor.
    case unmapped
    /// The automation, under our own write: it yields to edits without a conflict.
    case automation
  }

  struct Edit {
    var value: Value
    var origin: Origin
  }

  private(set) var open: [Place: Edit] = [:]
  /// Everything that was ever written, as `canonical` spells it.
  private(set) var everWritten: Set<String> = []

  mutating func note(
    _ side: Side, _ key: NativeKey, _ row: PackedRow, origin: (FieldNumber) -> Origin
  ) {
    for (field, value) in row.values {
      open[Place(side: side, key: key, field: field)] = Edit(value: value, origin: origin(field))
      everWritten.insert(Self.canonical(value))
    }
  }

  /// The value has been dealt with, if it is the one that stands there.
  mutating func close(
    _ side: Side, _ key: NativeKey, _ field: FieldNumber, if value: Value?
  ) {
    if open[Place(side: side, key: key, field: field)]?.value == value {
      close(side, key, field)
    }
  }

  mutating func close(_ side: Side, _ key: NativeKey, _ field: FieldNumber) {
    open[Place(side: side, key: key, field: field)] = nil
  }

  mutating func forget(_ side: Side, _ key: NativeKey) {
    open = open.filter { $0.key.side != side || $0.key.key != key }
  }

  func edits(_ side: Side, _ key: NativeKey) -> [FieldNumber: Edit] {
    var edits: [FieldNumber: Edit] = [:]
    for (place, edit) in open where place.side == side && place.key == key {
      edits[place.field] = edit
    }
    return edits
  }

  /// Values that convert into one another have one spelling.
  static func canonical(_ value: Value) -> String {
    switch value {
    case .integer(let integer): "\(integer)"
    case .text(let text):
      Int64(text.string).map { "\($0)" } ?? text.string.uppercased()
    default: "\(value)"
    }
  }
}
