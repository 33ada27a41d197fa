import ArgumentParser
import Foundation
import SynclineConfiguration
import SynclineEngine
import SynclineJournal
import SynclineMapping
import SynclineModel
import SynclineRun

/// The package that a command is about.
struct PackageArgument: ParsableArguments {
  @Argument(help: "The package file, F.sync.yaml.")
  var package: String

  var folder: PackageFolder { PackageFolder(file: package) }
}

/// Whether facts are printed as JSON.
struct JSONOption: ParsableArguments {
  @Flag(help: "Print facts as JSON, one object a line.")
  var json = false
}

/// A package with its journal, opened for reading, or for a decision of a person.
struct OpenPackage {
  let folder: PackageFolder
  let definition: PackageDefinition
  let journal: Journal
  /// The package's lock, where the command holds it from its beginning.
  private let lock: RunLock?

  /// Opens the package and the journal that it has; refuses a package that never ran.
  /// `isLocked`: whether no run may go on beside the command.
  init(
    _ argument: PackageArgument, access: Journal.Access = .read, isLocked: Bool = false
  ) throws {
    folder = argument.folder
    definition = try folder.definition()
    guard let journalFolder = try JournalPlace(folder, definition).existing() else {
      throw PackageFailure(
        "\(folder.file) has no journal yet: run it first with `syncline run \(folder.file)`.")
    }
    lock = isLocked ? try RunLock(folder: journalFolder) : nil
    journal = try Journal.open(
      folder: journalFolder, access: access, secrets: Entropy.secret)
  }
}

/// Where a package's journal lies.
struct JournalPlace {
  let folder: PackageFolder
  let definition: PackageDefinition

  init(_ folder: PackageFolder, _ definition: PackageDefinition) {
    self.folder = folder
    self.definition = definition
  }

  /// The folder of the journal, or nil where the package never ran. Refuses a package whose file names a
  /// journal that is not to be found.
  func existing() throws -> String? {
    guard let id = definition.journal else {
      // The first run may have ended while it made the journal: then there is none yet.
      guard Journal.exists(in: folder.journal) else { return nil }
      guard let found = try Journal.identity(in: folder.journal) else { return nil }
      if let owner = try folder.claimant(of: found) {
        throw PackageFailure(
          "\(folder.journal) holds the journal of \(owner.file), which was renamed. Move that folder "
            + "to \(owner.journal); the first run of \(folder.file) then makes a journal of its own."
        )
      }
      return folder.journal
    }
    guard let place = try folder.find(id, owner: { try Journal.identity(in: $0) }) else {
      throw PackageFailure(
        "\(folder.file) names journal \(id), which is not in \(folder.journals). If the journal was "
          + "moved, put its folder there. If it is gone, delete the line `journal:`; the next run "
          + "then makes a new journal, and --allow takeover=\(id) lets it take over the tracking.")
    }
    return place
  }
}

/// Randomness for journals and systems: the operating system's.
enum Entropy {
  @Sendable static func secret() -> [UInt8] { bytes(32) }
  @Sendable static func identifier() -> [UInt8] { bytes(16) }

  private static func bytes(_ count: Int) -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
  }

  /// A random UUID, version 4.
  static func journalID() -> JournalID {
    var bytes = identifier()
    bytes[6] = bytes[6] & 0x0F | 0x40
    bytes[8] = bytes[8] & 0x3F | 0x80
    return JournalID(bytes: bytes)
  }
}

extension PackageDefinition {
  /// Refuses a package whose two sides are one database or organisation: a record there would be both
  /// sides of itself.
  func requireTwoSystems(in folder: PackageFolder) throws {
    let organisations = try folder.salesforce()
    if let url = organisations[source.connection]?.url,
      url == organisations[target.connection]?.url
    {
      throw PackageFailure(
        "\(folder.file): source and target are the same organisation, named by `url` of both "
          + "connections. Sync two systems.")
    }
    let places = Side.allCases.compactMap { side -> String? in
      guard case .sqlite(let sqlite)? = connections[self[side].connection] else { return nil }
      return realPath(folder.resolve(sqlite.file))
    }
    guard places.count == 2, places[0] == places[1] else { return }
    throw PackageFailure(
      "\(folder.file): source and target are the same database, \(places[0]). Put the objects of "
        + "the two sides into two databases.")
  }

  /// Without links and `..`; nil where nothing stands there.
  private func realPath(_ path: String) -> String? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    return URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
  }
}

/// The moment it is.
enum Clock {
  @Sendable static func now() -> Timestamp {
    Timestamp(microseconds: Int64((Date().timeIntervalSince1970 * 1_000_000).rounded()))
  }
}

extension OpenPackage {
  /// Appends events that no run has part in, under the package's lock, which is held until `effect` is
  /// carried out.
  func append(
    _ bodies: [EventBody], record: RecordNumber = .none, then effect: () async throws -> Void = {}
  ) async throws {
    let lock = try RunLock(folder: journal.folder)
    let now = Clock.now()
    let drafts = bodies.map { EventDraft(time: now, run: .none, record: record, body: $0) }
    try journal.append(drafts, expecting: journal.head.sequence)
    try await effect()
    withExtendedLifetime(lock) {}
  }
}
