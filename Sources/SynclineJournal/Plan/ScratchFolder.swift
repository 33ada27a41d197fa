import SynclineLMDB

/// An environment in a temporary folder that only the owner may enter; it goes with this object.
final class ScratchFolder: Sendable {
  let environment: Environment

  init(_ name: String) throws(LMDBFailure) {
    let folder = try Folder.makeTemporary(name)
    do throws(LMDBFailure) {
      environment = try Environment(folder: folder, trees: Tree.names, access: .scratch) {
        _ throws(LMDBFailure) in
      }
    } catch {
      Folder.removeTemporary(folder)
      throw error
    }
  }

  deinit { remove() }

  /// Closes the environment and removes the folder.
  func remove() {
    environment.close()
    Folder.removeTemporary(environment.folder)
  }
}
