"""The client for asyncio: the same methods, awaited."""

from __future__ import annotations

import asyncio
import time
from types import SimpleNamespace
from typing import Any, AsyncIterator

import grpc

from . import calls
from .errors import of_call
from .values import message


class AsyncClient:
    """As `Client`, for asyncio: `await client.promises.promise(lines=[...])`."""

    def __init__(self, address: str = "127.0.0.1:50051", *, timeout: float = calls.TIMEOUT, token: str | None = None,
                 tls: bool = False, ca: bytes | None = None, certificate: bytes | None = None, key: bytes | None = None) -> None:
        host, secure = calls.target(address)
        self.timeout, self._headers = timeout, calls.headers(token)
        if secure or tls or ca:
            identity = grpc.ssl_channel_credentials(ca, key, certificate)
            self.channel = grpc.aio.secure_channel(host, identity, calls.options())
        else:
            self.channel = grpc.aio.insecure_channel(host, calls.options())
        for name, rpcs in calls.services():
            setattr(self, name, SimpleNamespace(**{rpc.name: self._method(rpc) for rpc in rpcs}))

    async def __aenter__(self) -> "AsyncClient":
        return self

    async def __aexit__(self, *_: Any) -> None:
        await self.close()

    async def close(self) -> None:
        """Ends the connection."""
        await self.channel.close()

    async def pages(self, **filters: Any) -> AsyncIterator[Any]:
        """All promises that the filters of `promises.list` leave, page after page."""
        token = ""
        while True:
            page = await self.promises.list(page_token=token, **filters)
            for promise in page.promises:
                yield promise
            token = page.next_page_token
            if not token:
                return

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

    async def _repeat(self, rpc: calls.Rpc, call: Any, request: Any, timeout: float) -> Any:
        end, attempt = time.monotonic() + timeout, 0
        while True:
            try:
                return await call(request, timeout=max(0.001, end - time.monotonic()), metadata=self._headers)
            except grpc.RpcError as fault:
                error = of_call(fault)
            wait = calls.pause(error, rpc, attempt, end - time.monotonic())
            if wait is None:
                raise error
            attempt += 1
            await asyncio.sleep(wait)
