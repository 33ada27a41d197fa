import Foundation
import SynclineConfiguration
import SynclineHTTP
import SynclineMapping
import SynclineModel
import SynclinePorts
import SynclineRun
import SynclineSQLite
import SynclineSalesforce

/// The registry of connectors: what a connection's type stands for.
enum Connectors {
  static func make(
    _ side: SideDefinition, of definition: PackageDefinition, in folder: PackageFolder
  ) throws -> any Connector & TrackedSystem {
    if let salesforce = try folder.salesforce()[side.connection] {
      return try make(salesforce, named: side.connection, in: folder)
    }
    guard let connection = definition.connections[side.connection] else {
      throw PackageFailure(
        "\(folder.file) names connection “\(side.connection)”, which it does not define.")
    }
    switch connection {
    case .sqlite(let sqlite):
      return SQLiteConnector(
        file: folder.resolve(sqlite.file), zoneMinutes: sqlite.zoneMinutes,
        busyTimeoutMilliseconds: sqlite.busyTimeoutMilliseconds,
        identifiers: Entropy.identifier,
        watcher: { CrashPoint.hit($0 == .beforeCommit ? .beforeCommit : .afterCommit) })
    }
  }

  /// Refuses two sides that are one organisation under two addresses. One that cannot be asked is met by
  /// the run itself, which tells it.
  static func requireTwo(
    _ source: any Connector, _ target: any Connector, in folder: PackageFolder
  ) async throws {
    guard !source.capabilities.tracksByTriggers, !target.capabilities.tracksByTriggers,
      let organisation = try? await source.inspect([], ourJournal: nil).identity,
      let other = try? await target.inspect([], ourJournal: nil).identity, organisation == other
    else { return }
    throw PackageFailure(
      "\(folder.file): source and target are the same organisation, \(organisation). Sync two "
        + "systems.")
  }

  /// The keys that a person may mean by a word in the spellings of systems, beside the word itself.
  static func keys(spelled text: String) -> [NativeKey] {
    [SalesforceConnector.key(spelled: text)].compactMap(\.self)
  }

  /// What a session cost, where its system counts calls.
  static func usage(of connector: any Connector) async -> String? {
    await (connector as? SalesforceConnector)?.usage
  }

  private static func make(
    _ connection: SalesforceConnection, named name: String, in folder: PackageFolder
  ) throws -> SalesforceConnector {
    let secrets = Secrets(connection: name, folder: folder)
    func required(_ reference: SecretReference?, _ key: String) throws -> Secret {
      guard let reference else {
        throw PackageFailure("\(folder.file): connection “\(name)” has no `\(key)`.")
      }
      return try secrets.secret(reference, key)
    }
    let host: HTTPAddress
    do { host = try HTTPAddress(connection.url) } catch {
      throw PackageFailure("\(folder.file): connection “\(name)”: \(error).")
    }
    let signIn: SalesforceSettings.SignIn
    switch connection.signIn {
    case .clientCredentials:
      signIn = .clientCredentials(
        client: connection.client, secret: try required(connection.clientSecret, "clientSecret"))
    case .assertion:
      signIn = .assertion(
        client: connection.client, user: connection.user ?? "",
        key: try required(connection.privateKey, "privateKey"),
        audience: connection.audience ?? SalesforceSettings.audience(of: host))
    case .password:
      signIn = .password(
        client: connection.client, secret: try required(connection.clientSecret, "clientSecret"),
        user: connection.user ?? "", password: try required(connection.password, "password"))
    }
    do {
      let settings = SalesforceSettings(
        host: host, signIn: signIn, version: connection.version,
        callsMax: connection.callsMax, isStrict: connection.isStrict)
      let client = try CurlClient(
        settings: ClientSettings(
          proxies: try ProxySettings(environment: ProcessInfo.processInfo.environment),
          caFile: connection.caFile.map(folder.resolve),
          userAgent: "Syncline/\(Program.version)"))
      return SalesforceConnector(settings, client: client, pacer: .real)
    } catch {
      throw PackageFailure("\(folder.file): connection “\(name)”: \(error).")
    }
  }
}

/// Finds the secrets that a package refers to.
struct Secrets {
  let connection: String
  let folder: PackageFolder

  /// The secret, without the end of its last line.
  func secret(_ reference: SecretReference, _ key: String) throws -> Secret {
    switch reference {
    case .environment(let variable):
      guard let text = ProcessInfo.processInfo.environment[variable], !text.isEmpty else {
        throw failure(key, "the variable \(variable) is not set. Set it in the environment")
      }
      return Secret(text)
    case .file(let path):
      let path = folder.resolve(path)
      guard let data = FileManager.default.contents(atPath: path),
        let text = String(data: data, encoding: .utf8), !text.isEmpty
      else {
        throw failure(
          key,
          "the file \(path) cannot be read, or is empty. Put the secret there, readable for "
            + "this user alone")
      }
      return Secret(String(text.reversed().drop(while: \.isNewline).reversed()))
    }
  }

  private func failure(_ key: String, _ message: String) -> PackageFailure {
    PackageFailure("\(folder.file): connection “\(connection)”, `\(key)`: \(message).")
  }
}

extension Pacer {
  /// The real clock and real chance.
  static let real = Pacer(
    now: Clock.now, pause: { try await Task.sleep(for: .milliseconds($0)) },
    roll: { Double.random(in: 0..<1) })
}
