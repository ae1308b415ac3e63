"""The client for asyncio: the same methods, awaited."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from typing import Any, AsyncIterator, Iterable, Mapping

import grpc

from . import calls
from .errors import PromisedError, of_call, of_stream
from .feed import Feed
from .services import AsyncServices
from .v1 import event_pb2, promise_pb2


class AsyncClient(AsyncServices):
    """As `Client`, for asyncio: `await client.promises.promise(lines=[...])`, `async for event in client.watch()`."""

    def __init__(self, address: str = "127.0.0.1:50051", *, timeout: float = calls.TIMEOUT, token: calls.Token = None,
                 tls: bool = False, ca: bytes | None = None, certificate: bytes | None = None, key: bytes | None = None) -> None:
        self.timeout, self._access = timeout, calls.Access(token)
        self.channel = calls.channel(grpc.aio, address, tls, ca, certificate, key)
        self._calls: dict[str, Any] = {}
        super().__init__(self._call)

    async def __aenter__(self) -> "AsyncClient":
        return self

    async def __aexit__(self, *_: Any) -> None:
        await self.close()

    async def close(self) -> None:
        """Ends the connection."""
        await self.channel.close()

    async def pages(self, **filters: Any) -> AsyncIterator[promise_pb2.Reservation]:
        """All promises that the filters of `promises.list` leave, page after page."""
        token = ""
        while True:
            page = await self.promises.list(page_token=token, **filters)
            for promise in page.promises:
                yield promise
            token = page.next_page_token
            if not token:
                return

    async def watch(self, **filters: Any) -> AsyncIterator[event_pb2.Event]:
        """As `Client.watch`."""
        feed, last, attempt = Feed(filters), time.monotonic(), 0
        while True:
            stream = self.events.watch(**feed.filters)
            try:
                async for event in stream:
                    last, attempt = time.monotonic(), 0
                    if feed.is_new(event):
                        yield event
                if "until_sequence" in feed.filters:
                    return
                error = PromisedError(grpc.StatusCode.UNAVAILABLE, "the feed ended")
            except PromisedError as fault:
                error = fault
            finally:
                await stream.aclose()
            wait = calls.pause(error, True, attempt, last + self.timeout - time.monotonic())
            if wait is None:
                raise error
            attempt += 1
            await asyncio.sleep(wait)

    async def promise_many(self, requests: Iterable[Any], *, window: int = 64, timeout: float | None = None) -> AsyncIterator[Any]:
        """As `Client.promise_many`."""
        rpc = self.promises.rpc("PromiseStream")
        source, waiting = iter(requests), deque[Any]()
        timeout = self.timeout if timeout is None else timeout
        last, attempt = time.monotonic(), 0
        while True:
            try:
                async for answer in self._stream_once(rpc, source, waiting, window):
                    yield answer
                    last, attempt = time.monotonic(), 0
                return
            except (grpc.RpcError, asyncio.InvalidStateError) as fault:
                # Written to after it had ended: why, its last read would have told.
                error = of_call(fault) if isinstance(fault, grpc.RpcError) else _ended()
            wait = calls.pause(error, True, attempt, last + timeout - time.monotonic())
            if wait is None:
                raise error
            attempt += 1
            await asyncio.sleep(wait)

    async def _stream_once(self, rpc: calls.Rpc, source: Any, waiting: deque, window: int) -> AsyncIterator[Any]:
        stream = self._open(rpc)(metadata=self._access.headers())
        try:
            for request in waiting:
                await stream.write(request)
            while True:
                while len(waiting) < window and (following := next(source, None)) is not None:
                    is_fields = isinstance(following, Mapping)
                    waiting.append(rpc.ready(None, following) if is_fields else rpc.ready(following, {}))
                    await stream.write(waiting[-1])
                if not waiting:
                    return
                answer = await stream.read()
                if answer is grpc.aio.EOF:  # type: ignore[attr-defined]
                    raise asyncio.InvalidStateError()
                request = waiting.popleft()
                if answer.HasField("promised"):
                    self._access.saw(answer.promised)
                    yield answer.promised
                    continue
                error = of_stream(answer.error)
                # Refused for want of room: asked again by itself, at its place.
                yield await self._alone(request) if error.passing else error
        finally:
            stream.cancel()

    async def _alone(self, request: Any) -> Any:
        try:
            return await self.promises.promise(request)
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

    async def _once(self, call: Any, request: Any, timeout: float | None, headers: Mapping[str, str] | None) -> Any:
        try:
            return await call(request, timeout=timeout, metadata=self._access.headers(headers))
        except grpc.RpcError as fault:
            raise of_call(fault) from None

    async def _repeat(self, rpc: calls.Rpc, call: Any, request: Any, timeout: float, headers: Mapping[str, str] | None) -> Any:
        end, attempt = time.monotonic() + timeout, 0
        while True:
            try:
                answer = await self._once(call, request, max(0.001, end - time.monotonic()), headers)
                self._access.saw(answer)
                return answer
            except PromisedError as error:
                wait = calls.pause(error, rpc.repeatable(request), attempt, end - time.monotonic())
                if wait is None:
                    raise
            attempt += 1
            await asyncio.sleep(wait)


async def _answers(stream: Any) -> AsyncIterator[Any]:
    """The answers of a stream, its error as ours; closed, the server is told."""
    try:
        async for answer in stream:
            yield answer
    except grpc.RpcError as fault:
        raise of_call(fault) from None
    finally:
        stream.cancel()


def _ended() -> PromisedError:
    return PromisedError(grpc.StatusCode.UNAVAILABLE, "the stream ended before all requests were answered")
