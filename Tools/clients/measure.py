"""Runs of one package between a SQLite database and a sandbox, measured."""
import math
import os
import re
import sqlite3
import subprocess
import sys
import threading
import time

from sandbox_file import Sandbox

FIELDS = ["FirstName", "LastName", "Email", "Phone", "MobilePhone", "Title", "Department", "MailingStreet",
          "MailingCity", "MailingPostalCode", "MailingCountry", "Description"]
PACKAGE = """package: Measured
source: {{connection: shop}}
target: {{connection: crm}}
connections:
  shop: {{type: sqlite, file: shop.db}}
  crm: {{type: salesforce, url: "{url}", clientId: sandbox-client, clientSecret: env:SANDBOX_SECRET}}
tasks:
  - name: People
    source: Person
    target: Contact
    columns: {{{columns}}}
"""


def make(folder, records):
    """The database: text of a length that people have."""
    shop = sqlite3.connect(os.path.join(folder, "shop.db"))
    shop.execute("PRAGMA journal_mode = WAL")
    shop.execute(f"CREATE TABLE Person (Id INTEGER PRIMARY KEY, {', '.join(f'{name} TEXT' for name in FIELDS)})")
    shop.executemany(
        f"INSERT INTO Person ({', '.join(FIELDS)}) VALUES ({', '.join('?' * len(FIELDS))})",
        ([f"First {number}", f"Last {number}", f"person{number}@example.com", f"+49 30 {number}",
          f"+49 170 {number}", "Engineer", f"Department {number % 40}", f"Long Street {number}", "Berlin",
          f"{number % 90000 + 10000}", "Germany", f"Came by way {number % 7} in spring"]
         for number in range(records)))
    shop.commit()
    return shop


class Watch(threading.Thread):
    """The highest anonymous memory of a process, looked at every 10 ms."""

    def __init__(self, process):
        super().__init__()
        self.process, self.highest = process, 0

    def run(self):
        while self.process.poll() is None:
            try:
                with open(f"/proc/{self.process.pid}/status", encoding="utf-8") as status:
                    found = re.search(r"RssAnon:\s+(\d+) kB", status.read())
            except OSError:
                return
            if found:
                self.highest = max(self.highest, int(found[1]))
            time.sleep(0.01)


def run(program, package, what, aim):
    """One run; `aim` is the number of calls that it should take."""
    start = time.monotonic()
    process = subprocess.Popen([program, "run", package], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    watch = Watch(process)
    watch.start()
    output = process.communicate()[0]
    seconds = time.monotonic() - start
    watch.join()
    if process.returncode != 0:
        sys.exit(f"{what}: exit code {process.returncode}\n{output}")
    calls = int(re.search(r"(\d+) calls", output)[1])
    print(f"{what}: {seconds:.1f} s, RssAnon {watch.highest / 1024:.0f} MiB, "
          f"{calls} calls, {calls / aim:.2f} times the aim ({aim})", flush=True)


def main(program, folder, records, changes):
    os.environ["SANDBOX_SECRET"] = "sandbox-secret"
    shop = make(folder, records)
    package = os.path.join(folder, "shop.sync.yaml")
    with Sandbox(program, folder) as sandbox:
        with open(package, "w", encoding="utf-8") as file:
            file.write(PACKAGE.format(url=sandbox.url, columns=", ".join(f"{name}: {name}" for name in FIELDS)))
        # Reading: pages of 2,000 and 2 an object; writing: 200 a call, and 2,000 a call that reads what was stored.
        write = math.ceil(records / 200) + math.ceil(records / 2000)
        run(program, package, f"first run, {records} records", 1 + 2 + write)
        # A while later, so that what was written is read once, and not in the runs behind that, too.
        sandbox.control("faults", {"fault": "clock=1200"})
        run(program, package, "the next run, which reads its own writes", 1 + 2 + math.ceil(records / 2000))
        run(program, package, "nothing to do", 1 + 3)
        shop.execute("UPDATE Person SET Title = 'Manager' WHERE Id <= ?", [changes])
        shop.commit()
        people = sandbox.live("Contact")
        last = sorted(people, key=lambda key: int(people[key]["LastName"].split()[1]))[-changes:]
        for key in last:
            sandbox.control("write", {"object": "Contact", "id": key, "fields": {"Phone": "+49 40 1"}})
        # The run reads what both sides changed, and writes what the database changed.
        write = math.ceil(changes / 200) + math.ceil(changes / 2000)
        run(program, package, f"{changes} changes on each side", 1 + math.ceil(changes / 2000) + 2 + write)
        wrong = shop.execute(
            "SELECT count(*) FROM Person WHERE (Title = 'Manager') <> (Id <= ?) OR (Phone = '+49 40 1') <> (Id > ?)",
            [changes, records - changes]).fetchone()[0]
        titles = sum(values["Title"] == "Manager" for values in sandbox.live("Contact").values())
        if wrong or titles != changes:
            sys.exit(f"{wrong} rows and {changes - titles} contacts are not as they should be")


main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
