import Foundation
import SynclineTesting

extension SandboxProgram {
  /// The records of an object by the file behind the sandbox, those that are deleted left out.
  func records(_ object: String) throws -> [String: [String: String]] {
    var records: [String: [String: String]] = [:]
    let lines = try String(contentsOfFile: data, encoding: .utf8)
    for line in lines.split(separator: "\n") {
      let act = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      for record in act?["records"] as? [[String: Any]] ?? [] {
        guard record["object"] as? String == object else { continue }
        if let id = record["removed"] as? String { records[id] = nil }
        guard let values = record["values"] as? [String: Any], let id = values["Id"] as? String
        else { continue }
        records[id] = record["bin"] == nil ? values.mapValues { "\($0)" } : nil
      }
    }
    return records
  }

  /// How many requests changed records so far.
  var changes: Int {
    get throws {
      try String(contentsOfFile: data, encoding: .utf8).split(separator: "\n")
        .count { $0.contains("\"records\"") }
    }
  }
}
