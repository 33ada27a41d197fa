import SynclineEngine
import SynclineLMDB
import SynclineModel

/// What the tree `meta` says of a journal (Docs/JournalFormat.md, "Trees").
struct JournalMeta: Hashable, Sendable {
  /// The format that this program writes. A higher one is refused.
  static let format: UInt32 = 1
  static let magic = Array("syncline journal".utf8)

  enum Key {
    static let magic = Array("magic".utf8)
    static let format = Array("format".utf8)
    static let id = Array("id".utf8)
    static let created = Array("created".utf8)
    /// The version of the fold that wrote the state; 0 while a rebuild is under way.
    static let fold = Array("fold".utf8)
  }

  var id: JournalID
  var created: Timestamp
  var fold: UInt32

  static func number<Integer: FixedWidthInteger>(_ value: Integer) -> [UInt8] {
    var writer = ByteWriter()
    writer.fixed(value)
    return writer.bytes
  }

  /// The entries of the tree.
  var entries: [(key: [UInt8], value: [UInt8])] {
    [
      (Key.magic, Self.magic), (Key.format, Self.number(Self.format)), (Key.id, id.bytes),
      (Key.created, Self.number(created.microseconds)), (Key.fold, Self.number(fold)),
    ]
  }

  /// What `walk` finds; nil where no journal was made, or its making was interrupted.
  static func read(_ walk: inout PageWalk, folder: String) throws(JournalFailure) -> JournalMeta? {
    var found: [[UInt8]: [UInt8]] = [:]
    var names: [String] = []
    do throws(LMDBFailure) {
      names = try walk.names()
      try walk.walk("meta") { key, value in
        found[key] = value
        return found.count < 64
      }
    } catch {
      throw JournalFailure(error)
    }
    guard found[Key.magic] == magic else {
      if found.isEmpty, Set(names).isSubset(of: Tree.names) { return nil }
      throw JournalFailure(
        .foreign, operation: "Opening the journal in \(folder)",
        message: "the LMDB file there is no journal",
        hint: "Move it away, or give the package another folder")
    }
    return try JournalMeta(found, folder: folder)
  }

  private init(_ found: [[UInt8]: [UInt8]], folder: String) throws(JournalFailure) {
    let operation = "Opening the journal in \(folder)"
    let damaged = JournalFailure(
      .damaged, operation: operation, message: "its description of itself is incomplete",
      hint: "Put the journal back from a backup")
    guard let format: UInt32 = Self.decode(found[Key.format]) else { throw damaged }
    guard format <= Self.format else {
      throw JournalFailure(
        .newerFormat, operation: operation,
        message: "it has format \(format), and this program knows formats up to \(Self.format)",
        hint: "Use the version of syncline that wrote it, or a later one")
    }
    guard format > 0, let id = found[Key.id], id.count == 16,
      let created: Int64 = Self.decode(found[Key.created]),
      let fold: UInt32 = Self.decode(found[Key.fold])
    else { throw damaged }
    self.id = JournalID(bytes: id)
    self.created = Timestamp(microseconds: created)
    self.fold = fold
  }

  init(id: JournalID, created: Timestamp, fold: UInt32) {
    self.id = id
    self.created = created
    self.fold = fold
  }

  private static func decode<Integer: FixedWidthInteger & BitwiseCopyable>(
    _ bytes: [UInt8]?
  ) -> Integer? {
    guard let bytes, bytes.count == MemoryLayout<Integer>.size else { return nil }
    var reader = ByteReader(bytes.span.bytes)
    return try? reader.fixed()
  }
}
