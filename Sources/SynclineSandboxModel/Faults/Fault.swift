/// Something that goes wrong on purpose.
public struct Fault: Hashable, Sendable {
  /// What goes wrong.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// The answer comes so many milliseconds later.
    case latency
    /// The session is over, in the middle of everything.
    case expired
    /// The requests of the day are used up.
    case limit
    /// Too many long requests run at once.
    case concurrent
    /// A page for people instead of an answer, status 500.
    case html
    /// Status 503.
    case unavailable
    /// Too many sign in at once: only requests for a token are refused.
    case loginRate = "login-rate"
    /// A refusal by its code.
    case refuse
    /// Records that are written are locked by somebody else.
    case lock
    /// The connection ends before anything is done.
    case cutBefore = "cut-before"
    /// Everything is done, and the connection ends before the answer.
    case cutAfter = "cut-after"
    /// The connection ends in the middle of the answer.
    case truncate
    /// The head and half of the body come at once, the rest so many milliseconds later.
    case bodyStall = "body-stall"
    /// The body comes in sixteen parts, with so many milliseconds between them.
    case bodySlow = "body-slow"
    /// What is written is seen so many seconds later, though the answer comes at once.
    case lateVisibility = "late-visibility"
    /// What is written is stamped now; both the answer and the sight of it come so many seconds later.
    case lateCommit = "late-commit"
    /// The server's clock is so many seconds ahead, or behind.
    case clock
    /// Pages hold so many records at most.
    case batch
  }

  /// What goes wrong.
  public let kind: Kind
  /// Milliseconds, seconds or records, by the kind.
  public let amount: Int
  /// The code of a refusal.
  public let code: String
  /// The status of a refusal, where it is not the usual one of its code.
  public let status: Int?
  /// Only requests whose path has this in it.
  public let match: String
  /// Only requests of this method.
  public let method: String?
  /// So many requests that fit go well first.
  public var after: Int
  /// It happens so often; nil is for ever.
  public var times: Int?

  /// Reads `KIND[=AMOUNT or CODE][,status=N][,match=TEXT][,method=METHOD][,after=N][,times=N]`.
  public init(parsing text: String) throws(SchemaProblem) {
    let parts = text.split(separator: ",").map {
      $0.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    }
    guard let first = parts.first, let kind = Kind(rawValue: first[0]) else {
      let known = Kind.allCases.map(\.rawValue).joined(separator: ", ")
      throw SchemaProblem("`\(text)` is no fault; known are \(known).")
    }
    var options: [String: String] = [:]
    for part in parts.dropFirst() {
      let isStatus = part[0] == "status" && kind == .refuse
      guard part.count == 2,
        isStatus || ["match", "method", "after", "times"].contains(part[0])
      else {
        throw SchemaProblem(
          "`\(part.joined(separator: "="))` of the fault \(kind.rawValue) is not known; write "
            + "match=, method=, after= or times=.")
      }
      options[part[0]] = part[1]
    }
    self.kind = kind
    let word = first.count == 2 ? first[1] : nil
    code = kind == .refuse ? word ?? "" : ""
    status = try Self.number(options["status"], "status", kind)
    guard kind != .refuse || Self.isCode(code), (400...599).contains(status ?? 400) else {
      throw SchemaProblem(
        "The fault refuse needs the code of an error, and a status from 400 to 599 where one is "
          + "given: refuse=QUERY_TIMEOUT,status=400.")
    }
    amount = kind == .refuse ? 0 : try Self.number(word, "amount", kind) ?? 0
    guard !Self.needAmount.contains(kind) || first.count == 2 else {
      throw SchemaProblem("The fault \(kind.rawValue) needs an amount: \(kind.rawValue)=5.")
    }
    match = options["match"] ?? ""
    method = options["method"]?.uppercased()
    after = try Self.number(options["after"], "after", kind) ?? 0
    times = try Self.number(options["times"], "times", kind)
  }

  private static func isCode(_ word: String) -> Bool {
    !word.isEmpty && word.utf8.allSatisfy { (0x41...0x5A).contains($0) || $0 == 0x5F }
  }

  private static let needAmount: Set<Kind> = [
    .latency, .bodyStall, .bodySlow, .lateVisibility, .lateCommit, .clock, .batch,
  ]

  private static func number(
    _ text: String?, _ name: String, _ kind: Kind
  ) throws(SchemaProblem) -> Int? {
    guard let text else { return nil }
    guard let number = Int(text) else {
      throw SchemaProblem(
        "The \(name) of the fault \(kind.rawValue) is a whole number, not \(text).")
    }
    return number
  }

  /// As it was written.
  public var text: String {
    var text = kind.rawValue
    if Self.needAmount.contains(kind) { text += "=\(amount)" }
    if kind == .refuse { text += "=\(code)" }
    if let status { text += ",status=\(status)" }
    if !match.isEmpty { text += ",match=\(match)" }
    if let method { text += ",method=\(method)" }
    if after > 0 { text += ",after=\(after)" }
    if let times { text += ",times=\(times)" }
    return text
  }
}

/// The faults that are switched on.
public struct Faults: Sendable {
  /// Each with what is left of it.
  public private(set) var all: [Fault] = []

  /// Switches one on.
  mutating func add(_ fault: Fault) { all.append(fault) }

  /// Switches all off.
  mutating func clear() { all = [] }

  /// Seconds by which the server's clock is ahead.
  public var clockOffset: Int64 { Int64(all.last { $0.kind == .clock }?.amount ?? 0) }

  /// Records that a page holds at most.
  var batch: Int? { all.last { $0.kind == .batch }.map { max(1, $0.amount) } }

  /// The faults that hit a request. Each is used up once. `isPart`: of a part of a composite request,
  /// which only refusals hit.
  mutating func strike(method: String, path: String, isPart: Bool = false) -> [Fault] {
    var struck: [Fault] = []
    for index in all.indices {
      let fault = all[index]
      guard fault.times != 0, fault.hits(method, path), !isPart || fault.kind == .refuse else {
        continue
      }
      if fault.after > 0 {
        all[index].after -= 1
      } else {
        all[index].times = fault.times.map { $0 - 1 }
        struck.append(fault)
      }
    }
    all.removeAll { $0.times == 0 }
    return struck
  }
}

extension Fault {
  /// Whether it is about a request at all, and about this one.
  fileprivate func hits(_ method: String, _ path: String) -> Bool {
    guard kind != .clock, kind != .batch,
      kind != .loginRate || path == "/services/oauth2/token"
    else { return false }
    return (match.isEmpty || path.contains(match)) && (self.method ?? method) == method
  }

  /// The refusal that it asks for.
  var refusal: APIError? { kind == .refuse ? .named(code, status: status) : nil }
}
