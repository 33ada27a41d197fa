import Foundation
import Glibc
import SynclineTesting

/// A server that is no organisation: it answers every request with a page for people, or shows a
/// certificate that has expired.
final class Impostor {
  private let server: PythonServer
  private let folder: String
  var address: String { server.address }
  /// The authority whose certificate the server shows; a client that trusts it sees the expiry alone.
  var authority: String { folder + "/own.pem" }

  enum Kind: String {
    case page
    case expired
  }

  init(_ kind: Kind) throws {
    folder = NSTemporaryDirectory() + "syncline-impostor-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    server = try PythonServer(Self.program, [kind.rawValue], in: folder)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: folder)
  }

  private static let program = """
    import http.server, ssl, subprocess, sys
    class Page(http.server.BaseHTTPRequestHandler):
      def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b"<html><body>Please log in. hidden-text</body></html>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
      do_GET = do_POST
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    scheme = "http"
    if sys.argv[1] == "expired":
      scheme = "https"
      def openssl(*words):
        subprocess.run(["openssl", *words], check=True, capture_output=True)
      openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "own.key")
      openssl("req", "-new", "-key", "own.key", "-out", "own.csr", "-subj", "/CN=127.0.0.1",
              "-addext", "subjectAltName=IP:127.0.0.1", "-addext", "basicConstraints=CA:TRUE")
      openssl("x509", "-req", "-in", "own.csr", "-signkey", "own.key", "-days", "-1",
              "-copy_extensions", "copy", "-out", "own.pem")
      context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
      context.load_cert_chain("own.pem", "own.key")
      server.socket = context.wrap_socket(server.socket, server_side=True)
    print(f"{scheme}://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
    """
}
