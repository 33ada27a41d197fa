import Foundation
import SynclineTidyRules

/// Why the project could not be read.
struct ProjectUnreadable: Error, CustomStringConvertible {
  var description: String
}

/// Reads the project from the disk.
struct ProjectFolder {
  let root: URL

  func read() throws -> Project {
    let topLevel = try FileManager.default.contentsOfDirectory(atPath: root.path)
    guard topLevel.contains("Package.swift") else {
      throw ProjectUnreadable(
        description: "no Package.swift here; run it at the top of the project")
    }
    let paths =
      try ["Sources", "Tests", "Docs", "Tools"].filter(topLevel.contains)
      .flatMap(paths(below:)) + topLevel.filter { $0.hasSuffix(".md") || $0 == "Package.swift" }
    let files = try paths.filter { $0.hasSuffix(".swift") || $0.hasSuffix(".md") }.sorted()
      .map { path in
        let data = try Data(contentsOf: root.appending(path: path))
        return ProjectFile(path: path, text: String(decoding: data, as: UTF8.self))
      }
    return Project(
      topLevel: topLevel, paths: Set(paths), files: files, manifest: try manifest())
  }

  private func paths(below folder: String) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: root.appending(path: folder).path)
      .map { "\(folder)/\($0)" }
      .filter { path in
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(
          atPath: root.appending(path: path).path, isDirectory: &isFolder)
        return exists && !isFolder.boolValue && !path.contains("/__pycache__/")
      }
  }

  private func manifest() throws -> Manifest {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["swift", "package", "dump-package"]
    process.currentDirectoryURL = root
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw ProjectUnreadable(description: "`swift package dump-package` failed")
    }
    return try Manifest(json: Array(data))
  }
}
