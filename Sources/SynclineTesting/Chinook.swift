import Foundation

/// Chinook, a database that nobody here made.
public enum Chinook {
  /// The sample database beside the project, or nil where it is not there.
  public static var file: String? {
    let root = (1...3).reduce(URL(fileURLWithPath: #filePath)) { url, _ in
      url.deletingLastPathComponent()
    }
    let file = root.deletingLastPathComponent()
      .appending(path: "shared/data/chinook/Chinook.sqlite")
    return FileManager.default.fileExists(atPath: file.path) ? file.path : nil
  }
}
