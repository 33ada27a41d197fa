import SynclineHTTP
import SynclineModel
import Testing

@Suite struct `Retries` {
  private static let policy = RetryPolicy(
    attemptsMax: 4, pauseMillisecondsFirst: 1000, pauseMillisecondsMax: 3000,
    retryAfterSecondsMax: 120)

  private static func failure(
    _ code: HTTPFailure.Code, _ reach: HTTPFailure.Reach
  ) -> HTTPFailure {
    HTTPFailure(code, operation: "ask", host: "h", message: "m", hint: "h", reach: reach)
  }

  @Test func `waits double up to a limit, drawn from zero on, until the attempts are used up`() {
    var machine = RetryMachine(Self.policy, .harmless)
    var decisions: [RetryMachine.Decision] = []
    for roll in [0.5, 0, 0.999, 0.5] {
      decisions.append(machine.answered(.broken, retryAfterSeconds: nil, roll: roll))
    }
    #expect(
      decisions == [
        .pause(milliseconds: 500), .pause(milliseconds: 0), .pause(milliseconds: 2997), .deliver,
      ])
    #expect(machine.attempts == 4)
  }

  @Test func `a wait that the server asks for is kept whole, with the jitter on top`() {
    var machine = RetryMachine(Self.policy, .onlyIfNotDone)
    #expect(
      machine.answered(.busy, retryAfterSeconds: 120, roll: 0.25)
        == .pause(milliseconds: 120_250))
  }

  @Test func `a wait that is too long is put off, even at the first attempt`() {
    var machine = RetryMachine(Self.policy, .harmless)
    #expect(machine.answered(.busy, retryAfterSeconds: 121, roll: 0) == .putOff(seconds: 121))
    #expect(
      machine.answered(.broken, retryAfterSeconds: .max, roll: 0) == .putOff(seconds: .max))
  }

  @Test(arguments: [
    (Verdict.final, HTTPRequest.Repetition.harmless, RetryMachine.Decision.deliver),
    (.final, .onlyIfNotDone, .deliver),
    (.busy, .harmless, .pause(milliseconds: 0)),
    (.busy, .onlyIfNotDone, .pause(milliseconds: 0)),
    (.broken, .harmless, .pause(milliseconds: 0)),
    (.broken, .onlyIfNotDone, .deliver),
    (.unauthorized, .harmless, .renewToken),
    (.unauthorized, .onlyIfNotDone, .renewToken),
  ])
  func `what each answer leads to`(
    _ verdict: Verdict, _ repetition: HTTPRequest.Repetition, _ decision: RetryMachine.Decision
  ) {
    var machine = RetryMachine(Self.policy, repetition)
    #expect(machine.answered(verdict, retryAfterSeconds: nil, roll: 0) == decision)
  }

  @Test func `a second refusal of a fresh token is an answer`() {
    var machine = RetryMachine(Self.policy, .harmless)
    #expect(machine.answered(.unauthorized, retryAfterSeconds: nil, roll: 0) == .renewToken)
    #expect(machine.answered(.unauthorized, retryAfterSeconds: nil, roll: 0) == .deliver)
    #expect(machine.attempts == 0)
  }

  @Test(arguments: HTTPFailure.Code.allCases)
  func `a failure is tried again where that may help and can do nothing twice`(
    _ code: HTTPFailure.Code
  ) {
    let passes: Set<HTTPFailure.Code> = [
      .unknownHost, .unreachable, .timeout, .interrupted, .truncated, .garbled,
    ]
    let again = RetryMachine.Decision.pause(milliseconds: 0)
    for reach in [HTTPFailure.Reach.notSent, .perhaps, .answered] {
      var harmless = RetryMachine(Self.policy, .harmless)
      #expect(
        harmless.failed(Self.failure(code, reach), roll: 0)
          == (passes.contains(code) ? again : .fail)
      )
      var harmful = RetryMachine(Self.policy, .onlyIfNotDone)
      let isAllowed = passes.contains(code) && reach == .notSent
      #expect(
        harmful.failed(Self.failure(code, reach), roll: 0) == (isAllowed ? again : .fail))
    }
  }

  @Test func `patience beyond all numbers does not overflow`() {
    let policy = RetryPolicy(
      attemptsMax: 100, pauseMillisecondsFirst: .max / 2, pauseMillisecondsMax: 60_000)
    var machine = RetryMachine(policy, .harmless)
    for _ in 0..<99 {
      #expect(
        machine.answered(.broken, retryAfterSeconds: nil, roll: 0.5)
          == .pause(milliseconds: 30_000))
    }
    #expect(machine.answered(.broken, retryAfterSeconds: nil, roll: 0.5) == .deliver)
  }

  private static let now = Timestamp(microseconds: 784_111_777_000_000)

  @Test(arguments: [
    (["Retry-After": "17"], 17),
    (["retry-after": "0"], 0),
    (["Retry-After": "99999999999999999999"], Int.max),
    (["Retry-After": "Sun, 06 Nov 1994 08:49:40 GMT"], 3),
    (["Retry-After": "Sun, 06 Nov 1994 08:49:30 GMT"], 0),
    (
      [
        "Retry-After": "Sun, 06 Nov 1994 08:49:40 GMT",
        "Date": "Sun, 06 Nov 1994 08:48:40 GMT",
      ], 60
    ),
  ])
  func `the wait that a server asks for`(_ headers: [String: String], _ seconds: Int) {
    var lines = HTTPHeaders()
    for (name, value) in headers { lines.append(name, value) }
    #expect(RetryAfter.seconds(in: lines, now: Self.now) == seconds)
  }

  @Test(arguments: ["", "soon", "-1", "1.5", "Sun, 31 Feb 1994 08:49:40 GMT", "12 apples"])
  func `a wait that cannot be understood is none`(_ text: String) {
    #expect(RetryAfter.seconds(in: ["Retry-After": text], now: Self.now) == nil)
  }

  @Test(arguments: [
    "Sun, 06 Nov 1994 08:49:37 GMT", "Thu, 01 Jan 1970 00:00:00 GMT",
    "Wed, 31 Dec 1969 23:59:59 GMT", "Thu, 29 Feb 2024 12:00:00 GMT",
  ])
  func `a date is spelled as it was read`(_ text: String) throws {
    #expect(HTTPDate.format(try #require(HTTPDate.parse(text))) == text)
  }
}
