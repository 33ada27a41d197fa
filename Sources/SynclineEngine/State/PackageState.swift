public import SynclineModel

/// What is known about the package as a whole: counters, parameters, and how far each side was read.
public struct PackageState: Hashable, Sendable {
  /// The highest numbers given out.
  public var lastRecord = RecordNumber.none
  public var lastLink = LinkNumber.none
  public var lastRun = RunNumber.none
  public var lastObject = ObjectNumber.none
  public var lastTask = TaskNumber.none
  /// The mapping in force; none before the first.
  public var revision = MappingRevision.none
  public var source = SideState()
  public var target = SideState()
  /// Whether LastSyncTime was reset and no run has succeeded since: no delete is sent.
  public var isInEpoch = false
  /// What was put back from a backup, until a run has made up for it.
  public var restoring: Restoration?
  /// The tasks of the mapping in force, in order.
  public var tasks: [TaskNumber] = []
  /// How many links each task has, and how many records each object shows: what the brakes measure by.
  public var links: [Tally<TaskNumber>] = []
  public var records: [Tally<ObjectNumber>] = []

  /// How many there are of something.
  public struct Tally<Number: DenseNumber>: Hashable, Sendable {
    public var number: Number
    public var count: UInt64
  }

  public func links(of task: TaskNumber) -> UInt64 {
    links.first { $0.number == task }?.count ?? 0
  }

  public func records(of object: ObjectNumber) -> UInt64 {
    records.first { $0.number == object }?.count ?? 0
  }

  public init() {}

  /// Whether the next run makes tracking objects, on either side (InitTrackingObjects).
  public var initTrackingObjects: Bool {
    get { source.initTracking || target.initTracking }
    set {
      source.initTracking = newValue
      target.initTracking = newValue
    }
  }

  public subscript(side: Side) -> SideState {
    get { side == .source ? source : target }
    set { if side == .source { source = newValue } else { target = newValue } }
  }
}

/// What was put back from a backup.
public enum Restoration: UInt8, Hashable, Sendable, CaseIterable {
  case source = 1
  case target = 2
  case journal = 3

  /// Whether what a full read of `side` finds otherwise is the backup's and no edit.
  func covers(_ side: Side) -> Bool {
    switch self {
    case .source: side == .source
    case .target: side == .target
    case .journal: false
    }
  }

  /// Whether the side's tracking objects must be made anew without reading the old queue.
  func renews(_ side: Side) -> Bool { self == .journal || covers(side) }
}

/// How far a side was read.
public struct SideState: Hashable, Sendable {
  /// When a task was last synced on this side.
  public struct LastSync: Hashable, Sendable {
    public var task: TaskNumber
    public var time: Timestamp
  }

  /// Empty before the first run.
  public var identity = SystemIdentity("")
  public var generation = TrackingGeneration.none
  /// Whether the next run makes the side's tracking objects. Of the two sides' creations one may fail.
  public var initTracking = true
  /// Objects that have tracking objects of this generation.
  public var tracked: [ObjectNumber] = []
  /// Tracking entries whose content the journal holds and which the side still has, ascending.
  public var covered: [EntryRange] = []
  /// How far the owner row is known to stand.
  public var owner = EventSequence.none
  /// Objects that were read in full since they were first mapped, or since the last reset.
  public var fullyRead: [ObjectNumber] = []
  public var lastSync: [LastSync] = []
  /// On a side that tells its changes by stamps: from when on each object is read next, by object.
  public var bounds: [ObjectBound] = []

  /// From when on the object's changes are read; nil where it must be read in full.
  public func bound(_ object: ObjectNumber) -> Timestamp? {
    bounds.first { $0.object == object }?.since
  }

  public func lastSync(_ task: TaskNumber) -> Timestamp? {
    lastSync.first { $0.task == task }?.time
  }
}

extension PackageState {
  var encoded: [UInt8] {
    var writer = ByteWriter()
    writer.number(lastRecord)
    writer.number(lastLink)
    writer.number(lastRun)
    writer.number(lastObject)
    writer.number(lastTask)
    writer.number(revision)
    source.encode(to: &writer)
    target.encode(to: &writer)
    writer.flag(isInEpoch)
    writer.byte(restoring?.rawValue ?? 0)
    writer.numbers(tasks)
    links.encode(to: &writer)
    records.encode(to: &writer)
    return writer.bytes
  }

  init(encoded bytes: [UInt8]) throws(DecodingFailure) {
    var reader = ByteReader(bytes.span.bytes)
    lastRecord = try reader.number()
    lastLink = try reader.number()
    lastRun = try reader.number()
    lastObject = try reader.number()
    lastTask = try reader.number()
    revision = try reader.number()
    source = try SideState(from: &reader)
    target = try SideState(from: &reader)
    isInEpoch = try reader.flag()
    let raw = try reader.byte()
    restoring = Restoration(rawValue: raw)
    tasks = try reader.numbers()
    links = try Array(from: &reader)
    records = try Array(from: &reader)
  }
}

extension Array {
  /// Counts one more (or less) of `number`. What is not there has no entry, so that the state does not
  /// tell how often it came and went.
  mutating func count<Number: DenseNumber>(_ number: Number, _ step: Int)
  where Element == PackageState.Tally<Number> {
    if let index = firstIndex(where: { $0.number == number }) {
      self[index].count = UInt64(clamping: Int(clamping: self[index].count) + step)
      if self[index].count == 0 { remove(at: index) }
    } else if step > 0 {
      append(PackageState.Tally(number: number, count: UInt64(clamping: step)))
      sort { $0.number < $1.number }
    }
  }

  func encode<Number: DenseNumber>(to writer: inout ByteWriter)
  where Element == PackageState.Tally<Number> {
    writer.list(self) { writer, tally in
      writer.number(tally.number)
      writer.varint(tally.count)
    }
  }

  init<Number: DenseNumber>(from reader: inout ByteReader) throws(DecodingFailure)
  where Element == PackageState.Tally<Number> {
    self = []
    for _ in 0..<(try reader.count()) {
      let number = try reader.number(Number.self)
      append(PackageState.Tally(number: number, count: try reader.varint()))
    }
  }
}

extension SideState {
  func encode(to writer: inout ByteWriter) {
    writer.text(identity.rawValue)
    writer.number(generation)
    writer.flag(initTracking)
    writer.numbers(tracked)
    writer.ranges(covered)
    writer.number(owner)
    writer.numbers(fullyRead)
    writer.list(lastSync) { writer, lastSync in
      writer.number(lastSync.task)
      writer.zigzag(lastSync.time.microseconds)
    }
    writer.bounds(bounds)
  }

  init(from reader: inout ByteReader) throws(DecodingFailure) {
    identity = SystemIdentity(try reader.text())
    generation = try reader.number()
    initTracking = try reader.flag()
    tracked = try reader.numbers()
    covered = try reader.ranges()
    owner = try reader.number()
    fullyRead = try reader.numbers()
    lastSync = []
    for _ in 0..<(try reader.count()) {
      let task = try reader.number(TaskNumber.self)
      lastSync.append(
        LastSync(task: task, time: Timestamp(microseconds: try reader.zigzag())))
    }
    bounds = try reader.bounds()
  }
}
