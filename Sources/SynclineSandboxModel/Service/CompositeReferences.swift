import SynclineModel

/// What earlier parts of a composite request answered, for `@{reference.path}` in later ones.
struct CompositeReferences {
  let bodies: [String: JSON]

  /// The text with each reference replaced.
  func resolve(text: String) throws(APIError) -> String {
    var resolved = ""
    var rest = text[...]
    while let start = rest.firstRange(of: "@{") {
      resolved += rest[..<start.lowerBound]
      guard let end = rest[start.upperBound...].firstIndex(of: "}") else { break }
      resolved += try value(of: String(rest[start.upperBound..<end]))
      rest = rest[rest.index(after: end)...]
    }
    return resolved + rest
  }

  /// The value with each reference in it replaced.
  func resolve(_ json: JSON) throws(APIError) -> JSON {
    switch json {
    case .text(let text): return .text(try resolve(text: text))
    case .list(let items):
      var resolved: [JSON] = []
      for item in items { resolved.append(try resolve(item)) }
      return .list(resolved)
    case .members(let members):
      var resolved: [(String, JSON)] = []
      for (name, value) in members { resolved.append((name, try resolve(value))) }
      return .members(resolved)
    default: return json
    }
  }

  private func value(of path: String) throws(APIError) -> String {
    let steps = path.replacing("[", with: ".").replacing("]", with: "").split(separator: ".")
      .map(String.init)
    var current = steps.first.flatMap { bodies[$0] }
    for step in steps.dropFirst() {
      if let place = Int(step), let items = current?.items {
        current = items.indices.contains(place) ? items[place] : nil
      } else {
        current = current?[step]
      }
    }
    switch current {
    case .text(let text): return text
    case .number(let digits): return digits
    case .boolean(let value): return "\(value)"
    default:
      throw APIError(
        400, "PROCESSING_HALTED",
        "Invalid reference specified. No value for \(path) found in \(steps.first ?? path)")
    }
  }
}
