// What the oracle is told: the edits that happened, the runs, what is there in the end, and what the
// package's owner was told. Plain text and numbers: nothing of the program that is judged.

/// Which of the two systems.
public enum Place: Int, Hashable, Sendable, CaseIterable {
  case source = 0
  case target = 1

  public var other: Place { self == .source ? .target : .source }
}

/// A logical record: its kind, and the tag that it was born with.
public struct RecordName: Hashable, Sendable, Comparable, CustomStringConvertible {
  public var entity: Int
  public var tag: String

  public init(_ entity: Int, _ tag: String) {
    self.entity = entity
    self.tag = tag
  }

  public var description: String { "\(entity):\(tag)" }

  public static func < (first: Self, second: Self) -> Bool {
    (first.entity, first.tag) < (second.entity, second.tag)
  }
}

/// Values of a record by field name; nil is an empty field, a reference is its parent's tag.
public typealias Content = [String: String?]

/// Something that a user or a system itself did to one record.
public struct Act: Sendable {
  public enum Kind: Sendable { case create, update, delete }
  /// Who did it: a user; the system because of a user; the system because of a run's write; somebody under the
  /// name of the user that belongs to the package alone, whose edits need not travel.
  public enum Author: Sendable { case user, consequence, answer, dedicated }

  public var time: Int
  public var place: Place
  public var record: RecordName
  public var kind: Kind
  public var author: Author
  /// What it wrote, as it is stored; for a delete, what was lost.
  public var content: Content
  /// What stood there before an update.
  public var before: Content
  /// Whether a deleted record came back as it was: nothing of it was written anew.
  public var isReturn: Bool { kind == .create && content.count == 1 }

  public init(
    time: Int, place: Place, record: RecordName, kind: Kind, author: Author, content: Content,
    before: Content = [:]
  ) {
    self.time = time
    self.place = place
    self.record = record
    self.kind = kind
    self.author = author
    self.content = content
    self.before = before
  }
}

/// A row that a run deleted.
public struct Removal: Sendable {
  public var time: Int
  public var place: Place
  public var record: RecordName

  public init(time: Int, place: Place, record: RecordName) {
    self.time = time
    self.place = place
    self.record = record
  }
}

/// A row that a run wrote or deleted in a system without transactions, and of which it was never told.
public struct Unanswered: Sendable {
  public var time: Int
  public var place: Place
  public var record: RecordName
  /// What it changed; empty where it deleted the row.
  public var fields: Set<String>
  /// When the run began that sent it.
  public var sent: Int
  /// Whether the system keeps count of commands, so that the program can ask later what became of it.
  public var isCounted: Bool
  /// Whether the system wrote without comparing what stood there.
  public var isBlind: Bool

  public init(
    time: Int, place: Place, record: RecordName, fields: Set<String>, sent: Int, isCounted: Bool,
    isBlind: Bool
  ) {
    self.time = time
    self.place = place
    self.record = record
    self.fields = fields
    self.sent = sent
    self.isCounted = isCounted
    self.isBlind = isBlind
  }
}

/// One run of the package.
public struct Span: Sendable {
  public var start: Int
  public var end: Int
  /// Whether it ended Succeeded.
  public var isOK: Bool
  /// Whether it said that nothing is pending, held or failed.
  public var isClean: Bool
  public var commands: Int
  /// Rows that the systems themselves saw it write.
  public var writes: Int
  /// What it said is not done.
  public var listed: Set<RecordName>
  /// From when on a system did not show what had happened there when the run began.
  public var unseen: [Place: Int]

  public init(
    start: Int, end: Int, isOK: Bool, isClean: Bool, commands: Int, writes: Int,
    listed: Set<RecordName>, unseen: [Place: Int] = [:]
  ) {
    self.unseen = unseen
    self.start = start
    self.end = end
    self.isOK = isOK
    self.isClean = isClean
    self.commands = commands
    self.writes = writes
    self.listed = listed
  }
}

