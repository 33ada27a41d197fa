/// An object and its fields, as a describe tells them.
public struct ObjectDescription: Hashable, Sendable {
  /// The name for the interface.
  public var name: String
  /// The name for people, one and many.
  public var label: String
  /// The name for people of many records.
  public var labelPlural: String
  /// The first three characters of its records' ids.
  public var keyPrefix: String
  /// Whether the organisation made it.
  public var isCustom = false
  /// Whether two records can be merged.
  public var isMergeable = false
  /// Whether records can be made, changed and deleted here.
  public var isWritable = true
  /// Fields in the order of the describe.
  public private(set) var fields: [FieldDescription] = []
  /// Fields that records are found by: references and keys.
  private(set) var indexed: [FieldDescription] = []
  private var places: [String: Int] = [:]
  private var relationships: [String: Int] = [:]

  /// An object without fields.
  public init(name: String, label: String, labelPlural: String, keyPrefix: String) {
    self.name = name
    self.label = label
    self.labelPlural = labelPlural
    self.keyPrefix = keyPrefix
  }

  /// Adds a field, or puts it in the place of the one of that name.
  public mutating func add(_ field: FieldDescription) {
    let key = field.name.lowercased()
    if let place = places[key] {
      fields[place] = field
    } else {
      places[key] = fields.count
      fields.append(field)
    }
    indexed = fields.filter { $0.kind == .reference || $0.isIndexed }
    if let name = field.relationshipName, let place = places[key] {
      relationships[name.lowercased()] = place
    }
  }

  /// The field of a name, in any case.
  public subscript(name: String) -> FieldDescription? {
    places[name.lowercased()].map { fields[$0] }
  }

  /// The reference that a relationship's name stands for.
  public func relationship(_ name: String) -> FieldDescription? {
    relationships[name.lowercased()].map { fields[$0] }
  }

  /// Whether deleted records go to the recycle bin and stay visible as such.
  public var keepsDeleted: Bool { self["IsDeleted"] != nil }

  /// The parts of a compound field.
  func parts(of compound: String) -> [FieldDescription] {
    fields.filter { $0.compound == compound }
  }
}
