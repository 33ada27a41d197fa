// The bytes of a compiled mapping, as the event `mapping adopted` keeps them (Docs/Mapping.md,
// "Bytes"). Equal mappings have equal bytes; damaged bytes end in a `DecodingFailure`.

public import SynclineModel

extension CompiledMapping {
  private static let version: UInt8 = 1

  /// The canonical bytes.
  public var encoded: [UInt8] {
    var writer = ByteWriter()
    writer.byte(Self.version)
    writer.list(tasks) { $0.task($1) }
    return writer.bytes
  }

  /// The mapping of exactly these bytes.
  public init(encoded bytes: [UInt8]) throws(DecodingFailure) {
    var reader = ByteReader(bytes.span.bytes)
    guard try reader.byte() == Self.version else {
      throw .malformed(what: "mapping of a known version", offset: 0)
    }
    var tasks: [TaskMapping] = []
    for _ in 0..<(try reader.small(Int.self)) { tasks.append(try reader.task()) }
    guard reader.isAtEnd else { throw .malformed(what: "end of a mapping", offset: reader.offset) }
    self.init(tasks: tasks)
  }
}

// MARK: Writing

extension ByteWriter {
  fileprivate mutating func list<Item>(_ items: [Item], _ write: (inout Self, Item) -> Void) {
    varint(UInt64(items.count))
    for item in items { write(&self, item) }
  }

  fileprivate mutating func number(_ number: some DenseNumber) {
    varint(UInt64(number.rawValue))
  }

  fileprivate mutating func task(_ task: TaskMapping) {
    number(task.number)
    text(task.name)
    number(task.source)
    number(task.target)
    byte(task.conflicts.rawValue)
    byte(task.drift.rawValue)
    zigzag(Int64(task.deletes.percent))
    zigzag(Int64(task.deletes.atLeast))
    match(task.match)
    list(task.toTarget) { $0.assignment($1) }
    list(task.toSource) { $0.assignment($1) }
  }

  private mutating func match(_ match: MatchMapping) {
    switch match {
    case .unstated: byte(0)
    case .none: byte(1)
    case .pairs(let pairs):
      byte(2)
      list(pairs) { writer, pair in
        writer.number(pair.source)
        writer.number(pair.target)
        writer.type(pair.sourceType)
        writer.type(pair.targetType)
      }
    }
  }

  private mutating func assignment(_ assignment: Assignment) {
    number(assignment.field)
    type(assignment.type)
    switch assignment.expression {
    case .column(let field, let source):
      byte(0)
      number(field)
      type(source)
    case .constant(let constant):
      byte(1)
      value(constant)
    case .relation(let field, let task):
      byte(2)
      number(field)
      number(task)
    }
    byte(assignment.isTwoWay ? 1 : 0)
    byte(assignment.conflicts?.rawValue ?? 0)
    byte((assignment.takesNull ? 1 : 0) | (assignment.goesWithInserts ? 0 : 2))
  }

  private mutating func type(_ type: FieldType) {
    byte(type.kind.rawValue)
    byte(type.storage.rawValue)
    optional(type.lengthMax.map(UInt64.init))
    optional(type.precision.map(UInt64.init))
    optional(type.scale.map(UInt64.init))
    byte((type.foldsCase ? 1 : 0) | (type.trims ? 2 : 0))
    zigzag(Int64(type.zoneMinutes))
  }

  /// Nothing as 0, a number as its successor.
  private mutating func optional(_ number: UInt64?) { varint(number.map { $0 + 1 } ?? 0) }
}

// MARK: Reading

extension ByteReader {
  @_lifetime(self: copy self)
  fileprivate mutating func task() throws(DecodingFailure) -> TaskMapping {
    let number = TaskNumber(try small())
    let name = try text()
    let source = ObjectNumber(try small())
    let target = ObjectNumber(try small())
    let conflicts: ConflictRule = try raw("conflict rule")
    let drift: DriftRule = try raw("drift rule")
    let deletes = DeleteLimit(percent: Int(try zigzag()), atLeast: Int(try zigzag()))
    let match = try match()
    return TaskMapping(
      number: number, name: name, source: source, target: target, conflicts: conflicts,
      drift: drift, deletes: deletes, match: match, toTarget: try assignments(),
      toSource: try assignments())
  }

