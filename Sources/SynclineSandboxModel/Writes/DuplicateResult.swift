import SynclineModel

/// The records that a duplicate rule found when another one was to be saved.
struct DuplicateResult: Hashable, Sendable {
  /// The object of the rule.
  let object: String
  /// Records that hold the same.
  let found: [RecordID]
  /// How addresses of the version that was asked begin.
  let base: String

  /// As a refusal holds it. A writer may save all the same.
  func json(_ message: String) -> JSON {
    .object([
      "allowSave": .boolean(true), "duplicateRule": .text("Sandbox_Duplicate_Rule"),
      "duplicateRuleEntityType": .text(object), "errorMessage": .text(message),
      "matchResults": .list([
        .object([
          "entityType": .text(object), "errors": .list([]),
          "matchEngine": .text("ExactMatchEngine"), "matchRecords": .list(found.map(match)),
          "rule": .text("Sandbox_Match_Rule"), "size": .number(found.count),
          "success": .boolean(true),
        ])
      ]),
    ])
  }

  private func match(_ id: RecordID) -> JSON {
    .object([
      "additionalInformation": .list([]), "fieldDiffs": .list([]),
      "matchConfidence": .number("100.0"),
      "record": .object([
        "attributes": .object([
          "type": .text(object), "url": .text("\(base)/sobjects/\(object)/\(id)"),
        ]), "Id": .text(id.text),
      ]),
    ])
  }
}

extension APIRequest {
  /// Whether what duplicate rules say is only a warning:
  /// `Sforce-Duplicate-Rule-Header: allowSave=true`.
  var allowsDuplicates: Bool {
    let words = (headers["sforce-duplicate-rule-header"] ?? "").split {
      $0 == ";" || $0 == "," || $0 == " "
    }
    return words.contains { $0.lowercased() == "allowsave=true" }
  }
}
