import SynclineModel
import SynclineTesting
import Testing

@Suite struct `Native keys` {
  @Test func `integers lie in the order of their numbers`() {
    let numbers: [Int64] = [.min, -257, -256, -1, 0, 1, 255, 256, 65_536, .max]
    let keys = numbers.map(NativeKey.init(integer:))
    #expect(keys.sorted() == keys)
    #expect(keys.map(\.value) == numbers.map(Value.integer))
  }

  @Test(arguments: [
    Value.integer(7), .text("A-1"), .text(""), .bytes([0, 255]),
    .uuid([UInt8](repeating: 7, count: 16)),
  ])
  func `a key gives its value back`(value: Value) {
    #expect(NativeKey(value)?.value == value)
  }

  @Test(arguments: [
    Value.null, .boolean(true), .double(1.5), .text(Text(utf8: [UInt8](repeating: 65, count: 481))),
  ])
  func `what is no key or too long for one has none`(value: Value) {
    #expect(NativeKey(value) == nil)
  }

  @Test func `a promised key names its command and is no other`() {
    let key = NativeKey(promisedBy: CommandID(513))
    #expect(key.promise == CommandID(513))
    #expect(NativeKey(integer: 513).promise == nil)
  }

  @Test func `any bytes can be shown`() {
    var generator = SeededGenerator(seed: 4)
    for _ in 0..<2000 {
      let key = NativeKey(encoded: generator.bytes(upTo: 20))
      #expect(!key.description.isEmpty || key.bytes.count < 2)
    }
  }
}
