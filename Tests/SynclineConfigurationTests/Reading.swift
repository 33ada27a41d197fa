import SynclineConfiguration
import SynclineMapping
import SynclineModel

/// What reading a text brings: the package, or one line for each problem.
enum Reading: Equatable {
  case package(PackageDefinition)
  case problems([String])

  init(_ bytes: [UInt8], shared: String? = nil) {
    do {
      self = .package(
        try PackageReader.read(
          bytes, fileName: "p.sync.yaml", sharedConnections: shared.map { Array($0.utf8) }))
    } catch {
      self = .problems(error.description.split(separator: "\n").map(String.init))
    }
  }

  init(_ text: String, shared: String? = nil) { self.init(Array(text.utf8), shared: shared) }

  /// The problems; none of a package that was read.
  var lines: [String] {
    guard case .problems(let lines) = self else { return [] }
    return lines
  }

  var package: PackageDefinition? {
    guard case .package(let package) = self else { return nil }
    return package
  }
}

/// A package without any key that may be left out.
enum Minimal {
  /// Seven lines.
  static let head = """
    source: {connection: a}
    target: {connection: b}
    connections:
      a: {type: sqlite, file: a.db}
      b: {type: sqlite, file: b.db}

    """

  /// Lines 6 to 10.
  static let tasks = """
    tasks:
      - name: T
        source: S
        target: D
        columns: {x: y}

    """

  static let text = head + tasks

  /// The minimal package with `lines` behind it, from line 11.
  static func with(_ lines: String) -> String { text + lines }

  /// A package whose only task has `lines` from line 10, indented by four.
  static func task(_ lines: String) -> String {
    head + """
      tasks:
        - name: T
          source: S
          target: D

      """ + lines
  }

  static let definition = PackageDefinition(
    source: SideDefinition(connection: "a", location: FileLocation(line: 1, column: 22)),
    target: SideDefinition(connection: "b", location: FileLocation(line: 2, column: 22)),
    connections: [
      "a": .sqlite(SQLiteConnection(file: "a.db", location: FileLocation(line: 4, column: 3))),
      "b": .sqlite(SQLiteConnection(file: "b.db", location: FileLocation(line: 5, column: 3))),
    ],
    tasks: [
      TaskDefinition(
        name: "T",
        source: ObjectDefinition(object: "S", location: FileLocation(line: 8, column: 13)),
        target: ObjectDefinition(object: "D", location: FileLocation(line: 9, column: 13)),
        columns: [
          ColumnDefinition(
            source: "x", target: "y", location: FileLocation(line: 10, column: 15))
        ],
        location: FileLocation(line: 7, column: 11))
    ])
}
