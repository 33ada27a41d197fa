// What a test asks of a system, in terms that every kind of system can build: tables, their rules
// and what the owner's own triggers do.

public import SynclineModel

/// An object as a test wants it in a system: its schema and the rules that the system itself keeps.
public struct SystemObject: Hashable, Sendable {
  /// Its fields say `hasDefault` and `isCalculated` where `defaults` and `copies` name them.
  public private(set) var schema: ObjectSchema
  /// What the system puts into a field that an insert leaves out.
  public let defaults: [FieldName: Value]
  /// Calculated fields, and the field that each repeats.
  public let copies: [FieldName: FieldName]
  /// What the owner of the system lets happen beside each edit.
  public let automations: [Automation]
  /// Why the object cannot be synced, where it cannot (a view): it holds no rows of its own.
  public let refusal: String?

  public var name: ObjectName { schema.name }

  public init(
    _ schema: ObjectSchema, defaults: [FieldName: Value] = [:],
    copies: [FieldName: FieldName] = [:], automations: [Automation] = [], refusal: String? = nil
  ) {
    self.schema = schema
    self.defaults = defaults
    self.copies = copies
    self.automations = automations
    self.refusal = refusal
    for index in schema.fields.indices {
      let field = schema.fields[index].name
      self.schema.fields[index].hasDefault = defaults[field] != nil
      self.schema.fields[index].isCalculated = copies[field] != nil
    }
  }
}

/// What an owner's trigger does to every row that is inserted or updated.
public enum Automation: Hashable, Sendable {
  /// Gives a field of the row this value.
  case sets(FieldName, to: Value)
  /// Adds a row to another object for each insert.
  case appends(to: ObjectName, [FieldName: Value])
  /// Refuses the row where the field holds this value.
  case refuses(FieldName, holding: Value)
}

/// One edit by a user of the system, who knows nothing of us.
public enum UserEdit: Hashable, Sendable {
  /// The key is assigned where `fields` has none.
  case insert(ObjectName, [FieldName: Value])
  case update(ObjectName, NativeKey, [FieldName: Value])
  case delete(ObjectName, NativeKey)
  /// Gives a record another key.
  case rekey(ObjectName, NativeKey, to: NativeKey)
  /// Inserts a row in the place of those that hold its key or one of its unique values.
  case replace(ObjectName, [FieldName: Value])
}

/// The system's refusal of an edit.
public struct EditRefused: Error, Hashable, Sendable {
  public let problem: RecordProblem

  public init(_ problem: RecordProblem) { self.problem = problem }

  init(_ code: String, _ message: String, mayPass: Bool = false) {
    problem = RecordProblem(code: code, message: message, mayPass: mayPass)
  }
}
