"""Where a feed of events stands, so that one that broke goes on without a gap or a repetition."""

from __future__ import annotations

from typing import Any, Mapping


class Feed:
    """The filters of a watch, with the position to go on from. Events come by (sequence, number)."""

    def __init__(self, filters: Mapping[str, Any]) -> None:
        self.filters, self._last = dict(filters), (-1, -1)

    def is_new(self, event: Any) -> bool:
        """Notes an event; false for one that came before the stream broke."""
        place = (event.sequence, getattr(event, "number", 0))
        if place <= self._last:
            return False
        self._last = place
        self.filters["from_sequence"] = event.sequence
        return True
