"""Where digests are set: the archive's stories, a sentence of each, the messages.

One is set for a reader whose hour has come (`bot.digests`) and for whoever asks what theirs would
be now; nothing is marked as told here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from bot.clock import local, zone_of
from bot.digest import Item, Known, Pick, choose, ranked, with_others
from bot.store import digests
from bot.views.digest import digest_view, quiet_day_view
from index.lead import Lead, lead
from index.model import NotFoundError, Quote

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.bridge import Bridge
    from bot.message import Message
    from bot.services import Services
    from bot.store.chats import Chat
    from bot.typography import Digits, Lang
    from index.model import Article, Story

TOPICS, STORIES = 20, 8
"""At most so many of each are set; what then fits in the messages is sent."""

DAY = timedelta(days=1)
LONGEST = timedelta(days=7)
"""How far back a digest looks at most, for one who was away or reads once a week."""


@dataclass(frozen=True, slots=True)
class Digest:
    """A digest as it is sent; without items it says that the day is quiet."""

    messages: tuple[Message, ...]
    items: tuple[Item, ...]


class Press:
    """Sets digests. Readers of one minute share the stories and their quotes."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._archive = bridge.archive
        self._stories: dict[tuple[str, str], Sequence[Story]] = {}
        self._articles: dict[int, Article | None] = {}
        self._leads: dict[int, Lead | None] = {}
        self._digests: dict[tuple[object, ...], Digest] = {}

    async def set(
        self,
        known: Known,
        *,
        since: datetime,
        until: datetime,
        day: date,
        lang: Lang,
        digits: Digits,
    ) -> Digest:
        """The digest of a period for somebody who knows that much; `day` stands above it.

        Stories of the whole day on which the period begins are looked at, since many pages give
        no more than a date; those that the reader knows are not told again.
        """
        stories = await self._of(since.astimezone(UTC).date(), until)
        topics, rest = choose(stories, known)
        held, waiting = await self._quoted(topics, TOPICS)
        daily, _ = await self._quoted(rest, STORIES)
        if not held and not daily:
            return Digest((quiet_day_view(day, lang, digits),), ())
        later = sum(len(pick.owed) for pick in waiting)
        edition = (*held, later, *daily, day, lang, digits)  # what most readers of an hour share
        if edition not in self._digests:
            messages, items = digest_view(
                held, daily, later=later, day=day, lang=lang, digits=digits, now=until
            )
            self._digests[edition] = Digest(tuple(messages), tuple(items))
        return self._digests[edition]

    def forget(self) -> None:
        """Read the archive anew from now on."""
        self._stories.clear()
        self._articles.clear()
        self._leads.clear()
        self._digests.clear()

    async def _of(self, since: date, until: datetime) -> Sequence[Story]:
        period = since.isoformat(), until.astimezone(UTC).isoformat(timespec="seconds")
        if period not in self._stories:
            self._stories[period] = ranked(await self._bridge.call(self._archive.stories, *period))
        return self._stories[period]

    async def _quoted(self, picks: Sequence[Pick], most: int) -> tuple[list[Item], Sequence[Pick]]:
        """The first picks that have something to quote, and those that were not looked at."""
        items: list[Item] = []
        for at, pick in enumerate(picks):
            if len(items) == most:
                return items, picks[at:]
            quote = await self._said(pick) or await self._first(pick)
            if quote is not None:
                items.append(with_others(pick, quote))
        return items, ()

    async def _said(self, pick: Pick) -> Quote | None:
        """What a topic matched, where its article still says it."""
        for held in pick.held:
            article = await self._article(held.article)
            start = article.text.find(held.said) if article and held.said else -1
            if article is not None and held.said and start >= 0:
                return Quote(held.said, start, start + len(held.said), (), 0.0, article.ref)
        return None

    async def _first(self, pick: Pick) -> Quote | None:
        """What an article of the story says first: a whole sentence, where one has it."""
        best: Lead | None = None
        for number in pick.candidates:
            found = await self._lead(number)
            if best is None or (found is not None and found.whole):
                best = found
            if best is not None and best.whole:
                break
        return None if best is None else best.quote

    async def _lead(self, number: int) -> Lead | None:
        if number not in self._leads:
            article = await self._article(number)
            self._leads[number] = None if article is None else lead(article)
        return self._leads[number]

    async def _article(self, number: int) -> Article | None:
        """An article; None where it is gone or withdrawn."""
        if number not in self._articles:
            try:
                article = await self._bridge.call(self._archive.article, number)
            except NotFoundError:
                self._articles[number] = None
            else:
                self._articles[number] = article if article.status == "live" else None
        return self._articles[number]


async def preview(services: Services, chat: Chat) -> Digest:
    """The digest that `chat` would have now; nothing is marked as told."""
    now = services.now()
    known = await services.store.read(digests.known, chat.chat_id, now)
    return await Press(services.bridge).set(
        known,
        since=since_last(known, now),
        until=now,
        day=local(now, zone_of(chat.zone, services.zone)).date(),
        lang=chat.lang or "ar",
        digits=chat.digits or "latin",
    )


def since_last(known: Known, now: datetime) -> datetime:
    """From when on there may be news for this reader: since their last digest, else for a day."""
    return now - DAY if known.last is None else max(known.last, now - LONGEST)
