// Where a package and its journal lie (design, section 7): `F.sync.yaml`, and `.syncline/F/` beside it.
// The line `journal: UUID` in the file keeps them together when the file is renamed.

import Foundation
public import SynclineConfiguration
public import SynclineMapping
public import SynclineModel

/// A package's file and folders.
public struct PackageFolder: Sendable {
  /// The package file.
  public let file: String

  public init(file: String) { self.file = file }

  /// The folder in which the package file lies.
  public var directory: String {
    let directory = (file as NSString).deletingLastPathComponent
    return directory.isEmpty ? "." : directory
  }

  /// How the name of every package file ends.
  static let ending = ".sync.yaml"

  /// The file's name without `.sync.yaml`.
  public var name: String {
    let last = (file as NSString).lastPathComponent
    return last.hasSuffix(Self.ending) ? String(last.dropLast(Self.ending.count)) : last
  }

  /// Refuses a file that is not called as package files are: the name leads to the journal, and
  /// `F.yaml` beside `F.sync.yaml` would lead to the same one.
  public func requireName() throws {
    guard !file.hasSuffix(Self.ending) || name.isEmpty else { return }
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: file, isDirectory: &isFolder), isFolder.boolValue {
      throw PackageFailure("\(file) is a folder. Name the package file in it, F\(Self.ending).")
    }
    let plain = [".yaml", ".yml"].first { name.hasSuffix($0) && name != $0 }
    let better = plain.map { String(name.dropLast($0.count)) } ?? (name.isEmpty ? "F" : name)
    throw PackageFailure(
      "\(file) is not called as a package file is. Call it \(better)\(Self.ending).")
  }

  /// The folder of all journals of this directory.
  public var journals: String { directory + "/.syncline" }

  /// The folder of this package's journal, unless the file was renamed.
  public var journal: String { journals + "/" + name }

  /// A path of the package file, relative to its folder.
  public func resolve(_ path: String) -> String {
    path.hasPrefix("/") ? path : directory + "/" + path
  }

  /// Reads the package, with the connections that it shares with others.
  public func definition() throws -> PackageDefinition { try whole().definition }

  /// The connections to Salesforce of the package, by their names.
  public func salesforce() throws -> [String: SalesforceConnection] { try whole().salesforce }

  private func whole() throws -> ReadPackage {
    try requireName()
    let text = try bytes(of: file)
    let shared = directory + "/" + PackageReader.sharedConnectionsFileName
    let connections = FileManager.default.fileExists(atPath: shared) ? try bytes(of: shared) : nil
    return try PackageReader.readWhole(
      text, fileName: (file as NSString).lastPathComponent, sharedConnections: connections)
  }

  private func bytes(of path: String) throws -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw PackageFailure(
        "cannot read \(path): "
          + (FileManager.default.fileExists(atPath: path)
            ? "no permission. Make it readable for this user."
            : "there is no such file. Make one with `syncline new \(path)`."))
    }
    return [UInt8](data)
  }

  /// Where the journal `id` lies, that the package file names; nil where it is not to be found.
  ///
  /// Looks first where the file's own name leads, then in the folders beside it: the file may have been
  /// renamed. `owner` tells which journal lies in a folder, and throws where one lies there that cannot
  /// be opened: the first such failure is thrown where no other folder holds the journal, since a
  /// damaged journal is not a lost one. A folder whose own package file still
  /// stands and names the same journal belongs to that file: then this one is a copy of it.
  public func find(
    _ id: JournalID, owner: (String) throws -> JournalID?
  ) throws -> String? {
    try requireReadable(journals)
    var unopened: (any Error)?
    try requireReadable(journal)
    do {
      if try owner(journal) == id { return journal }
    } catch {
      unopened = error
    }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: journals)) ?? []
    for name in names.sorted() where name != self.name {
      let folder = journals + "/" + name
      try requireReadable(folder)
      do {
        guard try owner(folder) == id else { continue }
      } catch {
        unopened = unopened ?? error
        continue
      }
      let other = PackageFolder(file: directory + "/" + name + ".sync.yaml")
      if let definition = try? other.definition(), definition.journal == id {
        throw PackageFailure(
          "\(file) and \(other.file) name the same journal \(id): one is a copy of the other. "
            + "Delete the line `journal:` in the copy; its first run makes a journal of its own.")
      }
      return folder
    }
    if let unopened { throw unopened }
    return nil
  }

  /// Refuses a folder that this user may not look into: a journal that is not seen is not gone.
  private func requireReadable(_ folder: String) throws {
    guard FileManager.default.fileExists(atPath: folder),
      (try? FileManager.default.contentsOfDirectory(atPath: folder)) == nil
    else { return }
    throw PackageFailure(
      "cannot read \(folder): no permission. Run as the user who owns it, or make it readable for "
        + "this one.")
  }

  /// Another package file of the folder that names the journal `id`, or nil.
  public func claimant(of id: JournalID) throws -> PackageFolder? {
    let names = try FileManager.default.contentsOfDirectory(atPath: directory)
    return names.sorted().filter { $0.hasSuffix(Self.ending) }
      .map { PackageFolder(file: directory + "/" + $0) }
      .first { other in
        guard other.name != name, let text = try? other.bytes(of: other.file) else { return false }
        return JournalLine.journal(in: text) == id
      }
  }

  /// Writes the line `journal: ID` into the package file, nothing else touched.
  public func write(_ id: JournalID) throws {
    let text = try bytes(of: file)
    let changed = JournalLine.writing(id, into: text)
    if changed == text { return }
    do {
      try Data(changed).write(to: URL(fileURLWithPath: file), options: .atomic)
    } catch {
      throw PackageFailure(
        "cannot write the line `journal: \(id)` into \(file). Make file and folder writable for "
          + "this user, or add the line yourself.")
    }
  }
}

/// Why a package cannot be used. `description` names the thing, the cause and the mend.
public struct PackageFailure: Error, Hashable, Sendable, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description }
}
