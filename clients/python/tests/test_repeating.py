"""What is sent again, and what is not."""

import grpc
import pytest

from promised import Client, PromisedError, calls
from promised.v1 import scenario_pb2

AWAY = PromisedError(grpc.StatusCode.UNAVAILABLE, "connection refused")


def rpcs():
    with Client() as client:
        return {f"{service.name}.{method.name}": calls.Rpc(method) for service in client.descriptors() for method in service.methods}


def repeatable(name):
    rpc = rpcs()[name]
    return rpc.repeatable(rpc.ready(None, {}))


def test_commands_with_an_id_and_questions_are_repeated():
    for name in ("PromiseService.Promise", "PromiseService.List", "AvailabilityService.QuickCheck", "ScenarioService.Apply"):
        assert repeatable(name), name


@pytest.mark.parametrize("name", ["ScenarioService.Create", "ScenarioService.Change", "SnapshotService.Activate", "BacklogService.Run"])
def test_what_does_more_when_done_twice_is_not(name):
    assert not repeatable(name)
    assert calls.pause(AWAY, False, 0, 30) is None


def test_a_run_that_is_applied_has_an_id_and_is_repeated():
    run = rpcs()["BacklogService.Run"]
    assert run.repeatable(scenario_pb2.RunBacklogRequest(apply=True, request_id="R"))
    assert not run.repeatable(scenario_pb2.RunBacklogRequest(request_id="R"))


def test_where_the_server_says_that_nothing_was_done_all_is_repeated():
    busy = PromisedError(grpc.StatusCode.RESOURCE_EXHAUSTED, "busy", retry_after=0.2)
    assert 0.2 <= calls.pause(busy, False, 0, 30) <= 0.25
    loading = PromisedError(grpc.StatusCode.UNAVAILABLE, "loading", reason="LOADING")
    assert calls.pause(loading, False, 0, 30) is not None
    unknown = PromisedError(grpc.StatusCode.UNAVAILABLE, "?", reason="OUTCOME_UNKNOWN")
    assert calls.pause(unknown, False, 0, 30) is None and calls.pause(unknown, True, 0, 30) is not None


def test_the_callers_time_bounds_it_and_refusals_stand():
    assert calls.pause(AWAY, True, 6, 1.0) is None
    assert calls.pause(PromisedError(grpc.StatusCode.INVALID_ARGUMENT, ""), True, 0, 30) is None
    assert calls.pause(PromisedError(grpc.StatusCode.RESOURCE_EXHAUSTED, "disk full"), True, 0, 30) is None


def test_headers_carry_the_token_and_the_position_seen():
    tokens = iter(["one", "two"])
    access = calls.Access(lambda: next(tokens))
    assert access.headers() == [("authorization", "Bearer one")]
    access._seen = "p0:17"
    assert access.headers({"promised-fresh": "true"}) == [("authorization", "Bearer two"), ("promised-at-least", "p0:17"), ("promised-fresh", "true")]
