"""What both clients share: which RPCs there are, which may be repeated, how long to wait."""

from __future__ import annotations

import importlib
import pkgutil
import random
import re
import uuid
from typing import Any, Iterator

import grpc
from google.protobuf.message_factory import GetMessageClass

from . import v1
from .errors import PromisedError

#: Seconds that a call may take, its repetitions included, where the caller says nothing else.
TIMEOUT = 30.0
#: Bytes that an answer may have: a page of 10,000 promises does not fit into gRPC's 4 MB.
LARGEST_ANSWER = 256 << 20

_NAMES = {"Promise": "promises", "Snapshot": "snapshots", "Scenario": "scenarios", "Event": "events", "Exception": "exceptions"}
# Done twice these do more than done once, and they take no request id.
_ONCE = {"ScenarioService.Create", "ScenarioService.Change", "SnapshotService.Activate", "SnapshotService.Push"}


class Rpc:
    """An RPC: its path, messages and shape."""

    def __init__(self, method: Any) -> None:
        service = method.containing_service
        self.path = f"/{service.full_name}/{method.name}"
        self.name = re.sub(r"(?<!^)(?=[A-Z])", "_", method.name).lower()
        self.request, self.response = GetMessageClass(method.input_type), GetMessageClass(method.output_type)
        self.streams_in, self.streams_out = method.client_streaming, method.server_streaming
        self.has_id = "request_id" in method.input_type.fields_by_name
        self.once = f"{service.name}.{method.name}" in _ONCE

    def ready(self, request: Any) -> Any:
        """The request with an id, where it takes one and has none: what is repeated must be known again."""
        if self.has_id and not request.request_id:
            request.request_id = str(uuid.uuid4())
        return request


def services() -> Iterator[tuple[str, list[Rpc]]]:
    """All services of the package, by the client's attribute."""
    for found in pkgutil.iter_modules(v1.__path__):
        if found.name.endswith("_pb2"):
            file = importlib.import_module(f"{v1.__name__}.{found.name}").DESCRIPTOR
            for service in file.services_by_name.values():
                short = service.name.removesuffix("Service")
                yield _NAMES.get(short, short.lower()), [Rpc(m) for m in service.methods]


def pause(error: PromisedError, rpc: Rpc, attempt: int, left: float) -> float | None:
    """Seconds to wait before the call is repeated; None where it is not to be."""
    away = error.code is grpc.StatusCode.UNAVAILABLE
    if not error.passing or (away and rpc.once):
        return None
    wait = error.retry_after if error.retry_after is not None else min(2.0, 0.05 * 2 ** min(attempt, 6))
    wait *= random.uniform(1.0, 1.25)
    return wait if wait < left else None


def options() -> list[tuple[str, int]]:
    """Channel options: comes back soon after a restart, takes large pages."""
    return [
        ("grpc.initial_reconnect_backoff_ms", 50),
        ("grpc.min_reconnect_backoff_ms", 50),
        ("grpc.max_reconnect_backoff_ms", 1000),
        ("grpc.max_receive_message_length", LARGEST_ANSWER),
    ]


def target(address: str) -> tuple[str, bool]:
    """Host and port of "host:port", "http://..." or "https://...", and whether TLS is asked for."""
    found = re.fullmatch(r"(?:(https?)://)?([^/]+)/?", address)
    if not found:
        raise ValueError(f"{address}: expected host:port or http://host:port or https://host:port")
    return found[2], found[1] == "https"


def headers(token: str | None) -> tuple[tuple[str, str], ...]:
    """The call's metadata."""
    return (("authorization", f"Bearer {token}"),) if token else ()
