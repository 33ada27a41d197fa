import SynclineMapping
import Yams

/// A key with its value, as the file has them.
struct Entry {
  var key: String
  var location: FileLocation?
  var value: Node
}

/// A mapping of the file whose keys are known beforehand. Making one tells about every key that is
/// not; asking for a value tells about one of a wrong kind, and answers nil.
struct Section {
  let location: FileLocation?
  private let entries: [String: Entry]
  private let problems: ProblemList

  /// - Parameters:
  ///   - noun: what the mapping is, with its article: `a task`.
  ///   - later: keys that a later version will know.
  init?(
    _ node: Node, noun: String, keys: [String], later: [String] = [], _ problems: ProblemList
  ) {
    guard let list = Section.entries(of: node, name: noun, problems) else { return nil }
    var entries: [String: Entry] = [:]
    for entry in list {
      if keys.contains(entry.key) {
        entries[entry.key] = entry
      } else if later.contains(entry.key) {
        problems.add(Section.notInThisVersion(Words.quoted(entry.key)), at: entry.location)
      } else {
        problems.add(Section.unknown(entry.key, noun: noun, keys: keys), at: entry.location)
      }
    }
    self.entries = entries
    self.problems = problems
    location = node.location
  }

  /// The entries of a mapping with any keys; nil, and told, where the node is none.
  static func entries(of node: Node, name: String, _ problems: ProblemList) -> [Entry]? {
    guard case .mapping(let mapping) = node else {
      problems.add("\(name) must be a mapping, not \(node.kind)", at: node)
      return nil
    }
    return mapping.compactMap { key, value in
      guard case .scalar(let scalar) = key else {
        problems.add("a key must be a name, not \(key.kind)", at: key)
        return nil
      }
      guard !scalar.string.isEmpty else {
        problems.add("a key must be a name, not empty", at: key)
        return nil
      }
      guard scalar.string != "<<" || !scalar.isPlain else {
        problems.add("`<<` is not in this version; write the entries out", at: key)
        return nil
      }
      return Entry(key: scalar.string, location: key.location, value: value)
    }
  }

  static func notInThisVersion(_ thing: String) -> String { "\(thing) is not in this version" }

  private static func unknown(_ key: String, noun: String, keys: [String]) -> String {
    let start = "\(Words.quoted(key)) is no key of \(noun)"
    guard let nearest = NearestWord.nearest(to: key, among: keys) else {
      return "\(start); its keys are \(keys.map(Words.quoted).joined(separator: ", "))"
    }
    return "\(start); the nearest is \(Words.quoted(nearest))"
  }

  func has(_ key: String) -> Bool { entries[key] != nil }

  /// The value of a key, null or not.
  func raw(_ key: String) -> Node? { entries[key]?.value }

  /// The value of a key that has one.
  func node(_ key: String) -> Node? {
    guard let node = entries[key]?.value else { return nil }
    guard !node.isNull else {
      problems.add("`\(key)` has no value; give one or remove the line", at: entries[key]?.location)
      return nil
    }
    return node
  }

  /// Tells that a key that must stand is missing, if it is.
  func require(_ key: String, in noun: String) {
    if !has(key) { problems.add("\(noun) has no `\(key)`", at: location) }
  }

  func text(_ key: String) -> String? {
    guard let node = node(key) else { return nil }
    guard let text = node.text else {
      problems.add("`\(key)` must be a single value, not \(node.kind)", at: node)
      return nil
    }
    guard !text.isEmpty else {
      problems.add("`\(key)` is empty; give a value or remove the line", at: node)
      return nil
    }
    return text
  }

  /// The choice that a word stands for.
  func choice<Choice>(_ key: String, _ choices: [(word: String, choice: Choice)]) -> Choice? {
    guard let text = text(key) else { return nil }
    if let found = choices.first(where: { $0.word == text }) { return found.choice }
    refuse(key, expected: Words.choice(choices.map { "`\($0.word)`" }))
    return nil
  }

  /// The quantity that a notation spells.
  func quantity<Quantity>(
    _ key: String, expected: String, _ read: (String) -> Quantity?
  ) -> Quantity? {
    guard let text = text(key) else { return nil }
    if let quantity = read(text) { return quantity }
    refuse(key, expected: expected)
    return nil
  }

  /// Tells that the value of `key` is not what it must be; the value itself is not shown.
  func refuse(_ key: String, expected: String) {
    problems.add("`\(key)` must be \(expected)", at: entries[key]?.value.location)
  }
}
