import Foundation
import SynclineTidyRules

// Checks the house rules of the project in the current folder. Prints one line for each breach;
// exit code 1 where there is one, 2 where the project cannot be read.
do {
  let root = URL(filePath: FileManager.default.currentDirectoryPath, directoryHint: .isDirectory)
  let project = try ProjectFolder(root: root).read()
  let findings = project.findings
  for finding in findings { print(finding) }
  print("tidy: \(project.files.count) files, \(findings.count) findings")
  exit(findings.isEmpty ? 0 : 1)
} catch {
  FileHandle.standardError.write(Data("tidy: \(error)\n".utf8))
  exit(2)
}
