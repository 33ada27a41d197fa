import SynclineModel
import Testing

/// A whole read of changes in comparable form: numbers and times, which differ from system to
/// system, are checked where they come in and kept apart.
struct ChangesRead {
  struct Noted: Hashable {
    var operation: TrackingEntry.Operation
    var object: ObjectName
    var before: NativeKey?
    var after: NativeKey?

    init(
      _ operation: TrackingEntry.Operation, _ object: ObjectName, before: Int64? = nil,
      after: Int64? = nil
    ) {
      self.operation = operation
      self.object = object
      self.before = before.map(NativeKey.init(integer:))
      self.after = after.map(NativeKey.init(integer:))
    }
  }

  var noted: [Noted] = []
  var numbers: [Int64] = []
  var ranges: [EntryRange] = []
  var rows: [ObjectName: [NativeKey: PackedRow]] = [:]
  var failures: [ReadFailure] = []
  var hasTimes = true
  var pages = 0

  mutating func add(_ page: ChangePage, names: [ObjectNumber: ObjectName]) {
    pages += 1
    for entry in page.entries {
      #expect(numbers.last.map { $0 < entry.number } ?? true, "entries come by number")
      #expect(
        page.ranges.contains { $0.first <= entry.number && entry.number <= $0.last },
        "the ranges of a page cover its entries")
      var item = Noted(entry.operation, names[entry.object] ?? "unknown")
      item.before = entry.keyBefore
      item.after = entry.keyAfter
      noted.append(item)
      numbers.append(entry.number)
      if entry.time == nil { hasTimes = false }
    }
    for range in page.ranges {
      #expect(ranges.last.map { $0.last < range.first } ?? true, "ranges ascend, none twice")
      ranges.append(range)
    }
    for (place, row) in page.rows {
      rows[names[place.object] ?? "unknown", default: [:]][place.key] = row
    }
    failures += page.failures.values
  }
}
