import Glibc
import SynclineLMDB
public import SynclineModel

extension Journal {
  /// The id of the journal in `folder`, whichever version wrote its state; nil where there is none.
  /// Throws where one cannot be opened: a damaged journal is not a missing one.
  public static func identity(in folder: String) throws(JournalFailure) -> JournalID? {
    guard exists(in: folder) else {
      if access("\(folder)/data.mdb", F_OK) != 0 { return nil }
      throw JournalFailure(
        .damaged, operation: "Opening the journal in \(folder)", message: "its file is empty",
        hint: "Put the journal back from a backup")
    }
    var id: JournalID?
    var hasLooked = false
    do throws(JournalFailure) {
      let environment = try Environment(folder: folder, trees: Tree.names, access: .read) {
        walk throws(JournalFailure) in
        id = try JournalMeta.read(&walk, folder: folder)?.id
        hasLooked = true
      }
      environment.close()
    } catch {
      // The making of a journal was interrupted before its trees were there.
      if hasLooked, id == nil { return nil }
      throw error
    }
    return id
  }
}
