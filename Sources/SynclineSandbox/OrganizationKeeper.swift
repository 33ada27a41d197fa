import SynclineModel
import SynclinePorts
import SynclineSandboxModel

/// Owns the organisation and its file, because one request after the other changes both.
actor OrganizationKeeper {
  private let executor = QueueExecutor(label: "syncline.sandbox")
  private var organization: Organization
  private let file: DataFile?
  /// Beside it, since every request is counted and few change something.
  private let calls: DataFile?
  private let surroundings: SandboxSettings.Surroundings
  /// Set when the file cannot be written: then no answer is true any more.
  private var failure: SandboxFailure?

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  /// Reads the schema and the data, and makes the beginning where there is none.
  init(
    _ settings: SandboxSettings, _ surroundings: SandboxSettings.Surroundings
  ) throws {
    var schema = try SchemaFile()
    if let path = settings.schemaPath {
      schema = try SchemaFile(try DataFile.read(path, as: "schema file"))
    }
    var credentials = settings.credentials
    if let path = settings.assertionKeyPath {
      credentials.verifies = try AssertionKey(path: path).verifies
    }
    var organization = Organization(
      schema: schema, credentials: credentials, now: surroundings.now())
    for fault in settings.faults { try organization.add(fault: fault) }
    if let path = settings.dataPath {
      let file = try DataFile(path: path)
      let length = try organization.read(log: try file.contents())
      try file.cut(to: length)
      let calls = try DataFile(path: path + ".calls")
      if length == 0 {
        organization.name(after: surroundings.secret())
        try file.append(organization.logOfTheBeginning())
        try calls.cut(to: 0)
      }
      try calls.cut(to: try organization.read(log: try calls.contents()))
      self.file = consume file
      self.calls = consume calls
    } else {
      file = nil
      calls = nil
      organization.name(after: surroundings.secret())
      _ = organization.logOfTheBeginning()
    }
    self.organization = organization
    self.surroundings = surroundings
  }

  /// Answers a request, after what it changed stands in the file.
  func answer(_ request: APIRequest) throws -> Outcome {
    if let failure { throw failure }
    let outcome = organization.answer(
      request, now: surroundings.now(), secret: surroundings.secret())
    do {
      if !outcome.log.isEmpty { try file?.append(outcome.log) }
      if !outcome.calls.isEmpty { try calls?.append(outcome.calls) }
    } catch {
      failure = error
      throw error
    }
    return outcome
  }
}
