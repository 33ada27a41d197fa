import SynclineModel

/// Looks up the names of a query and checks that its literals fit its fields.
struct SOQLBinder {
  private let text: SOQLText
  private let catalog: Catalog
  private let object: ObjectDescription
  private let today: CalendarDate

  static func bind(
    _ query: String, in catalog: Catalog, today: CalendarDate
  ) throws(APIError) -> BoundQuery {
    let parsed = try SOQLParser.parse(query)
    let text = SOQLText(query)
    guard let object = catalog[parsed.object] else {
      throw text.refusal(
        "INVALID_TYPE", at: parsed.objectOffset,
        "sObject type '\(parsed.object)' is not supported. If you are attempting to use a custom "
          + "object, be sure to append the '__c' after the entity name. " + Self.advice)
    }
    let binder = SOQLBinder(text: text, catalog: catalog, object: object, today: today)
    return try binder.bind(parsed)
  }

  private static let advice =
    "Please reference your WSDL or the describe call for the appropriate names."

  private func bind(_ query: SOQLQuery) throws(APIError) -> BoundQuery {
    var paths: [BoundQuery.Path]?
    if case .items(let items) = query.selection {
      var selected: [BoundQuery.Path] = []
      for item in items { selected += try select(item, limit: query.limit) }
      if let twice = Self.firstRepeated(selected) {
        throw text.refusal(
          "MALFORMED_QUERY", at: 0, "duplicate field selected: \(twice.field.name)")
      }
      paths = selected
    }
    var condition: BoundQuery.Condition?
    if let written = query.condition { condition = try bind(written) }
    var order: [BoundQuery.Order] = []
    for item in query.order { order.append(try bind(item)) }
    return BoundQuery(
      object: object, paths: paths, condition: condition, order: order, limit: query.limit,
      offset: query.offset)
  }

  private static func firstRepeated(_ paths: [BoundQuery.Path]) -> BoundQuery.Path? {
    var seen: Set<BoundQuery.Path> = []
    return paths.first { !seen.insert($0).inserted }
  }

  private func select(
    _ item: SOQLQuery.Item, limit: Int?
  ) throws(APIError) -> [BoundQuery.Path] {
    switch item {
    case .path(let path): return [try resolve(path)]
    case .fields(let group, let offset):
      guard group == "STANDARD" || (limit ?? .max) <= 200 else {
        throw text.refusal(
          "MALFORMED_QUERY", at: offset,
          "The SOQL FIELDS function must have a LIMIT of at most 200")
      }
      return object.fields.filter {
        group == "ALL" || $0.isCustom == (group == "CUSTOM")
      }.map { BoundQuery.Path(parents: [], field: $0, relationships: []) }
    }
  }

  private func resolve(_ path: SOQLQuery.Path) throws(APIError) -> BoundQuery.Path {
    var current = object
    var parents: [FieldDescription] = []
    var relationships: [String] = []
    var names = path.names[...]
    // A path may begin with the object itself.
    if names.count > 1, names[0].lowercased() == object.name.lowercased(),
      object.relationship(names[0]) == nil
    {
      names = names.dropFirst()
    }
    for name in names.dropLast() {
      guard let reference = current.relationship(name), let parent = parent(of: reference) else {
        throw text.refusal(
          "INVALID_FIELD", at: path.offset,
          "Didn't understand relationship '\(name)' in field path. If you are attempting to use a "
            + "custom relationship, be sure to append the '__r' after the custom relationship "
            + "name. " + Self.advice)
      }
      parents.append(reference)
      relationships.append(reference.relationshipName ?? name)
      current = parent
    }
    let name = names.last ?? ""
    guard let field = current[name] else {
      throw text.refusal(
        "INVALID_FIELD", at: path.offset,
        "No such column '\(name)' on entity '\(current.name)'. If you are attempting to use a "
          + "custom field, be sure to append the '__c' after the custom field name. "
          + Self.advice)
    }
    return BoundQuery.Path(parents: parents, field: field, relationships: relationships)
  }

  /// The object whose fields a path may name behind a reference.
  private func parent(of reference: FieldDescription) -> ObjectDescription? {
    let parents = reference.referenceTo.compactMap { catalog[$0] }
    return parents.first { $0.name == "User" } ?? parents.first
  }

  private func bind(_ order: SOQLQuery.Order) throws(APIError) -> BoundQuery.Order {
    let path = try resolve(order.path)
    guard path.field.isSortable else {
      throw text.refusal(
        "MALFORMED_QUERY", at: order.path.offset,
        "field '\(path.field.name)' can not be sorted in a query call")
    }
    return BoundQuery.Order(
      path: path, isDescending: order.isDescending, putsNullsLast: order.putsNullsLast)
  }

  // MARK: Conditions

  private func bind(_ condition: SOQLQuery.Condition) throws(APIError) -> BoundQuery.Condition {
    switch condition {
    case .all(let parts): return .all(try bind(parts))
    case .any(let parts): return .any(try bind(parts))
    case .not(let part): return .not(try bind(part))
    case .comparison(let path, let operation, let literal):
      let bound = try filterable(path)
      try check(operation, on: bound.field, at: path.offset)
      return .comparison(bound, operation, try comparand(literal, bound.field, at: path.offset))
    case .membership(let path, let isNegated, let literals):
      return try membership(try filterable(path), isNegated, literals, at: path.offset)
    case .includes(let path, let isNegated, let texts):
      let bound = try filterable(path)
      guard bound.field.kind == .multipicklist else {
        throw operatorRefusal("invalid operator", at: path.offset)
      }
      let sets = texts.map { Set($0.split(separator: ";").map { $0.lowercased() }) }
      return .includes(bound, isNegated: isNegated, sets)
    }
  }

