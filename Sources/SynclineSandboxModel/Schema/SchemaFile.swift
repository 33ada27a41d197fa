import SynclineModel

/// A rule of the organisation that rewrites a field after somebody wrote a record.
public struct Automation: Hashable, Sendable {
  /// What the rule computes.
  public enum Effect: Hashable, Sendable {
    /// The same text always.
    case set(String)
    /// The text of another field in capitals.
    case uppercase(String)
    /// The text of another field.
    case copy(String)
  }

  /// The object whose records it watches.
  public let object: String
  /// The field that it writes.
  public let field: String
  /// What it writes.
  public let effect: Effect
  /// Seconds after the write; 0 is in the same transaction.
  public let afterSeconds: Int
}

/// Reads a schema file: objects and fields of an organisation's own, automations and users
/// (Docs/Sandbox.md, "Schema file").
public struct SchemaFile: Sendable {
  /// The objects of every organisation and those of the file.
  public private(set) var catalog: Catalog
  /// The rules of the file.
  public private(set) var automations: [Automation] = []
  /// The validation and duplicate rules of the file.
  public private(set) var rules: [WriteRule] = []
  /// User names of people besides those that every sandbox has.
  public private(set) var users: [String] = []

  /// The standard objects only.
  public init() throws(SchemaProblem) { catalog = try Catalog.standard() }

  /// Adds what a file holds to the standard objects.
  public init(_ bytes: [UInt8]) throws(SchemaProblem) {
    try self.init()
    let file: JSON
    do {
      file = try JSONReader.read(bytes)
    } catch {
      throw SchemaProblem("The schema file is no JSON: \(error.message) at byte \(error.offset).")
    }
    try Self.refuseUnknown(
      file, ["objects", "automations", "validations", "duplicates", "users"], "the schema file")
    for object in file["objects"]?.items ?? [] { try add(object) }
    try checkReferences()
    for automation in file["automations"]?.items ?? [] {
      automations.append(try self.automation(automation))
    }
    for rule in file["validations"]?.items ?? [] {
      let text = try Self.text(rule, "forbids", of: "a validation")
      rules.append(try self.rule(rule, "a validation", .text(text), keys: ["forbids"]))
    }
    for rule in file["duplicates"]?.items ?? [] {
      rules.append(try self.rule(rule, "a duplicate rule", .duplicate))
    }
    users = (file["users"]?.items ?? []).compactMap(\.textValue)
  }

  private mutating func add(_ json: JSON) throws(SchemaProblem) {
    let name = try Self.text(json, "name", of: "an object")
    try Self.refuseUnknown(json, ["name", "label", "labelPlural", "keyPrefix", "fields"], name)
    var object: ObjectDescription
    if let known = catalog[name] {
      object = known
    } else {
      guard name.hasSuffix("__c") else {
        throw SchemaProblem("\(name) is no standard object; the name of an own one ends in __c.")
      }
      object = try custom(name, json)
    }
    for field in json["fields"]?.items ?? [] {
      object.add(try SchemaField.read(field, of: object))
    }
    catalog.put(object)
  }

  private func custom(_ name: String, _ json: JSON) throws(SchemaProblem) -> ObjectDescription {
    let label = json["label"]?.textValue ?? String(name.dropLast(3)).replacing("_", with: " ")
    let count = catalog.objects.count { $0.isCustom }
    let prefix = json["keyPrefix"]?.textValue ?? Self.keyPrefix(count)
    guard prefix.utf8.count == 3,
      RecordID(prefix: prefix, number: 0) != nil,
      !catalog.objects.contains(where: { $0.keyPrefix == prefix })
    else {
      throw SchemaProblem(
        "\(name): keyPrefix must be three letters or digits that no other object has.")
    }
    var object = ObjectDescription(
      name: name, label: label, labelPlural: json["labelPlural"]?.textValue ?? label + "s",
      keyPrefix: prefix)
    object.isCustom = true
    for field in SchemaField.system(label) { object.add(field) }
    return object
  }

  /// `a00`, `a01`, and so on.
  private static func keyPrefix(_ count: Int) -> String {
    let digits = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return "a\(digits[count / 36 % 36])\(digits[count % 36])"
  }

  private func checkReferences() throws(SchemaProblem) {
    for object in catalog.objects where object.isCustom || object.fields.contains(where: \.isCustom)
    {
      for field in object.fields where field.isCustom && field.kind == .reference {
        for parent in field.referenceTo where catalog[parent] == nil {
          throw SchemaProblem("\(object.name).\(field.name) names \(parent), which is no object.")
        }
      }
    }
  }

  private func rule(
    _ json: JSON, _ thing: String, _ refusal: WriteRule.Refusal, keys: Set<String> = []
  ) throws(SchemaProblem) -> WriteRule {
    try Self.refuseUnknown(json, keys.union(["object", "field"]), thing)
    let name = try Self.text(json, "object", of: thing)
    let field = try Self.text(json, "field", of: "\(thing) of \(name)")
    guard let object = catalog[name], let known = object[field], known.kind.isText else {
      throw SchemaProblem("\(thing) reads \(name).\(field), which is no text field.")
    }
    return WriteRule(object: object.name, field: known.name, refusal: refusal)
  }

  private func automation(_ json: JSON) throws(SchemaProblem) -> Automation {
    try Self.refuseUnknown(
      json, ["object", "field", "set", "uppercase", "copy", "afterSeconds"], "an automation")
    let name = try Self.text(json, "object", of: "an automation")
    let field = try Self.text(json, "field", of: "an automation of \(name)")
    guard let object = catalog[name], object[field]?.kind.isText == true else {
      throw SchemaProblem("An automation writes \(name).\(field), which is no text field.")
    }
    let effect: Automation.Effect
    if let text = json["set"]?.textValue {
      effect = .set(text)
    } else if let source = json["uppercase"]?.textValue {
      effect = .uppercase(source)
    } else if let source = json["copy"]?.textValue {
      effect = .copy(source)
    } else {
      throw SchemaProblem("The automation of \(name).\(field) needs `set`, `uppercase` or `copy`.")
    }
    return Automation(
      object: object.name, field: field, effect: effect,
      afterSeconds: json["afterSeconds"]?.integerValue ?? 0)
  }

  static func text(
    _ json: JSON, _ key: String, of thing: String
  ) throws(SchemaProblem) -> String {
    guard let text = json[key]?.textValue else {
      throw SchemaProblem("The schema file lacks `\(key)` of \(thing).")
    }
    return text
  }

  static func refuseUnknown(
    _ json: JSON, _ known: Set<String>, _ thing: String
  ) throws(SchemaProblem) {
    guard let members = json.members else {
      throw SchemaProblem("The schema file holds no object where \(thing) should be.")
    }
    for (key, _) in members where !known.contains(key) {
      throw SchemaProblem(
        "`\(key)` of \(thing) is not known; known are \(known.sorted().joined(separator: ", ")).")
    }
  }
}
