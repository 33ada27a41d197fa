import ArgumentParser
import SynclineSimulation

/// Shows that the same seed makes the same bytes.
enum Fingerprints {
  /// Prints a hash of what each seed comes to.
  static func show(_ seeds: ClosedRange<UInt64>, folder: String) {
    for seed in seeds { print("\(seed) \(of(seed, folder))") }
  }

  /// Carries each seed out twice.
  static func compare(_ seeds: ClosedRange<UInt64>, folder: String) throws {
    let different = seeds.filter { of($0, folder) != of($0, folder) }
    if different.isEmpty {
      print("\(seeds.count) seeds make the same bytes when they are carried out again")
      return
    }
    print("Other bytes at the second time: seeds \(different)")
    throw ExitCode(1)
  }

  private static func of(_ seed: UInt64, _ folder: String) -> String {
    let trial = Trial.of(seed: seed, folder: "\(folder)/fingerprint", isLogged: true)
    return trial.fingerprint.map { String($0, radix: 16) } ?? "none: \(trial.violations)"
  }
}
