import SynclineModel
import SynclineTesting
import Testing

@Suite struct `Packed rows` {
  @Test func `a difference holds what is new and merging brings it back`() {
    let first = FieldNumber(1)
    let second = FieldNumber(2)
    let third = FieldNumber(3)
    let known = PackedRow([first: .integer(1), third: .text("a")])
    let read = PackedRow([first: .integer(1), second: .null, third: .text("b")])
    let difference = read.difference(from: known)
    #expect(difference == PackedRow([second: .null, third: .text("b")]))
    #expect(known.merging(difference) == read)
  }

  @Test func `null is a value and absence is none`() {
    let row = PackedRow([FieldNumber(2): .null])
    #expect(row[FieldNumber(2)] == .some(.null))
    #expect(row[FieldNumber(1)] == nil)
    #expect(row[FieldNumber(3)] == nil)
  }

  @Test func `random rows are read back, merge and differ as dictionaries do`() throws {
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<500 {
      let first = generator.fields()
      let second = generator.fields()
      let row = PackedRow(first.map { ($0.key, $0.value) })
      let other = PackedRow(second.map { ($0.key, $0.value) })
      #expect(try PackedRow(encoded: row.bytes) == row)
      #expect(dictionary(row) == first)
      #expect(dictionary(row.merging(other)) == first.merging(second) { $1 })
      #expect(
        dictionary(row.difference(from: other)) == first.filter { second[$0.key] != $0.value })
      for (field, value) in first { #expect(row[field] == value) }
    }
  }

  @Test func `hostile bytes are refused or are a row whose every field can be read`() {
    var generator = SeededGenerator(seed: 6)
    for _ in 0..<20_000 {
      var bytes = PackedRow(generator.fields().map { ($0.key, $0.value) }).bytes
      guard !bytes.isEmpty else { continue }
      for _ in 0..<3 {
        bytes[Int.random(in: bytes.indices, using: &generator)] = UInt8.random(
          in: 0...255, using: &generator)
      }
      guard let row = try? PackedRow(encoded: bytes) else { continue }
      for (field, value) in row.values { #expect(row[field] == value) }
    }
  }

  @Test(
    arguments: [
      [1], [1, 0], [1, 0, 3], [2, 0, 0, 1, 0, 0], [1, 0, 0, 1, 0, 0], [1, 0, 99],
    ] as [[UInt8]])
  func `fields out of order, twice, or cut off are no row`(bytes: [UInt8]) {
    #expect(throws: DecodingFailure.self) { try PackedRow(encoded: bytes) }
  }

  private func dictionary(_ row: PackedRow) -> [FieldNumber: Value] {
    Dictionary(uniqueKeysWithValues: row.values.map { ($0.field, $0.value) })
  }
}

extension SeededGenerator {
  fileprivate mutating func fields() -> [FieldNumber: Value] {
    var fields: [FieldNumber: Value] = [:]
    for _ in 0..<Int.random(in: 0...6, using: &self) {
      fields[FieldNumber(.random(in: 1...9, using: &self))] = value()
    }
    return fields
  }
}
