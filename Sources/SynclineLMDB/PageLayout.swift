/// Where things stand in the pages of LMDB 0.9 on a 64-bit, little-endian machine.
enum Layout {
  static let pageHeader = 16
  static let pageFlags = 10
  static let lower = 12
  static let upper = 14
  static let overflowPages = 12
  static let magic = 16
  static let version = 20
  static let freeTree = 40
  static let mainTree = 88
  static let lastPage = 136
  static let transaction = 144
  static let metaEnd = 152
  static let magicNumber: UInt32 = 0xBEEF_C0DE

  static let branchFlag: UInt16 = 0x01
  static let leafFlag: UInt16 = 0x02
  static let overflowFlag: UInt16 = 0x04
  static let metaFlag: UInt16 = 0x08

  /// The keys of the free list are integers.
  static let freeTreeFlags: UInt16 = 0x08

  static let nodeHeader = 8
  static let bigData: UInt16 = 0x01
  static let subTree: UInt16 = 0x02

  /// The little-endian integer at `offset`, which lies within `bytes`.
  static func integer<Integer: FixedWidthInteger>(_ bytes: [UInt8], _ offset: Int) -> Integer {
    var value: Integer = 0
    for index in (0..<MemoryLayout<Integer>.size).reversed() {
      value = value << 8 | Integer(truncatingIfNeeded: bytes[offset + index])
    }
    return value
  }
}

/// What LMDB notes about a tree.
struct TreeRecord: Hashable, Sendable {
  static let size = 48
  /// The root of a tree without entries.
  static let noRoot = UInt64.max

  /// In the first tree of a meta page, the size of pages.
  var pad: UInt32 = 0
  var flags: UInt16 = 0
  var depth: UInt16 = 0
  var entries: UInt64 = 0
  var root = noRoot

  init() {}

  /// The record at `offset`; the bytes hold it.
  init(_ bytes: [UInt8], at offset: Int) {
    pad = Layout.integer(bytes, offset)
    flags = Layout.integer(bytes, offset + 4)
    depth = Layout.integer(bytes, offset + 6)
    entries = Layout.integer(bytes, offset + 32)
    root = Layout.integer(bytes, offset + 40)
  }
}

/// A page of a tree.
struct Page {
  let number: UInt64
  let bytes: [UInt8]

  var claimedNumber: UInt64 { Layout.integer(bytes, 0) }
  var flags: UInt16 { Layout.integer(bytes, Layout.pageFlags) }
  var isLeaf: Bool { flags & Layout.leafFlag != 0 }

  /// A node: the key, and a child page or a value.
  struct Node {
    let key: Range<Int>
    /// In a branch.
    let child: UInt64
    /// In a leaf.
    let flags: UInt16
    let valueStart: Int
    let valueSize: Int
  }

  /// How many nodes the page says it has, or nil where it cannot be a page of a tree.
  var nodeCount: Int? {
    let lower = Int(Layout.integer(bytes, Layout.lower) as UInt16)
    let upper = Int(Layout.integer(bytes, Layout.upper) as UInt16)
    let kind = flags & (Layout.leafFlag | Layout.branchFlag | Layout.overflowFlag | Layout.metaFlag)
    guard kind == Layout.leafFlag || kind == Layout.branchFlag, lower >= Layout.pageHeader,
      lower % 2 == 0, lower <= upper, upper <= bytes.count
    else { return nil }
    return (lower - Layout.pageHeader) / 2
  }

  /// The node at `index`, or nil where it does not lie within the page.
  func node(_ index: Int) -> Node? {
    let start = Int(Layout.integer(bytes, Layout.pageHeader + 2 * index) as UInt16)
    guard start >= Layout.pageHeader, start + Layout.nodeHeader <= bytes.count else { return nil }
    let low = UInt64(Layout.integer(bytes, start) as UInt16)
    let high = UInt64(Layout.integer(bytes, start + 2) as UInt16)
    let flags: UInt16 = Layout.integer(bytes, start + 4)
    let keySize = Int(Layout.integer(bytes, start + 6) as UInt16)
    let key = start + Layout.nodeHeader
    guard key + keySize <= bytes.count else { return nil }
    let size = Int(low | high << 16)
    if isLeaf {
      let inPage = flags & Layout.bigData == 0 ? size : 8
      guard inPage <= bytes.count - key - keySize else { return nil }
    }
    return Node(
      key: key..<key + keySize, child: low | high << 16 | UInt64(flags) << 32, flags: flags,
      valueStart: key + keySize, valueSize: size)
  }
}
