import SynclineJSON
import SynclineModel

/// A field as a describe tells of it, as far as syncing needs it.
struct DescribedField: Hashable, Sendable {
  var name = ""
  var type = ""
  var length = 0
  var precision = 0
  var scale = 0
  var isNillable = true
  var isCreateable = false
  var isUpdateable = false
  var isDefaulted = false
  var isCalculated = false
  var isAutoNumber = false
  /// Whether field-level rights can be given to it: not so for what the organisation itself fills.
  var isPermissionable = false
  var isUnique = false
  var referenceTo: [String] = []
  var cascades = false
  var restricts = false
}

/// An object as its describe tells of it.
struct DescribedObject: Hashable, Sendable {
  var name = ""
  var isQueryable = false
  var isCreateable = false
  var isUpdateable = false
  var isReplicateable = false
  var fields: [DescribedField] = []

  init(_ body: [UInt8]) throws(JSONFailure) {
    var object = DescribedObject()
    try JSONParser.readFields(of: body) { (cursor: inout JSONCursor) throws(JSONFailure) in
      if cursor.isAt("name") { object.name = try cursor.text() }
      if cursor.isAt("queryable") { object.isQueryable = try cursor.boolean() }
      if cursor.isAt("createable") { object.isCreateable = try cursor.boolean() }
      if cursor.isAt("updateable") { object.isUpdateable = try cursor.boolean() }
      if cursor.isAt("replicateable") { object.isReplicateable = try cursor.boolean() }
      if cursor.isAt("fields") {
        var fields: [DescribedField] = []
        try cursor.array { (cursor: inout JSONCursor) throws(JSONFailure) in
          fields.append(try DescribedField(&cursor))
        }
        object.fields = fields
      }
    }
    self = object
  }

  private init() {}
}

extension DescribedField {
  init(_ cursor: inout JSONCursor) throws(JSONFailure) {
    var field = DescribedField()
    try cursor.object { (cursor: inout JSONCursor) throws(JSONFailure) in
      if cursor.isAt("name") { field.name = try cursor.text() }
      if cursor.isAt("type") { field.type = try cursor.text() }
      if cursor.isAt("length") { field.length = try cursor.integer() }
      if cursor.isAt("precision") { field.precision = try cursor.integer() }
      if cursor.isAt("scale") { field.scale = try cursor.integer() }
      if cursor.isAt("nillable") { field.isNillable = try cursor.boolean() }
      if cursor.isAt("createable") { field.isCreateable = try cursor.boolean() }
      if cursor.isAt("updateable") { field.isUpdateable = try cursor.boolean() }
      if cursor.isAt("defaultedOnCreate") { field.isDefaulted = try cursor.boolean() }
      if cursor.isAt("calculated") { field.isCalculated = try cursor.boolean() }
      if cursor.isAt("autoNumber") { field.isAutoNumber = try cursor.boolean() }
      if cursor.isAt("permissionable") { field.isPermissionable = try cursor.boolean() }
      if cursor.isAt("unique") { field.isUnique = try cursor.boolean() }
      if cursor.isAt("cascadeDelete") { field.cascades = try cursor.boolean() }
      if cursor.isAt("restrictedDelete") { field.restricts = try cursor.boolean() }
      if cursor.isAt("referenceTo") {
        var parents: [String] = []
        try cursor.array { (cursor: inout JSONCursor) throws(JSONFailure) in
          parents.append(try cursor.text())
        }
        field.referenceTo = parents
      }
    }
    self = field
  }
}
