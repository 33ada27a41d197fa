import Foundation
import SynclineTesting
import Testing

/// One kind of bad input: how it comes about, what the program says, and what mends it.
struct BadInput: CustomTestStringConvertible, Sendable {
  /// What the person did wrong, or met.
  let name: String
  /// Whether a first run went well before.
  var isSynced = true
  var command = ["run"]
  let status: Int32
  /// Parts of the message: the thing and the mend.
  let says: [String]
  /// Makes the bad input.
  var make: @Sendable (Scenario) throws -> Void = { _ in }
  /// What must be held while the program runs.
  var hold: @Sendable (Scenario) throws -> AnyObject? = { _ in nil }
  /// As the message says.
  let mend: @Sendable (Scenario) throws -> Void
  /// What the first run after the mend needs to be told.
  var allow: @Sendable (Scenario) throws -> [String] = { _ in [] }

  var testDescription: String { name }
}

extension BadInput {
  static let packages = [
    BadInput(
      name: "malformed YAML", isSynced: false, status: 2,
      says: ["shop.sync.yaml:18:1: a value is expected here; the file may be cut off"],
      make: { shop in
        try shop.write(try shop.text("shop.sync.yaml") + "\ntasks: [", to: "shop.sync.yaml")
      },
      mend: { shop in try shop.edit("\ntasks: [", "") }),
    BadInput(
      name: "YAML that is cut off", isSynced: false, status: 2,
      says: ["shop.sync.yaml:16:1: a key without `:` ends here; the file may be cut off"],
      make: { shop in
        let text = try shop.text("shop.sync.yaml")
        try shop.write(text, to: "whole")
        try shop.write(text.components(separatedBy: ": tel")[0], to: "shop.sync.yaml")
      },
      mend: { shop in try shop.write(shop.text("whole"), to: "shop.sync.yaml") }),
    BadInput(
      name: "a file that is not UTF-8", status: 2,
      says: ["shop.sync.yaml:1:10: the file is not UTF-8 from here on; save it as UTF-8"],
      make: { shop in
        try shop.write(shop.text("shop.sync.yaml"), to: "whole")
        try Data([0x70, 0x61, 0x63, 0x6B, 0x61, 0x67, 0x65, 0x3A, 0x20, 0xE9, 0x0A])
          .write(to: URL(fileURLWithPath: shop.package))
      },
      mend: { shop in try shop.write(shop.text("whole"), to: "shop.sync.yaml") }),
    BadInput(
      name: "an unknown key", status: 2,
      says: ["shop.sync.yaml:13:5: `colums` is no key of a task; the nearest is `columns`"],
      make: { shop in try shop.edit("columns:", "colums:") },
      mend: { shop in try shop.edit("colums:", "columns:") }),
    BadInput(
      name: "an unknown type of connection", status: 2,
      says: ["shop.sync.yaml:5:16: `type` must be `sqlite`"],
      make: { shop in try shop.edit("type: sqlite, file: source", "type: sqlight, file: source") },
      mend: { shop in try shop.edit("sqlight", "sqlite") }),
    BadInput(
      name: "a type of connection of a later version", status: 2,
      says: ["shop.sync.yaml:5:16: the connection type `postgresql` is not in this version"],
      make: { shop in try shop.edit("type: sqlite, file: source", "type: postgresql, file: source")
      },
      mend: { shop in try shop.edit("postgresql", "sqlite") }),
    BadInput(
      name: "a field that the source does not have", status: 2,
      says: [
        "shop.sync.yaml:",
        ":7: task “Customers”: the source object “Customer” has no field “fone”; "
          + "did you mean “phone”?",
      ],
      make: { shop in try shop.edit("phone: tel", "fone: tel") },
      mend: { shop in try shop.edit("fone: tel", "phone: tel") }),
    BadInput(
      name: "a field that the target does not have", isSynced: false, command: ["check"], status: 2,
      says: ["the target object “Client” has no field “tell”; did you mean “tel”?"],
      make: { shop in try shop.edit("phone: tel", "phone: tell") },
      mend: { shop in try shop.edit("phone: tell", "phone: tel") }),
    BadInput(
      name: "an object that is not there", status: 2,
      says: [
        "shop.sync.yaml:11:13: task “Customers”",
        "target.db has no table Clients; name one that it has",
      ],
      make: { shop in try shop.edit("target: Client", "target: Clients") },
      mend: { shop in try shop.edit("target: Clients", "target: Client") }),
    BadInput(
      name: "a package that is a copy", command: ["run", "copy.sync.yaml"], status: 2,
      says: [
        "copy.sync.yaml and ", "shop.sync.yaml name the same journal", "Delete the line `journal:`",
      ],
      make: { shop in try shop.write(shop.text("shop.sync.yaml"), to: "copy.sync.yaml") },
      mend: { shop in try FileManager.default.removeItem(atPath: shop.file("copy.sync.yaml")) }),
    BadInput(
      name: "a second package over the same pair", command: ["run", "second.sync.yaml"], status: 2,
      says: ["already syncs “Customer” with “Client” of the same systems. Use its package"],
      make: { shop in
        let text = try shop.text("shop.sync.yaml").components(separatedBy: "journal:")[0]
        try shop.write(text, to: "second.sync.yaml")
      },
      mend: { shop in try FileManager.default.removeItem(atPath: shop.file("second.sync.yaml")) }),
  ]

