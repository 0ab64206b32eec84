"""How long each step of an answer takes, without knowing who counts it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Literal, get_args

Step = Literal["refresh", "search", "rank", "read", "compose"]
"""What answering does, in this order: see what is new, look up, rank the sentences found, read the
likeliest and rank anew, make quotes of them. What other sources answer better is looked up, ranked
and read again."""

STEPS: tuple[Step, ...] = get_args(Step)

Watch = Callable[[Step, int, float], None]
"""Called with a step, how many questions took it together, and the seconds that it took them."""


def unwatched(_step: Step, _questions: int, _seconds: float) -> None:
    """Count nothing."""


class Laps:
    """Tells of steps that follow one another, for `questions` that are answered together."""

    def __init__(self, watch: Watch, questions: int) -> None:
        """The first step begins now."""
        self._watch = watch
        self._questions = questions
        self._begun = time.perf_counter()

    def over(self, step: Step) -> None:
        """`step` has ended, and the next begins."""
        now = time.perf_counter()
        self._watch(step, self._questions, now - self._begun)
        self._begun = now
