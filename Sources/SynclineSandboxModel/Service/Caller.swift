/// Who asks, and by which version of the interface.
struct Caller: Sendable {
  let user: RecordID
  /// 60 for v60.0.
  let version: Int

  /// How addresses of this version begin.
  var base: String { Self.base(version) }

  /// How addresses of a version begin.
  static func base(_ version: Int) -> String { "/services/data/v\(version).0" }
}
