"""The scenario that all clients run; clients/README.md tells what it prints."""

import asyncio
import json
import os
import sys
from datetime import timedelta
from decimal import Decimal

import grpc

from promised import AsyncClient, Client, PromisedError, plain

ADDRESS = os.environ["PROMISED_SERVER"]
CA = os.environ.get("PROMISED_CA")
ACCESS = {"token": os.environ.get("PROMISED_TOKEN"), "ca": open(CA, "rb").read() if CA else None}


def tell(step, **more):
    print(json.dumps({"step": step, **more}), flush=True)


def line(order, quantity):
    return {"order": order, "item": "PUMP", "quantity": Decimal(quantity), "requested_date": "2026-11-26", "customer": "NORDWIND"}


def hold(client, order, request_id):
    wish = [line(order, "1")]
    return client.promises.promise(request_id=request_id, lines=wish, hold_for=timedelta(minutes=10)).promises[0].promise_id


def watch(client, name):
    """The event that a promise of ours brings; a server without the service says so."""
    # From the position before it, so that it does not matter which is first, the watch or the promise.
    before = client.snapshots.get_status().version.sequence
    hold(client, f"{name}-W", f"{name}-watch")
    try:
        for event in client.watch(from_sequence=before + 1, types=["promise.*"]):
            if event.promise.order == f"{name}-W":
                return tell("watch", type=event.type)
    except PromisedError as fault:
        if fault.code is not grpc.StatusCode.UNIMPLEMENTED:
            raise
        tell("watch", skipped="the server answers UNIMPLEMENTED: it has no EventService")


async def count(name):
    async with AsyncClient(ADDRESS, **ACCESS) as client:
        return len([p async for p in client.pages(customer="NORDWIND", page_size=1) if p.order.startswith(name)])


def main():
    name = f"PY-{os.getpid()}"
    with Client(ADDRESS, **ACCESS) as client:
        checked = client.promises.check_availability(lines=[line(name, "1")])
        assert plain(checked.results[0])["default_option"]["legs"][0]["quantity"] == Decimal(1)
        tell("check")
        promise = hold(client, name, f"{name}-hold")
        tell("hold", promise_id=promise)
        tell("confirm", promise_id=client.promises.confirm(promise_id=promise).promise.promise_id)
        amended = client.promises.amend(promise_id=promise, line=line(name, "2"))
        assert amended.changed, amended
        tell("amend", promise_id=amended.promise.promise_id)
        tell("repeat", promise_id=hold(client, name, f"{name}-hold"))
        tell("kill")
        sys.stdin.readline()
        tell("again", promise_id=hold(client, name, f"{name}-hold"))
        tell("list", n=asyncio.run(count(name)))
        many = list(client.promise_many(({"request_id": f"{name}-{n}", "lines": [line(f"{name}-{n}", "1")]} for n in range(3)), window=2))
        assert [m.request_id for m in many] == [f"{name}-{n}" for n in range(3)], many
        watch(client, name)
    tell("done")


main()
