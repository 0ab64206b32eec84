"""When Telegram was last heard of: whether the bot can be reached, and is."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Pulse:
    """Two moments, each as its age in seconds; None before the first. One a process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._answer: float | None = None
        self._update: float | None = None

    def answered(self) -> None:
        """Telegram has just answered a request of ours."""
        self._answer = self._clock()

    def came(self) -> None:
        """An update has just come and is stored."""
        self._update = self._clock()

    @property
    def answer_age(self) -> float | None:
        """Since Telegram last answered."""
        return self._age(self._answer)

    @property
    def update_age(self) -> float | None:
        """Since an update last came."""
        return self._age(self._update)

    def _age(self, moment: float | None) -> float | None:
        return None if moment is None else self._clock() - moment
