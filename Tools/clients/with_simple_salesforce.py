"""simple-salesforce, unmodified, over TLS with the sandbox's own certificate."""
import datetime
import json
import os
import ssl
import sys
import tempfile
import urllib.parse
import urllib.request

from simple_salesforce import Salesforce
from simple_salesforce.exceptions import (
    SalesforceExpiredSession, SalesforceMalformedRequest, SalesforceResourceNotFound)

from sandbox_file import Sandbox, check


def token(sandbox):
    form = urllib.parse.urlencode({
        "grant_type": "password", "client_id": "sandbox-client",
        "client_secret": "sandbox-secret", "username": "ana@sandbox.test",
        "password": "sandbox-password"}).encode()
    context = ssl.create_default_context(cafile=sandbox.certificate)
    with urllib.request.urlopen(
            sandbox.url + "/services/oauth2/token", form, context=context) as answer:
        return json.load(answer)["access_token"]


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
    return account


def replication(salesforce, account):
    # The bounds are cut to the minute, and a span must have ended: it is read as it will be.
    start = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(minutes=5)
    end = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=2)
    updated = salesforce.Account.updated(start, end)
    check("the updated are told", len(updated["ids"]), 1)
    deleted = salesforce.Account.deleted(start, end)
    check("the deleted are told",
          [record["id"] for record in deleted["deletedRecords"]], [account])


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
    check("queryAll sees the deleted", both["totalSize"], 2)
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


def main(program, folder, schema):
    with Sandbox(program, folder, "--schema", schema, "--tls") as sandbox:
        os.environ["REQUESTS_CA_BUNDLE"] = sandbox.certificate
        host = sandbox.url.split("://")[1]
        salesforce = Salesforce(instance=host, session_id=token(sandbox), version="60.0")
        account = records(salesforce, sandbox)
        replication(salesforce, account)
        queries(salesforce, sandbox)
        surroundings(salesforce)
        try:
            Salesforce(instance=host, session_id="stale", version="60.0").limits()
        except SalesforceExpiredSession as error:
            check("a stale token is refused", error.content[0]["errorCode"], "INVALID_SESSION_ID")
        else:
            raise SystemExit("failed: a stale token was taken")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        main(sys.argv[1], temporary, sys.argv[2])
