"""The questions that /start offers: the operator's, else some drawn from the archive's headlines.

Nothing is invented. A drawn question asks what happened in a place that a headline names after
«في»; where it names none, for the story of the headline itself. It is offered only if the archive,
asked it, answers with a quote of that very article.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, overload

from bot.bridge import BusyError
from bot.typography import tidy, units
from bot.views.layout import BUTTON_LIMIT
from index.conversation import place_in
from index.dates import sort_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.bridge import Bridge
    from index.model import Answer, ArticleRef

OFFERED = 3
TRIED = 30
"""Articles tried, the newest: a few seconds of the archive's time."""

EVERY = 3600.0
"""Seconds between two drawings, so that yesterday's news are not offered for weeks."""


class Examples(Sequence[str]):
    """The questions as they stand now: those `given`, or those last drawn."""

    def __init__(self, bridge: Bridge, given: Sequence[str] = ()) -> None:
        self._bridge = bridge
        self._given = tuple(given)
        self._drawn: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self._given or self._drawn)

    @overload
    def __getitem__(self, at: int) -> str: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[str]: ...

    def __getitem__(self, at: int | slice) -> str | Sequence[str]:
        return (self._given or self._drawn)[at]

    async def keep_drawn(self, stop: asyncio.Event) -> None:
        """Draw now and then, until `stop` is set; background work for `bot.background`."""
        while not (self._given or stop.is_set()):
            with suppress(BusyError):  # readers come first; what was drawn before stays
                self._drawn = await self.draw()
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), EVERY)

    async def draw(self) -> tuple[str, ...]:
        """Questions that newest articles answer. Raises `BusyError`."""
        refs = await self._bridge.call(self._bridge.archive.articles)
        newest = sorted(refs, key=lambda ref: (sort_key(ref.published) or "", ref.id))[-TRIED:]
        found: list[str] = []
        for ref, question in candidates(newest[::-1]):
            if len(found) == OFFERED:
                break
            if question not in found and answers(await self._bridge.ask(question), ref):
                found.append(question)
        return tuple(found)


def candidates(refs: Sequence[ArticleRef]) -> Iterator[tuple[ArticleRef, str]]:
    """A question for each article whose headline has one that fits a button."""
    for ref in refs:
        title = tidy(ref.title)
        place = place_in(title)
        question = f"ماذا حدث في {place}؟" if place else f"ما قصة «{title}»؟"
        if title and units(question) <= BUTTON_LIMIT and not {"«", "»"} & set(title):
            yield ref, question


def answers(answer: Answer, ref: ArticleRef) -> bool:
    """Whether `answer` quotes the article, or one that it repeats."""
    quoted = {of.id for quote in answer.quotes for of in (quote.article, *quote.also_in)}
    return answer.answered and ref.id in quoted
