import Foundation
import SynclineTesting

/// The package that these tests run: customers of a shop, with other names on the other side.
enum Shop {
  static let source = """
    CREATE TABLE Customer (id INTEGER PRIMARY KEY, name TEXT, phone TEXT);
    INSERT INTO Customer VALUES (1, 'Anna', '1'), (2, 'Bert', '2');
    """
  static let target = """
    CREATE TABLE Client (cid INTEGER PRIMARY KEY, title TEXT, tel TEXT);
    INSERT INTO Client VALUES (1, 'Zoe', '9');
    """
  static let tasks = """
      - name: Customers
        source: Customer
        target: Client
        match: none
        columns:
          name: title
          phone: tel
    """

  static func scenario(
    source: String = source, target: String = target, tasks: String = tasks,
    settings: String = ""
  ) throws -> Scenario {
    try Scenario(source: source, target: target, tasks: tasks, settings: settings)
  }

  /// A scenario whose first run is done.
  static func synced() throws -> Scenario {
    let shop = try scenario()
    try shop.run()
    return shop
  }
}

/// Both sides' records without their keys, in one order.
struct Contents: Equatable {
  var source: [[String]]
  var target: [[String]]
}

extension Scenario {
  var contents: Contents {
    get throws {
      Contents(
        source: try source.rows("SELECT name, phone FROM Customer ORDER BY 1, 2"),
        target: try target.rows("SELECT title, tel FROM Client ORDER BY 1, 2"))
    }
  }

  /// Whole tables, with keys.
  var tables: Contents {
    get throws {
      Contents(
        source: try source.rows("SELECT * FROM Customer ORDER BY 1"),
        target: try target.rows("SELECT * FROM Client ORDER BY 1"))
    }
  }

  /// Entries in the tracking queues of both sides.
  var queued: Int {
    get throws {
      try [source, target].reduce(0) { sum, side in
        let names = try side.rows(
          "SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE '%queue%'")
        return try names.reduce(sum) { sum, name in
          sum + (try side.rows("SELECT * FROM \"\(name[0].dropFirst().dropLast())\"").count)
        }
      }
    }
  }

  func file(_ name: String) -> String { folder + "/" + name }

  func text(_ name: String) throws -> String {
    try String(contentsOfFile: file(name), encoding: .utf8)
  }

  func write(_ text: String, to name: String) throws {
    try text.write(toFile: file(name), atomically: true, encoding: .utf8)
  }

  /// Changes the package file.
  func edit(_ old: String, _ new: String) throws {
    try write(text("shop.sync.yaml").replacingOccurrences(of: old, with: new), to: "shop.sync.yaml")
  }

  /// The id in the package's line `journal:`.
  var journal: String {
    get throws {
      let line = try text("shop.sync.yaml").split(separator: "\n").first {
        $0.hasPrefix("journal:")
      }
      return String(line?.dropFirst("journal: ".count) ?? "")
    }
  }

  /// A call in the scenario's folder, with paths relative to it.
  @discardableResult
  func call(_ arguments: String..., environment: [String: String] = [:]) throws -> Answer {
    try Self.run(Self.program, arguments, environment: environment, in: folder)
  }
}

extension Scenario.Answer {
  /// The answer with a word for what differs from run to run: ids of journals and times.
  var neutral: Scenario.Answer {
    Scenario.Answer(status: status, output: output.neutral, errors: errors.neutral)
  }
}

extension String {
  fileprivate var neutral: String {
    replacing(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/, with: "JOURNAL")
      .replacing(/\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z/, with: "TIME")
  }
}

/// What a run that found nothing to do answers.
func quiet(_ run: Int) -> String { report(run) }

/// The report of a run as JSON.
func report(
  _ run: Int, _ state: String = "Succeeded", source: [Int] = [0, 0, 0, 0, 0, 0],
  target: [Int] = [0, 0, 0, 0, 0, 0], conflicts: Int = 0, failed: Int = 0, held: Int = 0,
  pending: Int = 0, journal: String = "\"JOURNAL\""
) -> String {
  func side(_ counts: [Int]) -> String {
    let names = ["created", "changed", "deleted", "inserts", "updates", "deletes"]
    return "{" + zip(names, counts).map { "\"\($0)\":\($1)" }.joined(separator: ",") + "}"
  }
  return
    "{\"run\":\(run),\"state\":\"\(state)\",\"journal\":\(journal),\"source\":\(side(source)),"
    + "\"target\":\(side(target)),\"conflicts\":\(conflicts),\"failed\":\(failed),\"held\":\(held),"
    + "\"pending\":\(pending),\"untouched\":0,\"refusals\":[],\"problems\":[],\"failure\":null}\n"
}
