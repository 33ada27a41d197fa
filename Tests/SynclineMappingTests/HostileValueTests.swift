import SynclineModel
import SynclineTesting
import Testing

@testable import SynclineMapping

@Suite struct `Any value in any field` {
  @Test func `is converted or refused, and never a trap`() {
    var generator = SeededGenerator(seed: 12)
    let zones: [Int16] = [0, 120, -300, .min, .max]
    var refused = 0
    for kind in FieldType.Kind.allCases {
      for storage in FieldType.Storage.allCases {
        for zone in zones {
          let type = FieldType(
            kind, storage: storage, lengthMax: 9, precision: 5, scale: 2, foldsCase: true,
            zoneMinutes: zone)
          let other = zones.randomElement(using: &generator) ?? 0
          let source = FieldType(.localTimestamp, zoneMinutes: other)
          for _ in 0..<100 {
            let value = generator.value()
            switch type.result(of: value, from: source) {
            case .value(let converted): #expect(type.agrees(converted, converted))
            case .problem: refused += 1
            }
            #expect(type.agrees(type.norm(value), type.norm(value)))
          }
        }
      }
    }
    #expect(refused > 0)
  }

  @Test func `is held alike by the short and the long way`() {
    var generator = SeededGenerator(seed: 13)
    for kind in FieldType.Kind.allCases {
      for storage in FieldType.Storage.allCases where storage != .typed {
        let type = FieldType(kind, storage: storage)
        let values = FieldType.Kind.allCases.flatMap(Samples.values) + NormTests.values
        for value in values + (0..<300).map({ _ in generator.value() }) {
          if case .digest = value { continue }
          let long = type.read(StoredValue(value, in: storage).stored(under: storage))
          #expect(type.norm(value) == long, "\(kind), \(storage): \(value)")
        }
      }
    }
  }
}
