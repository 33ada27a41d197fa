import SynclineModel

// A rule that is going to write, as the log holds it: whole, so that it is carried out after a restart
// whatever the schema file says by then.
extension Organization.Scheduled {
  var json: JSON {
    let effect: (String, JSON) =
      switch automation.effect {
      case .set(let text): ("set", .text(text))
      case .uppercase(let field): ("uppercase", .text(field))
      case .copy(let field): ("copy", .text(field))
      }
    return .members([
      ("id", .text(id.text)), ("object", .text(automation.object)),
      ("field", .text(automation.field)), effect,
      ("afterSeconds", .number(automation.afterSeconds)), ("user", .text(user.text)),
      ("due", .number(due.microseconds)),
    ])
  }

  /// Nil where something is missing.
  init?(_ json: JSON) {
    guard let id = json["id"]?.textValue.flatMap({ RecordID(parsing: $0) }),
      let user = json["user"]?.textValue.flatMap({ RecordID(parsing: $0) }),
      let object = json["object"]?.textValue, let field = json["field"]?.textValue,
      let effect = Self.effect(json), let after = json["afterSeconds"]?.integerValue,
      let due = json["due"]?.integerValue
    else { return nil }
    self.init(
      id: id,
      automation: Automation(object: object, field: field, effect: effect, afterSeconds: after),
      user: user, due: Timestamp(microseconds: Int64(due)))
  }

  private static func effect(_ json: JSON) -> Automation.Effect? {
    if let text = json["set"]?.textValue { return .set(text) }
    if let field = json["uppercase"]?.textValue { return .uppercase(field) }
    return json["copy"]?.textValue.map { .copy($0) }
  }
}
