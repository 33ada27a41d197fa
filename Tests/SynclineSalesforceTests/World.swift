import Foundation
import SynclineHTTP
import SynclineModel
import SynclinePorts
import SynclineSalesforce
import SynclineTesting

/// A sandbox and a connector that speaks to it.
final class World {
  let sandbox: SandboxProgram
  let connector: SalesforceConnector
  /// Stands between the two.
  private let middleman: Middleman?
  /// Where the connector calls.
  var host: String { middleman?.address ?? sandbox.address }

  static let clientCredentials = SalesforceSettings.SignIn.clientCredentials(
    client: "sandbox-client", secret: Secret("sandbox-secret"))

  convenience init(
    schema: String? = nil, options: [String] = [], signIn: SalesforceSettings.SignIn? = nil,
    callsMax: Int? = nil, answerBytesMax: Int? = nil
  ) throws {
    try self.init(
      SandboxProgram(schema: schema, options: options), signIn: signIn, callsMax: callsMax,
      answerBytesMax: answerBytesMax)
  }

  /// `strict`: whether each record is compared before it is written.
  init(
    _ sandbox: SandboxProgram, through middleman: Middleman? = nil,
    signIn: SalesforceSettings.SignIn? = nil, callsMax: Int? = nil, answerBytesMax: Int? = nil,
    strict: Bool = false
  ) throws {
    self.sandbox = sandbox
    self.middleman = middleman
    let settings = SalesforceSettings(
      host: try HTTPAddress(middleman?.address ?? sandbox.address),
      signIn: signIn ?? Self.clientCredentials, callsMax: callsMax, isStrict: strict)
    var transfers = ClientSettings()
    if let answerBytesMax { transfers.limits.bodyBytesMax = answerBytesMax }
    connector = SalesforceConnector(
      settings, client: try CurlClient(settings: transfers), pacer: Self.pacer)
  }

  /// The real time, and no waiting.
  static let pacer = Pacer(
    now: { Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000)) },
    pause: { _ in }, roll: { 0 })

  static let account = ObjectNumber(1)
  static let id = FieldNumber(1)
  static let name = FieldNumber(2)
  static let phone = FieldNumber(3)
  static let revenue = FieldNumber(4)

  /// Looks at accounts and binds a few of their fields.
  func open(_ more: [FieldName] = []) async throws {
    let inspection = try await connector.inspect(
      [ObjectRequest(name: "Account")], ourJournal: nil)
    guard let schema = inspection.objects["Account"] else { throw SandboxProgram.NotStarted() }
    let names: [FieldName] = ["Id", "Name", "Phone", "AnnualRevenue"] + more
    let fields = names.enumerated().compactMap { index, name in
      schema.field(name).map {
        ObjectBinding.Field(number: FieldNumber(UInt16(index + 1)), name: name, type: $0.type)
      }
    }
    try await connector.bind([
      ObjectBinding(object: Self.account, name: "Account", key: fields[0], fields: fields)
    ])
  }

  /// A person makes an account.
  @discardableResult
  func make(_ name: String) throws -> NativeKey {
    try key(
      sandbox.act("write", #"{"object": "Account", "fields": {"Name": "\#(name)"}}"#))
  }

  func delete(_ key: NativeKey) throws {
    try sandbox.act(
      "write", #"{"object": "Account", "id": "\#(key)", "delete": true}"#)
  }

  func key(_ id: String) throws -> NativeKey {
    guard let key = NativeKey(.text(id)) else { throw SandboxProgram.NotStarted() }
    return key
  }

  static func row(_ key: NativeKey, _ name: String, phone: Value = .null, revenue: Value = .null)
    -> PackedRow
  {
    PackedRow([
      id: key.value, self.name: .text(name), self.phone: phone, self.revenue: revenue,
    ])
  }

  func write(_ commands: [WriteCommand]) async throws -> [WriteOutcome] {
    try await connector.write(
      WriteBatch(object: Self.account, commands: commands, head: .empty))
  }

  /// Calls so far, sign-ins and repetitions included.
  var calls: Int {
    get async {
      await connector.usage?.split(separator: " ").first.flatMap { Int($0) } ?? 0
    }
  }

  func names(after: NativeKey? = nil) async throws -> [String] {
    let page = try await connector.readPage(
      PageRequest(object: Self.account, after: after, limit: 2000))
    return page.records.compactMap { record in
      if case .text(let text)? = record.row[Self.name] { text.string } else { nil }
    }
  }
}
