"""Real requests over real sockets: what only the server around the model can get wrong.

Usage: edge.py PROGRAM. Prints one line for each thing that holds, and stops at the first that does not.
"""
import base64
import email.utils
import gzip
import http.client
import json
import os
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../Tools/clients"))
from sandbox_file import Sandbox, check  # noqa: E402

FORM = {"client_id": "sandbox-client", "client_secret": "sandbox-secret"}


class Caller:
    """One who is logged in."""

    def __init__(self, sandbox, **form):
        self.sandbox = sandbox
        self.context = None
        if sandbox.certificate:
            self.context = ssl.create_default_context(cafile=sandbox.certificate)
        body = urllib.parse.urlencode(form or {"grant_type": "client_credentials", **FORM})
        request = urllib.request.Request(
            sandbox.url + "/services/oauth2/token", body.encode())
        with urllib.request.urlopen(request, context=self.context) as answer:
            self.token = json.load(answer)["access_token"]

    def __call__(self, method, path, body=None, headers=None):
        request = urllib.request.Request(
            self.sandbox.url + "/services/data/v60.0" + path, method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": "Bearer " + self.token,
                     "Content-Type": "application/json", **(headers or {})})
        with urllib.request.urlopen(request, context=self.context) as answer:
            self.date = answer.headers["Date"]
            self.usage = answer.headers["Sforce-Limit-Info"]
            text = answer.read()
            return json.loads(text) if text else None

    def count(self):
        return self("GET", "/query?q=SELECT+COUNT()+FROM+Account")["totalSize"]


def refused(action):
    try:
        action()
    except Exception as error:  # The kind of the end is what is looked at.
        return type(error).__name__
    return "answered"


def cuts(sandbox, caller):
    ends = {"RemoteDisconnected", "ConnectionResetError", "BadStatusLine"}
    for fault, kept in [("cut-before", 0), ("cut-after", 1)]:
        before = caller.count()
        sandbox.control("faults", {"fault": f"{fault},times=1"})
        end = refused(lambda: caller("POST", "/sobjects/Account", {"Name": fault}))
        check(f"{fault} ends the connection", end in ends, True)
        check(f"{fault} leaves {kept} record", caller.count() - before, kept)
        check(f"{fault} leaves {kept} record in the file",
              sum(values["Name"] == fault for values in sandbox.live("Account").values()), kept)
    sandbox.control("faults", {"fault": "truncate,times=1"})
    check("truncate ends within the body",
          refused(lambda: caller("GET", "/sobjects/Account/describe")), "IncompleteRead")


def time_passes(sandbox, caller):
    sandbox.control("faults", {"fault": "latency=300,times=1"})
    start = time.monotonic()
    caller("GET", "/limits")
    check("latency delays", time.monotonic() - start >= 0.3, True)
    sandbox.control("faults", {"fault": "clock=3600"})
    caller("GET", "/limits")
    ahead = email.utils.parsedate_to_datetime(caller.date).timestamp() - time.time()
    check("the clock of the server is its own", 3500 < ahead < 3700, True)


def bodies(sandbox, caller):
    for fault, least in [("body-stall=1000", 0.5), ("body-slow=20", 0)]:
        sandbox.control("faults", {"fault": f"{fault},times=1"})
        connection = http.client.HTTPConnection(sandbox.url.split("://")[1])
        start = time.monotonic()
        connection.request("GET", "/services/data/v60.0/sobjects/Account/describe",
                           headers={"Authorization": "Bearer " + caller.token})
        answer = connection.getresponse()
        headed = time.monotonic()
        name = json.loads(answer.read())["name"]
        end = time.monotonic()
        check(f"{fault} sends the head first and the whole body later",
              (name, end - start >= 0.3, end - headed >= least), ("Account", True, True))
        connection.close()


def packed(caller):
    """What the answer to a describe and to a small request is packed with."""
    def ask(path, accepts):
        request = urllib.request.Request(
            caller.sandbox.url + "/services/data/v60.0" + path,
            headers={"Authorization": "Bearer " + caller.token, "Accept-Encoding": accepts})
        with urllib.request.urlopen(request) as answer:
            return answer.headers["Content-Encoding"], answer.read()
    plain = ask("/sobjects/Account/describe", "identity")
    check("a body is plain where nobody asks", (plain[0], plain[1][:1]), (None, b"{"))
    for accepts in ["gzip", "deflate, GZIP;q=0.5"]:
        encoding, body = ask("/sobjects/Account/describe", accepts)
        check(f"a large body is packed for {accepts}",
              (encoding, gzip.decompress(body), len(body) < len(plain[1]) / 2),
              ("gzip", plain[1], True))
    check("a refusal of gzip is obeyed", ask("/sobjects/Account/describe", "gzip;q=0"), plain)
    check("a small body is not packed", ask("/limits", "gzip")[0], None)


def connections(sandbox, caller):
    host = sandbox.url.split("://")[1]
    connection = http.client.HTTPConnection(host)
    for _ in range(3):
        connection.request("GET", "/services/data/v60.0/limits",
                           headers={"Authorization": "Bearer " + caller.token})
        check("one connection serves several", connection.getresponse().read()[:1], b"{")
    names = ["x" * 40] * 200
    records = [{"attributes": {"type": "Account"}, "Name": name} for name in names]
    answer = caller("POST", "/composite/sobjects", {"records": records})
    check("a large body arrives whole", sum(result["success"] for result in answer), 200)
    sandbox.process.terminate()
    check("it stops though a connection is open", sandbox.process.wait(20), 0)
    connection.close()
    sandbox.process.stdout.close()


