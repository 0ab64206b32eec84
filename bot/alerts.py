"""Alerts: a new article comes to those who follow what it is about, once a story.

It follows the archive's log of changes; how far it has come stands in the database beside what it
owed, so that nothing is lost or doubled by a restart. Only what is news is alerted: an import of
last year's articles, or of undated ones, comes to nobody.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING

from bot.clock import instant, local, quiet, zone_of
from bot.outbox.letter import Letter, QuoteRef
from bot.store import alerts, cursors, topics
from bot.store.alerts import News, Owed
from bot.store.digests import stamp
from bot.views.topics import alert_view
from index.dates import sort_key
from index.lead import lead
from index.model import NotFoundError, TopicMatch
from index.topics.facts import adds
from index.topics.score import WIDTHS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.bridge import Archive
    from bot.services import Services
    from bot.store.alerts import Follower
    from bot.store.chats import Chat
    from bot.store.topics import Topic
    from bot.typography import Lang
    from index.model import Article, Change
    from index.topics.matcher import TopicIndex

log = logging.getLogger(__name__)

FRESH = timedelta(days=2)
"""How long ago an article may have been published to be news when it comes; a feed that is read
late, and a day's date without its hour, are within it."""

AN_HOUR = 6
"""Alerts that a chat gets in an hour; more are a flood, and held."""

LATEST = timedelta(hours=12)
"""How long an alert waits for its turn where no digest would hold it; then it is news no more."""

_EVERY = 2.0
_AT_ONCE = 20  # changes looked at in one go, between which questions have their turn
_UNREAD_AT_ONCE = 10_000  # as long as nobody follows anything
_TOPICS_AT_ONCE = 1000
_CHATS_AT_ONCE = 100
_SWEEP = timedelta(hours=1)
_REMEMBERED = timedelta(days=60)  # longer than any story, and than what the outbox keeps
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Found:
    """A new article and the texts that it is about; `lead` is for who follows its source."""

    seq: int
    article: Article
    matches: dict[str, TopicMatch]
    lead: TopicMatch | None

    @property
    def news(self) -> News:
        """What the store asks followers of. An article in no story is one of its own."""
        story = self.article.story or -self.article.id
        source = self.article.source if self.lead is not None else None
        return News(self.article.id, story, tuple(self.matches), source)


class Alerts:
    """The background work (see `bot.background.Work`)."""

    def __init__(self, services: Services) -> None:
        self._bridge = services.bridge
        self._store = services.store
        self._now = services.now
        self._zone = services.zone
        self._index: TopicIndex | None = None
        self._known = 0  # the number of the last topic that is in the index
        self._followed = False  # whether anybody follows anything, a source perhaps
        self._swept: datetime | None = None

    async def __call__(self, stop: asyncio.Event) -> None:
        """Follow the log until `stop` is set. Raises `StoreError`, `ModelError`."""
        while not stop.is_set():
            if not await self.step():
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), _EVERY)

    async def step(self) -> bool:
        """Deal with the next changes; false where there are none that can be dealt with yet."""
        archive = self._bridge.archive
        await self._learn()
        after = await self._store.read(cursors.get, alerts.CURSOR)
        limit = _AT_ONCE if self._followed else _UNREAD_AT_ONCE
        changes = await self._bridge.call(archive.changes, after, limit)
        if not changes:
            return False
        found, upto = await self._bridge.call(self._look, changes)
        for one in found:
            await self._tell(one)
        if upto > max((one.seq for one in found), default=after):
            await self._store.write(cursors.advance, alerts.CURSOR, upto)
        if upto < changes[-1].seq:  # an `add` is still embedding it, or was ended before it could
            await self._bridge.call(archive.refresh)
        return upto > after

    async def _learn(self) -> None:
        """Take in the topics that were begun since; embed those that never were."""
        archive = self._bridge.archive.topics
        model = archive.model
        if self._swept is None or self._now() - self._swept >= _SWEEP:
            await self._store.write(topics.sweep, model)
            await self._store.write(alerts.tidy, stamp(self._now() - _REMEMBERED))
            self._swept = self._now()
        while new := await self._store.read(topics.begun_after, self._known, limit=_TOPICS_AT_ONCE):
            if self._index is None:
                self._index = await self._bridge.call(archive.index)
            texts = list(dict.fromkeys(text for _, kind, text in new if kind == "text"))
            data = await self._store.read(topics.vectors, model, texts)
            for text in (text for text in texts if text not in data):
                data[text] = await self._bridge.call(archive.encode, text)
                await self._store.write(topics.put_vectors, model, {text: data[text]})
            await self._bridge.call(archive.put, self._index, data)
            self._known, self._followed = new[-1][0], True

    def _look(self, changes: Sequence[Change]) -> tuple[list[Found], int]:
        """What of some changes is news, and up to which of them it could be told; in a thread."""
        found = []
        upto = changes[0].seq - 1
        for change in changes:
            if self._followed and change.kind == "added":
                ready, one = self._read(change)
                if not ready:
                    break
                if one is not None:
                    found.append(one)
            upto = change.seq
        return found, upto

    def _read(self, change: Change) -> tuple[bool, Found | None]:
        """Whether an article can be told about yet, and what it is about where that is news."""
        archive: Archive = self._bridge.archive
        try:
            article = archive.article(change.article_id)
            if not is_news(article, self._now()):
                return True, None
            reading = archive.topics.read(article.id)
        except NotFoundError:  # removed since
            return True, None
        if reading is None:
            return False, None
        assert self._index is not None  # somebody follows something
        matches = dict(archive.topics.matches(self._index, reading))
        first = lead(article)
        told = None if first is None else TopicMatch(article.ref, 1.0, first.quote, article.story)
        return True, Found(change.seq, article, matches, told)

    async def _tell(self, found: Found) -> None:
        """Owe an article to all who follow it, a part of them at a time."""
        now = self._now()
        chats = await self._store.read(alerts.followers, found.news)
        parts = [chats[i : i + _CHATS_AT_ONCE] for i in range(0, len(chats), _CHATS_AT_ONCE)]
        decide = partial(decided, found, now=now, zone=self._zone)
        for i, part in enumerate(parts or [[]]):
            last = i >= len(parts) - 1
            await self._store.write(
                alerts.settle,
                found.news,
                part,
                decide,
                now=stamp(now),
                upto=found.seq if last else None,
            )


