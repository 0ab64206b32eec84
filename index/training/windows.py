"""What the reader is shown in training: windows of texts, right ones and look-alikes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.arabic import sentences

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

    from index.training.examples import Example

Span = tuple[int, int]

SHORTEST, LONGEST = 200, 650
"""Characters in a window: from two sentences to most of a passage."""


@dataclass(frozen=True, slots=True)
class Window:
    """Some sentences of a text below its title; `answer` is None where they hold none."""

    title: str
    date: str
    text: str
    answer: Span | None


def around(example: Example, rng: random.Random) -> Window:
    """Return sentences that hold the example's answer, with more on either side by chance."""
    assert example.answer is not None
    start, end = example.answer
    spans = sentences(example.text)
    inside = [i for i, (a, b) in enumerate(spans) if a < end and b > start]
    if not inside:
        spans, inside = [(0, len(example.text))], [0]
    first, last = _grow(spans, inside[0], inside[-1], rng)
    a, b = min(spans[first][0], start), max(spans[last][1], end)
    return Window(example.title, example.date, example.text[a:b], (start - a, end - a))


def beside(example: Example, rng: random.Random) -> Window | None:
    """Return other sentences of the text than the answer's (any, where there is none)."""
    spans = sentences(example.text)
    start, end = example.answer or (-1, -1)
    before = [span for span in spans if example.answer is None or span[1] <= start]
    after = [span for span in spans if example.answer is not None and span[0] >= end]
    sides = [side for side in (before, after) if side]
    if not sides:
        return None
    side = max(sides, key=len) if rng.random() < 0.7 else rng.choice(sides)
    at = rng.randrange(len(side))
    first, last = _grow(side, at, at, rng)
    return Window(example.title, example.date, example.text[side[first][0] : side[last][1]], None)


def _grow(spans: Sequence[Span], first: int, last: int, rng: random.Random) -> tuple[int, int]:
    room = rng.randint(SHORTEST, LONGEST)
    while True:
        more = [
            (a, b)
            for a, b in ((first - 1, last), (first, last + 1))
            if a >= 0 and b < len(spans) and spans[b][1] - spans[a][0] <= room
        ]
        if not more:
            return first, last
        first, last = rng.choice(more)
