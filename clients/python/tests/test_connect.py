"""Without our client and without gRPC: the `connectrpc` package of PyPI asks by the Connect protocol, in JSON and in protobuf."""

import sys

import pytest

if sys.version_info < (3, 11):
    pytest.skip("connectrpc asks for Python 3.11", allow_module_level=True)

from connectrpc.client import ConnectClientSync
from connectrpc.code import Code
from connectrpc.compat import google_protobuf_binary_codec, google_protobuf_json_codec
from connectrpc.errors import ConnectError
from connectrpc.method import IdempotencyLevel, MethodInfo, StreamType

from promised.v1 import analytics_pb2, availability_pb2, promise_pb2


def method(service, name, request, response, kind=StreamType.UNARY):
    return MethodInfo(name=name, service_name=f"promised.v1.{service}", input=request, output=response, idempotency_level=IdempotencyLevel.UNKNOWN, stream_type=kind)


QUICK = method("AvailabilityService", "QuickCheck", availability_pb2.QuickCheckRequest, availability_pb2.QuickCheckResponse)
PROMISE = method("PromiseService", "Promise", promise_pb2.PromiseRequest, promise_pb2.PromiseResponse)
EXPORT = method("AnalyticsService", "Export", analytics_pb2.ExportRequest, analytics_pb2.ExportResponse, StreamType.SERVER_STREAM)


@pytest.fixture(params=[google_protobuf_json_codec, google_protobuf_binary_codec], ids=["json", "proto"])
def connect(request, server):
    with ConnectClientSync(f"http://{server.address}", codec=request.param()) as client:
        yield client


def line(order, item="VALVE"):
    return {"order": order, "item": item, "quantity": 2, "requested_date": "2026-11-25"}


def test_a_question_a_command_and_its_repetition(connect):
    query = {"item": "VALVE", "location": "HAM", "quantity": 4, "date": "2026-11-25"}
    answer = connect.execute_unary(request=availability_pb2.QuickCheckRequest(queries=[query]), method=QUICK)
    assert (answer.answers[0].available, answer.answers[0].earliest_date) == (2, "2026-12-01")
    request = promise_pb2.PromiseRequest(request_id="r", lines=[line("A")])
    first = connect.execute_unary(request=request, method=PROMISE)
    assert first.promises[0].promise_id == "P1"
    assert connect.execute_unary(request=request, method=PROMISE).promises[0].promise_id == "P1"


def test_a_refusal_has_its_code_and_its_details(connect):
    with pytest.raises(ConnectError) as told:
        connect.execute_unary(request=promise_pb2.PromiseRequest(lines=[line("A", "NONE")]), method=PROMISE)
    assert told.value.code == Code.INVALID_ARGUMENT
    assert "lines[0].item" in told.value.message
    assert [one.type_name for one in told.value.details] == ["google.rpc.ErrorInfo", "google.rpc.BadRequest"]


def test_a_stream_of_answers(connect):
    connect.execute_unary(request=promise_pb2.PromiseRequest(lines=[line("A")]), method=PROMISE)
    parts = connect.execute_server_stream(request=analytics_pb2.ExportRequest(), method=EXPORT)
    file = b"".join(part.data for part in parts).decode()
    assert file.splitlines()[1].startswith("A,1,on_time,")
