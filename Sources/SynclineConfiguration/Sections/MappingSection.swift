import SynclineMapping
import SynclineModel
import Yams

/// What a task maps: `match`, `columns`, `relations`, `toTarget` and `toSource`. The keys of all of
/// them are names of fields.
struct MappingSection {
  static let laterKinds = ["expression", "lookup", "values"]

  let section: Section
  let problems: ProblemList

  func match() -> MatchDefinition {
    guard let node = section.node("match") else { return .unstated }
    if node.text == "none" { return .none }
    guard let entries = filled("match", node, "`none` or a mapping of fields to columns") else {
      return .unstated
    }
    return .pairs(
      entries.compactMap { entry in
        name(entry, entry.value).map { target in
          MatchPairDefinition(
            source: FieldName(entry.key), target: target, location: entry.location)
        }
      })
  }

  func columns() -> [ColumnDefinition] {
    entries("columns").compactMap { entry in
      if case .mapping = entry.value { return column(entry) }
      return name(entry, entry.value).map { target in
        ColumnDefinition(source: FieldName(entry.key), target: target, location: entry.location)
      }
    }
  }

  private func column(_ entry: Entry) -> ColumnDefinition? {
    let noun = "the field \(Words.quoted(entry.key))"
    let section = Section(
      entry.value, noun: noun, keys: ["column", "conflicts"], later: Self.laterKinds, problems)
    guard let section else { return nil }
    section.require("column", in: noun)
    let conflicts = section.fieldConflicts()
    return section.text("column").map { target in
      ColumnDefinition(
        source: FieldName(entry.key), target: FieldName(target), conflicts: conflicts,
        location: entry.location)
    }
  }

  func relations() -> [RelationDefinition] {
    entries("relations").compactMap { entry in
      let noun = "the relation \(Words.quoted(entry.key))"
      let section = Section(
        entry.value, noun: noun, keys: ["column", "task", "conflicts"], later: Self.laterKinds,
        problems)
      guard let section else { return nil }
      for key in ["column", "task"] { section.require(key, in: noun) }
      return RelationDefinition(
        source: FieldName(entry.key), target: FieldName(section.text("column") ?? ""),
        task: section.text("task") ?? "", conflicts: section.fieldConflicts(),
        location: entry.location)
    }
  }

  /// `toTarget` or `toSource`.
  func assignments(_ key: String) -> [AssignmentDefinition] {
    entries(key).compactMap { entry in
      let kind: AssignmentDefinition.Kind?
      if case .mapping = entry.value {
        kind = assigned(entry)
      } else {
        kind = name(entry, entry.value).map { .column($0) }
      }
      return kind.map {
        AssignmentDefinition(field: FieldName(entry.key), kind: $0, location: entry.location)
      }
    }
  }

  private func assigned(_ entry: Entry) -> AssignmentDefinition.Kind? {
    let noun = "the field \(Words.quoted(entry.key))"
    let before = problems.count
    let section = Section(
      entry.value, noun: noun, keys: ["column", "constant"], later: Self.laterKinds, problems)
    guard let section, problems.count == before else { return nil }
    guard section.has("column") != section.has("constant") else {
      problems.add("\(noun) needs either `column` or `constant`", at: entry.location)
      return nil
    }
    if section.has("column") { return section.text("column").map { .column(FieldName($0)) } }
    return constant(section)
  }

  private func constant(_ section: Section) -> AssignmentDefinition.Kind? {
    // A constant may be null, which is no missing value.
    guard let node = section.raw("constant") else { return nil }
    guard case .scalar(let scalar) = node else {
      problems.add("`constant` must be a single value, not \(node.kind)", at: node)
      return nil
    }
    guard let value = ConstantValue.value(of: scalar) else {
      problems.add("`constant` is a number out of range; put text in quotes", at: node)
      return nil
    }
    return .constant(value)
  }

  private func entries(_ key: String) -> [Entry] {
    guard let node = section.node(key) else { return [] }
    return filled(key, node, "a mapping of fields") ?? []
  }

  /// The entries of a mapping that must have some.
  private func filled(_ key: String, _ node: Node, _ expected: String) -> [Entry]? {
    guard case .mapping(let mapping) = node, !mapping.isEmpty else {
      let found = node.mapping == nil ? node.kind : "an empty one"
      problems.add("`\(key)` must be \(expected), not \(found)", at: node)
      return nil
    }
    return Section.entries(of: node, name: "`\(key)`", problems)
  }

  /// The field that a plain value names.
  private func name(_ entry: Entry, _ node: Node) -> FieldName? {
    guard let text = node.text, !text.isEmpty else {
      let found = node.text == nil ? node.kind : "empty text"
      problems.add("\(Words.quoted(entry.key)) must name a column, not \(found)", at: node)
      return nil
    }
    return FieldName(text)
  }
}
