"""Client of Promised: order promising over gRPC.

`Client` and `AsyncClient` have one method an RPC (`client.promises.check_availability(lines=[...])`), give commands
their request ids, and repeat what an unavailable or busy server did not answer until the caller's time is up.
`promised.tables` has tables in and out, `promised.testing` a server for tests.
"""

from . import tables
from .aio import AsyncClient
from .client import Client
from .errors import PromisedError, Violation
from .values import amount, day, message, moment, plain

__all__ = ["AsyncClient", "Client", "PromisedError", "Violation", "amount", "day", "message", "moment", "plain", "tables"]
