import SynclineTesting
import Testing

/// Scenarios 11, 20 to 22 and 24 to 27 of the laws: which records are the same.
@Suite struct MatchingTests {
  private static let byTag = "{tag: Ref}"

  @Test func `law 11: a match rule links what stands on both sides, and sends nothing`() throws {
    let world = try World(match: Self.byTag)
    for role in Role.allCases { try world.insert(role, .init("r", "Ada", 1)) }
    try world.expectQuiet()
    try world.expectBoth(.init("r", "Ada", 1))
    #expect(
      try world.status() == [.init(tasks: [.init(name: "People", links: 1, agenda: 0)])])
    try world.expectQuiet()
  }

  @Test func `law 11: a match rule links in every run, not just in the first`() throws {
    let world = try World(match: Self.byTag)
    try world.settle(.init("q", "Bob", 1))
    for role in Role.allCases { try world.insert(role, .init("r", "Ada", 1)) }
    try world.expectQuiet()
    try world.expectBoth(.init("q", "Bob", 1), .init("r", "Ada", 1))
    #expect(
      try world.status() == [.init(tasks: [.init(name: "People", links: 2, agenda: 0)])])
    try world.edit(.target, "UPDATE {table} SET {score} = 5 WHERE {tag} = 'r'")
    try world.expectRun(is: .wrote(updates: 1, in: .source))
    try world.expectQuiet()
  }

  @Test func `law 11: at a first match an empty field is filled, and the source's value goes`()
    throws
  {
    let world = try World(match: Self.byTag)
    try world.insert(.source, .init("r", "Ada", nil), .init("s", "Bob", 1))
    try world.insert(.target, .init("r", "Ada", 7), .init("s", "Rob", 1))
    var both = Outcome.wrote(updates: 1, in: .source)
    both.target.updates = 1
    try world.expectRun(is: both)
    try world.expectBoth(.init("r", "Ada", 7), .init("s", "Bob", 1))
    #expect(
      try world.conflicts() == [
        ListedConflict(
          "firstMatch", loser: .target, base: ["FullName": "'Rob'"], lost: ["FullName": "'Rob'"],
          won: ["FullName": "'Bob'"])
      ])
    try world.expectQuiet()
  }

  @Test(arguments: Role.allCases)
  func `law 20: a record under a new native key is the same record`(_ role: Role) throws {
    let world = try World()
    try world.settle(.init("r", "Ada", 1))
    try world.edit(role, "UPDATE {table} SET {key} = 77")
    let log = try world.writes(role.other)
    try world.expectRun(is: .silent)
    #expect(try world.writes(role.other) == log)
    try world.expectQuiet()
    #expect(try world.key(role, tag: "r") == "77")
    #expect(try world.key(role.other, tag: "r") == "1")

    try world.edit(role.other, "UPDATE {table} SET {score} = 2")
    try world.expectRun(is: .wrote(updates: 1, in: role))
    try world.expectBoth(.init("r", "Ada", 2))
    try world.expectQuiet()
  }

  @Test(arguments: Role.allCases)
  func `law 20: a record that was made again under a new key is linked again`(_ role: Role) throws {
    let world = try World(match: Self.byTag)
    try world.settle(.init("r", "Ada", 1), .init("s", "Bob", 1))
    try world.edit(role, "DELETE FROM {table} WHERE {tag} = 'r'")
    try world.edit(role, "INSERT INTO {table} VALUES (77, 'r', 'Ada', 1)")
    try world.expectQuiet()
    try world.expectBoth(.init("r", "Ada", 1), .init("s", "Bob", 1))
    #expect(try world.key(role, tag: "r") == "77")
    #expect(
      try world.status() == [.init(tasks: [.init(name: "People", links: 2, agenda: 0)])])

    try world.edit(role.other, "UPDATE {table} SET {score} = 2 WHERE {tag} = 'r'")
    try world.expectRun(is: .wrote(updates: 1, in: role))
    try world.expectBoth(.init("r", "Ada", 2), .init("s", "Bob", 1))
    try world.expectQuiet()
  }

  @Test(arguments: Role.allCases)
  func `law 20: a table that was filled anew is linked again, and no brake holds it`(_ role: Role)
    throws
  {
    let world = try World(
      match: Self.byTag, settings: "deletes: {limit: 50%, atLeast: 0}")
    let records = (1...9).map { (n: Int) in World.Record("\(n)", "x", n) }
    for record in records { try world.insert(.source, record) }
    try world.expectRun(is: .wrote(inserts: 9, in: .target))
    try world.edit(
      role,
      """
      CREATE TEMP TABLE kept AS SELECT * FROM {table};
      DELETE FROM {table};
      INSERT INTO {table} SELECT {key} + 100, {tag}, {name}, {score} FROM kept;
      """)
    try world.expectQuiet()
    for role in Role.allCases { #expect(try world.records(role) == records) }
    #expect(
      try world.status() == [.init(tasks: [.init(name: "People", links: 9, agenda: 0)])])
    try world.expectQuiet()
  }

  @Test(arguments: Role.allCases)
  func `law 21: a matched value that a user changes makes no second record`(_ role: Role) throws {
    let world = try World(match: Self.byTag)
    try world.settle(.init("a", "Ada", 1))
    try world.edit(role, "UPDATE {table} SET {tag} = 'b'")
    try world.expectRun(is: .wrote(updates: 1, in: role.other))
    try world.expectBoth(.init("b", "Ada", 1))
    #expect(try world.conflicts() == [])
    try world.expectQuiet()
  }

  @Test func `law 22: records without a matched value are copied once and never matched`() throws {
    let world = try World(match: Self.byTag)
    try world.insert(.source, .init(nil, "Ada", 1))
    try world.insert(.target, .init(nil, "Ada", 1))
    var both = Outcome.wrote(inserts: 1, in: .source)
    both.target.inserts = 1
    try world.expectRun(is: both)
    try world.expectBoth(.init(nil, "Ada", 1), .init(nil, "Ada", 1))
    try world.expectQuiet()
  }

  @Test func `law 24: both forms of an accented letter match, and the source's bytes stay`() throws
  {
    let composed = "Zo\u{EB}"
    let decomposed = "Zoe\u{308}"
    let world = try World(match: Self.byTag)
    try world.insert(.source, .init(composed, "Ada", 1))
    try world.insert(.target, .init(decomposed, "Ada", 1))
    try world.expectRun(is: .wrote(updates: 1, in: .target))
    // Strings of Swift are equal in both forms: the bytes tell them apart.
    for role in Role.allCases {
      let tag = world.named(role, "SELECT hex({tag}) FROM {table}")
      #expect(try world.file(role).rows(tag) == [["'5A6FC3AB'"]], "the \(role)")
    }
    #expect(
      try world.conflicts().map { Array(($0.lost["Ref"]?.description ?? "").utf8) }
        == [Array("'\(decomposed)'".utf8)])
    try world.expectQuiet()
  }

  @Test(arguments: Role.allCases)
  func `law 24: an edit from one form of a letter to the other travels`(_ role: Role) throws {
    let world = try World()
    try world.settle(.init("r", "Zo\u{EB}", 1))
    try world.edit(role, "UPDATE {table} SET {name} = 'Zoe\u{308}'")
    try world.expectRun(is: .wrote(updates: 1, in: role.other))
    for role in Role.allCases {
      let name = world.named(role, "SELECT hex({name}) FROM {table}")
      #expect(try world.file(role).rows(name) == [["'5A6F65CC88'"]], "the \(role)")
    }
    try world.expectQuiet()
  }

  @Test func `law 25: where both sides fold letter case, one record with the source's spelling`()
    throws
  {
    let folding = "UNIQUE COLLATE NOCASE"
    let world = try World(match: Self.byTag, tag: (folding, folding))
    try world.insert(.source, .init("Foo", "Ada", 1))
    try world.insert(.target, .init("foo", "Ada", 1))
    try world.expectRun(is: .wrote(updates: 1, in: .target))
    try world.expectBoth(.init("Foo", "Ada", 1))
    try world.expectQuiet()

    try world.edit(.target, "UPDATE {table} SET {tag} = 'fOO'")
    try world.expectRun(is: .wrote(updates: 1, in: .source))
    try world.expectBoth(.init("fOO", "Ada", 1))
    try world.expectQuiet()
  }

  @Test(arguments: Role.allCases)
  func `law 25: where one side folds letter case, one record and no ping-pong`(_ role: Role) throws
  {
    let folding = "COLLATE NOCASE"
    let world = try World(
      match: Self.byTag,
      tag: role == .source ? (folding, "") : ("", folding))
    try world.insert(.source, .init("Foo", "Ada", 1))
    try world.insert(.target, .init("foo", "Ada", 1))
    try world.expectRun(is: .wrote(updates: 1, in: .target))
    try world.expectBoth(.init("Foo", "Ada", 1))
    try world.expectQuiet()
  }

  @Test func `law 26: an edit of one field on each side is a conflict of the record`() throws {
    let world = try World()
    try world.settle(.init("r", "one", 1))
    try world.edit(.source, "UPDATE {table} SET {name} = 'two'")
    try world.edit(.target, "UPDATE {table} SET {score} = 3")
    try world.expectRun(is: .wrote(updates: 1, in: .target, conflicts: 1))
    try world.expectBoth(.init("r", "two", 1))
    #expect(
      try world.conflicts() == [
        ListedConflict(
          "bothChanged", loser: .target, base: ["Points": "1"], lost: ["Points": "3"],
          won: ["Points": "1"])
      ])
    try world.expectQuiet()
  }

  @Test(arguments: Role.allCases)
  func `law 27: an insert that meets an existing record is linked, not doubled`(_ role: Role) throws
  {
    let refusing = "CHECK (name <> 'bad')"
    let world = try World(
      match: Self.byTag,
      name: role == .source
        ? (refusing, "") : ("", refusing.replacing("name", with: "FullName")))
    try world.settle(.init("q", "Bob", 1))
    // The record stands on one side without a link: the other side would not take it.
    try world.insert(role.other, .init("r", "bad", 1))
    try world.expectRun(is: Outcome(status: 1, failed: 1))

    try world.insert(role, .init("r", "good", 1))
    let winner = role == .source ? "good" : "bad"
    if role == .source {
      try world.expectRun(is: .wrote(updates: 1, in: .target))
      try world.expectBoth(.init("q", "Bob", 1), .init("r", winner, 1))
      #expect(try world.errors() == [])
      try world.expectQuiet()
    } else {
      // The source's value goes, and the target still refuses it: reported, and nothing doubled.
      try world.expectRun(is: Outcome(status: 1, failed: 1))
      #expect(try world.records(.source) == [.init("q", "Bob", 1), .init("r", winner, 1)])
      #expect(try world.records(.target) == [.init("q", "Bob", 1), .init("r", "good", 1)])
    }
  }
}
