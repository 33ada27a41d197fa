import SynclineLMDB
public import SynclineModel

extension Journal {
  /// The bytes of every block as they lie in the file, ascending, with the first event of each; for
  /// checks of the file itself.
  public func blockBytes() throws(JournalFailure) -> [(first: EventSequence, bytes: [UInt8])] {
    var blocks: [(first: EventSequence, bytes: [UInt8])] = []
    try environment.inspect { walk throws(JournalFailure) in
      do throws(LMDBFailure) {
        try walk.walk("events") { key, value in
          blocks.append((Block.first(ofKey: key), value))
          return true
        }
      } catch {
        throw JournalFailure(error)
      }
    }
    return blocks
  }
}
