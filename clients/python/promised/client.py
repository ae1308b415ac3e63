"""The client that waits."""

from __future__ import annotations

import time
from collections import deque
from typing import Any, Iterable, Iterator, Mapping

import grpc

from . import calls
from .errors import PromisedError, of_call, of_stream
from .feed import Feed
from .services import Services
from .v1 import event_pb2, promise_pb2


class Client(Services):
    """A connection to a server; safe to share among threads.

    `address` is "host:port", or a URL; `timeout` the seconds a call may take with all its repetitions; `token`, or
    what a function gives, goes with each call; `ca` (PEM bytes) is trusted in place of the system's roots,
    `certificate` and `key` are our own. Every service is an attribute, every RPC a method that takes the fields of its
    request: `client.promises.promise(lines=[{"order": "A", ...}])`, or the request message itself.
    """

    def __init__(self, address: str = "127.0.0.1:50051", *, timeout: float = calls.TIMEOUT, token: calls.Token = None,
                 tls: bool = False, ca: bytes | None = None, certificate: bytes | None = None, key: bytes | None = None) -> None:
        self.timeout, self._access = timeout, calls.Access(token)
        self.channel = calls.channel(grpc, address, tls, ca, certificate, key)
        self._calls: dict[str, Any] = {}
        super().__init__(self._call)

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def close(self) -> None:
        """Ends the connection."""
        self.channel.close()

    def pages(self, **filters: Any) -> Iterator[promise_pb2.Reservation]:
        """All promises that the filters of `promises.list` leave, page after page."""
        token = ""
        while True:
            page = self.promises.list(page_token=token, **filters)
            yield from page.promises
            token = page.next_page_token
            if not token:
                return

    def watch(self, **filters: Any) -> Iterator[event_pb2.Event]:
        """The events of `events.watch`, on and on: a stream that breaks is opened anew where it stood.

        It gives up after `timeout` seconds without a server. From now on, unless `from_sequence` says from where.
        """
        feed, last, attempt = Feed(filters), time.monotonic(), 0
        while True:
            stream = self.events.watch(**feed.filters)
            try:
                for event in stream:
                    last, attempt = time.monotonic(), 0
                    if feed.is_new(event):
                        yield event
                if "until_sequence" in feed.filters:
                    return
                error = PromisedError(grpc.StatusCode.UNAVAILABLE, "the feed ended")
            except PromisedError as fault:
                error = fault
            finally:
                stream.close()
            wait = calls.pause(error, True, attempt, last + self.timeout - time.monotonic())
            if wait is None:
                raise error
            attempt += 1
            time.sleep(wait)

    def promise_many(self, requests: Iterable[Any], *, window: int = 64, timeout: float | None = None) -> Iterator[Any]:
        """Promises many requests over one stream; yields a PromiseResponse or a PromisedError each, in their order.

        At most `window` are under way: the next is taken from `requests` when the caller has taken an answer. A
        stream that breaks is opened anew and what was not answered is sent again under the same ids; `timeout` is
        how long no answer may come.
        """
        rpc = self.promises.rpc("PromiseStream")
        source, waiting = iter(requests), deque[Any]()
        timeout = self.timeout if timeout is None else timeout
        last, attempt = time.monotonic(), 0
        while True:
            try:
                for answer in self._stream_once(rpc, source, waiting, window):
                    yield answer
                    last, attempt = time.monotonic(), 0
                return
            except PromisedError as fault:
                wait = calls.pause(fault, True, attempt, last + timeout - time.monotonic())
                if wait is None:
                    raise
                attempt += 1
                time.sleep(wait)

    def _stream_once(self, rpc: calls.Rpc, source: Iterator[Any], waiting: deque, window: int) -> Iterator[Any]:
        from queue import SimpleQueue

        sent: SimpleQueue = SimpleQueue()
        for request in waiting:
            sent.put(request)
        answers = self._call(rpc, iter(sent.get, None), None, None, {})
        try:
            while True:
                while len(waiting) < window and (following := next(source, None)) is not None:
                    is_fields = isinstance(following, Mapping)
                    waiting.append(rpc.ready(None, following) if is_fields else rpc.ready(following, {}))
                    sent.put(waiting[-1])
                if not waiting:
                    return
                answer = next(answers, None)
                if answer is None:
                    raise PromisedError(grpc.StatusCode.UNAVAILABLE, "the stream ended before all requests were answered")
                request = waiting.popleft()
                if answer.HasField("promised"):
                    self._access.saw(answer.promised)
                    yield answer.promised
                    continue
                error = of_stream(answer.error)
                # Refused for want of room: asked again by itself, at its place.
                yield self._alone(request) if error.passing else error
        finally:
            sent.put(None)
            answers.close()

    def _alone(self, request: Any) -> Any:
        try:
            return self.promises.promise(request)
        except PromisedError as error:
            return error

    def _open(self, rpc: calls.Rpc) -> Any:
        call = self._calls.get(rpc.path)
        if call is None:
            call = getattr(self.channel, rpc.shape)(rpc.path, rpc.request.SerializeToString, rpc.response.FromString)
            self._calls[rpc.path] = call
        return call

    def _call(self, rpc: calls.Rpc, request: Any, timeout: float | None, headers: Mapping[str, str] | None, fields: Mapping[str, Any]) -> Any:
        call = self._open(rpc)
        if rpc.streams_in and not rpc.streams_out:
            return self._once(call, request, timeout, headers)
        if not rpc.streams_in:
            request = rpc.ready(request, fields)
        if rpc.streams_out:
            return _answers(call(request, timeout=timeout, metadata=self._access.headers(headers)))
        return self._repeat(rpc, call, request, self.timeout if timeout is None else timeout, headers)

    def _once(self, call: Any, request: Any, timeout: float | None, headers: Mapping[str, str] | None) -> Any:
        try:
            return call(request, timeout=timeout, metadata=self._access.headers(headers))
        except grpc.RpcError as fault:
            raise of_call(fault) from None

    def _repeat(self, rpc: calls.Rpc, call: Any, request: Any, timeout: float, headers: Mapping[str, str] | None) -> Any:
        end, attempt = time.monotonic() + timeout, 0
        while True:
            try:
                answer = self._once(call, request, max(0.001, end - time.monotonic()), headers)
                self._access.saw(answer)
                return answer
            except PromisedError as error:
                wait = calls.pause(error, rpc.repeatable(request), attempt, end - time.monotonic())
                if wait is None:
                    raise
            attempt += 1
            time.sleep(wait)


def _answers(stream: Any) -> Iterator[Any]:
    """The answers of a stream, its error as ours; closed, the server is told."""
    try:
        yield from stream
    except grpc.RpcError as fault:
        raise of_call(fault) from None
    finally:
        stream.cancel()
