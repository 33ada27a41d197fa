public import SynclineMapping

/// Everything that is wrong with a package, sorted by place.
public struct PackageErrors: Error, Hashable, Sendable, CustomStringConvertible {
  /// The package file, as the caller named it.
  public var fileName: String
  /// What is wrong, sorted by place; those of the package file first.
  public var problems: [PackageProblem]

  /// The errors of the file of that name.
  public init(fileName: String, problems: [PackageProblem]) {
    self.fileName = fileName
    self.problems = problems
  }

  /// One line for each problem: file, line, column, message.
  public var description: String {
    problems.map { problem in
      let file = problem.file ?? fileName
      let place = problem.location.map { ":\($0)" } ?? ""
      return "\(file)\(place): \(problem.message)"
    }
    .joined(separator: "\n")
  }
}
