import ArgumentParser
import SynclineEngine
import SynclineMapping
import SynclineModel
import SynclineRun

/// The one record that a run or a plan is for.
struct OnlyOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Decide and send this record alone; all else is read, and waits for the next run. "
        + "Default: every record.", valueName: "object/id"))
  var only: String?

  func record(in folder: PackageFolder) throws -> ChosenRecord? {
    try only.map { try ChosenRecord($0, in: try folder.definition()) }
  }
}

extension ChosenRecord {
  /// The record that a person names as OBJECT/ID, where both sides have such an object as source.OBJECT/ID.
  init(_ word: String, in definition: PackageDefinition) throws {
    var objects: [Side: String] = [:]
    var key = ""
    for task in definition.tasks {
      for side in Side.allCases {
        let name = task.object(side).object.rawValue
        for start in ["\(name)/", "\(side).\(name)/"] where word.hasPrefix(start) {
          // A name may begin another one; the longest is meant.
          let rest = String(word.dropFirst(start.count))
          if !key.isEmpty, rest.count > key.count { continue }
          if rest.count < key.count { objects = [:] }
          key = rest
          objects[side] = name
        }
      }
    }
    guard !key.isEmpty else {
      let known = Set(
        definition.tasks.flatMap { task in Side.allCases.map { task.object($0).object } })
      throw PackageFailure(
        "--only \(word.neutral): write OBJECT/ID with an object that a task syncs: "
          + known.map(\.rawValue.neutral).sorted().joined(separator: ", ") + ".")
    }
    self.init(objects: objects, keys: NativeKey.meanings(of: key), word: word)
  }
}
