"""Errors with what programs need: the code, the reason, the fields at fault, and when to come back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import grpc
from google.rpc import error_details_pb2, status_pb2


@dataclass(frozen=True)
class Violation:
    """A field that holds something wrong."""

    field: str
    description: str


@dataclass
class PromisedError(Exception):
    """What the server refused, or that it could not be reached in time."""

    code: grpc.StatusCode
    message: str
    reason: str = ""
    metadata: dict[str, str] = field(default_factory=dict)
    violations: list[Violation] = field(default_factory=list)
    #: Seconds after which it pays to come back; None where the server said nothing of it.
    retry_after: float | None = None

    def __str__(self) -> str:
        return f"{self.code.name}{f' ({self.reason})' if self.reason else ''}: {self.message}"

    @property
    def passing(self) -> bool:
        """Whether the same may be asked again: the server is away, or busy and says until when."""
        busy = self.code is grpc.StatusCode.RESOURCE_EXHAUSTED and self.retry_after is not None
        return busy or self.code is grpc.StatusCode.UNAVAILABLE

    @property
    def nothing_done(self) -> bool:
        """Whether the server itself says that nothing of it was done; without this a lost answer may hide that it was."""
        return self.retry_after is not None or (bool(self.reason) and self.reason != "OUTCOME_UNKNOWN")


def of_call(error: Any) -> PromisedError:
    """The error of a call, with the details that came with it."""
    answer = PromisedError(error.code(), error.details() or "")
    for key, value in error.trailing_metadata() or ():
        if key == "grpc-status-details-bin":
            _read(answer, status_pb2.Status.FromString(value))
    return answer


def of_stream(error) -> PromisedError:
    """The error of one request of a stream."""
    code = next((c for c in grpc.StatusCode if c.value[0] == error.code), grpc.StatusCode.UNKNOWN)
    violations = [Violation(v.field, v.description) for v in error.violations]
    after = error.retry_after.ToTimedelta().total_seconds() if error.HasField("retry_after") else None
    return PromisedError(code, error.message, error.reason, dict(error.metadata), violations, after)


def _read(answer: PromisedError, status: status_pb2.Status) -> None:
    for detail in status.details:
        info, bad, retry = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest(), error_details_pb2.RetryInfo()
        if detail.Unpack(info):
            answer.reason, answer.metadata = info.reason, dict(info.metadata)
        elif detail.Unpack(bad):
            answer.violations += [Violation(v.field, v.description) for v in bad.field_violations]
        elif detail.Unpack(retry):
            answer.retry_after = retry.retry_delay.ToTimedelta().total_seconds()
