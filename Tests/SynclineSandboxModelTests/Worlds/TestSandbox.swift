import SynclineModel
import SynclineSandboxModel
import Testing

/// An organisation with a clock that the test moves, and a session that is open.
struct TestSandbox {
  var organization: Organization
  var now: Timestamp
  var token = ""
  private var secrets = 0

  init(schema: String? = nil, verifies: (@Sendable ([UInt8], [UInt8]) -> Bool)? = nil) throws {
    let file = try schema.map { try SchemaFile(Array($0.utf8)) } ?? SchemaFile()
    now = try #require(StampText.moment("2026-11-24T09:30:15.250Z"))
    organization = Organization(
      schema: file, credentials: Credentials(verifies: verifies), now: now)
    _ = organization.logOfTheBeginning()
    try signIn()
  }

  /// Opens a session for the integration user.
  mutating func signIn() throws {
    let form = "grant_type=client_credentials&client_id=sandbox-client&client_secret=sandbox-secret"
    let answer = send("POST", "/services/oauth2/token", body: form)
    token = try #require(try json(answer)["access_token"]?.textValue)
  }

  /// Sends a request as the integration user.
  mutating func send(
    _ method: String, _ target: String, headers: [String: String] = [:], body: String = ""
  ) -> APIResponse { outcome(method, target, headers: headers, body: body).response }

  mutating func outcome(
    _ method: String, _ target: String, headers: [String: String] = [:], body: String = ""
  ) -> Outcome {
    secrets += 1
    let request = APIRequest(
      method, target, headers: ["authorization": "Bearer \(token)"].merging(headers) { $1 },
      body: Array(body.utf8))
    return organization.answer(request, now: now, secret: "secret\(secrets)")
  }

  /// The status and the body of an answer of the data, version 60 where none is named.
  mutating func data(
    _ method: String, _ path: String, _ body: String = "", version: Int = 60
  ) -> Seen {
    let answer = send(method, "/services/data/v\(version).0" + path, body: body)
    return Seen(answer.status, String(decoding: answer.body, as: UTF8.self))
  }

  /// Makes a record and returns its id.
  mutating func create(_ object: String, _ body: String) throws -> String {
    let answer = send("POST", "/services/data/v60.0/sobjects/\(object)", body: body)
    return try #require(try json(answer)["id"]?.textValue, "\(answer.text)")
  }

  /// One field of all records that a query finds, as JSON.
  mutating func query(_ text: String, all: Bool = false) -> [String] {
    let answer = send(
      "GET", "/services/data/v60.0/\(all ? "queryAll" : "query")?q=\(Self.encoded(text))")
    guard let records = (try? json(answer))?["records"]?.items else { return [answer.text] }
    return records.map { record in
      (record.members ?? []).filter { $0.0 != "attributes" }.map(\.1.line).joined(separator: " ")
    }
  }

  mutating func pass(seconds: Int64) {
    now = Timestamp(microseconds: now.microseconds + seconds * 1_000_000)
  }

  static func encoded(_ text: String) -> String {
    text.utf8.map { byte in
      let isPlain = (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF)
      return isPlain
        ? String(Unicode.Scalar(byte))
        : "%" + (byte < 16 ? "0" : "")
          + String(byte, radix: 16)
    }.joined()
  }
}

/// What came back.
struct Seen: Hashable, CustomStringConvertible {
  let status: Int
  let body: String

  init(_ status: Int, _ body: String) {
    self.status = status
    self.body = body
  }

  var description: String { "\(status) \(body)" }
}

extension APIResponse {
  var text: String { String(decoding: body, as: UTF8.self) }
}

func json(_ answer: APIResponse) throws -> JSON { try JSONReader.read(answer.body) }

/// The body of a refusal.
func refusal(_ code: String, _ message: String, _ fields: String? = nil) -> String {
  let fields = fields.map { ",\"fields\":[\"\($0)\"]" } ?? ""
  return "[{\"message\":\"\(message)\",\"errorCode\":\"\(code)\"\(fields)}]"
}