/// A conflict, an overwritten first match or a drift, as the program lists it.
public struct Loss: Hashable, Sendable {
  public enum Kind: Hashable, Sendable { case edits, deletion, firstMatch, drift }
  public var kind: Kind
  public var record: RecordName
  /// Nil where a person has still to decide.
  public var loser: Place?
  /// The values that were taken back; empty where a deletion was.
  public var lost: [String: String?]
  /// What it stands between, in the program's own words.
  public var identity: String

  public init(
    kind: Kind, record: RecordName, loser: Place?, lost: [String: String?], identity: String
  ) {
    self.kind = kind
    self.record = record
    self.loser = loser
    self.lost = lost
    self.identity = identity
  }
}

/// One field of an entity, as the package's owner mapped it.
public struct FieldLaw: Sendable {
  public enum Direction: Hashable, Sendable {
    case both, toTarget, toSource, sourceOnly, targetOnly
  }
  /// Who wins where both sides wrote it; nil where it depends on the moment or on a person.
  public var winner: Place?
  public var name: String
  public var direction: Direction
  public var isReference: Bool
  /// What the mapping writes whatever the other side holds.
  public var constant: String?
  /// Since when the field is mapped as it is now; 0 where it always was.
  public var since: Int
  /// What each system makes of a value that is written into the field.
  public var stored: @Sendable (Place, String?) -> String?

  public init(
    name: String, direction: Direction, isReference: Bool, constant: String? = nil,
    winner: Place?, since: Int = 0, stored: @escaping @Sendable (Place, String?) -> String?
  ) {
    self.name = name
    self.direction = direction
    self.isReference = isReference
    self.constant = constant
    self.winner = winner
    self.since = since
    self.stored = stored
  }
}

extension FieldLaw {
  /// Whether the mapping names it.
  var isMapped: Bool { direction != .sourceOnly && direction != .targetOnly }

  /// Whether what stands there goes to the other side.
  func gives(_ place: Place) -> Bool {
    switch direction {
    case .both: true
    case .toTarget, .sourceOnly: place == .source
    case .toSource, .targetOnly: place == .target
    }
  }
}

/// What a kind of record is and what its owner asked for.
public struct EntityLaw: Sendable {
  public var fields: [FieldLaw]
  /// Whether a value changed on the side that is only written is put right.
  public var restoresDrift: Bool
  /// The field by which a record points to another of its own kind or another: its entity, by field.
  public var parents: [String: Int]
  /// Who wins where one side deleted the record and the other one changed it; nil where it depends on the
  /// moment or on a person.
  public var winner: Place?

  public init(
    fields: [FieldLaw], restoresDrift: Bool, parents: [String: Int], winner: Place? = .source
  ) {
    self.winner = winner
    self.fields = fields
    self.restoresDrift = restoresDrift
    self.parents = parents
  }
}

/// All of it.
public struct History: Sendable {
  public var entities: [EntityLaw]
  public var acts: [Act] = []
  public var runs: [Span] = []
  /// When somebody last wrote into a system, be it what stood there already: under a mapping that was edited
  /// since, the record then follows it.
  public var touched = 0
  public var losses: [Loss] = []
  /// In order of time.
  public var removals: [Removal] = []
  /// In order of time.
  public var unanswered: [Unanswered] = []
  /// Records of which the program says that its writes to them are rewritten again and again.
  public var loops: Set<RecordName> = []
  /// The systems that show what happened in them only after a while: a run after a reset may see later what
  /// was deleted there before.
  public var late: Set<Place> = []
  /// When a person reset LastSyncTime.
  public var resets: [Int] = []
  /// What each system holds now: one content for each row, so that doubles show.
  public var contents: [Place: [RecordName: [Content]]] = [:]

  public init(entities: [EntityLaw]) { self.entities = entities }
}

/// A law that does not hold.
public struct Violation: Hashable, Sendable, CustomStringConvertible {
  public var law: String
  public var text: String

  public init(_ law: String, _ text: String) {
    self.law = law
    self.text = text
  }

  public var description: String { "\(law): \(text)" }
}
