import SynclineModel
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
}
