// A compiled mapping for people to read, as `mapping adopted` keeps it beside the bytes: one line per
// fact, names as the schemas spell them, fields in the order of their numbers. Equal mappings over
// equal schemas have equal texts.

public import SynclineModel

extension CompiledMapping {
  /// The readable text of the mapping; `catalog` is the one that it was compiled with.
  public func canonicalText(_ catalog: MappingCatalog) -> String {
    let names = CatalogNames(catalog)
    return tasks.map { names.text($0) }.joined()
  }
}

/// Names by number.
private struct CatalogNames {
  private var objects: [Side: [ObjectNumber: ObjectName]] = [:]
  private var fields: [Side: [ObjectNumber: [FieldNumber: FieldName]]] = [:]
  private var tasks: [TaskNumber: String] = [:]

  init(_ catalog: MappingCatalog) {
    for (side, found) in catalog.objects {
      for (name, object) in found {
        objects[side, default: [:]][object.number] = name
        for (field, number) in object.fields {
          fields[side, default: [:]][object.number, default: [:]][number] = field
        }
      }
    }
    for (name, number) in catalog.tasks { tasks[number] = name }
  }

  func text(_ task: TaskMapping) -> String {
    var lines = ["task \(quoted(task.name))"]
    for side in Side.allCases {
      let object = objects[side]?[task.object(side)]?.rawValue
      lines.append("  \(side) \(quoted(object ?? "\(task.object(side))"))")
    }
    lines.append("  conflicts \(task.conflicts.word)")
    lines.append("  drift \(task.drift == .leave ? "leave" : "restore")")
    lines.append("  deletes \(task.deletes.percent)% at least \(task.deletes.atLeast)")
    lines.append(contentsOf: match(task))
    for side in [Side.target, .source] {
      for assignment in task.assignments(to: side) {
        lines.append("  \(line(assignment, to: side, of: task))")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func match(_ task: TaskMapping) -> [String] {
    switch task.match {
    case .unstated: return []
    case .none: return ["  match none"]
    case .pairs(let pairs):
      return pairs.map { pair in
        "  match source \(field(pair.source, .source, task)): \(pair.sourceType.words)"
          + " = target \(field(pair.target, .target, task)): \(pair.targetType.words)"
      }
    }
  }

  private func line(_ assignment: Assignment, to side: Side, of task: TaskMapping) -> String {
    var text = "\(side) \(field(assignment.field, side, task)): \(assignment.type.words) = "
    switch assignment.expression {
    case .column(let input, let type): text += "\(field(input, side.other, task)): \(type.words)"
    case .constant(let value): text += "constant \(written(value))"
    case .relation(let input, let number):
      let parent = tasks[number] ?? "\(number)"
      text += "\(field(input, side.other, task)) through task \(quoted(parent))"
    }
    if assignment.isTwoWay { text += ", both ways" }
    if !assignment.takesNull { text += ", never null" }
    if !assignment.goesWithInserts { text += ", after the insert" }
    if let rule = assignment.conflicts { text += ", conflicts \(rule.word)" }
    return text
  }

  private func field(_ number: FieldNumber, _ side: Side, _ task: TaskMapping) -> String {
    quoted(fields[side]?[task.object(side)]?[number]?.rawValue ?? "\(number)")
  }

  /// A constant with its kind, so that the text 1 and the number 1 differ.
  private func written(_ value: Value) -> String {
    switch value {
    case .null: "null"
    case .boolean(let boolean): "boolean \(boolean)"
    case .integer(let integer): "integer \(integer)"
    case .decimal(let decimal): "decimal \(decimal)"
    case .double(let double): "double \(double)"
    case .text(let text): "text \(quoted(text.string))"
    case .bytes(let bytes): "bytes \(Hexadecimal.text(bytes))"
    case .date(let date): "date \(date)"
    case .time(let time): "time \(time)"
    case .timestamp(let moment): "timestamp \(ISOText.format(moment: moment))"
    case .localTimestamp(let local): "local timestamp \(ISOText.format(local: local))"
    case .uuid(let bytes): "uuid \(UUIDText.format(bytes))"
    case .digest(let digest): "digest \(Hexadecimal.text(digest.sha256))"
    }
  }
}

/// The text in quotation marks, with an escape for each mark and control character in it.
private func quoted(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case _ where scalar.value < 0x20 || scalar.value == 0x7F:
      result += "\\u{\(String(scalar.value, radix: 16))}"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}

extension FieldType {
  /// As in `decimal(10,2), numeric affinity`.
  public var words: String {
    var text = kind.word
    if let lengthMax { text += "(\(lengthMax))" }
    if precision != nil || scale != nil {
      text += "(\(precision.map { "\($0)" } ?? "*"),\(scale.map { "\($0)" } ?? "*"))"
    }
    switch storage {
    case .typed: break
    case .integerAffinity: text += ", integer affinity"
    case .realAffinity: text += ", real affinity"
    case .numericAffinity: text += ", numeric affinity"
    case .textAffinity: text += ", text affinity"
    case .blobAffinity: text += ", blob affinity"
    }
    if foldsCase { text += ", folds case" }
    if trims { text += ", trims" }
    if zoneMinutes != 0 { text += ", zone \(zoneMinutes) minutes" }
    return text
  }
}
