/// Something in a table of objects or in a schema file that cannot be.
public struct SchemaProblem: Error, Hashable, Sendable, CustomStringConvertible {
  /// What, where, and what would be right.
  public let description: String

  /// A problem.
  public init(_ description: String) { self.description = description }
}

/// Reads the table of the standard objects (`Resources/standard_objects.txt`, which tells its format).
enum StandardTable {
  static func read(_ text: String) throws(SchemaProblem) -> [ObjectDescription] {
    var objects: [ObjectDescription] = []
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      if line.hasPrefix("object ") {
        objects.append(try object(line))
      } else {
        guard var object = objects.popLast() else {
          throw SchemaProblem("A field stands before any object: \(line)")
        }
        object.add(try field(line, of: object))
        objects.append(object)
      }
    }
    return objects
  }

  private static func object(_ line: Substring) throws(SchemaProblem) -> ObjectDescription {
    let words = line.split(separator: " ").map(String.init)
    guard words.count >= 4 else { throw SchemaProblem("An object lacks words: \(line)") }
    var object = ObjectDescription(
      name: words[1], label: words[1], labelPlural: words[3], keyPrefix: words[2])
    object.isMergeable = words.contains("mergeable")
    object.isWritable = !words.contains("fixed")
    return object
  }

  private static func field(
    _ line: Substring, of object: ObjectDescription
  ) throws(SchemaProblem) -> FieldDescription {
    let words = line.split(separator: " ", maxSplits: 4, omittingEmptySubsequences: false)
    guard words.count >= 4, let kind = FieldKind(rawValue: String(words[1])) else {
      throw SchemaProblem("A field lacks words or has an unknown type: \(line)")
    }
    let name = String(words[0])
    var field = FieldDescription(name: name, label: Label.of(name, in: object.label), kind: kind)
    field.setSize(String(words[2]))
    field.setFlags(words[3])
    if words.count == 5 { field.setExtras(words[4]) }
    return field
  }
}

/// The name for people that follows from a name for the interface.
enum Label {
  static func of(_ name: String, in object: String) -> String {
    if name == "Name" {
      return object == "Contact" || object == "Lead" ? "Full Name" : "\(object) Name"
    }
    if name == "Id" { return "\(object) ID" }
    let stem = name.hasSuffix("__c") ? String(name.dropLast(3)) : name
    var label = ""
    for character in stem.replacing("_", with: " ") {
      if character.isUppercase, let last = label.last, last.isLowercase { label += " " }
      label.append(character)
    }
    return label.hasSuffix(" Id") ? label.dropLast(2) + "ID" : label
  }
}

extension FieldDescription {
  fileprivate mutating func setSize(_ size: String) {
    let numbers = size.split(separator: ",").compactMap { Int($0) }
    if numbers.count == 2 {
      precision = numbers[0]
      scale = numbers[1]
    } else if kind == .int {
      digits = numbers.first ?? 0
    } else {
      length = numbers.first ?? 0
    }
  }

  fileprivate mutating func setFlags(_ flags: Substring) {
    isCreateable = flags.contains("C")
    isUpdateable = flags.contains("U")
    isNillable = flags.contains("N")
    isDefaultedOnCreate = flags.contains("D")
    isFilterable = flags.contains("F")
    isSortable = flags.contains("S")
    isIDLookup = flags.contains("I")
  }

  /// What stands behind the flags; `values` comes last and may hold blanks.
  fileprivate mutating func setExtras(_ extras: Substring) {
    var rest = extras
    while let mark = rest.firstIndex(of: "=") {
      let key = rest[..<mark]
      rest = rest[rest.index(after: mark)...]
      let end = key == "values" ? rest.endIndex : rest.firstIndex(of: " ") ?? rest.endIndex
      set(String(key), String(rest[..<end]))
      rest = rest[end...].drop { $0 == " " }
    }
  }

  private mutating func set(_ key: String, _ value: String) {
    let words = value.split(separator: key == "to" ? "|" : ";").map(String.init)
    switch key {
    case "to": referenceTo = words
    case "rel": relationshipName = value
    case "delete": onDelete = DeleteRule(rawValue: value) ?? .setNull
    case "in": compound = value
    case "extra": extraType = value
    case "values":
      picklist = words.map { word in
        let isDefault = word.hasPrefix("*")
        return PicklistValue(isDefault ? String(word.dropFirst()) : word, isDefault: isDefault)
      }
    default: break
    }
  }
}
