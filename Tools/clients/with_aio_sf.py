"""aio-sf, unmodified, over plain HTTP."""
import asyncio
import sys
import tempfile

import httpx
from aio_sf import SalesforceClient
from aio_sf.api.auth import ClientCredentialsAuth

from sandbox_file import Sandbox, check, last_minutes


def client(sandbox):
    return SalesforceClient(
        auth_strategy=ClientCredentialsAuth(
            instance_url=sandbox.url, client_id="sandbox-client", client_secret="sandbox-secret"))


async def write(salesforce, sandbox):
    # A collection with one bad record of five.
    accounts = [{"Name": f"Account {number}", "Key__c": f"k{number}"} for number in range(5)]
    accounts[2] = {"Name": "x" * 256, "Key__c": "k2"}
    results = await salesforce.collections.insert(accounts, "Account", all_or_none=False)
    check("four of five are written", [result["success"] for result in results],
          [True, True, False, True, True])
    check("the bad one says why", results[2]["errors"][0]["statusCode"], "STRING_TOO_LONG")
    check("the file has the four",
          sorted(values["Key__c"] for values in sandbox.live("Account").values()),
          ["k0", "k1", "k3", "k4"])
    results = await salesforce.collections.insert(accounts, "Account", all_or_none=True)
    check("all or none: none", [result["success"] for result in results], [False] * 5)
    check("the file still has four", len(sandbox.live("Account")), 4)
    return [result["id"] for result in
            await salesforce.collections.upsert(
                [{"Key__c": "k0", "Site": "first"}, {"Key__c": "new", "Name": "New"}],
                "Key__c", "Account")]


async def edit(salesforce, sandbox, ids):
    check("an upsert updates", sandbox.live("Account")[ids[0]]["Site"], "first")
    check("an upsert creates", sandbox.live("Account")[ids[1]]["Key__c"], "new")
    await salesforce.collections.update([{"Id": ids[0], "Site": None}], "Account")
    check("null empties a field", "Site" in sandbox.live("Account")[ids[0]], False)
    results = await salesforce.collections.delete(ids)
    check("a delete deletes", [result["success"] for result in results], [True, True])
    check("the file marks them deleted", sandbox.records("Account")[ids[0]]["IsDeleted"], True)


async def read(salesforce, sandbox):
    contacts = [{"LastName": f"Contact {number}"} for number in range(5000)]
    results = await salesforce.collections.insert(contacts, "Contact")
    check("5000 are written", sum(result["success"] for result in results), 5000)
    found = await (await salesforce.query.soql(
        "SELECT Id, LastName, SystemModstamp FROM Contact ORDER BY Id")).collect_all()
    check("a query over three pages finds what is in the file",
          {record["Id"]: record["LastName"] for record in found},
          {key: values["LastName"] for key, values in sandbox.live("Contact").items()})
    deleted = await (await salesforce.query.soql(
        "SELECT Id FROM Account WHERE IsDeleted = TRUE", include_deleted=True)).collect_all()
    check("queryAll sees the deleted", len(deleted), 2)
    describe = await salesforce.describe.sobject("Account")
    names = [field["name"] for field in describe["fields"]]
    check("describe has the own field", names.count("Key__c"), 1)
    check("describe global has the object",
          "Contact" in [item["name"] for item in await salesforce.describe.list_sobjects()], True)
    limits = await salesforce.describe.get_limits()
    check("limits count down",
          limits["DailyApiRequests"]["Remaining"] < limits["DailyApiRequests"]["Max"], True)


async def replicate(salesforce, sandbox):
    """The client has no call for the feeds of its own; its general one is used."""
    start, end = last_minutes()
    span = {"start": start.isoformat(), "end": end.isoformat()}

    async def feed(kind):
        answer = await salesforce.get(
            f"{salesforce.get_sobject_url('Account')}/{kind}", params=span)
        return answer.raise_for_status().json()
    check("the updated are those of the file", set((await feed("updated"))["ids"]),
          sandbox.changed_since("Account", start.replace(second=0, microsecond=0)))
    check("the deleted are those of the file",
          {record["id"] for record in (await feed("deleted"))["deletedRecords"]},
          sandbox.deleted("Account"))


async def fail(salesforce, sandbox):
    try:
        await salesforce.query.soql("SELECT Nothing FROM Account")
    except httpx.HTTPStatusError as error:
        check("a wrong query is refused", error.response.json()[0]["errorCode"], "INVALID_FIELD")
    else:
        raise SystemExit("failed: a wrong query was answered")
    sandbox.control("expire-sessions", {})
    found = await salesforce.query.soql("SELECT COUNT() FROM Contact")
    check("an expired token is renewed on the way", len(found), 5000)
    # The process is killed; everything that was answered is there again.
    before = sandbox.records("Contact")
    sandbox.kill()
    sandbox.start()
    check("the file is as before", sandbox.records("Contact"), before)
    async with client(sandbox) as again:
        check("and so is the sandbox",
              len(await again.query.soql("SELECT COUNT() FROM Contact")), 5000)


async def main(program, folder, schema):
    with Sandbox(program, folder, "--schema", schema) as sandbox:
        async with client(sandbox) as salesforce:
            ids = await write(salesforce, sandbox)
            await edit(salesforce, sandbox, ids)
            await read(salesforce, sandbox)
            await replicate(salesforce, sandbox)
            await fail(salesforce, sandbox)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        asyncio.run(main(sys.argv[1], temporary, sys.argv[2]))
