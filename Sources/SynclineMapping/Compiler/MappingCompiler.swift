// From names to numbers: judges a package's mapping against both schemas, and finds everything that
// is wrong with it in one go (Docs/Mapping.md, "What check refuses").

import SynclineModel

/// All that is wrong with a package, in the order of the file.
public struct PackageProblems: Error, Hashable, Sendable {
  public let problems: [PackageProblem]

  public init(_ problems: [PackageProblem]) {
    let end = FileLocation(line: .max, column: .max)
    self.problems = problems.enumerated()
      .sorted { ($0.element.location ?? end, $0.offset) < ($1.element.location ?? end, $1.offset) }
      .map(\.element)
  }
}

extension PackageDefinition {
  /// The mapping with numbers in the place of names, or every problem with it.
  public func compiled(with catalog: MappingCatalog) -> Result<CompiledMapping, PackageProblems> {
    var problems: [PackageProblem] = []
    var compiled: [TaskMapping] = []
    for task in tasks {
      var compiler = TaskCompiler(task: task, package: self, catalog: catalog)
      if let mapping = compiler.compile() { compiled.append(mapping) }
      problems += compiler.problems
    }
    problems += doubledTasks
    let mapping = CompiledMapping(tasks: compiled)
    if problems.isEmpty { problems += deadlocks(in: mapping) }
    return problems.isEmpty ? .success(mapping) : .failure(PackageProblems(problems))
  }

  private var doubledTasks: [PackageProblem] {
    var names: Set<String> = []
    var pairs: [ObjectPair: String] = [:]
    var problems: [PackageProblem] = []
    for task in tasks {
      if !names.insert(task.name).inserted {
        problems.append(
          PackageProblem(
            "two tasks are named “\(task.name)”; give each a name of its own", at: task.location))
      }
      let pair = ObjectPair(source: task.source.object, target: task.target.object)
      if let earlier = pairs.updateValue(task.name, forKey: pair) {
        problems.append(
          PackageProblem(
            "tasks “\(earlier)” and “\(task.name)” sync the same pair of objects,"
              + " “\(pair.source)” and “\(pair.target)”; make them one task", at: task.location))
      }
    }
    return problems
  }

  private func deadlocks(in mapping: CompiledMapping) -> [PackageProblem] {
    let deadlocked = mapping.deadlocked
    guard let first = deadlocked.first else { return [] }
    let names = deadlocked.map { "“\($0.name)”" }.joined(separator: ", ")
    let location = tasks.first { $0.name == first.name }?.location
    return [
      PackageProblem(
        "the records of \(names) need one another before any can be inserted: no foreign key in"
          + " the circle may be null on both sides; let one of them be null, or unmap one relation",
        at: location)
    ]
  }
}
