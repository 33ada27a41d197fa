import SynclineMapping
import Yams

/// A connection with the name that sides use.
struct NamedConnection {
  var name: String
  var kind: ReadConnection
  var location: FileLocation?
}

/// A connection as it was read.
enum ReadConnection: Hashable, Sendable {
  case sqlite(SQLiteConnection)
  case salesforce(SalesforceConnection)

  /// Whether its system tells who wrote a record last (`Capabilities.tellsLastWriter`).
  var tellsLastWriter: Bool {
    switch self {
    case .sqlite: false
    case .salesforce: true
    }
  }
}

/// `connections`, in the package or in the file that several packages share.
enum ConnectionsSection {
  static let laterTypes = [
    "dynamics365", "sugarcrm", "zohocrm", "postgresql", "mysql", "mariadb",
  ]

  /// The connections of `connections.yaml`: the key `connections`, as it stands in a package.
  static func readShared(
    _ bytes: [UInt8], _ problems: ProblemList
  ) -> [String: ReadConnection] {
    guard let root = DocumentReader.mapping(bytes, problems),
      let section = Section(
        root, noun: "a file of connections", keys: ["connections"], problems)
    else { return [:] }
    section.require("connections", in: "the file")
    guard let node = section.node("connections") else { return [:] }
    var connections: [String: ReadConnection] = [:]
    for connection in read(node, problems) {
      connections[connection.name] = connection.kind
    }
    return connections
  }

  /// Every connection of the mapping, also those after a problem: a side that names one should not
  /// be told that there is none.
  static func read(_ node: Node, _ problems: ProblemList) -> [NamedConnection] {
    let entries = Section.entries(of: node, name: "`connections`", problems) ?? []
    return entries.map { entry in
      NamedConnection(name: entry.key, kind: kind(entry, problems), location: entry.location)
    }
  }

  private static func kind(_ entry: Entry, _ problems: ProblemList) -> ReadConnection {
    if case .mapping(let mapping) = entry.value,
      mapping.first(where: { $0.key.scalar?.string == "type" })?.value.text == "salesforce"
    {
      return .salesforce(SalesforceSection(entry: entry, problems: problems).read())
    }
    return .sqlite(sqlite(entry, problems))
  }

  private static func sqlite(_ entry: Entry, _ problems: ProblemList) -> SQLiteConnection {
    let unread = SQLiteConnection(file: "", location: entry.location)
    let name = Words.quoted(entry.key)
    guard knows(entry, problems),
      let section = Section(
        entry.value, noun: "an SQLite connection",
        keys: ["type", "file", "timeZone", "busyTimeout"], problems)
    else { return unread }
    section.require("file", in: "the connection \(name)")
    let busyTimeout = section.quantity(
      "busyTimeout",
      expected: "a time of at most 60 minutes: `30 seconds`, `500 milliseconds`, `2 minutes`",
      Quantities.milliseconds)
    return SQLiteConnection(
      file: file(section) ?? "", zoneMinutes: zoneMinutes(section, problems) ?? 0,
      busyTimeoutMilliseconds: busyTimeout ?? 30_000, location: entry.location)
  }

  /// Whether the type of the connection is one that this version knows. The keys of other types are
  /// not looked at.
  private static func knows(_ entry: Entry, _ problems: ProblemList) -> Bool {
    let name = Words.quoted(entry.key)
    guard case .mapping(let mapping) = entry.value else {
      problems.add(
        "the connection \(name) must be a mapping, not \(entry.value.kind)", at: entry.value)
      return false
    }
    guard let type = mapping.first(where: { $0.key.scalar?.string == "type" })?.value else {
      problems.add("the connection \(name) has no `type`", at: entry.value)
      return false
    }
    guard let word = type.text, word != "sqlite" else {
      if type.text == nil {
        problems.add("`type` must be `sqlite` or `salesforce`", at: type)
      }
      return type.text != nil
    }
    let isLater = laterTypes.contains(word)
    problems.add(
      isLater
        ? Section.notInThisVersion("the connection type `\(word)`")
        : "`type` must be `sqlite` or `salesforce`; \(Words.quoted(word)) cannot be synced",
      at: type)
    return false
  }

  private static func file(_ section: Section) -> String? {
    let expected = "the path of a database file, not a database in memory"
    return section.quantity("file", expected: expected) { path in
      path == ":memory:" || path.utf8.contains(0) ? nil : path
    }
  }

  private static func zoneMinutes(_ section: Section, _ problems: ProblemList) -> Int16? {
    guard let text = section.text("timeZone") else { return nil }
    if let minutes = Quantities.zoneMinutes(text) { return minutes }
    let isName = Quantities.isZoneName(text)
    section.refuse(
      "timeZone",
      expected: isName
        ? "`UTC` or an offset such as `+01:00`; names of zones are not in this version"
        : "`UTC` or an offset up to 14 hours, such as `+01:00`")
    return nil
  }
}
