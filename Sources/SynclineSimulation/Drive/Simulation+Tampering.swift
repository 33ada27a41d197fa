// Laws L9 and L16: what was journaled stays as it was, and who changes the file is found out.

import Glibc
import SynclineJournal
import SynclineModel
import SynclineOracle

extension Simulation {
  /// One seed in so many has a bit of its journal flipped.
  private static let seedsPerTampering: UInt64 = 10

  /// L9: every head that there ever was still stands in the journal, under its seal.
  func judgeGrowth() throws {
    for head in heads where try journal.seal(endingWith: head.sequence) != head.seal {
      violations.append(Violation("L9", "the journal up to event \(head.sequence) was rewritten"))
    }
  }

  /// L16: a bit of a random event is flipped in a copy of the file, and verifying finds it.
  func judgeTampering() throws {
    guard plan.seed % Self.seedsPerTampering == 7 else { return }
    var dice = Dice(seed: plan.seed)
    let blocks = try journal.blockBytes()
    guard let block = dice.pick(blocks) else { return }
    let offset = dice.roll(block.bytes.count)
    let bit = UInt8(1) << UInt8(dice.roll(8))
    guard var bytes = FileBytes.read("\(folder)/data.mdb") else {
      violations.append(Violation("L16", "the file of the journal cannot be read"))
      return
    }
    // Pages that are free by now hold older copies of the block: the bit is flipped in each.
    for place in FileBytes.places(of: block.bytes, in: bytes) { bytes[place + offset] ^= bit }
    let copy = TrialFolder("\(folder)-copy")
    try copy.make()
    defer { copy.remove() }
    guard FileBytes.write(bytes, to: "\(copy.path)/data.mdb") else {
      violations.append(Violation("L16", "the copy of the journal cannot be written"))
      return
    }
    note("bit \(bit) of byte \(offset) in the block of event \(block.first) is flipped")
    if try Journal.verify(folder: copy.path).damage == nil {
      violations.append(
        Violation("L16", "byte \(offset) in the block of event \(block.first) changed unnoticed"))
    }
  }
}

/// Whole files.
enum FileBytes {
  static func read(_ path: String) -> [UInt8]? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      if count == 0 { return ferror(file) == 0 ? bytes : nil }
      bytes += buffer[..<count]
    }
  }

  static func write(_ bytes: [UInt8], to path: String) -> Bool {
    guard let file = fopen(path, "w") else { return false }
    let count = fwrite(bytes, 1, bytes.count, file)
    return fclose(file) == 0 && count == bytes.count
  }

  /// Where `wanted` stands in `bytes`.
  static func places(of wanted: [UInt8], in bytes: [UInt8]) -> [Int] {
    bytes.withUnsafeBytes { bytes in
      wanted.withUnsafeBytes { wanted in
        var places: [Int] = []
        var start = 0
        guard let base = bytes.baseAddress, let sought = wanted.baseAddress else { return [] }
        let byte = Int32(wanted[0])
        while start + wanted.count <= bytes.count,
          let found = memchr(base + start, byte, bytes.count - wanted.count - start + 1)
        {
          let place = base.distance(to: UnsafeRawPointer(found))
          if memcmp(base + place, sought, wanted.count) == 0 { places.append(place) }
          start = place + 1
        }
        return places
      }
    }
  }
}
