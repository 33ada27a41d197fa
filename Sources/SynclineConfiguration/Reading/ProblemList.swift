import SynclineMapping
import Yams

/// Collects what is wrong while a package is read, so that a person sees everything at once. Lives
/// for one call of the reader.
final class ProblemList {
  private var problems: [PackageProblem] = []
  /// The file being read; nil for the package file itself.
  var file: String?

  func add(_ message: String, at location: FileLocation?) {
    problems.append(PackageProblem(message, at: location, file: file))
  }

  func add(_ message: String, at node: Node) { add(message, at: node.location) }

  var isEmpty: Bool { problems.isEmpty }
  var count: Int { problems.count }

  /// The problems of the package file by place, then those of the file of connections.
  var sorted: [PackageProblem] {
    let start = FileLocation(line: 0, column: 0)
    return problems.enumerated().sorted { first, second in
      let firstFile = first.element.file ?? ""
      let secondFile = second.element.file ?? ""
      if firstFile != secondFile { return firstFile < secondFile }
      let firstPlace = first.element.location ?? start
      let secondPlace = second.element.location ?? start
      return (firstPlace, first.offset) < (secondPlace, second.offset)
    }
    .map(\.element)
  }
}
