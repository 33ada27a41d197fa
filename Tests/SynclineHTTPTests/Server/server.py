"""A server that behaves in all the ways of which the tests of HTTP speak.

usage: server.py FOLDER

Makes its certificates in FOLDER, prints one line of JSON with its ports, and ends when its standard
input does, so that it never outlives who started it. The first part of a path is a key: each test has
its own, under which requests are counted.
"""
import base64, collections, gzip, http.server, itertools, json, os, socket, ssl, subprocess, sys
import threading, time, urllib.parse, warnings

folder = sys.argv[1]
lock = threading.Lock()
seen = collections.defaultdict(list)  # key -> what was asked
sent = collections.Counter()  # key -> bytes of a streamed body
connections = itertools.count(1)
ports = {}
ISSUED = "fresh"


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


def make_key(name):
    openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", name + ".key")


def make_authority(name):
    make_key(name)
    openssl("req", "-x509", "-new", "-key", name + ".key", "-out", name + ".pem", "-days", "2",
            "-subj", "/CN=" + name)


def make_certificate(name, hosts, days, authority="authority"):
    make_key(name)
    with open(os.path.join(folder, name + ".ext"), "w") as file:
        file.write("subjectAltName=" + hosts + "\n")
    openssl("req", "-new", "-key", name + ".key", "-out", name + ".csr", "-subj", "/CN=" + name)
    openssl("x509", "-req", "-in", name + ".csr", "-CA", authority + ".pem", "-CAkey",
            authority + ".key", "-CAcreateserial", "-days", str(days), "-extfile", name + ".ext",
            "-out", name + ".pem")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 0
    disable_nagle_algorithm = True

    def setup(self):
        super().setup()
        self.number = next(connections)
        self.asked = 0

    def log_message(self, *arguments):
        pass

    def answer(self, status=200, body=b'{"answer":1}', kind="application/json", **headers):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def drop(self):
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def handle_one_request(self):
        try:
            super().handle_one_request()
        except (ConnectionError, ssl.SSLError, TimeoutError):
            self.close_connection = True

    def do(self):
        path, _, query = self.path.partition("?")
        _, key, what, *_ = path.split("/") + ["", ""]
        query = dict(urllib.parse.parse_qsl(query))
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.asked += 1
        if what == "log":
            with lock:
                text = json.dumps(seen[key])
            return self.answer(body=text.encode())
        with lock:
            seen[key].append({
                "method": self.command, "what": what, "connection": self.number,
                "authorization": self.headers.get("Authorization"),
                "host": self.headers["Host"].partition(":")[0], "body": body.decode("latin-1"),
                "encoding": self.headers.get("Accept-Encoding"),
                "expect": self.headers.get("Expect")})
            count = len(seen[key])
        getattr(self, "do_" + what.replace("-", "_"))(key, query, count)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do

    def do_ok(self, key, query, count):
        self.answer()

    def do_status(self, key, query, count):
        headers = {"Retry_After": query["after"]} if "after" in query else {}
        if "date" in query:
            headers["Date"] = query["date"]
        self.answer(int(query["code"]), query.get("body", "").encode(), **headers)

    def do_fail_first(self, key, query, count):
        if count <= int(query["times"]):
            return self.do_status(key, query, count)
        self.answer()

    def do_cut_first(self, key, query, count):
        if count <= int(query["times"]):
            return self.drop()
        self.answer()

    def do_cut_kept(self, key, query, count):
        return self.drop() if self.asked > 1 else self.answer()

    def do_truncate_first(self, key, query, count):
        if count > int(query["times"]):
            return self.answer()
        self.send_response(200)
        if "chunked" in query:
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(b"5\r\n[1, 2\r\n")
        else:
            self.send_header("Content-Length", "100")
            self.end_headers()
            self.wfile.write(b"[1, 2")
        self.drop()

    def do_html(self, key, query, count):
        self.answer(int(query["code"]), b"<html>secret words</html>", "text/html; charset=utf-8")

    def do_gzip(self, key, query, count):
        self.answer(body=gzip.compress(b'{"packed":true}'), Content_Encoding="gzip")

    def do_no_gzip(self, key, query, count):
        self.answer(body=b"this is not packed", Content_Encoding="gzip")

    def do_brotli(self, key, query, count):
        self.answer(body=b"....", Content_Encoding="br")

    def do_bomb(self, key, query, count):
        self.answer(body=gzip.compress(bytes(int(query["bytes"]))), Content_Encoding="gzip")

    def do_stream(self, key, query, count):
        """Sends many bytes, and counts those that the client has room for."""
        total = int(query["bytes"])
        self.send_response(200)
        self.send_header("Content-Length", str(total))
        self.end_headers()
        part = bytes(16384)
        while sent[key] < total:
            self.wfile.write(part[:total - sent[key]])
            sent[key] += min(len(part), total - sent[key])

    def do_sent(self, key, query, count):
        """How many bytes went out, once that stands still."""
        before = -1
        while before != sent[query["of"]]:
            before = sent[query["of"]]
            time.sleep(0.2)
        self.answer(body=str(before).encode())

    def do_silent(self, key, query, count):
        """Says nothing until the client leaves."""
        self.connection.recv(1)
        self.drop()

    def do_stall(self, key, query, count):
        self.send_response(200)
        self.send_header("Content-Length", "100")
        self.end_headers()
        self.wfile.write(b"[1, 2")
        self.connection.recv(1)
        self.drop()

    def do_redirect(self, key, query, count):
        self.answer(int(query.get("code", "302")), b"", Location=query["to"])

    def do_circle(self, key, query, count):
        self.answer(302, b"", Location="/%s/circle" % key)

    def do_headers(self, key, query, count):
        self.send_response(200)
        for number in range(90):
            self.send_header("X-Long-%d" % number, "x" * 4000)
        self.end_headers()

    def do_garbage(self, key, query, count):
        self.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")
        self.drop()

    def do_guarded(self, key, query, count):
        if self.headers.get("Authorization") == "Bearer " + ISSUED:
            return self.answer()
        self.answer(401, b'[{"errorCode":"INVALID_SESSION_ID"}]')


