"""What /health says of the archive: a look at it that takes milliseconds and no model."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from index import doctor

if TYPE_CHECKING:
    from collections.abc import Callable

    from index.engine import Engine

STUCK = 900.0
"""Seconds after which indexes that are behind the archive and do not move count as stuck: `add`
and the feeds' reader move them every few minutes, on two slow cores too."""

GLANCED = ("disk", "clock", "feeds")
"""The names of what `index.doctor.glance` looks at, in its order."""


class ArchiveChecks:
    """Called in a thread, one call at a time; raises `StoreError` where the database is away."""

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.monotonic) -> None:
        self._engine = engine
        self._clock = clock
        self._held = -1
        self._moved = clock()

    def __call__(self) -> dict[str, bool]:
        """Whether each thing is well, by its name."""
        glanced = [finding.ok for finding in doctor.glance(self._engine)]
        return {"indexes": self._indexes(), **dict(zip(GLANCED, glanced, strict=True))}

    def _indexes(self) -> bool:
        """Whether both hold what the archive does, or are on their way there."""
        held, newest = doctor.changes_held(self._engine)
        if held != self._held or held >= newest:
            self._held, self._moved = held, self._clock()
        return self._clock() - self._moved < STUCK
