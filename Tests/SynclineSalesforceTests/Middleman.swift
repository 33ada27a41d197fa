import Foundation
import Glibc
import SynclineTesting

/// A server that hands every request on to a sandbox. Right before the first `POST` whose path holds a word, and
/// is seen, somebody edits a record there.
final class Middleman {
  private let process = Process()
  let address: String

  /// - Parameters:
  ///   - word: the part of the path.
  ///   - edit: the body of `POST /sandbox/write`.
  init(_ sandbox: SandboxProgram, before word: String, edit: String) throws {
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", Self.server, sandbox.address, word, edit]
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    var line = ""
    while !line.hasSuffix("\n") {
      let more = output.fileHandleForReading.availableData
      if more.isEmpty { throw SandboxProgram.NotStarted() }
      line += String(decoding: more, as: UTF8.self)
    }
    address = line.trimmingCharacters(in: .newlines)
  }

  deinit {
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  private static let server = """
    import http.client, http.server, sys
    upstream, word, edit = sys.argv[1:]
    host = upstream.split("//")[1]
    def ask(method, path, body, headers):
      connection = http.client.HTTPConnection(host)
      connection.request(method, path, body, headers)
      answer = connection.getresponse()
      return answer, answer.read()
    class Middleman(http.server.BaseHTTPRequestHandler):
      isDone = False
      def do_GET(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.command == "POST" and word in self.path and not Middleman.isDone:
          Middleman.isDone = True
          ask("POST", "/sandbox/write", edit.encode(), {"Content-Type": "application/json"})
        kept = {name: value for name, value in self.headers.items()
                if name.lower() not in ("host", "connection", "accept-encoding")}
        answer, content = ask(self.command, self.path, body, kept)
        content = content.replace(upstream.encode(), here.encode())
        self.send_response(answer.status)
        for name, value in answer.getheaders():
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
