/// All objects of the organisation.
public struct Catalog: Sendable {
  /// Objects by name.
  public private(set) var objects: [ObjectDescription] = []
  private var places: [String: Int] = [:]
  private var prefixes: [String: Int] = [:]
  private var children: [String: [ChildReference]] = [:]

  /// A field that names records of another object.
  public struct ChildReference: Hashable, Sendable {
    /// The object that has the field.
    public let object: String
    /// The field.
    public let field: FieldDescription
  }

  /// No object at all.
  public init() {}

  /// The objects that every organisation has.
  public static func standard() throws(SchemaProblem) -> Catalog {
    var catalog = Catalog()
    let table = String(decoding: PackageResources.standard_objects_txt, as: UTF8.self)
    for object in try StandardTable.read(table) { catalog.put(object) }
    return catalog
  }

  /// Adds an object, or puts it in the place of the one of that name.
  public mutating func put(_ object: ObjectDescription) {
    let key = object.name.lowercased()
    if let place = places[key] {
      objects[place] = object
    } else {
      places[key] = objects.count
      objects.append(object)
    }
    prefixes[object.keyPrefix] = places[key]
    children = [:]
    for child in objects {
      for field in child.fields where field.kind == .reference {
        for parent in field.referenceTo {
          children[parent, default: []].append(ChildReference(object: child.name, field: field))
        }
      }
    }
  }

  /// The object of a name, in any case.
  public subscript(name: String) -> ObjectDescription? {
    places[name.lowercased()].map { objects[$0] }
  }

  /// The object whose records have ids that begin so.
  public func object(of id: RecordID) -> ObjectDescription? {
    prefixes[id.prefix].map { objects[$0] }
  }

  /// Fields of any object that name records of this one.
  public func references(to object: String) -> [ChildReference] { children[object] ?? [] }
}