  static let databases = [
    BadInput(
      name: "a database that is missing", status: 2,
      says: ["source.db does not exist. Name the right file; Syncline never creates one"],
      make: { shop in try shop.move("source.db", "away.db") },
      mend: { shop in
        if FileManager.default.fileExists(atPath: shop.file("source.db")) { throw Unexpected() }
        try shop.move("away.db", "source.db")
      }),
    BadInput(
      name: "one database as both sides", isSynced: false, status: 2,
      says: [
        "shop.sync.yaml: source and target are the same database, ", "source.db",
        "into two databases.",
      ],
      make: { shop in
        try FileManager.default.createSymbolicLink(
          atPath: shop.file("link.db"), withDestinationPath: "source.db")
        try shop.edit("file: target.db", "file: link.db")
      },
      mend: { shop in
        if FileManager.default.fileExists(atPath: shop.file(".syncline")) { throw Unexpected() }
        try shop.edit("file: link.db", "file: target.db")
      }),
    BadInput(
      name: "a database that is something else", isSynced: false, status: 3,
      says: ["source.db is not an SQLite database. Name the right file"],
      make: { shop in
        try shop.move("source.db", "away.db")
        try shop.write(String(repeating: "no database. ", count: 500), to: "source.db")
      },
      mend: { shop in try shop.move("away.db", "source.db") }),
    BadInput(
      name: "a folder in the place of a database", status: 2,
      says: ["source.db cannot be opened", "It must be a file"],
      make: { shop in
        try shop.move("source.db", "away.db")
        try FileManager.default.createDirectory(
          atPath: shop.file("source.db"), withIntermediateDirectories: false)
      },
      mend: { shop in try shop.move("away.db", "source.db") }),
    BadInput(
      name: "a database that stays locked", isSynced: false, status: 3,
      says: [
        "target.db is locked by another program for longer than the busyTimeout",
        "raise busyTimeout",
      ],
      hold: { shop in try shop.target.lock("BEGIN EXCLUSIVE") }, mend: { _ in }),
    BadInput(
      name: "another database behind the name", status: 2,
      says: [
        "is not the system that this package synced so far",
        "Point the connection at the old system",
      ],
      make: { shop in
        try shop.move("source.db", "away.db")
        try shop.source.execute(Shop.source)
      },
      mend: { shop in try shop.move("away.db", "source.db") }),
    BadInput(
      name: "a database put back from a backup", status: 2,
      says: ["source connection “left”", "put back from a backup", "--allow restored=source"],
      make: { shop in
        try shop.copy("source.db", "backup.db")
        try shop.source.execute("UPDATE Customer SET phone = '7' WHERE id = 1")
        try shop.run()
        try shop.move("source.db", "away.db")
        try shop.move("backup.db", "source.db")
      },
      mend: { shop in try shop.move("away.db", "source.db") }),
  ]

