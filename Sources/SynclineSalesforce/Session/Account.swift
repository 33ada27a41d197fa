import Synchronization
import SynclineHTTP
import SynclineJSON
import SynclineModel
import SynclinePorts

/// One sign-in to an organisation: signs in, asks, counts, and tells what refusals mean.
final class Account: Sendable {
  let settings: SalesforceSettings
  private let budget: CallBudget
  private let login: HTTPSession
  private let api: HTTPSession
  private let tokens: TokenKeeper
  private let state: Noted

  /// What answers told by the way.
  final class Noted: Sendable {
    struct State {
      var membership: Membership?
      /// The server's clock as the newest answer had it.
      var now: Timestamp?
      var usage: CallUsage?
    }
    let state = Mutex(State())
  }

  init(
    _ settings: SalesforceSettings, client: any HTTPClient, pacer: Pacer, policy: RetryPolicy
  ) {
    self.settings = settings
    let client = CallBudget(client, callsMax: settings.callsMax)
    budget = client
    let login = HTTPSession(client, policy: policy, pacer: pacer)
    let state = Noted()
    tokens = TokenKeeper(now: pacer.now) {
      try await Self.signIn(settings, login, state, now: pacer.now())
    }
    self.login = login
    self.state = state
    api = HTTPSession(client, policy: policy, pacer: pacer, tokens: tokens)
  }

  /// Requests sent so far, sign-ins and repetitions included.
  var calls: Int { budget.calls }

  var usage: CallUsage? { state.state.withLock(\.usage) }

  /// The server's clock at its newest answer.
  var now: Timestamp? { state.state.withLock(\.now) }

  /// Who is signed in; signs in where nobody is yet.
  func membership() async throws -> Membership {
    _ = try await token(SignInRequest.operation)
    guard let membership = state.state.withLock(\.membership) else {
      preconditionFailure("a token comes with the ids of organisation and user")
    }
    return membership
  }

  private static func signIn(
    _ settings: SalesforceSettings, _ login: HTTPSession, _ state: Noted, now: Timestamp
  ) async throws -> AccessToken {
    let request = try SignInRequest(settings: settings).request(now: now)
    let answer = try await login.perform(request) { answer in
      guard answer.status == 400 || answer.status == 403 else {
        return Verdict(status: answer.status)
      }
      return (try? TokenAnswer(answer.body))?.isBusy == true ? .busy : .final
    }
    let told: TokenAnswer
    do throws(JSONFailure) { told = try TokenAnswer(answer.body) } catch {
      throw answer.unexpected(request)
    }
    guard answer.status == 200, !told.token.isEmpty else {
      throw told.failure(answer, settings.host)
    }
    guard let membership = told.membership, let address = try? HTTPAddress(told.instance) else {
      throw answer.unexpected(request)
    }
    state.state.withLock { $0.membership = membership }
    return AccessToken(Secret(told.token), address: address)
  }

  private func token(_ operation: String) async throws -> IssuedToken {
    do { return try await tokens.token() } catch { throw failure(error, operation) }
  }

  // MARK: - Asking

  /// Asks for a resource of the data. `path`: behind `/services/data/vNN.0`, encoded. The answer may be a
  /// refusal that is about the content of the request (400, 404 or 412); all others are thrown.
  ///
  /// `judge`: what the answer means for its request, where the status alone does not tell.
  func ask(
    _ operation: String, _ method: HTTPRequest.Method = .get, _ path: String,
    body: JSON? = nil, headers: HTTPHeaders = [:], repetition: HTTPRequest.Repetition? = nil,
    judge: Judge = Account.judge
  ) async throws -> HTTPAnswer {
    let issued: IssuedToken
    do { issued = try await token(operation) } catch { throw Self.undone(error) }
    let request = try request(
      operation, method, issued, path, body: body, headers: headers, repetition: repetition)
    let answer: HTTPAnswer
    do { answer = try await api.perform(request, judge: judge) } catch {
      throw Self.isOfSignIn(error)
        ? Self.undone(failure(error, operation)) : failure(error, operation)
    }
    note(answer)
    if answer.status < 300 || [400, 404, 412].contains(answer.status) { return answer }
    throw Self.refusal(answer, request)
  }

  private func request(
    _ operation: String, _ method: HTTPRequest.Method, _ issued: IssuedToken, _ path: String,
    body: JSON?, headers: HTTPHeaders, repetition: HTTPRequest.Repetition?
  ) throws -> HTTPRequest {
    let base = issued.token.address ?? settings.host
    var headers = headers
    headers.append("Accept", "application/json")
    headers.append("Sforce-Call-Options", "client=Syncline")
    // Otherwise a write might change the owner of the record.
    headers.append("Sforce-Auto-Assign", "FALSE")
    if body != nil { headers.append("Content-Type", "application/json; charset=UTF-8") }
    do throws(HTTPAddress.Flaw) {
      return HTTPRequest(
        operation, method, try base.resolving(root + path), headers: headers,
        body: body.map { Array($0.line.utf8) } ?? [], repetition: repetition)
    } catch {
      throw ConnectorFailure(
        code: "address", operation: operation, message: "\(error)",
        hint: "Check `url` of the connection and the names in the package", disposition: .user)
    }
  }

  /// How addresses of data begin.
  var root: String { "/services/data/v\(settings.version)" }

  private func note(_ answer: HTTPAnswer) {
    let now = answer.headers["Date"].flatMap(HTTPDate.parse)
    let usage = answer.headers["Sforce-Limit-Info"].flatMap(CallUsage.init)
    state.state.withLock { state in
      if let now { state.now = now }
      if let usage { state.usage = usage }
    }
  }

  typealias Judge = @Sendable (HTTPAnswer) -> Verdict

  /// Of a request that can be asked for in smaller parts, where it is too large.
  static let judge: Judge = { answer in
    guard answer.status == 403 || answer.status == 400 else {
      return Verdict(status: answer.status)
    }
    return APIProblem.first(in: answer.body)?.reach == .moment ? .busy : .final
  }

  /// Of a request that has no smaller parts: what was too much may pass.
  static let judgeIndivisible: Judge = { answer in
    guard answer.status == 400, APIProblem.first(in: answer.body)?.reach == .size else {
      return judge(answer)
    }
    return .busy
  }

  /// Of a composite request of a single part, which may have failed alone.
  static let judgePart: Judge = { answer in
    guard answer.status == 200, let part = PartAnswer(answer.body) else { return judge(answer) }
    if part.problem?.reach == .moment { return .busy }
    return part.status >= 500 ? .broken : .final
  }
}

/// How many calls of the day the organisation has seen, and how many it allows.
struct CallUsage: Hashable, Sendable {
  var used: Int
  var allowed: Int

  /// `api-usage=18/15000`, perhaps with what one app used beside it.
  init?(_ text: String) {
    let parts = text.split(separator: ",").map { $0.drop { $0 == " " } }
    guard let figures = parts.first(where: { $0.hasPrefix("api-usage=") })?.dropFirst(10) else {
      return nil
    }
    let numbers = figures.split(separator: "/").compactMap { Int($0) }
    guard numbers.count == 2 else { return nil }
    used = numbers[0]
    allowed = numbers[1]
  }
}
