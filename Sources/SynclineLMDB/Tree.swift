/// A tree of an environment: its index in the list of names that the environment was opened with.
public struct Tree: Hashable, Sendable {
  let number: UInt32

  /// LMDB keeps two trees of its own before ours.
  static let base: UInt32 = 2

  public init(_ index: Int) { number = Self.base + UInt32(index) }
}

/// An error that can stand for a failure of LMDB.
public protocol LMDBFailing: Error {
  init(_ failure: LMDBFailure)
}

extension LMDBFailure: LMDBFailing {
  public init(_ failure: LMDBFailure) { self = failure }
}

/// Throws unless `result` says that all is well.
func check(_ result: Int32, _ operation: @autoclosure () -> String) throws(LMDBFailure) {
  if result != 0 { throw LMDBFailure(result: result, operation: operation()) }
}
