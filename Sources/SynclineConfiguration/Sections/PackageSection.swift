import SynclineMapping
import SynclineModel
import Yams

/// The whole file.
struct PackageSection {
  let problems: ProblemList
  /// Nil where there is no file of connections.
  let sharedConnections: [String: ReadConnection]?

  static let keys = [
    "package", "source", "target", "connections", "locale", "conflicts", "capture", "duringRun",
    "deletes", "inferredDeletes", "drift", "tasks", "journal",
  ]

  /// The package, or nil after problems were told; with problems it may be half read.
  func read(_ bytes: [UInt8]) -> ReadPackage? {
    guard let root = DocumentReader.mapping(bytes, problems),
      let section = Section(
        root, noun: "a package", keys: PackageSection.keys, later: ["schedule"], problems)
    else { return nil }
    for key in ["source", "target", "tasks"] { section.require(key, in: "the package") }
    refuseLaterWords(section)
    let connections = connections(section)
    let duringRun = duringRun(section, connections)
    let deletes = section.deletes(base: DeleteLimit(), problems) ?? DeleteLimit()
    let name = section.text("package") ?? "Untitled"
    let journal = section.quantity(
      "journal", expected: "a UUID, as the first run wrote it", JournalID.init(text:))
    let source = side("source", section, connections)
    let target = side("target", section, connections)
    let tasks = TaskSection.readAll(section, deletes: deletes, problems)
    // A side that could not be read is told of already; everything else is still looked at.
    let unread = SideDefinition(connection: "")
    let definition = PackageDefinition(
      name: name, source: source ?? unread, target: target ?? unread,
      connections: connections.compactMapValues(\.sqlite),
      conflicts: section.conflicts() ?? .source, capture: capture(section, tasks) ?? .all,
      deletes: deletes, inferredDeletes: inferredDeletes(section) ?? .hold,
      drift: section.drift() ?? .leave, duringRun: duringRun ?? .sync, tasks: tasks,
      journal: journal)
    return ReadPackage(
      definition: definition, salesforce: connections.compactMapValues(\.salesforce))
  }

  private func refuseLaterWords(_ section: Section) {
    if let locale = section.text("locale"), locale != "invariant" {
      section.refuse("locale", expected: "`invariant`; other locales are not in this version")
    }
  }

  /// What becomes of edits that are made while a run goes on. Two databases always sync them.
  private func duringRun(
    _ section: Section, _ connections: [String: ReadConnection]
  ) -> DuringRun? {
    let rule = section.choice("duringRun", [("sync", DuringRun.sync), ("ignore", .ignore)])
    let named = ["source", "target"].compactMap { key -> ReadConnection? in
      guard case .mapping(let side)? = section.raw(key) else { return nil }
      return side["connection"]?.text.flatMap { connections[$0] }
    }
    if rule == .ignore, named.count == 2, !named.contains(where: \.tellsLastWriter) {
      problems.add(
        "`duringRun: ignore` is offered where a side is \(Self.clouds); edits of two databases are "
          + "never ignored. Remove the line",
        at: section.raw("duringRun")?.location)
    }
    return rule
  }

  /// The connections of the package and those it shares with others.
  private func connections(_ section: Section) -> [String: ReadConnection] {
    var connections = sharedConnections ?? [:]
    guard let node = section.node("connections") else { return connections }
    for connection in ConnectionsSection.read(node, problems) {
      if connections.updateValue(connection.kind, forKey: connection.name) != nil {
        let file = PackageReader.sharedConnectionsFileName
        problems.add(
          "\(Words.quoted(connection.name)) also stands in \(file); keep one of them",
          at: connection.location)
      }
    }
    return connections
  }

  private func side(
    _ key: String, _ section: Section, _ connections: [String: ReadConnection]
  ) -> SideDefinition? {
    guard let node = section.node(key),
      let side = Section(
        node, noun: "`\(key)`", keys: ["connection", "dedicatedAccount"], problems)
    else { return nil }
    side.require("connection", in: "`\(key)`")
    let connection = side.text("connection")
    let isDedicated = isDedicated(side, connection.flatMap { connections[$0] })
    guard let connection else { return nil }
    let location = side.raw("connection")?.location
    if connections[connection] == nil {
      problems.add(missing(connection, Array(connections.keys)), at: location)
    }
    return SideDefinition(
      connection: connection, isDedicated: isDedicated, location: location)
  }

  /// The systems that tell who wrote a record last.
  private static let clouds = "Salesforce, Dynamics 365, SugarCRM or Zoho CRM"

  /// Whether the side's account is Syncline's alone. A database does not tell who wrote a record last, and has no
  /// need to: our own writes are told by the transaction.
  private func isDedicated(_ side: Section, _ connection: ReadConnection?) -> Bool {
    let choices =
      ["true", "True", "TRUE"].map { ($0, true) }
      + ["false", "False", "FALSE"].map { ($0, false) }
    guard let text = side.text("dedicatedAccount") else { return false }
    guard let isDedicated = choices.first(where: { $0.0 == text })?.1 else {
      side.refuse("dedicatedAccount", expected: "`true` or `false`")
      return false
    }
    if isDedicated, let connection, !connection.tellsLastWriter {
      problems.add(
        "`dedicatedAccount` is offered for \(Self.clouds) only: a database does not tell who wrote a "
          + "record. Remove it",
        at: side.raw("dedicatedAccount")?.location)
    }
    return isDedicated
  }

  private func missing(_ connection: String, _ known: [String]) -> String {
    let start = "no connection is named \(Words.quoted(connection))"
    guard let nearest = NearestWord.nearest(to: connection, among: known.sorted()) else {
      return "\(start); describe it under `connections`"
    }
    return "\(start); the nearest is \(Words.quoted(nearest))"
  }

  private func capture(_ section: Section, _ tasks: [TaskDefinition]) -> Capture? {
    guard let node = section.node("capture") else { return nil }
    guard case .sequence(let sequence) = node else {
      let choices: [String: Capture] = ["all": .all, "mapped": .mapped]
      return section.quantity(
        "capture", expected: "`all`, `mapped` or a list of `Object.Field`"
      ) { choices[$0] }
    }
    return .listed(
      sequence.compactMap { item in
        guard let text = item.text, text.dropFirst().dropLast().contains(".") else {
          problems.add("`capture` must list fields as `Object.Field`", at: item)
          return nil
        }
        let objects = tasks.flatMap { [$0.source.object.rawValue, $0.target.object.rawValue] }
        if !objects.contains(where: { text.hasPrefix($0 + ".") }) {
          problems.add(
            "no task syncs the object of \(Words.quoted(text)); `capture` lists `Object.Field` of "
              + Words.choice(Set(objects).sorted().map(Words.quoted)), at: item)
        }
        return text
      })
  }

  private func inferredDeletes(_ section: Section) -> InferredDeletes? {
    section.choice("inferredDeletes", [("hold", .hold), ("apply", .apply)])
  }
}

extension ReadConnection {
  fileprivate var sqlite: ConnectionDefinition? {
    if case .sqlite(let sqlite) = self { .sqlite(sqlite) } else { nil }
  }

  fileprivate var salesforce: SalesforceConnection? {
    if case .salesforce(let salesforce) = self { salesforce } else { nil }
  }
}
