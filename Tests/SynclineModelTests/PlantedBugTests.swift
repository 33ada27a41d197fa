import SynclineModel
import Testing

@Suite struct `Planted bugs` {
  @Test func `exist in no build but one that was asked for them`() {
    #expect(!PlantedBug.isPossible)
    for bug in PlantedBug.allCases {
      PlantedBug.plant(bug)
      #expect(!planted(bug))
    }
  }

  @Test func `have names of their own`() {
    #expect(Set(PlantedBug.allCases.map(\.rawValue)).count == PlantedBug.allCases.count)
    #expect(PlantedBug.allCases.count == 36)
  }
}
