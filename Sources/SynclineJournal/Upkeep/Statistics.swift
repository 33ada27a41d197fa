import SynclineEngine
import SynclineLMDB
public import SynclineModel

/// What a journal holds, in figures.
public struct JournalStatistics: Hashable, Sendable {
  /// How many events of a kind there are, and the bytes of their headers and payloads.
  public struct Kind: Hashable, Sendable {
    public var kind: EventKind
    public var events: UInt64
    public var bytes: UInt64
  }

  /// A tree of the state.
  public struct StateTreeSize: Hashable, Sendable {
    public var name: String
    public var entries: UInt64
    /// The bytes of its pages.
    public var bytes: UInt64
  }

  public var id: JournalID
  public var created: Timestamp
  public var head: JournalHead
  public var events: UInt64
  public var blocks: UInt64
  /// The bytes of all blocks.
  public var bytes: UInt64
  /// The kinds that occur, by raw value.
  public var kinds: [Kind]
  public var trees: [StateTreeSize]
  /// The size of the data file, free pages included.
  public var fileBytes: UInt64
}

extension Journal {
  /// Counts what the journal holds; reads every block.
  public func statistics() throws(JournalFailure) -> JournalStatistics {
    var statistics = JournalStatistics(
      id: id, created: created, head: head, events: 0, blocks: 0, bytes: 0, kinds: [],
      trees: try treeSizes(), fileBytes: 0)
    var kinds: [EventKind: JournalStatistics.Kind] = [:]
    var next = EventSequence(1)
    while let block = try block(with: next) {
      statistics.blocks += 1
      statistics.events += UInt64(block.header.count)
      statistics.bytes += UInt64(block.size)
      for slot in block.slots {
        let kind = slot.header.kind
        var sum = kinds[kind] ?? JournalStatistics.Kind(kind: kind, events: 0, bytes: 0)
        sum.events += 1
        sum.bytes += UInt64(slot.headerRange.count + slot.payloadRange.count)
        kinds[kind] = sum
      }
      next = block.last.next
    }
    statistics.kinds = kinds.values.sorted { $0.kind.rawValue < $1.kind.rawValue }
    do throws(LMDBFailure) { statistics.fileBytes = try environment.size() } catch {
      throw JournalFailure(error)
    }
    return statistics
  }

  private func treeSizes() throws(JournalFailure) -> [JournalStatistics.StateTreeSize] {
    let transaction = try beginReading()
    var sizes: [JournalStatistics.StateTreeSize] = []
    do throws(LMDBFailure) {
      for tree in StateTree.allCases {
        let size = try transaction.statistics(Tree(tree))
        sizes.append(
          JournalStatistics.StateTreeSize(
            name: tree.name, entries: size.entries, bytes: size.size))
      }
    } catch {
      throw JournalFailure(error)
    }
    return sizes
  }
}