  static let journals = [
    BadInput(
      name: "a journal of a newer version", status: 2,
      says: [".syncline/shop: it has format 9", "Use the version of syncline that wrote it"],
      make: { shop in
        try shop.copy(".syncline", "kept")
        try shop.editJournal { bytes in
          for place in bytes.places(of: Array("format".utf8)) { bytes[place + 6] = 9 }
        }
      }, mend: { shop in try shop.move("kept", ".syncline") }),
    BadInput(
      name: "a journal file that is cut off", status: 3,
      says: [".syncline/shop/data.mdb", "should have", "Put the file back from a backup"],
      make: { shop in
        try shop.copy(".syncline", "kept")
        try shop.editJournal { $0.removeLast($0.count / 3) }
      }, mend: { shop in try shop.move("kept", ".syncline") }),
    BadInput(
      name: "a journal file that is empty", command: ["status"], status: 3,
      says: [".syncline/shop: its file is empty. Put the journal back from a backup"],
      make: { shop in
        try shop.copy(".syncline", "kept")
        try shop.editJournal { $0 = [] }
      }, mend: { shop in try shop.move("kept", ".syncline") }),
    BadInput(
      name: "a journal file whose newest events were altered", status: 3,
      says: ["Reading the journal in ", "cannot be read", "put the journal back from a backup"],
      make: { shop in
        // The newest event is that a run failed, with the reason in words.
        let lock = try shop.target.lock()
        try shop.source.execute("UPDATE Customer SET phone = '7' WHERE id = 1")
        try shop.run()
        lock.release()
        try shop.copy(".syncline", "kept")
        try shop.editJournal { bytes in
          for place in bytes.places(of: Array("by another program".utf8)) { bytes[place] = 66 }
        }
      }, mend: { shop in try shop.move("kept", ".syncline") }),
    BadInput(
      name: "a journal file full of noise", status: 3,
      says: [".syncline/shop/data.mdb", "Put the file back from a backup"],
      make: { shop in
        try shop.copy(".syncline", "kept")
        try shop.editJournal { bytes in
          for place in 8192..<bytes.count { bytes[place] = UInt8(truncatingIfNeeded: place * 7) }
        }
      }, mend: { shop in try shop.move("kept", ".syncline") }),
    BadInput(
      name: "a journal that is not there", status: 2,
      says: [
        "shop.sync.yaml names journal", "which is not in ", "put its folder there",
        "--allow takeover=",
      ],
      make: { shop in try shop.move(".syncline", "kept") },
      mend: { shop in
        if FileManager.default.fileExists(atPath: shop.file(".syncline")) { throw Unexpected() }
        try shop.move("kept", ".syncline")
      }),
    BadInput(
      name: "a journal that is not there, met by check", command: ["check"], status: 2,
      says: ["shop.sync.yaml names journal", "put its folder there"],
      make: { shop in try shop.move(".syncline", "kept") },
      mend: { shop in try shop.move("kept", ".syncline") }),
    BadInput(
      name: "a database that status cannot reach", command: ["status"], status: 0,
      says: ["The source cannot be reached: ", "source.db does not exist. Name the right file"],
      make: { shop in try shop.move("source.db", "away.db") },
      mend: { shop in try shop.move("away.db", "source.db") }),
    BadInput(
      name: "a journal put back from a backup", status: 2,
      says: ["the journal ends at", "put back from a backup", "Put the newer journal back"],
      make: { shop in
        try shop.copy(".syncline", "backup")
        try shop.source.execute("UPDATE Customer SET phone = '7' WHERE id = 1")
        try shop.run()
        try shop.move(".syncline", "kept")
        try shop.move("backup", ".syncline")
      }, mend: { shop in try shop.move("kept", ".syncline") }),
    BadInput(
      name: "another process at work", status: 2,
      says: [".syncline/shop/lock", "is running this package. Wait until it has ended"],
      hold: { shop in try FileLock(shop.file(".syncline/shop/lock")) }, mend: { _ in }),
    BadInput(
      name: "the tracking of another journal", status: 2,
      says: ["already syncs “Customer” with “Client”", "--allow takeover="],
      make: { shop in
        try shop.write(shop.journal, to: "old")
        try shop.edit("journal: \(try shop.journal)\n", "")
        try shop.edit("match: none", "match: {name: title}")
        try FileManager.default.removeItem(atPath: shop.file(".syncline"))
      }, mend: { _ in },
      allow: { shop in ["--allow", "takeover=" + (try shop.text("old"))] }),
  ]
}

/// The program did what it must not.
struct Unexpected: Error {}

/// A lock of the operating system on a file, held while this lives.
final class FileLock {
  private let descriptor: Int32
  init(_ path: String) throws {
    descriptor = open(path, O_RDWR)
    guard descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw Unexpected() }
  }
  deinit { close(descriptor) }
}

extension Scenario {
  /// Moves a file or folder over whatever stands there.
  func move(_ name: String, _ other: String) throws {
    try? FileManager.default.removeItem(atPath: file(other))
    try FileManager.default.moveItem(atPath: file(name), toPath: file(other))
  }

  func copy(_ name: String, _ other: String) throws {
    try FileManager.default.copyItem(atPath: file(name), toPath: file(other))
  }

  /// Changes the journal's file under the program.
  func editJournal(_ change: (inout [UInt8]) -> Void) throws {
    let url = URL(fileURLWithPath: file(".syncline/shop/data.mdb"))
    var bytes = [UInt8](try Data(contentsOf: url))
    change(&bytes)
    try Data(bytes).write(to: url)
  }
}

extension [UInt8] {
  /// Where `pattern` begins, every time.
  func places(of pattern: [UInt8]) -> [Int] {
    indices.dropLast(pattern.count).filter { self[$0..<$0 + pattern.count].elementsEqual(pattern) }
  }
}
