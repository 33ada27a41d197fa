import Synchronization
import SynclineEngine
import SynclineModel
import SynclineTesting
import Testing

/// Records that could not be read are fetched by their keys, by the rule of failures.
@Suite struct `Records that could not be read` {
  let runs = `A run`()

  private var fetches: [[NativeKey]] { runs.source.inside.withLock { $0.fetches } }

  private func unreadable(_ count: Int) -> [Int64] {
    let keys = (1...count).map { index in
      runs.source.insert("Customer", ["name": .text("n\(index)")])
    }
    runs.source.inside.withLock { $0.unreadable = Set(keys) }
    return keys
  }

  @Test func `are fetched by the next run, then after 2 and 4 runs`() async throws {
    let key = NativeKey(integer: unreadable(1)[0])
    var counts: [Int] = []
    for _ in 1...9 {
      #expect(try await runs.run().tally.failed == 1)
      counts.append(fetches.count)
    }
    #expect(counts == [0, 1, 1, 2, 2, 2, 2, 3, 3])
    #expect(fetches == [[key], [key], [key]])
  }

  @Test func `travel once they are mended without a touch`() async throws {
    _ = unreadable(7)
    _ = runs.source.insert("Customer", ["name": .text("fine")])
    #expect(try await runs.run().tally.target.inserts == 1)
    runs.source.inside.withLock { $0.unreadable = [] }
    let second = try await runs.run()
    #expect(second.tally.target.inserts == 7)
    #expect(second.tally.failed == 0)
    #expect(fetches.map(\.count) == [3, 3, 1])
    #expect(runs.contents(runs.source) == runs.contents(runs.target))
    let third = try await runs.run()
    #expect(third.tally == RunTally())
    #expect(fetches.count == 3)
    #expect(try runs.log.journal.rebuilt(inBatchesOf: 1) == runs.log.journal.state)
  }

  @Test func `are forgotten once no record stands under their key`() async throws {
    let key = unreadable(1)[0]
    _ = try await runs.run()
    runs.source.inside.withLock { inside in
      inside.unreadable = []
      inside.rows["Customer"]?[key] = nil
    }
    let second = try await runs.run()
    #expect(second.tally.source.deleted == 1)
    #expect(second.tally.failed == 0)
    #expect(try await runs.run().tally == RunTally())
  }

  @Test func `are parked after ten tries`() async throws {
    _ = unreadable(1)
    func failure() throws -> FailureState? {
      try runs.log.journal.state.failure(.none, RecordNumber(1))
    }
    for _ in 1...511 { _ = try await runs.run() }
    #expect(try failure()?.count == 9)
    #expect(try failure()?.isParked == false)
    _ = try await runs.run()
    #expect(try failure()?.count == 10)
    #expect(try failure()?.isParked == true)
  }
}
