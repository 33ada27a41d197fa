import ArgumentParser
import SynclineEngine
import SynclineJournal
import SynclineModel
import SynclineRun

/// `syncline history`.
struct HistoryCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history",
    abstract: "Tells everything that happened to one record, oldest first.",
    discussion: """
      OBJECT is a table's name, or source.NAME or target.NAME where both sides have one of that name. \
      The values in the output are data of your records.

      Example: syncline history demo/shop.sync.yaml Customer 3
      """)

  @OptionGroup var record: RecordArguments
  @OptionGroup var output: JSONOption

  func run() async throws {
    try await reporting {
      let open = try OpenPackage(record.package)
      try open.journal.withState { state in
        let finder = RecordFinder(journal: open.journal)
        let found = try finder.records(named: record.object, key: record.id, state)
        if found.isEmpty {
          throw PackageFailure(
            "The journal knows no record \(record.id.neutral) of “\(record.object.neutral)”. See the objects with "
              + "`syncline check \(record.package.package)`.")
        }
        let presenter = try EventPresenter(state)
        for event in try finder.history(of: found, state) {
          print(event, presenter, state)
        }
      }
    }
  }

  private func print(
    _ event: JournalEvent, _ presenter: EventPresenter,
    _ state: borrowing some StateView & ~Copyable
  ) {
    let object = (try? state.record(event.header.record))?.object ?? .none
    let header = event.header
    let sentence = presenter.sentence(event, object: object)
    if output.json {
      Console.print(
        .object([
          "event": .number(header.sequence.rawValue), "kind": .text(header.kind.word),
          "time": .text("\(header.time)Z"), "run": .number(header.run.rawValue),
          "record": .number(header.record.rawValue), "link": .number(header.link.rawValue),
          "object": object == .none ? .null : .text(presenter.name(of: object)),
          "causes": .list(
            [header.causes.first, header.causes.second].filter { $0 != .none }
              .map { .number($0.rawValue) }), "says": .text(sentence),
        ]))
    } else {
      let name = object == .none ? "" : "\(presenter.name(of: object).neutral): "
      Console.print("\(header.sequence)  \(header.time)Z  run \(header.run)  \(name)\(sentence)")
    }
  }
}

/// A record as a person names it.
struct RecordArguments: ParsableArguments {
  @OptionGroup var package: PackageArgument
  @Argument(help: "The object, such as Customer or target.Customer.") var object: String
  @Argument(help: "The record's key.") var id: String
}

extension ObjectObserved {
  /// Whether a person means this object by a name.
  func matches(_ name: String) -> Bool {
    self.name.rawValue == name || "\(side).\(self.name)" == name
  }
}

/// Finds records by object and key, and the events that name them.
struct RecordFinder {
  let journal: Journal

  /// The records of that name and key that are known: those that are there by their index, those that
  /// are gone by a walk through the events.
  func records(
    named name: String, key: String, _ state: borrowing some StateView & ~Copyable
  ) throws -> [RecordNumber] {
    let objects = try state.objects().filter { $0.matches(name) }
    var found: [RecordNumber] = []
    for object in objects {
      for key in NativeKey.meanings(of: key) {
        if let number = try state.recordNumber(object.object, key) { found.append(number) }
      }
    }
    if !found.isEmpty { return found }
    let numbers = Set(objects.map(\.object))
    let keys = Set(NativeKey.meanings(of: key))
    try journal.events(from: EventSequence(1), through: journal.head.sequence) { event in
      switch event.body {
      case .recordCreated(let created)
      where numbers.contains(created.object) && keys.contains(created.key):
        found.append(event.header.record)
      case .commandConfirmed(let confirmed):
        if let key = confirmed.key, keys.contains(key) { found.append(event.header.record) }
      default: break
      }
      return true
    }
    return try found.filter { try numbers.contains(state.record($0)?.object ?? .none) }
  }

  /// The events that name the records, their links, and the records that they are linked with, by the
  /// pointers in the events' headers.
  func history(
    of records: [RecordNumber], _ state: borrowing some StateView & ~Copyable
  ) throws -> [JournalEvent] {
    var events: [EventSequence: JournalEvent] = [:]
    var links: Set<LinkNumber> = []
    for number in records { try follow(number, state, &events, &links) }
    var partners: Set<RecordNumber> = []
    for link in links {
      let held = try state.link(link)
      var next = try held?.lastEvent ?? lastEvent(of: link, knownFrom: events)
      while next != .none, let event = try journal.event(next) {
        events[next] = event
        if event.header.record != .none { partners.insert(event.header.record) }
        next = event.header.previousOfLink
      }
      if let held { partners.formUnion([held.source.record, held.target.record]) }
    }
    var others: Set<LinkNumber> = []
    for number in partners.subtracting(records) {
      try follow(number, state, &events, &others)
    }
    return events.values.sorted { $0.header.sequence < $1.header.sequence }
  }

  /// The newest event of a link that has ended, which no index names any more: found by a walk from
  /// the newest one that is known.
  private func lastEvent(
    of link: LinkNumber, knownFrom events: [EventSequence: JournalEvent]
  ) throws -> EventSequence {
    var last = events.values.filter { $0.header.link == link }.map(\.header.sequence).max() ?? .none
    try journal.events(from: last) { event in
      guard event.header.link == link else { return true }
      last = event.header.sequence
      if case .unlinked = event.body { return false }
      return true
    }
    return last
  }

  private func follow(
    _ number: RecordNumber, _ state: borrowing some StateView & ~Copyable,
    _ events: inout [EventSequence: JournalEvent], _ links: inout Set<LinkNumber>
  ) throws {
    guard let record = try state.record(number) else { return }
    var next = record.lastEvent
    while next != .none, let event = try journal.event(next) {
      events[next] = event
      if event.header.link != .none { links.insert(event.header.link) }
      next = event.header.previousOfRecord
    }
    links.formUnion(record.memberships.map(\.link))
  }
}

extension NativeKey {
  /// The keys that a person may mean by a text.
  static func meanings(of text: String) -> [NativeKey] {
    var keys: [NativeKey] = []
    if let integer = Int64(text) { keys.append(NativeKey(integer: integer)) }
    if let key = NativeKey(.text(text)) { keys.append(key) }
    if let bytes = UUIDText.parse(text), let key = NativeKey(.uuid(bytes)) { keys.append(key) }
    keys += Connectors.keys(spelled: text).filter { !keys.contains($0) }
    return keys
  }
}
