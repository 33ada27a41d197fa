import SynclineModel

/// Computes values of records, along references and formulas, and whether a record meets a condition.
struct QueryEvaluator {
  let organization: Organization

  /// The value of a field, computed where it is a formula.
  func value(of field: FieldDescription, in record: Record) -> FieldValue? {
    guard let formula = field.formula else { return record.values[field.name] }
    var current = record
    for name in formula.dropLast() {
      guard let object = organization.catalog[current.object],
        let reference = object.relationship(name),
        let parent = parent(by: reference, of: current)
      else { return nil }
      current = parent
    }
    guard let name = formula.last, let shown = organization.catalog[current.object]?[name],
      shown.formula == nil
    else { return nil }
    return current.values[shown.name]
  }

  /// The record that a reference names.
  func parent(by reference: FieldDescription, of record: Record) -> Record? {
    record.values[reference.name]?.recordID.flatMap { organization.visible($0) }
  }

  func value(at path: BoundQuery.Path, of record: Record) -> FieldValue? {
    var current = record
    for reference in path.parents {
      guard let parent = parent(by: reference, of: current) else { return nil }
      current = parent
    }
    return value(of: path.field, in: current)
  }

  /// Whether the record meets the condition.
  func meets(_ condition: BoundQuery.Condition, _ record: Record) -> Bool {
    switch condition {
    case .all(let parts): parts.allSatisfy { meets($0, record) }
    case .any(let parts): parts.contains { meets($0, record) }
    case .not(let part): !meets(part, record)
    case .membership(let path, let isNegated, let values, let includesNull):
      isNegated
        != (folded(value(at: path, of: record), path.field).map(values.contains) ?? includesNull)
    case .includes(let path, let isNegated, let sets):
      isNegated != includes(value(at: path, of: record), sets)
    case .comparison(let path, let operation, let comparand):
      compare(folded(value(at: path, of: record), path.field), operation, comparand)
    }
  }

  private func includes(_ value: FieldValue?, _ sets: [Set<String>]) -> Bool {
    let held = Set((value?.text ?? "").split(separator: ";").map { $0.lowercased() })
    return sets.contains { $0.isSubset(of: held) }
  }

  /// Text is compared without regard to case, but for ids and fields that tell case apart.
  private func folded(_ value: FieldValue?, _ field: FieldDescription) -> FieldValue? {
    guard case .text(let text) = value, !field.kind.isIdentifier, !field.isCaseSensitive else {
      return value
    }
    return .text(text.lowercased())
  }

  private func compare(
    _ value: FieldValue?, _ operation: SOQLQuery.Operator, _ comparand: BoundQuery.Comparand
  ) -> Bool {
    switch comparand {
    case .null: return operation == .equal ? value == nil : operation == .unequal && value != nil
    case .range(let first, let last):
      guard let value else { return operation == .unequal }
      let isBefore = Self.precedes(value, first)
      let isInside = !isBefore && Self.precedes(value, last)
      switch operation {
      case .equal: return isInside
      case .unequal: return !isInside
      case .less: return isBefore
      case .lessOrEqual: return isBefore || isInside
      case .greater: return !isBefore && !isInside
      case .greaterOrEqual: return !isBefore
      case .like: return false
      }
    case .value(let other):
      guard let value else { return operation == .unequal }
      switch operation {
      case .equal: return value == other
      case .unequal: return value != other
      case .less: return Self.precedes(value, other)
      case .lessOrEqual: return !Self.precedes(other, value)
      case .greater: return Self.precedes(other, value)
      case .greaterOrEqual: return !Self.precedes(value, other)
      case .like:
        guard let text = value.text, let pattern = other.text else { return false }
        return LikePattern(pattern).matches(text)
      }
    }
  }

  /// Whether one value of a field stands before another.
  static func precedes(_ first: FieldValue, _ second: FieldValue) -> Bool {
    switch (first, second) {
    case (.text(let first), .text(let second)):
      first.utf8.lexicographicallyPrecedes(second.utf8)
    case (.number(let first), .number(let second)): first.isLess(than: second)
    case (.date(let first), .date(let second)): first < second
    case (.moment(let first), .moment(let second)): first < second
    case (.time(let first), .time(let second)): first < second
    case (.boolean(let first), .boolean(let second)): !first && second
    default: false
    }
  }

  /// The records in the order that a query asks for; ids decide last.
  func sorted(_ records: [Record], by order: [BoundQuery.Order]) -> [Record] {
    // What is compared is computed once for each record, not once for each comparison.
    let keyed = records.map { record in
      (
        keys: order.map { folded(value(at: $0.path, of: record), $0.path.field) },
        record: record
      )
    }
    return keyed.sorted { first, second in
      for (place, item) in order.enumerated() {
        switch (first.keys[place], second.keys[place]) {
        case (nil, nil): continue
        case (nil, _): return !item.putsNullsLast
        case (_, nil): return item.putsNullsLast
        case (let one?, let other?):
          if one == other { continue }
          return Self.precedes(one, other) != item.isDescending
        }
      }
      return first.record.id < second.record.id
    }.map(\.record)
  }
}

/// A pattern of LIKE: `%` any text, `_` one character, a backslash before either the character itself.
struct LikePattern {
  private enum Piece: Hashable {
    case character(Character)
    case one
    case any
  }

  private let pieces: [Piece]

  init(_ text: String) {
    var pieces: [Piece] = []
    var isEscaped = false
    for character in text {
      if isEscaped {
        if character != "%" && character != "_" { pieces.append(.character("\\")) }
        pieces.append(.character(character))
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else {
        pieces.append(character == "%" ? .any : character == "_" ? .one : .character(character))
      }
    }
    if isEscaped { pieces.append(.character("\\")) }
    self.pieces = pieces
  }

  func matches(_ text: String) -> Bool {
    let characters = Array(text)
    // Which prefixes of the text the pieces so far may stand for.
    var reached = [true] + repeatElement(false, count: characters.count)
    for piece in pieces {
      var next = Array(repeating: false, count: characters.count + 1)
      if piece == .any { next[0] = reached[0] }
      for index in characters.indices {
        switch piece {
        case .any: next[index + 1] = reached[index + 1] || next[index]
        case .one: next[index + 1] = reached[index]
        case .character(let character):
          next[index + 1] = reached[index] && characters[index] == character
        }
      }
      reached = next
    }
    return reached[characters.count]
  }
}

extension ExactDecimal {
  /// Whether this number is the smaller one.
  func isLess(than other: ExactDecimal) -> Bool {
    if isNegative != other.isNegative { return isNegative }
    let isSmaller = Self.magnitude(self, precedes: other)
    return isNegative ? self != other && !isSmaller : isSmaller
  }

  private static func magnitude(_ first: Self, precedes second: Self) -> Bool {
    let scale = max(first.scale, second.scale)
    let one = first.digits + repeatElement(0x30, count: scale - first.scale)
    let other = second.digits + repeatElement(0x30, count: scale - second.scale)
    if one.count != other.count { return one.count < other.count }
    return one.lexicographicallyPrecedes(other)
  }
}
