import Glibc

// LMDB trusts its file: a short one is a SIGBUS, a damaged page an abort. So the file is looked at
// here first, through `pread` and with every bound checked. The layout of pages is described in
// Docs/JournalFormat.md, "The file".

/// An LMDB data file, read page by page without LMDB.
public final class PageFile {
  /// One of the two pages at the start that say where the trees are.
  public struct Meta: Hashable, Sendable {
    /// The number of the commit that wrote it.
    public var transaction: UInt64
    public var lastPage: UInt64
    var free: TreeRecord
    var main: TreeRecord
  }

  /// In bytes.
  public private(set) var size: UInt64 = 0
  public let pageSize: Int
  public private(set) var metas: [Meta]
  let path: String
  private let descriptor: Int32

  /// Opens the file and checks its size and both meta pages; nil for an empty file.
  public init?(path: String) throws(LMDBFailure) {
    self.path = path
    descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system("Opening \(path)") }
    pageSize = Int(getpagesize())
    metas = []
    try measure()
    if size == 0 { return nil }
    try readMetas()
    let newest = newest
    if size < (newest.lastPage + 1) * UInt64(pageSize) { try checkTail(of: newest) }
  }

  deinit { Glibc.close(descriptor) }

  /// The meta page of the newest commit.
  public var newest: Meta {
    metas.max { $0.transaction < $1.transaction }
      ?? Meta(transaction: 0, lastPage: 1, free: TreeRecord(), main: TreeRecord())
  }

  /// Reads the meta pages again: another process may have committed.
  public func readMetas() throws(LMDBFailure) {
    guard size >= 2 * UInt64(pageSize) else {
      throw LMDBFailure(
        size < UInt64(Layout.metaEnd) ? .foreign : .truncated, operation: "Opening \(path)",
        message: "the file ends inside its first pages", hint: Self.backupHint)
    }
    var found: [Meta] = []
    for number in 0..<2 { found.append(try meta(UInt64(number))) }
    metas = found
    // A file grows before its meta page says so.
    try measure()
  }

  private func measure() throws(LMDBFailure) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .system("Opening \(path)") }
    size = UInt64(status.st_size)
  }

  private func meta(_ number: UInt64) throws(LMDBFailure) -> Meta {
    let bytes = try bytes(at: number * UInt64(pageSize), count: Layout.metaEnd)
    let magic: UInt32 = Layout.integer(bytes, Layout.magic)
    let version: UInt32 = Layout.integer(bytes, Layout.version)
    let flags: UInt16 = Layout.integer(bytes, Layout.pageFlags)
    guard magic == Layout.magicNumber, version == 1, flags & Layout.metaFlag != 0 else {
      throw LMDBFailure(
        .foreign, operation: "Opening \(path)",
        message: "page \(number) is no meta page of LMDB on this machine's architecture",
        hint: Self.backupHint)
    }
    let free = TreeRecord(bytes, at: Layout.freeTree)
    guard free.pad == UInt32(pageSize) else {
      throw LMDBFailure(
        .foreign, operation: "Opening \(path)",
        message: "its pages have \(free.pad) bytes, this machine's \(pageSize)",
        hint: "Use the journal on a machine with pages of that size")
    }
    let lastPage: UInt64 = Layout.integer(bytes, Layout.lastPage)
    // More than any disk holds: such a number would overflow what is computed from it.
    guard lastPage < 1 << 40 else {
      throw LMDBFailure(
        .damaged, operation: "Opening \(path)", message: "page \(number) names a page too far",
        hint: Self.backupHint)
    }
    let main = TreeRecord(bytes, at: Layout.mainTree)
    guard free.flags == Layout.freeTreeFlags, main.flags == 0 else {
      throw LMDBFailure(
        .damaged, operation: "Opening \(path)", message: "page \(number) names unknown trees",
        hint: Self.backupHint)
    }
    return Meta(
      transaction: Layout.integer(bytes, Layout.transaction),
      lastPage: lastPage, free: free,
      main: main)
  }

  /// The file may end early only where the pages beyond its end are free: LMDB does not write a page
  /// that was taken and given back within one transaction.
  private func checkTail(of meta: Meta) throws(LMDBFailure) {
    let first = size / UInt64(pageSize)
    guard size % UInt64(pageSize) == 0, meta.lastPage - first < 1 << 20 else {
      throw truncated(meta)
    }
    let free: Set<UInt64>
    do throws(LMDBFailure) {
      free = try freePages(of: meta)
    } catch {
      throw truncated(meta)
    }
    for page in first...meta.lastPage where !free.contains(page) { throw truncated(meta) }
  }

  private func truncated(_ meta: Meta) -> LMDBFailure {
    LMDBFailure(
      .truncated, operation: "Opening \(path)",
      message: "the file has \(size) bytes and should have \(meta.lastPage + 1) pages",
      hint: Self.backupHint)
  }

  static let backupHint = "Put the file back from a backup"

  /// The page `number`, checked to be one.
  func page(_ number: UInt64, of meta: Meta) throws(LMDBFailure) -> Page {
    guard number >= 2, number <= meta.lastPage else { throw damaged(number, "is beyond the end") }
    let page = Page(
      number: number, bytes: try bytes(at: number * UInt64(pageSize), count: pageSize))
    guard page.claimedNumber == number else { throw damaged(number, "bears another number") }
    return page
  }

  /// The bytes of an overflow value that begins on page `number`.
  func overflow(
    _ number: UInt64, count: Int, of meta: Meta
  ) throws(LMDBFailure) -> (bytes: [UInt8], pages: UInt64) {
    let first = try page(number, of: meta)
    let pages = UInt64(Layout.integer(first.bytes, Layout.overflowPages) as UInt32)
    guard first.flags & Layout.overflowFlag != 0, pages > 0, number + pages - 1 <= meta.lastPage,
      UInt64(count) + UInt64(Layout.pageHeader) <= pages * UInt64(pageSize)
    else { throw damaged(number, "is no overflow page of \(count) bytes") }
    let start = number * UInt64(pageSize) + UInt64(Layout.pageHeader)
    return (try bytes(at: start, count: count), pages)
  }

  func damaged(_ number: UInt64, _ what: String) -> LMDBFailure {
    LMDBFailure(
      .damaged, operation: "Reading \(path)", message: "page \(number) \(what)",
      hint: Self.backupHint)
  }

  private func bytes(at offset: UInt64, count: Int) throws(LMDBFailure) -> [UInt8] {
    guard offset <= size, UInt64(count) <= size - offset else {
      throw LMDBFailure(
        .truncated, operation: "Reading \(path)", message: "the file ends at byte \(size)",
        hint: Self.backupHint)
    }
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        guard let start = buffer.baseAddress else { return }
        let read = pread(descriptor, start + filled, count - filled, off_t(offset) + filled)
        if read < 0, errno == EINTR { continue }
        if read <= 0 {
          failure = read < 0 ? errno : EIO
          return
        }
        filled += read
      }
    }
    if failure != 0 { throw LMDBFailure(result: failure, operation: "Reading \(path)") }
    return bytes
  }
}
