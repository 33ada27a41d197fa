public import SynclineModel

/// What the compiler looks names up in: the schemas that both sides showed, and the numbers that the
/// journal gave their objects and fields and the package's tasks.
public struct MappingCatalog: Hashable, Sendable {
  /// One object of a side.
  public struct Object: Hashable, Sendable {
    public var number: ObjectNumber
    public var schema: ObjectSchema
    /// Of every field that the schema shows.
    public var fields: [FieldName: FieldNumber]

    public init(number: ObjectNumber, schema: ObjectSchema, fields: [FieldName: FieldNumber]) {
      self.number = number
      self.schema = schema
      self.fields = fields
    }
  }

  public var objects: [Side: [ObjectName: Object]]
  /// Why an object cannot be synced, with the mend.
  public var refusals: [Side: [ObjectName: String]]
  public var tasks: [String: TaskNumber]
  /// The sides whose systems tell when a record was edited.
  public var timedSides: Set<Side>

  public init(
    objects: [Side: [ObjectName: Object]], refusals: [Side: [ObjectName: String]] = [:],
    tasks: [String: TaskNumber], timedSides: Set<Side>
  ) {
    self.objects = objects
    self.refusals = refusals
    self.tasks = tasks
    self.timedSides = timedSides
  }

  /// The object of this name, where the side shows it.
  public func object(_ name: ObjectName, on side: Side) -> Object? { objects[side]?[name] }
}
