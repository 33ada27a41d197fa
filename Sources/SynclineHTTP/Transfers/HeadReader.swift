/// Puts status and headers together from the lines that libcurl hands over, one call for each. Interim
/// answers (1xx) are passed over; what follows the head (trailers) is not taken.
struct HeadReader {
  static let bytesMax = 256 << 10

  private var head = HTTPHead(status: 0)
  private var bytes = 0
  private(set) var isComplete = false

  enum Step: Hashable {
    case goesOn
    case complete(HTTPHead)
    case tooLarge
  }

  mutating func take(_ line: some Collection<UInt8>) -> Step {
    bytes += line.count
    if bytes > Self.bytesMax { return .tooLarge }
    if isComplete { return .goesOn }
    let text = line.filter { $0 != 0x0D && $0 != 0x0A }
    if text.isEmpty { return end() }
    if text.starts(with: "HTTP/".utf8) {
      let parts = text.split(separator: 0x20)
      let status = parts.count > 1 ? Int(String(decoding: parts[1], as: UTF8.self)) : nil
      head = HTTPHead(status: status ?? 0)
    } else if let colon = text.firstIndex(of: 0x3A) {
      let value = text[(colon + 1)...].drop { $0 == 0x20 || $0 == 0x09 }
      head.headers.append(
        String(decoding: text[..<colon], as: UTF8.self),
        String(decoding: value, as: UTF8.self))
    }
    return .goesOn
  }

  private mutating func end() -> Step {
    guard head.status >= 200 else { return .goesOn }
    isComplete = true
    return .complete(head)
  }
}