def is_news(article: Article, now: datetime) -> bool:
    """Whether an article that has just come is to be alerted: live, no reprint, and recent.

    One that does not say when it was published may be years old.
    """
    if article.duplicates_of is not None or article.status != "live":
        return False
    published = sort_key(article.published)
    return published is not None and datetime.fromisoformat(published) >= now - FRESH


def decided(found: Found, follower: Follower, *, now: datetime, zone: str) -> Owed | None:
    """What a follower is owed of an article; None where it is nothing. `zone` is the operator's.

    Of a story that they know, only a sentence that adds a fact, in reply to the first. Muted, in
    quiet hours and beyond so many an hour it is held for their digest; who has none gets it
    later, unless it is muted.
    """
    matched = _matched(found, follower.topics)
    if not matched:
        return None
    # A text says which sentence; a source only that it is the article's.
    best = max(matched, key=lambda topic: (topic.kind == "text", _match(found, topic).score))
    quote = _match(found, best).quote
    said = quote.text
    if follower.told and not adds(said, [one.said for one in follower.told]):
        return None
    heard = [topic for topic in matched if not topic.muted_until or topic.muted_until <= stamp(now)]
    due = _due(follower, now, zone) if heard else None
    if due is None:
        return Owed(tuple(matched), said, None, stamp(now))
    chat = follower.chat
    lang: Lang = chat.lang or "ar"
    first = next((one.outbox_id for one in follower.told if one.outbox_id is not None), None)
    view = alert_view(quote, heard, lang, now, chat.digits or "latin", develops=first is not None)
    if view is None:  # the quote failed its check, which was logged
        return None
    letter = Letter((view,), (QuoteRef(found.article.id, found.article.title, said),))
    return Owed(tuple(matched), said, letter, stamp(due), first)


def _matched(found: Found, followed: Sequence[Topic]) -> list[Topic]:
    """The topics that are as wide as to take the article."""
    return [
        topic
        for topic in followed
        if topic.kind == "source" or _match(found, topic).score >= WIDTHS[topic.width]
    ]


def _match(found: Found, topic: Topic) -> TopicMatch:
    if topic.kind == "source":
        assert found.lead is not None  # else its followers were not asked for
        return found.lead
    return found.matches[topic.text]


def _due(follower: Follower, now: datetime, zone: str) -> datetime | None:
    """When an alert may come; None where it is held."""
    chat = follower.chat
    digest = chat.digest_at is not None
    due = now
    if quiet(chat, now, zone):
        if digest:
            return None
        due = _wakes(chat, now, zone)
    recent = [datetime.fromisoformat(at) for at in follower.dues[:AN_HOUR]]
    if len(recent) == AN_HOUR and recent[-1] + _HOUR > due:
        if digest:
            return None
        due = recent[-1] + _HOUR
    return None if due - now > LATEST else due


def _wakes(chat: Chat, now: datetime, zone: str) -> datetime:
    """When the quiet hours end that are now."""
    assert chat.quiet_until is not None
    where = zone_of(chat.zone, zone)
    until, day = time.fromisoformat(chat.quiet_until), local(now, where).date()
    end = instant(day, until, where)
    return end if end > now else instant(day + timedelta(days=1), until, where)
