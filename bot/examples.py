"""The questions that /start offers: the operator's, else some drawn from the archive's headlines.

Of the newest stories those that most sources told come first, then the newest articles: not every
column is news. Nothing is invented. A drawn question asks what happened in a place that a headline
names after «في»; where it names none, for the story of the headline itself. It is offered only if
the archive, asked it, answers with a quote of that very article, or of another of its story.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, timedelta
from typing import TYPE_CHECKING, overload

from bot.bridge import BusyError
from bot.typography import tidy, units
from index.conversation import place_in
from index.dates import sort_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.bridge import Bridge
    from index.model import Answer, ArticleRef

OFFERED = 3
TRIED = 30
"""Stories tried, and articles, the newest: a few seconds of the archive's time."""

LONGEST = 44
"""UTF-16 units of a question: about what a phone shows on a button before it cuts."""

SOURCES = 2
"""Sources that make an event of a story."""

EVERY = 3600.0
"""Seconds between two drawings, so that yesterday's news are not offered for weeks."""


_DAY = timedelta(days=1)


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
        """Questions that the news of the last days answers. Raises `BusyError`."""
        refs = await self._bridge.call(self._bridge.archive.articles)
        newest = sorted(refs, key=lambda ref: (sort_key(ref.published) or "", ref.id))[-TRIED:]
        found: list[str] = []
        for told in [*await self._stories(newest), *([ref] for ref in newest[::-1])]:
            if len(found) == OFFERED:
                break
            question = next((one for _, one in candidates(told)), None)
            if question is None or question in found:
                continue
            if answers(await self._bridge.ask(question), told):
                found.append(question)
        return tuple(found)

    async def _stories(self, newest: Sequence[ArticleRef]) -> Sequence[Sequence[ArticleRef]]:
        """The articles of each story of the last days, those that most sources told first."""
        try:
            since = date.fromisoformat((newest[-1].published or "")[:10]) - _DAY
        except (IndexError, ValueError):  # nothing there, or nothing dated
            return []
        told = await self._bridge.call(self._bridge.archive.stories, since.isoformat())
        return [story.articles for story in told if story.sources >= SOURCES][:TRIED]


def candidates(refs: Sequence[ArticleRef]) -> Iterator[tuple[ArticleRef, str]]:
    """A question for each article whose headline has one that fits a button."""
    for ref in refs:
        title = tidy(ref.title)
        place = place_in(title)
        question = f"ماذا حدث في {place}؟" if place else f"ما قصة «{title}»؟"
        if title and units(question) <= LONGEST and not {"«", "»"} & set(title):
            yield ref, question


def answers(answer: Answer, told: Sequence[ArticleRef]) -> bool:
    """Whether `answer` quotes one of the articles, or one that it repeats."""
    quoted = {of.id for quote in answer.quotes for of in (quote.article, *quote.also_in)}
    return answer.answered and not quoted.isdisjoint(ref.id for ref in told)
