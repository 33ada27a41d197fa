import Foundation
import SynclineTesting

/// The two parameters as `params` shows them.
struct Parameters: Equatable {
  var initTrackingObjects: Bool
  /// Empty where there is none; its texts are ordered like the times.
  var lastSyncTime: String

  var hasLastSyncTime: Bool { !lastSyncTime.isEmpty }
}

extension Scenario {
  func parameters() throws -> Parameters {
    let answer = try syncline("params", "show", with: ["--json"]).json.first ?? [:]
    return Parameters(
      initTrackingObjects: answer["InitTrackingObjects"] as? Bool ?? false,
      lastSyncTime: answer["LastSyncTime"] as? String ?? "")
  }

  /// The number of links of each task.
  func links() throws -> [String: Int] {
    let status = try syncline("status", with: ["--json"]).json.first ?? [:]
    let tasks = status["tasks"] as? [[String: Any]] ?? []
    return Dictionary(
      uniqueKeysWithValues: tasks.compactMap { task in
        guard let name = task["name"] as? String, let links = task["links"] as? Int else {
          return nil
        }
        return (name, links)
      })
  }

  /// The events that the journal holds.
  func events() throws -> Int {
    let status = try syncline("status", with: ["--json"]).json.first ?? [:]
    return status["events"] as? Int ?? -1
  }

  /// The records that failed: object, key, code and task.
  func errors() throws -> [String] {
    try syncline("errors", with: ["--json"]).json.map { error in
      ["object", "key", "code", "task"].map { "\(error[$0] ?? "?")" }.joined(separator: " ")
    }.sorted()
  }

  /// The commands that a plan lists, in its order.
  func planned() throws -> [String] {
    try syncline("plan", with: ["--json"]).json.compactMap { line in
      guard let operation = line["operation"] as? String else { return nil }
      let row = line["row"] as? [String: Any] ?? [:]
      let values = row.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
      return (["\(line["side"] ?? "?")", operation, "\(line["object"] ?? "?")"] + values)
        .joined(separator: " ")
    }
  }
}

extension Scenario {
  /// How often each failing record was tried.
  func tries() throws -> [Int] {
    try syncline("errors", with: ["--json"]).json.compactMap { $0["count"] as? Int }
  }

  /// The package file.
  func packageText() throws -> String { try String(contentsOfFile: package, encoding: .utf8) }

  /// Writes the package file as it shall be.
  func write(_ text: String) throws {
    try text.write(toFile: package, atomically: true, encoding: .utf8)
  }

  /// Every byte of both databases, the package and the journal.
  func bytes() throws -> [String: Data] {
    var bytes: [String: Data] = [:]
    for name in ["source.db", "target.db", "shop.sync.yaml", ".syncline/shop/data.mdb"] {
      bytes[name] = FileManager.default.contents(atPath: "\(folder)/\(name)")
    }
    return bytes
  }
}
