"""A lock that many readers share, and that one writer holds alone."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Condition
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class SharedLock:
    """Who reads waits for a writer that waits, so that writers get their turn.

    Neither kind may be asked for by a thread that holds one.
    """

    def __init__(self) -> None:
        self._changed = Condition()
        self._readers = 0
        self._writer = False

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Hold it beside other readers."""
        with self._changed:
            self._changed.wait_for(lambda: not self._writer)
            self._readers += 1
        try:
            yield
        finally:
            with self._changed:
                self._readers -= 1
                self._changed.notify_all()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold it alone."""
        with self._changed:
            self._changed.wait_for(lambda: not self._writer)
            self._writer = True
        try:
            with self._changed:
                self._changed.wait_for(lambda: not self._readers)
            yield
        finally:
            with self._changed:
                self._writer = False
                self._changed.notify_all()
