public import SynclineModel

/// What is to be done with an answer.
public struct Outcome: Sendable {
  /// Where the connection ends before its time.
  public enum Cut: Sendable {
    /// No byte of the answer is sent.
    case beforeAnswer
    /// Half of the body is sent.
    case withinBody
  }

  /// How a body is sent that does not come in one piece.
  public struct Pace: Hashable, Sendable {
    /// Pieces of about the same length.
    public let parts: Int
    /// Milliseconds between one and the next.
    public let pauseMilliseconds: Int
  }

  /// The answer.
  public var response: APIResponse
  /// Milliseconds until the answer is sent.
  public var delayMilliseconds = 0
  /// How slowly the body is sent; nil is at once.
  public var pace: Pace?
  /// Whether and where the connection ends.
  public var cut: Cut?
  /// What the log is to hold before the answer is sent; empty where nothing changed.
  public var log: [UInt8] = []
  /// What the log of calls is to hold by then; empty where nothing was counted.
  public var calls: [UInt8] = []

  /// An answer that is sent as it is.
  public init(response: APIResponse) { self.response = response }

  init(response: APIResponse, cut: Cut) {
    self.response = response
    self.cut = cut
  }
}

extension Organization {
  /// Answers a request that comes at `now` by the clock of the machine. `secret` is text that nobody
  /// can guess, new for each request.
  public mutating func answer(
    _ request: APIRequest, now: Timestamp, secret: String
  ) -> Outcome {
    let clock = now.adding(seconds: faults.clockOffset)
    pass(to: clock)
    var outcome: Outcome
    if request.path.hasPrefix("/sandbox") {
      outcome = Outcome(response: control(request, now: clock))
    } else {
      outcome = struck(request, now: clock, secret: secret)
    }
    outcome.calls = takeCalls()
    outcome.log = takeLog()
    outcome.response.headers.append(("Date", HTTPDate.format(clock)))
    return outcome
  }

  /// Answers with the faults that hit the request.
  private mutating func struck(
    _ request: APIRequest, now: Timestamp, secret: String
  ) -> Outcome {
    let struck = faults.strike(method: request.method, path: request.path)
    let kinds = Set(struck.map(\.kind))
    func amount(_ kind: Fault.Kind) -> Int { struck.first { $0.kind == kind }?.amount ?? 0 }
    guard !kinds.contains(.cutBefore) else {
      return Outcome(response: APIResponse(503), cut: .beforeAnswer)
    }
    if kinds.contains(.expired) { sessions.revokeAll() }
    let refused = struck.lazy.compactMap(\.refusal).first
    let isOfRecords = refused.map { isPerRecord($0, request) } ?? false
    var outcome = Outcome(response: APIResponse(200))
    if let refusal = refusal(kinds) ?? (isOfRecords ? nil : refused.map { APIResponse($0) }) {
      outcome.response = refusal
    } else {
      recordRefusal = kinds.contains(.lock) ? .locked(nil) : refused
      outcome.response = route(request, now: now, secret: secret)
      recordRefusal = nil
    }
    outcome.delayMilliseconds = amount(.latency) + 1000 * amount(.lateCommit)
    if kinds.contains(.bodyStall) {
      outcome.pace = Outcome.Pace(parts: 2, pauseMilliseconds: amount(.bodyStall))
    }
    if kinds.contains(.bodySlow) {
      outcome.pace = Outcome.Pace(parts: 16, pauseMilliseconds: amount(.bodySlow))
    }
    if kinds.contains(.cutAfter) { outcome.cut = .beforeAnswer }
    if kinds.contains(.truncate) { outcome.cut = .withinBody }
    let late = max(amount(.lateCommit), amount(.lateVisibility))
    if late > 0 { hideChanges(seconds: late, isLocked: kinds.contains(.lateCommit), now: now) }
    return outcome
  }

  /// Whether a refusal is the result of each record that a request writes, not the answer to it.
  func isPerRecord(_ refusal: APIError, _ request: APIRequest) -> Bool {
    refusal.isOfOneRecord && request.method != "GET"
      && request.segments.dropFirst(3).prefix(2) == ["composite", "sobjects"]
  }

  private func refusal(_ kinds: Set<Fault.Kind>) -> APIResponse? {
    if kinds.contains(.html) {
      return APIResponse(
        500,
        html: "<html><head><title>Error</title></head><body>An unexpected error occurred."
          + "</body></html>")
    }
    if kinds.contains(.unavailable) { return APIResponse(.unavailable) }
    if kinds.contains(.loginRate) { return Self.loginRate }
    if kinds.contains(.limit) { return APIResponse(.requestLimit) }
    if kinds.contains(.concurrent) { return APIResponse(.concurrentLimit) }
    return nil
  }

  /// What this request wrote is seen later.
  private mutating func hideChanges(seconds: Int, isLocked: Bool, now: Timestamp) {
    for change in store.pendingChanges {
      hidden[change.id] = Hidden(
        before: hidden[change.id]?.before ?? change.before, began: now,
        visible: now.adding(seconds: Int64(seconds)), isLocked: isLocked)
    }
  }

  /// Sends a request to the part that it is for.
  private mutating func route(
    _ request: APIRequest, now: Timestamp, secret: String
  ) -> APIResponse {
    guard request.sizes.target <= 16_384 else { return APIResponse(414, html: "URI Too Long") }
    guard request.sizes.target + request.sizes.headers <= 16_384 else {
      return APIResponse(431, html: "Request Header Fields Too Large")
    }
    let segments = request.segments
    do throws(APIError) {
      switch (segments.first, segments.dropFirst().first) {
      case ("services", "oauth2"):
        return try oauth(request, segments.last ?? "", now: now, secret: secret)
      case ("services", "data"):
        if segments.count == 2 { return APIResponse(200, Self.versions) }
        return try data(request, now: now)
      case ("id", _): return APIResponse(200, try identity(request, now: now))
      default: throw APIError.notFound
      }
    } catch {
      return APIResponse(error)
    }
  }

  /// The versions that the sandbox speaks.
  static let versionRange = 30...66

  private static let versions = JSON.list(
    versionRange.map { version in
      .object([
        "label": .text("Version \(version)"), "url": .text("/services/data/v\(version).0"),
        "version": .text("\(version).0"),
      ])
    })

  /// Who sends a request to the data, after the session and the limit of the day were checked.
  func session(
    of request: APIRequest
  ) throws(APIError) -> String {
    let words = (request.headers["authorization"] ?? "").split(separator: " ")
    guard words.count == 2, ["bearer", "oauth"].contains(words[0].lowercased()) else {
      throw .sessionExpired
    }
    return String(words[1])
  }

  private mutating func data(_ request: APIRequest, now: Timestamp) throws(APIError) -> APIResponse
  {
    let segments = request.segments
    guard segments[2].hasPrefix("v"), segments[2].hasSuffix(".0"),
      let version = Int(segments[2].dropFirst().dropLast(2)), Self.versionRange.contains(version)
    else { throw .notFound }
    let token = try session(of: request)
    guard
      let session = sessions.use(token, now: now, lifetime: credentials.sessionSeconds)
    else { throw .sessionExpired }
    countCall(at: now)
    guard usage.count <= usage.limit else { throw .requestLimit }
    let caller = Caller(user: session.user, version: version)
    let before = savepoint
    var response: APIResponse
    do {
      response = try dataRoute(request, Array(segments.dropFirst(3)), caller, now: now)
    } catch {
      rollback(to: before)
      response = APIResponse(error)
    }
    response.headers.append(("Sforce-Limit-Info", usage.header))
    return response
  }
}