def killed(program, folder):
    with Sandbox(program, folder) as sandbox:
        caller = Caller(sandbox)
        made = [caller("POST", "/sobjects/Account", {"Name": f"A{number}"})["id"]
                for number in range(20)]
        check("the people stand in the file", len(sandbox.live("User")), 3)
        second = subprocess.run(
            [program, "sandbox", "salesforce", "--port", "0", "--data", sandbox.data],
            capture_output=True, text=True)
        check("a second sandbox over the same file is refused",
              (second.returncode, "is in use by another sandbox" in second.stderr), (2, True))
        sandbox.kill()
        with open(sandbox.data, "a", encoding="utf-8") as file:
            file.write('{"records":[{"obj')
        sandbox.start()
        caller = Caller(sandbox)
        found = caller("GET", "/query?q=SELECT+Id+FROM+Account+ORDER+BY+Id")["records"]
        check("what was answered is there after a kill", [record["Id"] for record in found], made)
        caller("POST", "/sobjects/Account", {"Name": "next"})
        check("and the file goes on", len(sandbox.live("Account")), 21)


def killed_in_between(program, folder):
    """What was to happen later, and what is counted, outlives a kill, too."""
    schema = os.path.join(folder, "schema.json")
    with open(schema, "w", encoding="utf-8") as file:
        json.dump({"automations": [{"object": "Account", "field": "Site", "uppercase": "Name",
                                    "afterSeconds": 600}]}, file)
    with Sandbox(program, folder, "--schema", schema) as sandbox:
        caller = Caller(sandbox)
        caller("POST", "/sobjects/Account", {"Name": "later"})
        for _ in range(4):
            caller("GET", "/limits")
        check("calls are counted", caller.usage, "api-usage=5/15000")
        sandbox.kill()
        sandbox.start()
        caller = Caller(sandbox)
        query = "/query?q=SELECT+Site+FROM+Account"
        check("a rule that waits has not written yet",
              caller("GET", query)["records"][0]["Site"], None)
        check("the calls of the day outlive a kill", caller.usage, "api-usage=6/15000")
        sandbox.control("faults", {"fault": "clock=700"})
        check("a rule that waits outlives a kill",
              caller("GET", query)["records"][0]["Site"], "LATER")
        sandbox.kill()
        sandbox.start()
        check("what it wrote does so, too",
              [values["Site"] for values in sandbox.live("Account").values()], ["LATER"])


def encoded(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def assertion(key, name, seconds):
    claims = {"iss": "sandbox-client", "sub": name, "aud": "https://login.salesforce.com",
              "exp": int(time.time()) + seconds}
    message = encoded(b'{"alg":"RS256"}') + "." + encoded(json.dumps(claims).encode())
    signature = subprocess.run(
        ["openssl", "dgst", "-sha256", "-sign", key], input=message.encode(),
        capture_output=True, check=True).stdout
    return message + "." + encoded(signature)


def secured(program, folder):
    key, other, public = (os.path.join(folder, name) for name in ["a.pem", "b.pem", "a.pub"])
    for path in [key, other]:
        subprocess.run(["openssl", "genrsa", "-out", path, "2048"], check=True, capture_output=True)
    subprocess.run(["openssl", "rsa", "-in", key, "-pubout", "-out", public], check=True,
                   capture_output=True)
    bearer = "urn:ietf:params:oauth:grant-type:jwt-bearer"
    with Sandbox(program, folder, "--tls", "--assertion-key", public) as sandbox:
        caller = Caller(sandbox, grant_type=bearer,
                        assertion=assertion(key, "ana@sandbox.test", 120))
        check("TLS with a signed assertion opens a session", caller.count(), 21)
        for what, text in [("of another key", assertion(other, "ana@sandbox.test", 120)),
                           ("that is over", assertion(key, "ana@sandbox.test", -1))]:
            check(f"an assertion {what} is refused", refused(
                lambda: Caller(sandbox, grant_type=bearer, assertion=text)), "HTTPError")
        try:
            urllib.request.urlopen(sandbox.url, context=ssl.create_default_context())
        except urllib.error.URLError as error:
            check("nobody trusts it who was not told to",
                  isinstance(error.reason, ssl.SSLCertVerificationError), True)
        mode = os.stat(os.path.join(folder, "sandbox-key.pem")).st_mode & 0o777
        check("the key is its owner's", mode, 0o600)


def main(program):
    with tempfile.TemporaryDirectory() as folder:
        with Sandbox(program, folder) as sandbox:
            caller = Caller(sandbox)
            cuts(sandbox, caller)
            bodies(sandbox, caller)
            packed(caller)
            time_passes(sandbox, caller)
            connections(sandbox, caller)
    with tempfile.TemporaryDirectory() as folder:
        killed(program, folder)
        secured(program, folder)
    with tempfile.TemporaryDirectory() as folder:
        killed_in_between(program, folder)


if __name__ == "__main__":
    main(sys.argv[1])
