"""Alerts: who follows what an article is about, what they were told of its story, what is owed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from bot.schema import alerts, chats, outbox, topics
from bot.store import cursors
from bot.store import outbox as post
from bot.store.chats import Chat
from bot.store.topics import Topic

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bot.outbox.letter import Letter

CURSOR = "alerts"
"""The name under which `cursors` knows how far alerts have come."""

_BIND_LIMIT = 500
_RECENT = 32  # alerts of a chat whose hours matter


@dataclass(frozen=True, slots=True)
class Told:
    """What a chat was told of a story before: the sentence, and in which letter; None: held."""

    article: int
    said: str
    outbox_id: int | None


@dataclass(frozen=True, slots=True)
class Follower:
    """A chat that follows what an article may be about, in the order in which it began to.

    `told` is what it was told of the story, oldest first; `dues` are the instants of its latest
    alerts, the latest first.
    """

    chat: Chat
    topics: tuple[Topic, ...]
    told: tuple[Told, ...]
    dues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Owed:
    """What a chat is owed of an article, as topics of its brought it.

    `letter` is None where it is held for the digest. `said` is what it quotes; `follows` the
    letter that it answers.
    """

    topics: tuple[Topic, ...]
    said: str
    letter: Letter | None
    due_at: str
    follows: int | None = None


@dataclass(frozen=True, slots=True)
class News:
    """An article by its number, its story, and whose followers may be told: texts, and a source."""

    article: int
    story: int
    texts: tuple[str, ...]
    source: str | None


def followers(connection: sa.Connection, news: News) -> list[int]:
    """Return the active chats that follow what an article is about, or its source."""
    query = sa.select(topics.c.chat_id).join(chats, chats.c.chat_id == topics.c.chat_id)
    found: set[int] = set()
    for chosen in _chosen(news):
        found.update(connection.execute(query.where(chats.c.state == "active", chosen)).scalars())
    return sorted(found)


def settle(
    connection: sa.Connection,
    news: News,
    chat_ids: Sequence[int],
    decide: Callable[[Follower], Owed | None],
    *,
    now: str,
    upto: int | None = None,
) -> int:
    """Owe an article to these of its followers, as `decide` says of each; how many are.

    With `upto` the archive's log of changes is dealt with up to that change. All in one
    transaction, and a chat that was told of an article is passed over: whatever ends the process,
    and however often this is done again, an article is alerted once.
    """
    owed = 0
    for chat_id in chat_ids:
        follower = _follower(connection, news, chat_id)
        verdict = None if follower is None else decide(follower)
        if verdict is not None:
            owed += _owe(connection, news, chat_id, verdict, now)
    if upto is not None:
        cursors.advance(connection, CURSOR, upto)
    return owed


def tidy(connection: sa.Connection, before: str) -> None:
    """Forget what was alerted before an instant, when no more of the story can come."""
    connection.execute(sa.delete(alerts).where(alerts.c.at < before))


def _owe(connection: sa.Connection, news: News, chat_id: int, verdict: Owed, now: str) -> bool:
    """Put a verdict down; whether a letter is owed."""
    number = None
    if verdict.letter is not None:
        number = post.put(
            connection,
            chat_id,
            kind="alert",
            key=f"{news.story}/{news.article}",
            letter=verdict.letter,
            due_at=verdict.due_at,
            now=now,
            follows=verdict.follows,
        )
    rows = [
        {
            "topic_id": topic.id,
            "story": news.story,
            "article": news.article,
            "chat_id": chat_id,
            "outbox_id": number,
            "said": verdict.said,
            "at": now,
        }
        for topic in verdict.topics
    ]
    connection.execute(sa.insert(alerts), rows)
    return number is not None


def _follower(connection: sa.Connection, news: News, chat_id: int) -> Follower | None:
    """A chat as it is now; None where it follows the article no longer, or was told of it."""
    row = connection.execute(sa.select(chats).where(chats.c.chat_id == chat_id)).one_or_none()
    told = _told(connection, chat_id, news)
    if row is None or any(one.article == news.article for one in told):
        return None
    own = [topic for chosen in _chosen(news) for topic in _topics(connection, chat_id, chosen)]
    if not own:
        return None
    own.sort(key=lambda topic: topic.id)
    return Follower(Chat(**row._mapping), tuple(own), told, _dues(connection, chat_id))


def _chosen(news: News) -> Iterator[sa.ColumnElement[bool]]:
    """Conditions that together hold for the topics which an article brings."""
    for kind, names in (("text", news.texts), ("source", (news.source,) if news.source else ())):
        for first in range(0, len(names), _BIND_LIMIT):
            these = topics.c.text.in_(names[first : first + _BIND_LIMIT])
            yield sa.and_(topics.c.kind == kind, these)


def _topics(connection: sa.Connection, chat_id: int, chosen: sa.ColumnElement[bool]) -> list[Topic]:
    query = sa.select(topics).where(topics.c.chat_id == chat_id, chosen)
    return [Topic(**row._mapping) for row in connection.execute(query)]


def _told(connection: sa.Connection, chat_id: int, news: News) -> tuple[Told, ...]:
    same = sa.or_(alerts.c.story == news.story, alerts.c.article == news.article)
    query = (
        sa.select(alerts.c.article, alerts.c.said, alerts.c.outbox_id)
        .where(alerts.c.chat_id == chat_id, same)
        .order_by(alerts.c.at, alerts.c.article)
    )
    rows = connection.execute(query)
    return tuple(Told(row.article, row.said or "", row.outbox_id) for row in rows)


def _dues(connection: sa.Connection, chat_id: int) -> tuple[str, ...]:
    query = (
        sa.select(outbox.c.due_at)
        .where(outbox.c.chat_id == chat_id, outbox.c.kind == "alert")
        .order_by(outbox.c.due_at.desc())
        .limit(_RECENT)
    )
    return tuple(connection.execute(query).scalars())
