import SynclineModel
import SynclinePorts
import SynclineTesting

/// The double as a world.
struct MemoryWorld: ContractWorld {
  let system: MemorySystem
  let traits = WorldTraits(holdsNotANumber: true, letsUsersWriteDuringChangeRead: true)
  private let names: [ObjectName]

  init(_ objects: [SystemObject]) {
    system = MemorySystem(objects)
    names = objects.map(\.name).sorted()
  }

  func connector(patienceMilliseconds: Int) -> any ContractConnector { MemoryConnector(system) }

  func edit(_ edits: [UserEdit]) throws -> [NativeKey] { try system.edit(edits) }

  func damageTracking(of object: ObjectName) { system.damageTracking(of: object) }

  func fingerprint() -> String {
    let rows = names.map { name in
      "\(name): "
        + system.rows(of: name).map { "\($0) \($1.sorted { $0.key < $1.key })" }.sorted()
        .joined(separator: "; ")
    }
    return rows.joined(separator: "\n") + "\n\(system.trackers.map(\.description).sorted())"
  }

  func hold() {
    system.schedule([Fault(.write, system.calls(.write) + 1, .hangs)])
  }

  func letGo() {}
}
