"""Promised over HTTP and JSON: nothing of Odoo, nothing but the standard library.

Names and numbers go over the wire as canonical protobuf JSON; errors as the Connect protocol has them.
"""

import json
import time
import urllib.error
import urllib.request
import uuid

# What may be asked again under the same request id: the server is away, or busy.
PASSING = {"unavailable", "resource_exhausted"}


class Refused(Exception):
    """What the server refused, or that it could not be reached in time."""

    def __init__(self, code, message, reason="", violations=()):
        super().__init__(message)
        self.code, self.reason, self.violations = code, reason, list(violations)


class Promised:
    """A server at an address such as "https://promised.example:50051"."""

    def __init__(self, address, token="", timeout=10.0):
        self.address, self.token, self.timeout = address.rstrip("/"), token, timeout

    def check(self, lines):
        """How each line would fare; nothing is kept."""
        return self.call("PromiseService/CheckAvailability", {"lines": lines}).get("results", [])

    def hold(self, lines, seconds):
        """Holds what can be promised for so many seconds; a line that is held already is planned anew."""
        request = {"requestId": str(uuid.uuid4()), "lines": lines, "commitment": "HOLD", "holdFor": f"{int(seconds)}s"}
        return self.call("PromiseService/Promise", request).get("promises", [])

    def confirm(self, order):
        """Confirms all that is held of an order; none is no error."""
        return self._of_order("Confirm", order)

    def cancel(self, order):
        """Gives back all that is held or confirmed of an order; none is no error."""
        return self._of_order("Cancel", order)

    def _of_order(self, rpc, order):
        try:
            return self.call(f"PromiseService/{rpc}", {"requestId": str(uuid.uuid4()), "order": order}).get("promises", [])
        except Refused as fault:
            if fault.code == "not_found" or [field for field, _what in fault.violations] == ["order"]:
                return []
            raise

    def call(self, rpc, request):
        """Asks until the time is up; a command has its request id, so an answer that was lost does nothing twice."""
        end, wait = time.monotonic() + self.timeout, 0.1
        while True:
            try:
                return self._once(rpc, request, max(0.1, end - time.monotonic()))
            except Refused as fault:
                if fault.code not in PASSING or end < time.monotonic() + wait:
                    raise
            time.sleep(wait)
            wait = min(2 * wait, 1.0)

    def _once(self, rpc, request, seconds):
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        asked = urllib.request.Request(f"{self.address}/promised.v1.{rpc}", json.dumps(request).encode(), headers)
        try:
            with urllib.request.urlopen(asked, timeout=seconds) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError as fault:
            raise _refused(fault) from None
        except (OSError, ValueError) as fault:
            raise Refused("unavailable", f"Promised at {self.address} cannot be reached: {fault}") from None


def _refused(fault):
    try:
        told = json.loads(fault.read())
    except ValueError:
        told = {}
    details = {detail.get("type"): detail.get("debug", {}) for detail in told.get("details", [])}
    bad, info = details.get("google.rpc.BadRequest", {}), details.get("google.rpc.ErrorInfo", {})
    violations = [(one.get("field", ""), one.get("description", "")) for one in bad.get("fieldViolations", [])]
    return Refused(told.get("code", "unknown"), told.get("message") or str(fault), info.get("reason", ""), violations)


def dates(result):
    """What a result of a line tells: status, ship date, arrival date (of its last leg), how much, and why."""
    option = result.get("defaultOption") or {}
    legs = option.get("legs", [])
    return {
        "status": result.get("status", "STATUS_UNSPECIFIED").lower(),
        "ship_date": max((leg["shipDate"] for leg in legs), default=""),
        "arrival_date": max((leg.get("arrivalDate", leg["shipDate"]) for leg in legs), default=""),
        "quantity": sum(leg.get("covers") or leg.get("quantity", 0) for leg in legs),
        "why": "; ".join(reason["text"] for reason in result.get("reasons", []) if reason.get("text")) or option.get("summary", ""),
    }