class Proxy(http.server.BaseHTTPRequestHandler):
    """Joins every CONNECT with the https server of this program."""
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def do_CONNECT(self):
        with lock:
            seen["proxy"].append({"method": "CONNECT", "what": self.path})
        wanted = "Basic " + base64.b64encode(b"us:pa ss").decode()
        if self.path.startswith("closed.test"):
            return self.send_error(502)
        if self.path.startswith("guarded.test") and \
                self.headers.get("Proxy-Authorization") != wanted:
            self.send_response(407)
            self.send_header("Proxy-Authenticate", "Basic")
            self.send_header("Content-Length", "0")
            return self.end_headers()
        other = socket.create_connection(("127.0.0.1", ports["named"]))
        self.send_response(200)
        self.end_headers()
        thread = threading.Thread(target=pump, args=(other, self.connection), daemon=True)
        thread.start()
        pump(self.connection, other)
        self.close_connection = True


def pump(one, other):
    try:
        while part := one.recv(65536):
            other.sendall(part)
        other.shutdown(socket.SHUT_WR)
    except OSError:
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, request, client):
        pass


def serve(name, handler=Handler, certificate=None, version=None):
    server = Server(("127.0.0.1", 0), handler)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if version:
            warnings.simplefilter("ignore")
            context.set_ciphers("ALL:@SECLEVEL=0")
            context.minimum_version = ssl.TLSVersion.TLSv1
            context.maximum_version = version
        context.load_cert_chain(os.path.join(folder, certificate + ".pem"),
                                os.path.join(folder, certificate + ".key"))
        server.socket = context.wrap_socket(server.socket, server_side=True,
                                            do_handshake_on_connect=False)
    ports[name] = server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()


def main():
    own = "DNS:localhost,IP:127.0.0.1"
    make_authority("authority")
    make_certificate("own", own, 2)
    make_certificate("expired", own, -1)
    make_certificate("other", "DNS:other.test", 2)
    make_certificate("named", "DNS:service.test,DNS:guarded.test", 2)
    make_authority("selfsigned")
    serve("plain")
    serve("another")
    serve("proxy", Proxy)
    for name in ["own", "expired", "other", "selfsigned", "named"]:
        serve(name, certificate=name)
    serve("old", certificate="own", version=ssl.TLSVersion.TLSv1_1)
    closed = socket.create_server(("127.0.0.1", 0))
    ports["closed"] = closed.getsockname()[1]
    closed.close()
    print(json.dumps(ports), flush=True)
    sys.stdin.read()
    os._exit(0)


main()
