// What a seed came to, as one number: the same seed makes the same bytes, whatever the surroundings.

import SynclineJournal
import SynclineModel
import SynclineOracle

/// A hash over texts and bytes, in order (FNV-1a, 64 bits).
struct Fingerprint {
  private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  mutating func add(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    // Where one ends and the next begins counts.
    value = (value ^ 0x1FF) &* 0x0000_0100_0000_01B3
  }

  mutating func add(_ text: String) { add(text.utf8) }
}

extension Simulation {
  /// Over the journal's head, the contents of both systems, what is on record, and the log.
  var fingerprint: UInt64 {
    var fingerprint = Fingerprint()
    fingerprint.add(journal.head.seal)
    for place in Place.allCases {
      for (name, rows) in (history.contents[place] ?? [:]).sorted(by: { $0.key < $1.key }) {
        for row in rows {
          let fields = row.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value ?? "∅")" }
          fingerprint.add("\(place) \(name) \(fields)")
        }
      }
    }
    for loss in history.losses { fingerprint.add(loss.identity) }
    for line in log ?? [] { fingerprint.add(line) }
    return fingerprint.value
  }
}
