/// Walks the trees of a `PageFile` as one commit left them. Every page may be met once; damage ends the
/// walk in a thrown failure.
public struct PageWalk {
  private let file: PageFile
  private let meta: PageFile.Meta
  /// The pages met so far.
  private var seen: PageSet

  /// - Parameter transaction: the commit whose pages are read; the newest where nil.
  public init(_ file: PageFile, transaction: UInt64? = nil) throws(LMDBFailure) {
    self.file = file
    guard let transaction else {
      meta = file.newest
      seen = PageSet(last: meta.lastPage)
      return
    }
    guard let meta = file.metas.first(where: { $0.transaction == transaction }) else {
      throw LMDBFailure(
        .system, operation: "Reading \(file.path)", message: "another process is writing",
        hint: "Try again once it has finished")
    }
    self.meta = meta
    seen = PageSet(last: meta.lastPage)
  }

  /// The commit whose pages are read.
  public var transaction: UInt64 { meta.transaction }
  public var lastPage: UInt64 { meta.lastPage }

  /// The order in which a tree is walked.
  public enum Direction: Sendable { case ascending, descending }

  /// Hands over the entries of a named tree until `body` returns false. Nothing where there is no such
  /// tree.
  public mutating func walk(
    _ name: String, _ direction: Direction = .ascending,
    _ body: (_ key: [UInt8], _ value: [UInt8]) -> Bool
  ) throws(LMDBFailure) {
    guard let record = try tree(name) else { return }
    _ = try walk(record, direction) { key, value, _ in body(key, value) }
  }

  /// The names of the trees.
  public mutating func names() throws(LMDBFailure) -> [String] {
    var names: [String] = []
    _ = try walk(meta.main, .ascending) { key, _, flags in
      if flags & Layout.subTree != 0 { names.append(String(decoding: key, as: UTF8.self)) }
      return true
    }
    seen = PageSet(last: meta.lastPage)
    return names
  }

  /// Looks at the root page of every tree, and of the free list.
  public mutating func checkRoots() throws(LMDBFailure) {
    seen = PageSet(last: meta.lastPage)
    for record in try records() + [meta.free] where record.root != TreeRecord.noRoot {
      let page = try file.page(record.root, of: meta)
      guard page.nodeCount != nil, page.isLeaf == (record.depth == 1) else {
        throw file.damaged(record.root, "is no page of a tree")
      }
    }
    seen = PageSet(last: meta.lastPage)
  }

  /// Walks everything, so that each page is known as used or free; throws where one is both.
  public mutating func checkPages() throws(LMDBFailure) {
    seen = PageSet(last: meta.lastPage)
    for record in try records() { _ = try walk(record, .ascending) { _, _, _ in true } }
    var free: [UInt64] = []
    try collectFree(&free)
    for page in free {
      guard page >= 2, page <= meta.lastPage, seen.insert(page) else {
        throw file.damaged(page, "is both used and free")
      }
    }
  }

  private mutating func records() throws(LMDBFailure) -> [TreeRecord] {
    var records: [TreeRecord] = []
    _ = try walk(meta.main, .ascending) { _, value, flags in
      if flags & Layout.subTree != 0, value.count == TreeRecord.size {
        records.append(TreeRecord(value, at: 0))
      }
      return true
    }
    // Trees with other flags than ours (duplicates, integer keys) would be walked otherwise.
    guard records.allSatisfy({ $0.flags == 0 }) else {
      throw file.damaged(meta.main.root, "names unknown trees")
    }
    return records
  }

  /// The pages in the free list.
  mutating func collectFree(_ pages: inout [UInt64]) throws(LMDBFailure) {
    var found: [UInt64] = []
    var isWhole = true
    _ = try walk(meta.free, .ascending) { _, value, _ in
      guard value.count >= 8, value.count % 8 == 0 else {
        isWhole = false
        return false
      }
      let count: UInt64 = Layout.integer(value, 0)
      guard count < UInt64(value.count / 8) else {
        isWhole = false
        return false
      }
      for index in 0..<Int(count) { found.append(Layout.integer(value, 8 + 8 * index)) }
      return true
    }
    guard isWhole else { throw file.damaged(meta.free.root, "holds no free list") }
    pages = found
  }

  private mutating func tree(_ name: String) throws(LMDBFailure) -> TreeRecord? {
    var found: TreeRecord?
    let wanted = Array(name.utf8)
    let before = seen
    _ = try walk(meta.main, .ascending) { key, value, flags in
      guard key == wanted else { return true }
      if flags & Layout.subTree != 0, value.count == TreeRecord.size {
        found = TreeRecord(value, at: 0)
      }
      return false
    }
    seen = before
    return found
  }

  private typealias Visit = (_ key: [UInt8], _ value: [UInt8], _ flags: UInt16) -> Bool

  private mutating func walk(
    _ record: TreeRecord, _ direction: Direction, _ visit: Visit
  ) throws(LMDBFailure) -> Bool {
    if record.root == TreeRecord.noRoot { return true }
    guard record.depth <= 64 else { throw file.damaged(record.root, "is a root too high") }
    return try walk(record.root, height: Int(record.depth), direction, visit)
  }

  private mutating func walk(
    _ number: UInt64, height: Int, _ direction: Direction, _ visit: Visit
  ) throws(LMDBFailure) -> Bool {
    guard height > 0 else { throw file.damaged(number, "is deeper than its tree") }
    try mark(number)
    let page = try file.page(number, of: meta)
    guard let count = page.nodeCount, page.isLeaf == (height == 1) else {
      throw file.damaged(number, "is no page of a tree")
    }
    for step in 0..<count {
      let index = direction == .ascending ? step : count - 1 - step
      guard let node = page.node(index) else { throw file.damaged(number, "has a broken node") }
      if page.isLeaf {
        let value = try value(of: node, in: page)
        if !visit([UInt8](page.bytes[node.key]), value, node.flags) { return false }
      } else if try !walk(node.child, height: height - 1, direction, visit) {
        return false
      }
    }
    return true
  }

  private mutating func value(of node: Page.Node, in page: Page) throws(LMDBFailure) -> [UInt8] {
    guard node.flags & Layout.bigData != 0 else {
      return [UInt8](page.bytes[node.valueStart..<node.valueStart + node.valueSize])
    }
    let first: UInt64 = Layout.integer(page.bytes, node.valueStart)
    let value = try file.overflow(first, count: node.valueSize, of: meta)
    for number in first..<first + value.pages { try mark(number) }
    return value.bytes
  }

  private mutating func mark(_ number: UInt64) throws(LMDBFailure) {
    guard seen.insert(number) else { throw file.damaged(number, "is used twice") }
  }
}

extension PageFile {
  /// The pages that the free list of a commit names.
  func freePages(of meta: Meta) throws(LMDBFailure) -> Set<UInt64> {
    var walk = try PageWalk(self, transaction: meta.transaction)
    var pages: [UInt64] = []
    try walk.collectFree(&pages)
    return Set(pages)
  }
}

/// A bit for each page of a file.
private struct PageSet {
  private var words: [UInt64]

  init(last: UInt64) { words = [UInt64](repeating: 0, count: Int(last / 64) + 1) }

  /// Whether the page was not in the set. Pages beyond the last one are never taken in.
  mutating func insert(_ page: UInt64) -> Bool {
    let word = Int(page / 64)
    let bit = UInt64(1) << (page % 64)
    guard word < words.count, words[word] & bit == 0 else { return false }
    words[word] |= bit
    return true
  }
}
