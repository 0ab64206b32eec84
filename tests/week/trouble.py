"""What goes wrong at Telegram during the simulated week, each a known number of times."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

    from bot.playground.server import PlaygroundServer

A_DAY = {"flood": 6, "refused": 3, "lost": 3, "poll": 2, "outage": 1}
"""How many of each: 429s, 502s before and after a message was taken, failed polls, and 502s that
come five in a row."""

OUTAGE = 5
_BAD = "Bad Gateway"


class Trouble:
    """Orders the faults from the server, and counts them."""

    def __init__(self, server: PlaygroundServer) -> None:
        self._server = server
        self._ordered: Counter[str] = Counter()

    def order(self, kind: str) -> None:
        """Let the next requests meet a fault of this kind."""
        fail = self._server.fail_next
        match kind:
            case "flood":
                fail("sendMessage", 429, "Too Many Requests: retry after 2", retry_after=2)
            case "refused":
                fail("sendMessage", 502, _BAD)
            case "lost":
                fail("sendMessage", 502, _BAD, after=True)
            case "poll":
                fail("getUpdates", 502, _BAD)
            case "outage":
                fail("sendMessage", 502, _BAD, times=OUTAGE)
        self._ordered[kind] += OUTAGE if kind == "outage" else 1

    @property
    def ordered(self) -> Counter[str]:
        """How many requests may have met a fault, by kind."""
        return +self._ordered


def times(days: float, dice: random.Random) -> list[tuple[float, str]]:
    """When (in days) which fault is ordered, in order; none in the last hours."""
    found = []
    for kind, a_day in A_DAY.items():
        count = max(round(a_day * days), 1)
        found += [(dice.uniform(0.05, 0.9) * days, kind) for _ in range(count)]
    return sorted(found)
