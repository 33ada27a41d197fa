import Foundation
import SynclineHTTP
import SynclineModel
import SynclinePorts
import SynclineSalesforce
import SynclineTesting

/// The Salesforce sandbox as a world: a process of its own, edited by the path for what people do.
final class SandboxWorld: StampedWorld {
  private let sandbox: SandboxProgram

  private let isStrict: Bool

  init(faults: [String] = [], isStrict: Bool = false) throws {
    self.isStrict = isStrict
    sandbox = try SandboxProgram(
      schema: Self.schema, options: faults.flatMap { ["--fault", $0] })
  }

  func connector() throws -> any StampedSystem {
    SalesforceConnector(
      SalesforceSettings(
        host: try HTTPAddress(sandbox.address),
        signIn: .clientCredentials(client: "sandbox-client", secret: Secret("sandbox-secret")),
        isStrict: isStrict),
      client: try CurlClient(),
      pacer: Pacer(
        now: { Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000)) },
        pause: { _ in }, roll: { 0 }))
  }

  func make(_ object: ObjectName, _ fields: [FieldName: Value]) throws -> NativeKey {
    let id = try write(object, nil, [("fields", Self.json(fields))])
    guard let key = NativeKey(.text(id)) else { throw SandboxProgram.NotStarted() }
    return key
  }

  func edit(_ object: ObjectName, _ key: NativeKey, _ fields: [FieldName: Value]) throws {
    try write(object, key, [("fields", Self.json(fields))])
  }

  func remove(_ object: ObjectName, _ key: NativeKey) throws {
    try write(object, key, [("delete", .boolean(true))])
  }

  func bringBack(_ key: NativeKey) throws {
    try sandbox.act("undelete", JSON.object(["id": .text("\(key)")]).line)
  }

  func touch(_ key: NativeKey) throws {
    try sandbox.act("touch", JSON.object(["id": .text("\(key)")]).line)
  }

  func purge() throws {
    try sandbox.act("empty-recycle-bin", "{}")
    try sandbox.act("purge", "{}")
  }

  func forgetDeletions() throws {
    // Of those of this very second it would keep some.
    try fault("clock=60")
    try sandbox.act("prune-deletions", "{}")
  }

  func hideNextWrite() throws {
    try fault("late-visibility=300,match=/composite/sobjects,method=POST,times=1")
  }

  func showHidden() throws { try fault("clock=400") }

  func loseNextAnswer(of operation: SynclineModel.Operation) throws {
    let isSingle = isStrict && operation == .update
    try fault(
      isSingle
        ? "cut-after,match=/sobjects/Company__c/,method=PATCH,times=1"
        : "cut-after,match=/composite,method=POST,times=1")
  }

  func fingerprint() throws -> String {
    try String(contentsOfFile: sandbox.folder + "/data.jsonl", encoding: .utf8)
  }

  private func fault(_ text: String) throws {
    try sandbox.act("faults", JSON.object(["fault": .text(text)]).line)
  }

  @discardableResult
  private func write(
    _ object: ObjectName, _ key: NativeKey?, _ members: [(String, JSON)]
  ) throws -> String {
    let id = key.map { [("id", JSON.text("\($0)"))] } ?? []
    return try sandbox.act(
      "write", JSON.members([("object", .text(object.rawValue))] + id + members).line)
  }

  private static func json(_ fields: [FieldName: Value]) -> JSON {
    .members(
      fields.sorted { $0.key < $1.key }.map { name, value in
        switch value {
        case .null: (name.rawValue, .null)
        case .boolean(let flag): (name.rawValue, .boolean(flag))
        case .integer(let integer): (name.rawValue, .number(integer))
        case .text(let text): (name.rawValue, .text(text.string))
        default: preconditionFailure("people of the contract write no \(value)")
        }
      })
  }

  /// The objects of the contract.
  private static let schema = """
    {"objects": [
      {"name": "Company__c", "keyPrefix": "a01", "fields": [
        {"name": "Title__c", "type": "string", "length": 20, "required": true},
        {"name": "Code__c", "type": "string", "length": 10, "unique": true},
        {"name": "Size__c", "type": "double", "precision": 10, "scale": 2},
        {"name": "Kind__c", "type": "picklist", "values": ["Plain", "Rare"], "default": "Plain",
         "restricted": true}]},
      {"name": "Person__c", "keyPrefix": "a02", "fields": [
        {"name": "Text__c", "type": "string", "length": 20},
        {"name": "Company__c", "type": "reference", "referenceTo": ["Company__c"],
         "onDelete": "cascade"}]},
      {"name": "Diary__c", "keyPrefix": "a03", "fields": [
        {"name": "Text__c", "type": "string", "length": 20},
        {"name": "Stamp__c", "type": "string", "length": 20}]},
      {"name": "Values__c", "keyPrefix": "a04", "fields": [
        {"name": "Text__c", "type": "string", "length": 255},
        {"name": "Long__c", "type": "textarea", "length": 32000},
        {"name": "Flag__c", "type": "boolean"},
        {"name": "Count__c", "type": "int"},
        {"name": "Number__c", "type": "double", "precision": 18, "scale": 4},
        {"name": "Money__c", "type": "currency", "precision": 18, "scale": 2},
        {"name": "Day__c", "type": "date"},
        {"name": "Moment__c", "type": "datetime"},
        {"name": "Hour__c", "type": "time"}]}],
     "automations": [{"object": "Diary__c", "field": "Stamp__c", "set": "stamped"}]}
    """
}
