import Foundation
import SynclineTesting
import Testing

@Suite struct `A full disk` {
  /// A limit on the size of files stands for a full disk: the write fails, as there, part of it done.
  @Test(arguments: [4096, 9000, 20000, 28672, 45056, 69632, 86016, 102400])
  func `ends the run with 3 and the mend, and the next run finishes`(_ limit: Int) throws {
    let shop = try Shop.scenario()
    let full = try Scenario.run(
      "/usr/bin/prlimit", ["--fsize=\(limit)", Scenario.program, "run", "shop.sync.yaml"],
      in: shop.folder)
    #expect(full.status == 3)
    #expect(full.errors.contains("Make room"), "\(full.errors)")
    #expect(try shop.run().status == 0)
    let all = [["'Anna'", "'1'"], ["'Bert'", "'2'"], ["'Zoe'", "'9'"]]
    #expect(try shop.contents == Contents(source: all, target: all))
    #expect(
      try shop.run().neutral.output.contains("\"inserts\":0,\"updates\":0,\"deletes\":0},\"conf"))
    #expect(try shop.queued == 0)
  }

  static let isMountable: Bool = {
    let folder = NSTemporaryDirectory() + "syncline-mount-\(UUID().uuidString)"
    let made = try? Scenario.run(
      "/bin/sh",
      ["-c", "mkdir \(folder) && mount -t tmpfs -o size=64k none \(folder) && umount \(folder)"],
      in: NSTemporaryDirectory())
    try? FileManager.default.removeItem(atPath: folder)
    return made?.status == 0
  }()

  @Test(.enabled(if: isMountable, "this user may not mount a file system"))
  func `of the target's own ends the run with 3, and the next one finishes`() throws {
    let shop = try Shop.scenario()
    let disk = shop.file("disk")
    try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: false)
    let mounted = try Scenario.run(
      "/bin/mount", ["-t", "tmpfs", "-o", "size=256k", "none", disk], in: shop.folder)
    #expect(mounted.status == 0)
    defer { _ = try? Scenario.run("/bin/umount", [disk], in: shop.folder) }
    try shop.edit("file: target.db", "file: disk/target.db")
    try shop.copy("target.db", "disk/target.db")
    let target = SQLiteFile(disk + "/target.db")
    try shop.source.execute(
      """
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
      INSERT INTO Customer (name, phone) SELECT 'name ' || i, hex(zeroblob(60)) FROM n
      """)
    let full = try shop.syncline("run")
    #expect(full.status == 3)
    #expect(
      full.errors.contains("disk/target.db cannot grow: the disk is full. Make room"), "\(full)")
    let room = try Scenario.run(
      "/bin/mount", ["-o", "remount,size=8m", disk], in: shop.folder)
    #expect(room.status == 0)
    #expect(try shop.run().status == 0)
    let counts = try [
      shop.source.rows("SELECT count(*), count(DISTINCT name) FROM Customer"),
      target.rows("SELECT count(*), count(DISTINCT title) FROM Client"),
    ]
    #expect(counts == [[["3003", "3003"]], [["3003", "3003"]]])
    #expect(try shop.syncline("compare").status == 0)
  }
}

/// As a user without rights; root may do everything.
@Suite struct `Without permission` {
  /// Runs the program as nobody, from a copy that nobody can reach.
  static func asNobody(_ arguments: [String], in shop: Scenario) throws -> Scenario.Answer {
    guard getuid() == 0 else {
      return try Scenario.run(Scenario.program, arguments, in: shop.folder)
    }
    let copy = shop.file("program")
    if !FileManager.default.fileExists(atPath: copy) {
      try FileManager.default.copyItem(atPath: Scenario.program, toPath: copy)
      chmod(copy, 0o755)
    }
    return try Scenario.run(
      "/usr/bin/setpriv",
      ["--reuid=65534", "--regid=65534", "--clear-groups", copy] + arguments, in: shop.folder)
  }

  static let isPossible: Bool = {
    guard let shop = try? Shop.scenario() else { return false }
    chmod(shop.folder, 0o755)
    return (try? asNobody(["--version"], in: shop))?.status == 0
  }()

  @Test(.enabled(if: isPossible, "the program does not start as another user"))
  func `to write the folder the run is refused, and nothing is made`() throws {
    let shop = try Shop.scenario()
    let before = try FileManager.default.contentsOfDirectory(atPath: shop.folder)
    chmod(shop.folder, 0o555)
    let answer = try Self.asNobody(["run", "shop.sync.yaml"], in: shop)
    chmod(shop.folder, 0o755)
    #expect(answer.status == 2)
    #expect(
      answer.errors.contains(".syncline: Permission denied. Give the user"), "\(answer.errors)")
    let after = try FileManager.default.contentsOfDirectory(atPath: shop.folder)
    #expect(Set(after).subtracting(["program"]).count == before.count)
    #expect(try shop.run().status == 0)
  }

  @Test(.enabled(if: isPossible, "the program does not start as another user"))
  func `to write a database the run is refused, and the next one finishes`() throws {
    let shop = try Shop.scenario()
    chmod(shop.folder, 0o777)
    chmod(shop.source.path, 0o444)
    chmod(shop.target.path, 0o666)
    chmod(shop.package, 0o666)
    let answer = try Self.asNobody(["run", "shop.sync.yaml"], in: shop)
    #expect(answer.status == 2)
    #expect(
      answer.errors.contains("source.db is read-only for this user. Give write permission"),
      "\(answer.errors)")
    chmod(shop.source.path, 0o666)
    #expect(try Self.asNobody(["run", "shop.sync.yaml", "--json"], in: shop).status == 0)
    let contents = try shop.contents
    #expect(contents.source == contents.target)
  }

  @Test(.enabled(if: isPossible, "the program does not start as another user"))
  func `to look for the journal nobody is told that it is gone`() throws {
    let shop = try Shop.synced()
    chmod(shop.folder, 0o755)
    chmod(shop.package, 0o644)
    for (folder, mode) in [(".syncline/shop", mode_t(0o700)), (".syncline", 0o700)] {
      chmod(shop.file(".syncline"), 0o755)
      chmod(shop.file(folder), mode)
      let answer = try Self.asNobody(["status", "shop.sync.yaml"], in: shop)
      #expect(
        answer
          == Scenario.Answer(
            status: 2, output: "",
            errors:
              "cannot read ./\(folder): no permission. Run as the user who owns it, or make it "
              + "readable for this one.\n"))
    }
  }

  @Test(.enabled(if: isPossible, "the program does not start as another user"))
  func `to read the package it says so`() throws {
    let shop = try Shop.scenario()
    chmod(shop.folder, 0o755)
    chmod(shop.package, 0)
    let answer = try Self.asNobody(["status", "shop.sync.yaml"], in: shop)
    #expect(
      answer
        == Scenario.Answer(
          status: 2, output: "",
          errors: "cannot read shop.sync.yaml: no permission. Make it readable for this user.\n"))
  }
}
