import Foundation
import Glibc
import SynclineTesting

/// A server that hands every request on to a sandbox, and at one of them does something besides.
final class Middleman {
  /// What happens at the request.
  enum Act {
    /// Right before it people write records; the bodies of `POST /sandbox/write`.
    case people([String])
    /// Right before it the sandbox is told something: the end of a path below `/sandbox/`, and the body.
    case tell(String, String)
    /// Right before it somebody writes to a database.
    case sql(String, in: SQLiteFile)
    /// The request waits, before the sandbox hears of it or after it did what was asked, until `letGo`; then
    /// the connection ends without an answer.
    case hold(isServed: Bool)
    /// This is answered to every such request from then on.
    case answer(String)
    /// This many such requests are refused, and the sandbox never hears of them.
    case refuse(status: Int, body: String, times: Int)
    /// The answers to this many such requests are changed on their way back: Python that works on `status` and
    /// `body`, and may look at what the request holds, `asked`.
    case alter(String, times: Int = .max)
  }

  private let server: PythonServer
  private let orders = Pipe()
  private let mark: String
  var address: String { server.address }

  /// - Parameters:
  ///   - word: the part of the request's path.
  ///   - skipping: how many such requests go before it.
  init(
    _ sandbox: SandboxProgram, at method: String = "POST", _ word: String, skipping: Int = 0,
    _ act: Act
  ) throws {
    mark = sandbox.folder + "/held"
    var plan: [String: Any] = [
      "mark": mark, "upstream": sandbox.address, "method": method, "word": word, "skip": skipping,
      "times": 1,
    ]
    switch act {
    case .people(let bodies): plan["people"] = bodies
    case .tell(let path, let body): plan["tell"] = [path, body]
    case .sql(let text, let file): plan["sql"] = [file.path, text]
    case .hold(let isServed): plan["hold"] = isServed ? "after" : "before"
    case .answer(let text):
      plan["answer"] = text
      plan["times"] = Int.max
    case .refuse(let status, let body, let times):
      plan["refuse"] = [status, body]
      plan["times"] = times
    case .alter(let script, let times):
      plan["alter"] = script
      plan["times"] = times
    }
    let text = String(
      decoding: try JSONSerialization.data(withJSONObject: plan), as: UTF8.self)
    server = try PythonServer(Self.program, [text], input: orders)
  }

  /// Right before the first such request somebody edits a record.
  convenience init(_ sandbox: SandboxProgram, before word: String, edit: String) throws {
    try self.init(sandbox, word, .people([edit]))
  }

  /// Whether the request is held now.
  var isHolding: Bool { FileManager.default.fileExists(atPath: mark) }

  /// Ends the connection of the request that is held.
  func letGo() throws { try orders.fileHandleForWriting.write(contentsOf: Data("go\n".utf8)) }

  private static let program = """
    import http.client, http.server, json, sqlite3, sys
    plan = json.loads(sys.argv[1])
    upstream, left = plan["upstream"], plan["skip"]
    host = upstream.split("//")[1]
    def ask(method, path, body, headers):
      connection = http.client.HTTPConnection(host)
      connection.request(method, path, body, headers)
      answer = connection.getresponse()
      return answer, answer.read()
    def is_due(method, path):
      global left
      if method != plan["method"] or plan["word"] not in path: return False
      left -= 1
      return -plan["times"] <= left < 0
    def act():
      told = [["write", body] for body in plan.get("people", [])]
      if "tell" in plan: told.append(plan["tell"])
      for path, body in told:
        ask("POST", "/sandbox/" + path, body.encode(), {"Content-Type": "application/json"})
      if "sql" in plan:
        path, text = plan["sql"]
        database = sqlite3.connect(path, timeout=30)
        database.executescript(text)
        database.close()
    def hold():
      open(plan["mark"], "w").close()
      sys.stdin.readline()
    def asked(body):
      try: return json.loads(body)
      except ValueError: return body.decode()
    class Middleman(http.server.BaseHTTPRequestHandler):
      def do_GET(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        due = is_due(self.command, self.path)
        if due: act()
        if due and "refuse" in plan: return self.tell(plan["refuse"][0], plan["refuse"][1].encode())
        if due and plan.get("hold") == "before":
          hold()
          self.close_connection = True
          return
        kept = {name: value for name, value in self.headers.items()
                if name.lower() not in ("host", "connection", "accept-encoding")}
        try:
          answer, content = ask(self.command, self.path, body, kept)
        except OSError:
          self.close_connection = True
          return
        if due and plan.get("hold") == "after":
          hold()
          self.close_connection = True
          return
        status = answer.status
        if due and "answer" in plan: content = plan["answer"].encode()
        if due and "alter" in plan:
          scope = {"json": json, "status": status, "body": json.loads(content), "asked": asked(body)}
          exec(plan["alter"], scope)
          status, content = scope["status"], json.dumps(scope["body"]).encode()
        self.tell(status, content.replace(upstream.encode(), here.encode()), answer.getheaders())
      def tell(self, status, content, headers=[("Content-Type", "application/json")]):
        self.send_response(status)
        for name, value in headers:
          if name.lower() not in ("content-length", "connection", "transfer-encoding"):
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
      do_POST = do_PATCH = do_DELETE = do_GET
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Middleman)
    here = f"http://127.0.0.1:{server.server_port}"
    print(here, flush=True)
    server.serve_forever()
    """
}
