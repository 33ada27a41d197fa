/// The id that a system gives a record, encoded so that byte order is the order of the system's key:
/// integers by number, then text by its bytes. It serves as a key of the journal's trees, where
/// records of one object then lie in the order in which a full read meets them.
public struct NativeKey: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// At most `lengthMax` bytes.
  public let bytes: [UInt8]

  /// LMDB takes keys of 511 bytes; the rest is room for the object's number and the tag.
  public static let lengthMax = 480

  private enum Tag {
    static let integer: UInt8 = 1
    static let text: UInt8 = 2
    static let bytes: UInt8 = 3
    static let uuid: UInt8 = 4
    /// Not a key: the place of one that a system has not given yet. Only plans hold these.
    static let promised: UInt8 = 255
  }

  public init(integer: Int64) {
    var writer = ByteWriter(capacity: 9)
    writer.byte(Tag.integer)
    writer.fixed((UInt64(bitPattern: integer) ^ (1 << 63)).byteSwapped)
    bytes = writer.bytes
  }

  /// The key of a value, or nil where a value of this kind is no key or is too long for one.
  public init?(_ value: Value) {
    switch value {
    case .integer(let integer): self.init(integer: integer)
    case .text(let text): self.init(tag: Tag.text, text.utf8)
    case .bytes(let bytes): self.init(tag: Tag.bytes, bytes)
    case .uuid(let bytes): self.init(tag: Tag.uuid, bytes)
    default: return nil
    }
  }

  private init?(tag: UInt8, _ content: [UInt8]) {
    guard content.count <= Self.lengthMax else { return nil }
    bytes = [tag] + content
  }

  /// The key that stands, in a plan, for the id which the insert `command` will be given.
  public init(promisedBy command: CommandID) {
    var writer = ByteWriter(capacity: 9)
    writer.byte(Tag.promised)
    writer.fixed(command.rawValue.byteSwapped)
    bytes = writer.bytes
  }

  /// A key read back from the journal.
  public init(encoded bytes: [UInt8]) { self.bytes = bytes }

  /// The command that will be given the key, where it is not yet given.
  public var promise: CommandID? {
    guard bytes.count == 9, bytes[0] == Tag.promised else { return nil }
    return CommandID(bytes.dropFirst().reduce(0) { $0 << 8 | UInt64($1) })
  }

  /// The key as a value of its field; for a promised key, words that say so.
  public var value: Value {
    if promise != nil { return .text(description) }
    let content = Array(bytes.dropFirst())
    switch bytes.first {
    case Tag.integer where content.count == 8:
      let raw = content.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      return .integer(Int64(bitPattern: raw ^ (1 << 63)))
    case Tag.text: return .text(Text(utf8: content))
    case Tag.uuid where content.count == 16: return .uuid(content)
    default: return .bytes(content)
    }
  }

  public static func < (first: Self, second: Self) -> Bool {
    first.bytes.lexicographicallyPrecedes(second.bytes)
  }

  /// The key for a person to read.
  public var description: String {
    if let command = promise { return "the key that insert \(command) will be given" }
    switch value {
    case .integer(let integer): return String(integer)
    case .text(let text): return text.string
    case .uuid(let bytes): return UUIDText.format(bytes)
    default: return Hexadecimal.text(bytes.dropFirst())
    }
  }
}
