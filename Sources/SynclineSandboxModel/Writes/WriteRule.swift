import SynclineModel

/// A rule of the organisation that refuses records for what they hold.
public struct WriteRule: Hashable, Sendable {
  /// What it refuses.
  public enum Refusal: Hashable, Sendable {
    /// A validation rule: this text in the field.
    case text(String)
    /// A duplicate rule: what another record holds already.
    case duplicate
  }

  /// The object whose records it watches.
  public let object: String
  /// The field that it reads.
  public let field: String
  public let refusal: Refusal
}

extension Organization {
  /// Refuses what a rule of the organisation forbids.
  func obey(_ record: Record, by author: Author) throws(APIError) {
    for rule in rules where rule.object == record.object {
      guard let value = record.values[rule.field] else { continue }
      switch rule.refusal {
      case .text(let text):
        guard value == .text(text) else { continue }
        throw APIError(
          400, "FIELD_CUSTOM_VALIDATION_EXCEPTION", "\(rule.field) must not be \(text)",
          fields: [rule.field])
      case .duplicate:
        guard !author.allowsDuplicates else { continue }
        let found = store.records(of: record.object).filter {
          $0.id != record.id && !$0.isDeleted && $0.values[rule.field] == value
        }.map(\.id).sorted()
        guard found.isEmpty else {
          var refusal = APIError(400, "DUPLICATES_DETECTED", "Use one of these records?")
          refusal.duplicates = DuplicateResult(
            object: record.object, found: found, base: Caller.base(author.version))
          throw refusal
        }
      }
    }
  }
}
