import SynclineMapping
import SynclineModel
import Yams

/// One item of `tasks`.
struct TaskSection {
  static let keys = [
    "name", "source", "target", "match", "columns", "relations", "toTarget", "toSource",
    "conflicts", "drift", "deletes",
  ]

  let section: Section
  let problems: ProblemList

  /// All tasks, and what must hold among them: names are unique, relations name one of them.
  static func readAll(
    _ package: Section, deletes: DeleteLimit, _ problems: ProblemList
  ) -> [TaskDefinition] {
    guard let node = package.node("tasks") else { return [] }
    guard case .sequence(let sequence) = node, !sequence.isEmpty else {
      let found = node.sequence == nil ? node.kind : "an empty one"
      problems.add("`tasks` must be a list of at least one task, not \(found)", at: node)
      return []
    }
    let tasks = sequence.compactMap { item in
      Section(item, noun: "a task", keys: keys, problems).map { section in
        TaskSection(section: section, problems: problems).read(deletes: deletes)
      }
    }
    checkNames(tasks, problems)
    checkRelations(tasks, problems)
    return tasks
  }

  /// The task; what could not be read, and was told, is left empty.
  private func read(deletes: DeleteLimit) -> TaskDefinition {
    let name = section.text("name") ?? ""
    let noun = name.isEmpty ? "the task" : "the task \(Words.quoted(name))"
    for key in ["name", "source", "target"] { section.require(key, in: noun) }
    let mapping = MappingSection(section: section, problems: problems)
    let task = TaskDefinition(
      name: name, source: object("source"), target: object("target"), match: mapping.match(),
      columns: mapping.columns(), relations: mapping.relations(),
      toTarget: mapping.assignments("toTarget"), toSource: mapping.assignments("toSource"),
      conflicts: section.conflicts(), drift: section.drift(),
      deletes: section.deletes(base: deletes, problems),
      location: section.raw("name")?.location ?? section.location)
    if !["columns", "relations", "toTarget", "toSource"].contains(where: section.has) {
      problems.add("\(noun) maps no field; give it `columns`", at: task.location)
    }
    WrittenFields.check(task, problems)
    return task
  }

  /// `source` or `target`: a name, or `{object: Name, key: assigned}`.
  private func object(_ key: String) -> ObjectDefinition {
    let unread = ObjectDefinition(object: "")
    guard let node = section.node(key) else { return unread }
    guard case .mapping(let mapping) = node else {
      return section.text(key).map {
        ObjectDefinition(object: ObjectName($0), location: node.location)
      } ?? unread
    }
    let keys = mapping.keys.compactMap { $0.scalar?.string }
    if !keys.contains("object"), mapping.values.contains(where: { $0.mapping != nil }) {
      problems.add(Section.notInThisVersion("a `\(key)` of several objects"), at: node)
      return unread
    }
    guard let object = Section(node, noun: "`\(key)`", keys: ["object", "key"], problems) else {
      return unread
    }
    object.require("object", in: "`\(key)`")
    let isAssigned = object.choice("key", [("assigned", true)]) ?? false
    return ObjectDefinition(
      object: ObjectName(object.text("object") ?? ""), keyIsAssigned: isAssigned,
      location: object.raw("object")?.location ?? node.location)
  }

  private static func checkNames(_ tasks: [TaskDefinition], _ problems: ProblemList) {
    var seen: [String: FileLocation?] = [:]
    for task in tasks where !task.name.isEmpty {
      if let first = seen[task.name] {
        let place = first.map { " at \($0)" } ?? ""
        problems.add(
          "a task is named \(Words.quoted(task.name)) already\(place); give each its own name",
          at: task.location)
      } else {
        seen[task.name] = task.location
      }
    }
  }

  private static func checkRelations(_ tasks: [TaskDefinition], _ problems: ProblemList) {
    let names = tasks.map(\.name).filter { !$0.isEmpty }
    for relation in tasks.flatMap(\.relations) where !relation.task.isEmpty {
      guard !names.contains(relation.task) else { continue }
      let start = "no task is named \(Words.quoted(relation.task))"
      let nearest = NearestWord.nearest(to: relation.task, among: names)
      let mend = nearest.map { "the nearest is \(Words.quoted($0))" } ?? "add one"
      problems.add("\(start); \(mend)", at: relation.location)
    }
  }
}
