import Foundation
import Glibc
import SynclineHTTP
import SynclineModel
import SynclineSalesforce
import SynclineTesting

/// A server that answers requests one after the other with texts that were written down beforehand, in the shapes of
/// a real organisation, and keeps what it was asked.
final class ScriptedOrganisation {
  struct Answer: Encodable {
    var status = 200
    var headers: [String: String] = [:]
    var body: String

    init(_ body: String, status: Int = 200, headers: [String: String] = [:]) {
      self.body = body
      self.status = status
      self.headers = headers
    }
  }

  private let server: PythonServer
  private let folder: String
  var address: String { server.address }

  init(_ answers: [Answer]) throws {
    folder = NSTemporaryDirectory() + "syncline-scripted-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try JSONEncoder().encode(answers).write(to: URL(fileURLWithPath: folder + "/answers.json"))
    server = try PythonServer(Self.program, in: folder)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// What it was asked: method and address, the escapes of that resolved, then the body.
  var requests: [String] {
    get throws {
      try String(contentsOfFile: folder + "/requests", encoding: .utf8)
        .split(separator: "\u{0}").map(String.init)
    }
  }

  /// A connector that speaks to it.
  func connector(
    signIn: SalesforceSettings.SignIn = World.clientCredentials, answerBytesMax: Int? = nil
  ) throws -> SalesforceConnector {
    var transfers = ClientSettings()
    if let answerBytesMax { transfers.limits.bodyBytesMax = answerBytesMax }
    return SalesforceConnector(
      SalesforceSettings(host: try HTTPAddress(address), signIn: signIn),
      client: try CurlClient(settings: transfers), pacer: World.pacer)
  }

  private static let program = """
    import http.server, json, urllib.parse
    answers = json.load(open("answers.json"))
    log = open("requests", "w")
    class Script(http.server.BaseHTTPRequestHandler):
      protocol_version = "HTTP/1.1"
      def do_GET(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        log.write(self.command + " " + urllib.parse.unquote(self.path))
        log.write(("\\n" + body if body else "") + "\\0")
        log.flush()
        answer = answers.pop(0) if answers else {"status": 500, "headers": {}, "body": "no answer left"}
        text = answer["body"].replace("SERVER", f"http://127.0.0.1:{self.server.server_port}").encode()
        self.send_response(answer["status"])
        self.send_header("Content-Type", "application/json;charset=UTF-8")
        for name, value in answer["headers"].items(): self.send_header(name, value)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)
      do_POST = do_PATCH = do_DELETE = do_GET
      def log_message(self, *words): pass
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Script)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
    """
}

extension ScriptedOrganisation.Answer {
  /// The answer to a sign-in, with all that the flows with a secret answer.
  static let token = Self(
    """
    {"access_token": "00D4W0000001AbC!AQ0AQ.x", "signature": "k6pR7w=", "scope": "api",
     "instance_url": "SERVER", "id": "https://login.salesforce.com/id/00D4W0000001AbCUAU/0054W00000AbCdEQAV",
     "token_type": "Bearer", "issued_at": "1603400603000", "api_instance_url": "https://api.salesforce.com"}
    """)
}
