"""A running sandbox, and what stands in the file behind it."""
import datetime
import json
import os
import ssl
import subprocess
import urllib.request


class Sandbox:
    """Starts `syncline sandbox salesforce` on a free port and stops it at the end."""

    def __init__(self, program, folder, *arguments):
        self.program = program
        self.data = os.path.join(folder, "sandbox.jsonl")
        self.arguments = list(arguments)
        self.process = None
        self.certificate = None
        self.url = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()

    def start(self):
        command = [self.program, "sandbox", "salesforce", "--port", "0", "--data", self.data]
        self.process = subprocess.Popen(
            command + self.arguments, stdout=subprocess.PIPE, text=True)
        first = self.process.stdout.readline()
        self.url = first.split(" at ")[1].split()[0]
        self.process.stdout.readline()
        if "--tls" in self.arguments:
            self.certificate = self.process.stdout.readline().split("trust ")[1].strip()

    def kill(self):
        """Ends it as a crash does."""
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def control(self, path, body):
        """Makes something happen by the control path."""
        context = self.certificate and ssl.create_default_context(cafile=self.certificate)
        request = urllib.request.Request(
            self.url + "/sandbox/" + path, json.dumps(body).encode(),
            {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, context=context) as answer:
            return json.load(answer)

    def records(self, name):
        """What the file holds of one object, by id: the last line about a record counts."""
        found = {}
        with open(self.data, encoding="utf-8") as file:
            for line in file:
                for record in json.loads(line).get("records", []):
                    if record["object"] != name:
                        continue
                    if "removed" in record:
                        found.pop(record["removed"], None)
                    else:
                        found[record["values"]["Id"]] = record["values"]
        return found

    def live(self, name):
        """The records that are not deleted."""
        return {key: values for key, values in self.records(name).items()
                if not values.get("IsDeleted")}


    def changed_since(self, name, moment):
        """The ids of the records that are not deleted and were changed since then."""
        return {key for key, values in self.live(name).items()
                if stamp(values["SystemModstamp"]) >= moment}

    def deleted(self, name):
        """The ids of the deleted records that the file still holds."""
        return set(self.records(name)) - set(self.live(name))


def stamp(text):
    """A moment as the service writes it."""
    return datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f%z")


def last_minutes():
    """From a few minutes ago to a little ahead: bounds are cut to the minute, and a span that holds
    the last seconds ends behind them."""
    now = datetime.datetime.now(datetime.timezone.utc)
    return now - datetime.timedelta(minutes=5), now + datetime.timedelta(minutes=2)


def check(what, seen, expected):
    """Stops at the first difference, and says what it is."""
    if seen != expected:
        raise SystemExit(f"failed: {what}\n  seen:     {seen!r}\n  expected: {expected!r}")
    print(f"ok: {what}")
