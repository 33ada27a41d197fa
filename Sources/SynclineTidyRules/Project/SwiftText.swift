/// A Swift file with code and comments told apart, line by line: what stands in strings and in
/// backticks is blanked in both, code inside `\( )` of a string counts as code.
public struct SwiftText: Sendable {
  /// What the compiler reads of each line.
  public private(set) var code: [String] = []
  /// The comments of each line, with their marks.
  public private(set) var comments: [String] = []

  private enum Mode {
    /// `depth` counts open parentheses; nil outside of an interpolation.
    case code(depth: Int?)
    case lineComment
    case blockComment(depth: Int)
    case string(hashes: Int, isMultiline: Bool)
  }

  private let characters: [UInt8]
  private var place = 0
  private var modes: [Mode] = [.code(depth: nil)]
  private var codeLine: [UInt8] = []
  private var commentLine: [UInt8] = []

  /// Reads a text that need not compile.
  public init(_ text: String) {
    characters = Array(text.utf8)
    while place < characters.count { step() }
    endLine()
  }

  /// Reads a file.
  public init(_ file: ProjectFile) { self.init(file.lines.joined(separator: "\n")) }

  private mutating func endLine() {
    code.append(String(decoding: codeLine, as: UTF8.self))
    comments.append(String(decoding: commentLine, as: UTF8.self))
    codeLine = []
    commentLine = []
  }

  private mutating func step() {
    if characters[place] == 0x0A {
      if case .lineComment = modes.last { modes.removeLast() }
      endLine()
      place += 1
      return
    }
    switch modes.last {
    case .code(let depth): stepInCode(depth)
    case .lineComment: take(into: \.commentLine)
    case .blockComment(let depth): stepInComment(depth)
    case .string(let hashes, let isMultiline): stepInString(hashes, isMultiline)
    case nil: place = characters.count
    }
  }

  private mutating func stepInCode(_ depth: Int?) {
    if at("//") {
      modes.append(.lineComment)
    } else if at("/*") {
      modes.append(.blockComment(depth: 0))
    } else if let hashes = stringStart() {
      let isMultiline = at("\"\"\"", offset: hashes)
      modes.append(.string(hashes: hashes, isMultiline: isMultiline))
      codeLine.append(0x22)
      place += hashes + (isMultiline ? 3 : 1)
    } else if characters[place] == 0x60 {
      blankName()
    } else {
      if let depth { countParenthesis(depth) }
      take(into: \.codeLine)
    }
  }

  private mutating func countParenthesis(_ depth: Int) {
    switch characters[place] {
    case 0x28: modes[modes.count - 1] = .code(depth: depth + 1)
    case 0x29 where depth == 1: modes.removeLast()
    case 0x29: modes[modes.count - 1] = .code(depth: depth - 1)
    default: break
    }
  }

  /// A name in backticks may be a sentence.
  private mutating func blankName() {
    place += 1
    codeLine.append(0x5F)
    while place < characters.count, characters[place] != 0x60, characters[place] != 0x0A {
      place += 1
    }
    if place < characters.count, characters[place] == 0x60 { place += 1 }
  }

  private mutating func stepInComment(_ depth: Int) {
    if at("/*") {
      modes[modes.count - 1] = .blockComment(depth: depth + 1)
      take(into: \.commentLine)
    } else if at("*/") {
      if depth == 1 {
        modes.removeLast()
      } else {
        modes[modes.count - 1] = .blockComment(depth: depth - 1)
      }
      take(into: \.commentLine)
    }
    take(into: \.commentLine)
  }

  private mutating func stepInString(_ hashes: Int, _ isMultiline: Bool) {
    let marks = String(repeating: "#", count: hashes)
    let end = (isMultiline ? "\"\"\"" : "\"") + marks
    if at(end) {
      modes.removeLast()
      codeLine.append(0x22)
      place += end.utf8.count
    } else if at("\\\(marks)(") {
      modes.append(.code(depth: 1))
      codeLine.append(0x28)
      place += 2 + hashes
    } else if at("\\\(marks)") {
      place += 1 + hashes
      if place < characters.count, characters[place] != 0x0A { place += 1 }
    } else {
      place += 1
    }
  }

  /// How many `#` open the string that begins here; nil where none begins.
  private func stringStart() -> Int? {
    var hashes = 0
    while place + hashes < characters.count, characters[place + hashes] == 0x23 { hashes += 1 }
    return at("\"", offset: hashes) ? hashes : nil
  }

  private func at(_ text: String, offset: Int = 0) -> Bool {
    characters[min(place + offset, characters.count)...].starts(with: text.utf8)
  }

  private mutating func take(into line: WritableKeyPath<SwiftText, [UInt8]>) {
    guard place < characters.count else { return }
    self[keyPath: line].append(characters[place])
    place += 1
  }
}
