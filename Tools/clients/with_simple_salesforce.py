"""simple-salesforce, unmodified, over TLS with the sandbox's own certificate."""
import json
import os
import subprocess
import sys
import tempfile
import urllib.parse

import requests
from requests.adapters import HTTPAdapter
from simple_salesforce import Salesforce
from simple_salesforce.exceptions import (
    SalesforceAuthenticationFailed, SalesforceExpiredSession, SalesforceMalformedRequest,
    SalesforceResourceNotFound)

from sandbox_file import Sandbox, check, last_minutes

APP = {"consumer_key": "sandbox-client", "consumer_secret": "sandbox-secret"}


class Front(HTTPAdapter):
    """Leads the names under which the service is reached to the sandbox, as a name server would:
    the client insists on them while it logs in."""

    def __init__(self, sandbox):
        super().__init__()
        self.url = sandbox.url

    def send(self, request, **options):
        path = urllib.parse.urlsplit(request.url)._replace(scheme="", netloc="").geturl()
        request.url = self.url + path
        return super().send(request, **options)


def log_in(sandbox, **how):
    """The client logs in by itself."""
    session = requests.Session()
    for name in ["login", "shop.my"]:
        session.mount(f"https://{name}.salesforce.com/", Front(sandbox))
    return Salesforce(session=session, version="60.0", **how)


def flows(sandbox, key):
    """Every flow that the client and the sandbox both have."""
    user = {"username": "ana@sandbox.test"}
    ways = {
        "client credentials": ("integration@sandbox.test", {"domain": "shop.my", **APP}),
        "a password": ("ana@sandbox.test", {"password": "sandbox-password", **user, **APP}),
        "a password and the security token": (
            "ana@sandbox.test", {"password": "sandbox-passwordsandbox-token", **user, **APP}),
        "an assertion": ("ana@sandbox.test", {
            "instance_url": "shop.my", "consumer_key": "sandbox-client", "privatekey_file": key,
            **user})}
    for what, (name, how) in ways.items():
        salesforce = log_in(sandbox, **how)
        check(f"{what} logs in", salesforce.restful(
            "query", {"q": f"SELECT Username FROM User WHERE Username = '{name}'"})["totalSize"], 1)
        made = salesforce.Lead.create({"LastName": what, "Company": "C"})["id"]
        author = sandbox.live("Lead")[made]["CreatedById"]
        check(f"{what} logs in as {name}", sandbox.live("User")[author]["Username"], name)
    wrong = {
        "a wrong secret": ({"domain": "shop.my", **APP, "consumer_secret": "no"}, "invalid_client"),
        "a wrong security token": (
            {"password": "sandbox-passwordTOKEN", **user, **APP}, "invalid_grant"),
        "an assertion for another organisation": (
            {**ways["an assertion"][1], "domain": "other.my"}, "invalid_grant")}
    for what, (how, code) in wrong.items():
        try:
            log_in(sandbox, **how)
        except SalesforceAuthenticationFailed as error:
            check(f"{what} is refused", error.code, code)
        else:
            raise SystemExit(f"failed: {what} logged in")
    return log_in(sandbox, domain="shop.my", **APP)


def key_pair(folder):
    """A key for assertions and its public half, as files."""
    key, public = os.path.join(folder, "key.pem"), os.path.join(folder, "key.pub")
    subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, capture_output=True)
    subprocess.run(["openssl", "rsa", "-in", key, "-pubout", "-out", public], check=True,
                   capture_output=True)
    return key, public


def records(salesforce, sandbox):
    made = salesforce.Account.create({"Name": " Acme ", "Site": "Berlin", "AnnualRevenue": 12.5})
    account = made["id"]
    held = sandbox.live("Account")[account]
    check("a create is trimmed and rounded", (held["Name"], held["AnnualRevenue"]), ("Acme", 13.0))
    check("an update answers 204", salesforce.Account.update(account, {"Name": "Acme GmbH"}), 204)
    check("null empties a field", salesforce.Account.update(account, {"Site": None}), 204)
    held = sandbox.live("Account")[account]
    check("the file has it", (held["Name"], "Site" in held), ("Acme GmbH", False))
    check("a read has what the file has", salesforce.Account.get(account)["Name"], held["Name"])
    check("an upsert creates", salesforce.Account.upsert("Key__c/a-b", {"Name": "B"}), 201)
    check("an upsert updates", salesforce.Account.upsert("Key__c/a-b", {"Name": "C"}), 200)
    check("it is one record",
          [values["Name"] for values in sandbox.live("Account").values()
           if values.get("Key__c") == "a-b"], ["C"])
    check("it is found by its key",
          salesforce.Account.get_by_custom_id("Key__c", "a-b")["Name"], "C")
    check("a delete answers 204", salesforce.Account.delete(account), 204)
    try:
        salesforce.Account.get(account)
    except SalesforceResourceNotFound as error:
        check("a deleted record is gone", error.content[0]["errorCode"], "ENTITY_IS_DELETED")
    else:
        raise SystemExit("failed: a deleted record was read")
    check("the file marks it deleted", sandbox.deleted("Account"), {account})