  @_lifetime(self: copy self)
  private mutating func match() throws(DecodingFailure) -> MatchMapping {
    let start = offset
    switch try byte() {
    case 0: return .unstated
    case 1: return .none
    case 2:
      var pairs: [MatchPair] = []
      for _ in 0..<(try small(Int.self)) {
        pairs.append(
          MatchPair(
            source: FieldNumber(try small()), target: FieldNumber(try small()),
            sourceType: try type(), targetType: try type()))
      }
      return .pairs(pairs)
    default: throw .malformed(what: "match", offset: start)
    }
  }

  @_lifetime(self: copy self)
  private mutating func assignments() throws(DecodingFailure) -> [Assignment] {
    var assignments: [Assignment] = []
    for _ in 0..<(try small(Int.self)) {
      let field = FieldNumber(try small())
      let type = try type()
      let expression = try expression()
      let isTwoWay = try flag()
      let conflicts: ConflictRule? = try optionalRule()
      let start = offset
      let bits = try byte()
      guard bits < 4 else { throw .malformed(what: "rules of a field", offset: start) }
      assignments.append(
        Assignment(
          field: field, type: type, expression: expression, isTwoWay: isTwoWay,
          conflicts: conflicts, takesNull: bits & 1 != 0, goesWithInserts: bits & 2 == 0))
    }
    return assignments
  }

  @_lifetime(self: copy self)
  private mutating func expression() throws(DecodingFailure) -> Expression {
    let start = offset
    switch try byte() {
    case 0: return .column(FieldNumber(try small()), from: try type())
    case 1: return .constant(try value())
    case 2: return .relation(FieldNumber(try small()), task: TaskNumber(try small()))
    default: throw .malformed(what: "expression", offset: start)
    }
  }

  @_lifetime(self: copy self)
  private mutating func type() throws(DecodingFailure) -> FieldType {
    var type = FieldType(
      try raw("kind of field"), storage: try raw("storage of a field"), lengthMax: try optional(),
      precision: try optional(), scale: try optional())
    (type.foldsCase, type.trims) = try textRules()
    type.zoneMinutes = try zoneMinutes()
    return type
  }

  @_lifetime(self: copy self)
  private mutating func textRules() throws(DecodingFailure) -> (foldsCase: Bool, trims: Bool) {
    let start = offset
    let bits = try byte()
    guard bits < 4 else { throw .malformed(what: "rules of a text", offset: start) }
    return (bits & 1 != 0, bits & 2 != 0)
  }

  @_lifetime(self: copy self)
  private mutating func zoneMinutes() throws(DecodingFailure) -> Int16 {
    let start = offset
    guard let minutes = Int16(exactly: try zigzag()) else {
      throw .malformed(what: "zone", offset: start)
    }
    return minutes
  }

  @_lifetime(self: copy self)
  private mutating func optionalRule() throws(DecodingFailure) -> ConflictRule? {
    let start = offset
    let raw = try byte()
    if raw == 0 { return nil }
    guard let rule = ConflictRule(rawValue: raw) else {
      throw .malformed(what: "conflict rule", offset: start)
    }
    return rule
  }

  @_lifetime(self: copy self)
  private mutating func optional<Number: FixedWidthInteger>() throws(DecodingFailure) -> Number? {
    let start = offset
    let encoded = try varint()
    if encoded == 0 { return nil }
    guard let number = Number(exactly: encoded - 1) else {
      throw .malformed(what: "limit of a field", offset: start)
    }
    return number
  }

  @_lifetime(self: copy self)
  private mutating func flag() throws(DecodingFailure) -> Bool {
    let start = offset
    switch try byte() {
    case 0: return false
    case 1: return true
    default: throw .malformed(what: "flag", offset: start)
    }
  }

  @_lifetime(self: copy self)
  private mutating func raw<Case: RawRepresentable<UInt8>>(
    _ what: StaticText
  ) throws(DecodingFailure) -> Case {
    let start = offset
    guard let item = Case(rawValue: try byte()) else {
      throw .malformed(what: what, offset: start)
    }
    return item
  }
}
