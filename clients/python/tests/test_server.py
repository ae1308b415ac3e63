"""Against the real server: refusals, streams, a restart in between."""

import asyncio
import threading
from datetime import date

import grpc
import pytest

from promised import AsyncClient, Client, PromisedError


def line(order, quantity=1):
    return {"order": order, "item": "PUMP", "quantity": quantity, "requested_date": date(2026, 12, 10), "customer": "NORDWIND"}


def test_a_refusal_has_code_reason_and_fields(client):
    with pytest.raises(PromisedError) as told:
        client.promises.promise(lines=[{"order": "A", "item": "NONE", "quantity": 1, "requested_date": "2026-11-26"}])
    error = told.value
    assert (error.code, error.passing) == (grpc.StatusCode.INVALID_ARGUMENT, False)
    assert [v.field for v in error.violations] == ["lines[0].item"]
    with pytest.raises(PromisedError) as told:
        client.promises.get(promise_id="P999")
    assert (told.value.code, told.value.reason) == (grpc.StatusCode.NOT_FOUND, "PROMISE_NOT_FOUND")


def test_a_command_goes_on_over_a_restart(server, client):
    first = client.promises.promise(request_id="R-1", lines=[line("R-1")]).promises[0].promise_id
    server.kill()
    threading.Timer(0.5, server.start).start()
    assert client.promises.promise(request_id="R-1", lines=[line("R-1")]).promises[0].promise_id == first


def test_nobody_there_ends_with_the_time(server):
    server.kill()
    with Client(server.address, timeout=1) as client, pytest.raises(PromisedError) as told:
        client.promises.get(promise_id="P1")
    assert told.value.code in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED)


def test_a_stream_of_many_goes_on_over_a_restart(server, client):
    asked = ({"request_id": f"M-{n}", "lines": [line(f"M-{n}")]} for n in range(12))
    seen = []
    for answer in client.promise_many(asked, window=4):
        seen.append(answer.request_id)
        if len(seen) == 5:
            server.restart()
    assert seen == [f"M-{n}" for n in range(12)]
    ids = [p.order for p in client.pages(customer="NORDWIND", page_size=7)]
    assert sorted(ids) == sorted(seen), "each once"


def test_many_with_a_faulty_one_in_between(client):
    asked = [{"lines": [line("F-1")]}, {"lines": [{**line("F-2"), "item": "NONE"}]}, {"lines": [line("F-3")]}]
    answers = list(client.promise_many(asked, window=2))
    assert [isinstance(a, PromisedError) for a in answers] == [False, True, False]
    assert answers[1].violations[0].field == "lines[0].item"


def test_asyncio(server):
    async def ask():
        async with AsyncClient(server.address) as client:
            asked = [{"request_id": f"A-{n}", "lines": [line(f"A-{n}")]} for n in range(9)]
            many = [a.request_id async for a in client.promise_many(asked, window=3)]
            listed = [p.order async for p in client.pages(customer="NORDWIND", page_size=2)]
            one, two = await asyncio.gather(client.promises.get(order="A-1"), client.availability.get_availability(item="PUMP"))
            with pytest.raises(PromisedError):
                await client.promises.get(promise_id="P999")
            return many, listed, one.promises[0].order, two.item

    many, listed, one, two = asyncio.run(ask())
    assert many == listed == [f"A-{n}" for n in range(9)] and (one, two) == ("A-1", "PUMP")
