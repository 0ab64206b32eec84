"""Whose turn it is: one request at a time to a host, with a pause between two."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PAUSE_S: Final = 1.0
"""Seconds between two requests to a host that states none."""

LONGEST_PAUSE_S: Final = 30.0
"""The longest pause a host may ask for (`Crawl-delay`): some ask for an hour."""


@dataclass(slots=True)
class _Host:
    lock: threading.Lock = field(default_factory=threading.Lock)
    free_at: float = 0.0
    pause: float = 0.0


class Turns:
    """Politeness to hosts, for all threads that share it."""

    def __init__(
        self,
        pause: float = PAUSE_S,
        *,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[float], object] = time.sleep,
    ) -> None:
        """Leave `pause` seconds between the end of a request and the next one to its host."""
        self._pause = pause
        self._clock = clock
        self._wait = wait
        self._hosts: dict[str, _Host] = {}
        self._lock = threading.Lock()

    @contextmanager
    def turn(self, host: str) -> Iterator[float]:
        """Wait for this host's turn and hold it; gives the seconds waited."""
        known = self._host(host)
        asked = self._clock()
        with known.lock:
            early = known.free_at - self._clock()
            if early > 0:
                self._wait(early)
            try:
                yield self._clock() - asked
            finally:
                known.free_at = self._clock() + max(self._pause, known.pause)

    def slow_down(self, host: str, seconds: float) -> None:
        """Leave at least this many seconds between requests to a host, within `LONGEST_PAUSE_S`."""
        self._host(host).pause = min(seconds, LONGEST_PAUSE_S)

    def _host(self, host: str) -> _Host:
        with self._lock:
            return self._hosts.setdefault(host.lower(), _Host())
