import Glibc

/// The folder of a trial's journal.
struct TrialFolder {
  let path: String

  init(_ path: String) { self.path = path }

  func make() throws(TrialFolderFailure) {
    remove()
    guard mkdir(path, 0o700) == 0 else { throw TrialFolderFailure(path: path, code: errno) }
  }

  /// Removes the folder with the files of a journal.
  func remove() {
    guard let directory = opendir(path) else { return }
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { unlink("\(path)/\(name)") }
    }
    closedir(directory)
    rmdir(path)
  }
}

struct TrialFolderFailure: Error, CustomStringConvertible {
  let path: String
  let code: Int32

  var description: String { "making \(path): error \(code). Choose another --folder" }
}
