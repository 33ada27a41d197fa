public import SynclineModel

extension Assignment {
  /// Whether the written value's bytes are those of the field that it comes from.
  public var passesUnchanged: Bool {
    guard case .column(_, let source) = expression else { return false }
    return type.takesUnchanged(from: source)
  }

  /// The value of the written field for `row`, a record of the other side; nil where the row lacks
  /// the field that it comes from, or where a relation has no answer yet.
  ///
  /// `resolve` answers relations: the key, on the written side, of the record that is linked in the
  /// task with the one that the foreign key names; nil where there is none (yet). A null key is null
  /// without a question.
  public func evaluate(
    _ row: PackedRow, resolving resolve: (TaskNumber, Value) -> Value? = { _, _ in nil }
  ) throws(ConversionProblem) -> Value? {
    switch expression {
    case .constant(let value): return value
    case .column(let field, let source):
      guard let value = row[field] else { return nil }
      return try type.convert(value, from: source)
    case .relation(let field, let task):
      guard let value = row[field] else { return nil }
      if case .null = value { return value }
      guard let key = resolve(task, value) else { return nil }
      return try type.convert(key, from: FieldType(.any))
    }
  }
}
