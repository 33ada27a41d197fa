public import SynclineModel

extension JSON {
  /// The value of a member; nil where this is no object or has none of that name.
  public subscript(name: String) -> JSON? { members?.last { $0.0 == name }?.1 }

  /// Names and values, where this is an object.
  public var members: [(String, JSON)]? {
    switch self {
    case .members(let members): members
    case .object(let pairs): pairs.map { ($0.key, $0.value) }
    default: nil
    }
  }

  /// The items, where this is a list.
  public var items: [JSON]? {
    guard case .list(let items) = self else { return nil }
    return items
  }

  /// The text, where this is one.
  public var textValue: String? {
    guard case .text(let text) = self else { return nil }
    return text
  }

  /// The truth value, where this is one.
  public var booleanValue: Bool? {
    guard case .boolean(let value) = self else { return nil }
    return value
  }

  /// The whole number, where this is one.
  public var integerValue: Int? {
    guard case .number(let digits) = self else { return nil }
    return Int(digits)
  }
}
