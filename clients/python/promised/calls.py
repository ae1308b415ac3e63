"""What both clients share: how an RPC is found, which calls may be repeated, how long to wait."""

from __future__ import annotations

import random
import re
import uuid
from typing import Any, Callable, Mapping, Optional, Union

import grpc
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message_factory import GetMessageClass

from .errors import PromisedError
from .values import message

#: Seconds that a call may take, its repetitions included, where the caller says nothing else.
TIMEOUT = 30.0
#: Bytes that an answer may have: a page of 10,000 promises does not fit into gRPC's 4 MB.
LARGEST_ANSWER = 256 << 20
#: A bearer token, or what gives one when a call is made (one that expires).
Token = Union[str, Callable[[], str], None]

# Calls that begin so are questions: asked twice they do nothing more. All else is a command.
_QUESTIONS = re.compile("Check|Compare|Explain|Find|Get|List|Preview|Query|Quick|SelfCheck|WhoAmI|ClusterStatus")


class Rpc:
    """An RPC: its path, messages and shape."""

    def __init__(self, method: MethodDescriptor) -> None:
        service = method.containing_service
        self.path = f"/{service.full_name}/{method.name}"
        self.request, self.response = GetMessageClass(method.input_type), GetMessageClass(method.output_type)
        self.streams_in, self.streams_out = method.client_streaming, method.server_streaming
        self._fields = method.input_type.fields_by_name
        self._question = _QUESTIONS.match(method.name) is not None

    @property
    def shape(self) -> str:
        """What gRPC calls it, such as "unary_stream"."""
        return f"{'stream' if self.streams_in else 'unary'}_{'stream' if self.streams_out else 'unary'}"

    def ready(self, request: Any, fields: Mapping[str, Any]) -> Any:
        """The request with an id, where it takes one and has none: what is repeated must be known again."""
        request = message(self.request, **fields) if request is None else request
        if "request_id" in self._fields and not request.request_id:
            request.request_id = str(uuid.uuid4())
        return request

    def repeatable(self, request: Any) -> bool:
        """Whether the request does the same, sent once or twice, when nobody knows whether it arrived.

        A backlog run makes a scenario of its own each time; its id is that of the application.
        """
        if "request_id" in self._fields:
            return "apply" not in self._fields or request.apply
        return self._question


class Access:
    """What goes with each call: the token, and how far the server asked must have come."""

    def __init__(self, token: Token) -> None:
        self._token, self._seen = token, ""

    def headers(self, more: Optional[Mapping[str, str]] = None) -> list[tuple[str, str]]:
        """The call's metadata."""
        token = self._token() if callable(self._token) else self._token
        found = {"authorization": f"Bearer {token}"} if token else {}
        if self._seen:
            found["promised-at-least"] = self._seen
        return list({**found, **(more or {})}.items())

    def saw(self, answer: Any) -> None:
        """Notes the position of an answer of a cluster, so that later questions see no older one at another node."""
        known = answer.DESCRIPTOR.fields_by_name.get("version")
        if known is not None and known.message_type is not None and "token" in known.message_type.fields_by_name:
            self._seen = answer.version.token or self._seen


def pause(error: PromisedError, repeatable: bool, attempt: int, left: float) -> float | None:
    """Seconds to wait before the call is repeated; None where it is not to be."""
    if not error.passing or not (repeatable or error.nothing_done):
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


def channel(kind: Any, address: str, tls: bool, ca: bytes | None, certificate: bytes | None, key: bytes | None) -> Any:
    """A channel of `grpc` or `grpc.aio`."""
    host, secure = target(address)
    if secure or tls or ca:
        return kind.secure_channel(host, grpc.ssl_channel_credentials(ca, key, certificate), options())
    return kind.insecure_channel(host, options())
