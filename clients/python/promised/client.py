"""The client that waits."""

from __future__ import annotations

import time
from collections import deque
from types import SimpleNamespace
from typing import Any, Iterable, Iterator

import grpc

from . import calls
from .errors import PromisedError, of_call, of_stream
from .values import message


class Client:
    """A connection to a server; safe to share among threads.

    `address` is "host:port", or a URL; `timeout` the seconds a call may take with all its repetitions; `token` goes
    with each call; `ca` (PEM bytes) is trusted in place of the system's roots, `certificate` and `key` are our own.
    Every service is an attribute, every RPC a method that takes the fields of its request:
    `client.promises.promise(lines=[{"order": "A", ...}])`, or the request message itself.
    """

    def __init__(self, address: str = "127.0.0.1:50051", *, timeout: float = calls.TIMEOUT, token: str | None = None,
                 tls: bool = False, ca: bytes | None = None, certificate: bytes | None = None, key: bytes | None = None) -> None:
        host, secure = calls.target(address)
        self.timeout, self._headers = timeout, calls.headers(token)
        if secure or tls or ca:
            identity = grpc.ssl_channel_credentials(ca, key, certificate)
            self.channel = grpc.secure_channel(host, identity, calls.options())
        else:
            self.channel = grpc.insecure_channel(host, calls.options())
        for name, rpcs in calls.services():
            setattr(self, name, SimpleNamespace(**{rpc.name: self._method(rpc) for rpc in rpcs}))
            for rpc in rpcs:
                if rpc.path.endswith("/PromiseStream"):
                    self._stream = rpc

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def close(self) -> None:
        """Ends the connection."""
        self.channel.close()

    def pages(self, **filters: Any) -> Iterator[Any]:
        """All promises that the filters of `promises.list` leave, page after page."""
        token = ""
        while True:
            page = self.promises.list(page_token=token, **filters)
            yield from page.promises
            token = page.next_page_token
            if not token:
                return

    def promise_many(self, requests: Iterable[Any], *, window: int = 64, timeout: float | None = None) -> Iterator[Any]:
        """Promises many requests over one stream; yields a PromiseResponse or a PromisedError each, in their order.

        At most `window` are under way: the next is taken from `requests` when the caller has taken an answer. A
        stream that breaks is opened anew and what was not answered is sent again under the same ids; `timeout` is
        how long no answer may come.
        """
        source, waiting = iter(requests), deque()
        timeout = self.timeout if timeout is None else timeout
        last, attempt = time.monotonic(), 0
        while True:
            try:
                for answer in self._stream_once(source, waiting, window):
                    yield answer
                    last, attempt = time.monotonic(), 0
                return
            except grpc.RpcError as fault:
                error = of_call(fault)
                wait = calls.pause(error, self._stream, attempt, last + timeout - time.monotonic())
                if wait is None:
                    raise error from None
                attempt += 1
                time.sleep(wait)

    def _stream_once(self, source: Iterator[Any], waiting: deque, window: int) -> Iterator[Any]:
        from queue import SimpleQueue

        sent: SimpleQueue = SimpleQueue()
        for request in waiting:
            sent.put(request)
        open_stream = self.channel.stream_stream(self._stream.path, self._stream.request.SerializeToString, self._stream.response.FromString)
        answers = open_stream(iter(sent.get, None), metadata=self._headers)
        try:
            while True:
                while len(waiting) < window and (following := next(source, None)) is not None:
                    request = following if not isinstance(following, dict) else message(self._stream.request, **following)
                    waiting.append(self._stream.ready(request))
                    sent.put(request)
                if not waiting:
                    return
                answer = next(answers, None)
                if answer is None:
                    raise _Ended()
                request = waiting.popleft()
                if answer.HasField("promised"):
                    yield answer.promised
                    continue
                error = of_stream(answer.error)
                # Refused for want of room: asked again by itself, at its place.
                yield self._alone(request) if error.passing else error
        finally:
            sent.put(None)
            answers.cancel()

    def _alone(self, request: Any) -> Any:
        try:
            return self.promises.promise(request)
        except PromisedError as error:
            return error

    def _method(self, rpc: calls.Rpc) -> Any:
        shape = f"{'stream' if rpc.streams_in else 'unary'}_{'stream' if rpc.streams_out else 'unary'}"
        call = getattr(self.channel, shape)(rpc.path, rpc.request.SerializeToString, rpc.response.FromString)

        def method(request: Any = None, *, timeout: float | None = None, **fields: Any) -> Any:
            if rpc.streams_in:
                return call(request, timeout=timeout, metadata=self._headers)
            request = rpc.ready(message(rpc.request, **fields) if request is None else request)
            if rpc.streams_out:
                return call(request, timeout=timeout, metadata=self._headers)
            return self._repeat(rpc, call, request, self.timeout if timeout is None else timeout)

        method.__name__, method.__doc__ = rpc.name, f"{rpc.path}: {rpc.request.DESCRIPTOR.name} -> {rpc.response.DESCRIPTOR.name}"
        return method

    def _repeat(self, rpc: calls.Rpc, call: Any, request: Any, timeout: float) -> Any:
        end, attempt = time.monotonic() + timeout, 0
        while True:
            try:
                return call(request, timeout=max(0.001, end - time.monotonic()), metadata=self._headers)
            except grpc.RpcError as fault:
                error = of_call(fault)
            wait = calls.pause(error, rpc, attempt, end - time.monotonic())
            if wait is None:
                raise error
            attempt += 1
            time.sleep(wait)


class _Ended(grpc.RpcError):
    """A stream that ended before all was answered: the server went down in good order."""

    def code(self) -> grpc.StatusCode:
        return grpc.StatusCode.UNAVAILABLE

    def details(self) -> str:
        return "the stream ended before all requests were answered"

    def trailing_metadata(self) -> tuple:
        return ()