def collection(salesforce, sandbox):
    """The client has no call for collections of its own; its general one is used."""
    names = ["One", "Two", "x" * 256, "Four", "Five"]

    def send(all_or_none):
        return salesforce.restful("composite/sobjects", method="POST", data=json.dumps({
            "allOrNone": all_or_none,
            "records": [{"attributes": {"type": "Account"}, "Name": name} for name in names]}))
    before = set(sandbox.live("Account"))
    results = send(False)
    check("four of five are written", [result["success"] for result in results],
          [True, True, False, True, True])
    check("the bad one says why", results[2]["errors"][0]["statusCode"], "STRING_TOO_LONG")
    live = sandbox.live("Account")
    check("the file has the four under the ids that were told",
          {key: live[key]["Name"] for key in set(live) - before},
          {result["id"]: name for result, name in zip(results, names) if result["success"]})
    results = send(True)
    check("all or none: none",
          [result["errors"][0]["statusCode"] for result in results],
          ["ALL_OR_NONE_OPERATION_ROLLED_BACK"] * 2 + ["STRING_TOO_LONG"]
          + ["ALL_OR_NONE_OPERATION_ROLLED_BACK"] * 2)
    check("the file is as before", sandbox.live("Account"), live)


def replication(salesforce, sandbox):
    start, end = last_minutes()
    updated = salesforce.Account.updated(start, end)
    check("the updated are those of the file", set(updated["ids"]),
          sandbox.changed_since("Account", start.replace(second=0, microsecond=0)))
    deleted = salesforce.Account.deleted(start, end)
    check("the deleted are those of the file",
          {record["id"] for record in deleted["deletedRecords"]}, sandbox.deleted("Account"))


def queries(salesforce, sandbox):
    contacts = [{"LastName": f"Contact {number}"} for number in range(0, 4500)]
    for start in range(0, len(contacts), 200):
        salesforce.restful(
            "composite/sobjects", method="POST",
            data=json.dumps({"allOrNone": True, "records": [
                {"attributes": {"type": "Contact"}, **contact}
                for contact in contacts[start:start + 200]]}))
    found = salesforce.query_all("SELECT Id, LastName FROM Contact")
    check("a query over three pages finds what is in the file",
          {record["Id"]: record["LastName"] for record in found["records"]},
          {key: values["LastName"] for key, values in sandbox.live("Contact").items()})
    both = salesforce.query_all("SELECT Id FROM Account", include_deleted=True)
    check("queryAll sees the deleted, too",
          {record["Id"] for record in both["records"]}, set(sandbox.records("Account")))
    try:
        salesforce.query("SELECT Id FROM Account WHERE")
    except SalesforceMalformedRequest as error:
        check("a wrong query is refused", error.content[0]["errorCode"], "MALFORMED_QUERY")
    else:
        raise SystemExit("failed: a wrong query was answered")


def surroundings(salesforce):
    described = salesforce.Account.describe()
    check("describe names the object", described["name"], "Account")
    check("describe global has the objects",
          {"Account", "Contact", "Lead", "Opportunity", "Case", "User"}
          <= {item["name"] for item in salesforce.describe()["sobjects"]}, True)
    check("limits are told", salesforce.limits()["DailyApiRequests"]["Max"], 15000)
    check("the header of usage is read", salesforce.api_usage["api-usage"].total, 15000)


def expiry(salesforce, sandbox):
    """Who can log in again does, and who cannot is told."""
    first = salesforce.session_id
    fixed = Salesforce(
        instance=salesforce.sf_instance, session_id=first, version="60.0")
    sandbox.control("expire-sessions", {})
    check("an expired token is renewed on the way",
          salesforce.query("SELECT COUNT() FROM Contact")["totalSize"],
          len(sandbox.live("Contact")))
    check("it is another one", salesforce.session_id == first, False)
    try:
        fixed.limits()
    except SalesforceExpiredSession as error:
        check("who has but a token is refused", error.content[0]["errorCode"], "INVALID_SESSION_ID")
    else:
        raise SystemExit("failed: an expired token was taken")


def main(program, folder, schema):
    key, public = key_pair(folder)
    options = ["--schema", schema, "--tls", "--assertion-key", public]
    with Sandbox(program, folder, *options) as sandbox:
        os.environ["REQUESTS_CA_BUNDLE"] = sandbox.certificate
        salesforce = flows(sandbox, key)
        records(salesforce, sandbox)
        collection(salesforce, sandbox)
        replication(salesforce, sandbox)
        queries(salesforce, sandbox)
        surroundings(salesforce)
        expiry(salesforce, sandbox)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        main(sys.argv[1], temporary, sys.argv[2])