  private func bind(
    _ conditions: [SOQLQuery.Condition]
  ) throws(APIError) -> [BoundQuery.Condition] {
    var bound: [BoundQuery.Condition] = []
    for condition in conditions { bound.append(try bind(condition)) }
    return bound
  }

  private func filterable(_ path: SOQLQuery.Path) throws(APIError) -> BoundQuery.Path {
    let bound = try resolve(path)
    guard bound.field.isFilterable, bound.field.kind != .address else {
      throw text.refusal(
        "INVALID_FIELD", at: path.offset,
        "field '\(bound.field.name)' can not be filtered in a query call")
    }
    return bound
  }

  private func check(
    _ operation: SOQLQuery.Operator, on field: FieldDescription, at offset: Int
  ) throws(APIError) {
    switch operation {
    case .equal, .unequal: return
    case .like where field.kind.isText && field.kind != .multipicklist: return
    case .like where field.kind.isIdentifier:
      throw operatorRefusal("invalid operator on id field", at: offset)
    case .like: throw operatorRefusal("invalid operator", at: offset)
    default:
      guard field.kind != .boolean, field.kind != .multipicklist else {
        throw operatorRefusal("invalid operator", at: offset)
      }
    }
  }

  private func operatorRefusal(_ message: String, at offset: Int) -> APIError {
    text.refusal("INVALID_QUERY_FILTER_OPERATOR", at: offset, message)
  }

  private func membership(
    _ path: BoundQuery.Path, _ isNegated: Bool, _ literals: [SOQLQuery.Literal], at offset: Int
  ) throws(APIError) -> BoundQuery.Condition {
    var values: Set<FieldValue> = []
    var includesNull = false
    var ranges: [BoundQuery.Condition] = []
    for literal in literals {
      switch try comparand(literal, path.field, at: offset) {
      case .value(let value): values.insert(value)
      case .null: includesNull = true
      case .range(let first, let last):
        ranges.append(.comparison(path, .equal, .range(first, last)))
      }
    }
    let plain = BoundQuery.Condition.membership(
      path, isNegated: false, values: values, includesNull: includesNull)
    let all = ranges.isEmpty ? plain : .any([plain] + ranges)
    return isNegated ? .not(all) : all
  }

  private func comparand(
    _ literal: SOQLQuery.Literal, _ field: FieldDescription, at offset: Int
  ) throws(APIError) -> BoundQuery.Comparand {
    if literal == .null { return .null }
    switch (field.kind, literal) {
    case (.id, .text(let value)), (.reference, .text(let value)):
      guard let id = RecordID(parsing: value) else {
        throw operatorRefusal("invalid ID field: \(value)", at: offset)
      }
      return .value(.text(id.text))
    case (let kind, .text(let value)) where kind.isText:
      return .value(.text(field.isCaseSensitive ? value : value.lowercased()))
    case (let kind, .number(let number)) where kind.isNumber: return .value(.number(number))
    case (.boolean, .boolean(let value)): return .value(.boolean(value))
    case (.date, .date(let date)): return .value(.date(date))
    case (.datetime, .moment(let moment)): return .value(.moment(moment))
    case (.date, .days(let word, let count)), (.datetime, .days(let word, let count)):
      return days(word, count, field.kind)
    default: throw mismatch(field, at: offset)
    }
  }

  private func mismatch(_ field: FieldDescription, at offset: Int) -> APIError {
    let type =
      switch field.kind {
      case .datetime: "dateTime"
      case .currency, .percent: "double"
      case .id, .reference: "ID"
      default: field.kind.isText ? "string" : field.kind.rawValue
      }
    let needsQuotes = field.kind.isText || field.kind.isIdentifier
    return text.refusal(
      "INVALID_FIELD", at: offset,
      "value of filter criterion for field '\(field.name)' must be of type \(type) and should "
        + (needsQuotes ? "be enclosed in quotes" : "not be enclosed in quotes"))
  }

  /// The days that a word stands for, in UTC.
  private func days(_ word: String, _ count: Int?, _ kind: FieldKind) -> BoundQuery.Comparand {
    let first: Int
    let last: Int
    switch (word, count) {
    case ("YESTERDAY", _): (first, last) = (-1, 0)
    case ("TOMORROW", _): (first, last) = (1, 2)
    case ("LAST_N_DAYS", let count?): (first, last) = (-count, 1)
    case ("NEXT_N_DAYS", let count?): (first, last) = (1, count + 1)
    default: (first, last) = (0, 1)
    }
    return .range(day(first, kind), day(last, kind))
  }

  private func day(_ shift: Int, _ kind: FieldKind) -> FieldValue {
    let date = CalendarDate(daysSinceEpoch: today.daysSinceEpoch + Int32(shift))
    guard kind == .datetime else { return .date(date) }
    return .moment(Timestamp(date: date, time: ClockTime(microseconds: 0)))
  }
}
