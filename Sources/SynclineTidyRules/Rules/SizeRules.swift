/// A file or a function that is too long to be read at once is split by meaning. Docs/Style.md,
/// "Size".
public enum SizeRules {
  /// Lines of a file.
  public static let fileLinesMax = 400
  /// Lines of a function, from its name to its last brace.
  public static let functionLinesMax = 70

  /// The breaches in one Swift file.
  public static func findings(in file: ProjectFile) -> [Finding] {
    guard file.isSwift else { return [] }
    var findings: [Finding] = []
    if file.lineCount > fileLinesMax {
      findings.append(
        Finding(file.path, "\(file.lineCount) lines; at most \(fileLinesMax), split it by meaning"))
    }
    for (line, count) in functions(in: file) where count > functionLinesMax {
      findings.append(
        Finding(
          file.path, line: line,
          "a function of \(count) lines; at most \(functionLinesMax), split it by meaning"))
    }
    return findings
  }

  /// Where functions with a body begin, and their lengths in lines.
  static func functions(in file: ProjectFile) -> [(line: Int, count: Int)] {
    let code = SwiftText(file).code
    return code.indices.compactMap { index in
      guard let column = declaration(in: code[index]),
        let end = FunctionBody.endLine(of: code, from: index, column: column)
      else { return nil }
      return (index + 1, end - index + 1)
    }
  }

  /// The column behind the word that begins a function on this line.
  private static func declaration(in line: String) -> Int? {
    for word in ["func", "init", "subscript", "deinit"] where CodeRules.contains(line, word) {
      let bytes = Array(line.utf8)
      let wanted = Array(word.utf8)
      for start in 0...(bytes.count - wanted.count) {
        let end = start + wanted.count
        guard bytes[start..<end].elementsEqual(wanted), isWhole(bytes, start..<end),
          start == 0 || bytes[start - 1] == 0x20
        else { continue }
        return end
      }
    }
    return nil
  }

  /// Whether a name ends there, and the word is no label and no argument.
  private static func isWhole(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
    guard range.upperBound < bytes.count else { return true }
    return [0x20, 0x28, 0x3C, 0x3F, 0x7B].contains(bytes[range.upperBound])
  }
}

/// Finds where the body of a function ends.
private struct FunctionBody {
  private var parentheses = 0
  private var braces = 0

  static func endLine(of code: [String], from line: Int, column: Int) -> Int? {
    var body = FunctionBody()
    for index in line..<code.count {
      let text = code[index]
      if index > line, body.braces == 0, body.parentheses == 0, body.isNext(text) { return nil }
      for byte in index == line ? text.utf8.dropFirst(column) : text.utf8[...] {
        switch body.take(byte) {
        case .goesOn: continue
        case .ended: return index
        case .hasNoBody: return nil
        }
      }
    }
    return nil
  }

  private enum Step { case goesOn, ended, hasNoBody }

  private mutating func take(_ byte: UInt8) -> Step {
    switch byte {
    case 0x28, 0x5B: parentheses += 1
    case 0x29, 0x5D: parentheses -= 1
    case 0x7B where parentheses == 0: braces += 1
    case 0x7D where parentheses == 0:
      braces -= 1
      return braces == 0 ? .ended : braces < 0 ? .hasNoBody : .goesOn
    default: break
    }
    // A closing parenthesis too many: the word stood inside a call.
    return parentheses < 0 ? .hasNoBody : .goesOn
  }

  /// Whether another declaration begins: the one before was a requirement without a body.
  private func isNext(_ text: String) -> Bool {
    ["func", "init", "var", "let", "subscript", "static", "associatedtype", "case", "public"]
      .contains { text.drop { $0 == " " }.hasPrefix($0 + " ") || text.contains(" \($0)(") }
  }
}
