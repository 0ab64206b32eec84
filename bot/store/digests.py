"""Digests in the readers' database: who is due, what they know already, what they are owed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bot.digest import Held, Known
from bot.schedule import Schedule
from bot.schema import alerts, chats, outbox, told, topics
from bot.store import chats as everyone
from bot.store import outbox as post
from bot.store.chats import Chat

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.digest import Item
    from bot.outbox.letter import Letter

REMEMBERED = timedelta(days=30)
"""How long it is kept which stories a reader was told; the archive's stories end sooner."""

HELD_FOR = timedelta(days=8)
"""How long a match waits for a digest: one who reads on one weekday still gets all of a week."""

_UNSEEN = ("unconfirmed", "failed", "cancelled")  # of an alert that nobody may have seen


def due(connection: sa.Connection, now: datetime, *, above: int | None, limit: int) -> list[Chat]:
    """Return chats whose digest is due, by their numbers, those above `above`."""
    chosen = (chats.c.state == "active") & (chats.c.next_digest <= stamp(now))
    if above is not None:
        chosen &= chats.c.chat_id > above
    query = sa.select(chats).where(chosen).order_by(chats.c.chat_id).limit(limit)
    return [Chat(**row._mapping) for row in connection.execute(query)]


def next_due(connection: sa.Connection, after: datetime) -> datetime | None:
    """Return when the first digest after then is due, of anybody."""
    ahead = (chats.c.state == "active") & (chats.c.next_digest > stamp(after))
    first = connection.execute(sa.select(sa.func.min(chats.c.next_digest)).where(ahead)).scalar()
    return None if first is None else datetime.fromisoformat(first)


def change(
    connection: sa.Connection, chat_id: int, /, *, now: datetime, default: str, **values: Any
) -> Chat | None:
    """Set columns of a chat and plan its digests anew; the chat as it is then.

    `default` is the operator's zone (`ISNAD_ZONE`). Whoever changes the hour or the days has no
    digest of an hour that has passed; whoever moves (`zone` changes, and was known) is still owed
    the date they waited for. The columns zone, digest_at and digest_days are to be set by this
    alone.
    """
    chat = everyone.get(connection, chat_id)
    if chat is None:
        return None
    after = replace(chat, **values)
    if chat.zone is None or values.keys() & {"digest_at", "digest_days"}:
        after = replace(after, digest_done=_had(connection, chat_id))
        schedule = Schedule.of(after, default)
        if schedule is not None:
            behind = schedule.behind(now).isoformat()
            after = replace(after, digest_done=max(behind, after.digest_done or behind))
    after = _planned(after, now, default)
    values |= {"digest_done": after.digest_done, "next_digest": after.next_digest}
    everyone.change(connection, chat_id, **values)
    return after


def refresh(connection: sa.Connection, now: datetime, default: str) -> int:
    """Plan every chat's digests again, as after new rules of daylight saving; how many moved."""
    moved = 0
    for row in connection.execute(sa.select(chats).where(chats.c.digest_at.is_not(None))).all():
        chat = Chat(**row._mapping)
        if _planned(chat, now, default) != chat:
            _replan(connection, chat, now, default)
            moved += 1
    return moved


def known(connection: sa.Connection, chat_id: int, now: datetime) -> Known:
    """Return what a reader is owed of their topics, and which stories they know."""
    unseen = alerts.c.outbox_id.is_(None) | outbox.c.state.in_(_UNSEEN)
    recent = (alerts.c.chat_id == chat_id) & (alerts.c.at >= stamp(now - HELD_FOR))
    held = connection.execute(
        sa.select(alerts.c.topic_id, topics.c.text, alerts.c.story, alerts.c.article, alerts.c.said)
        .join(topics, topics.c.id == alerts.c.topic_id)
        .join(outbox, outbox.c.id == alerts.c.outbox_id, isouter=True)
        .where(recent & unseen)
        .order_by(alerts.c.at, alerts.c.article)
    )
    stories = sa.select(told.c.story, told.c.sources).where(told.c.chat_id == chat_id)
    alerted = sa.select(alerts.c.story).where(alerts.c.chat_id == chat_id)
    last = connection.execute(
        sa.select(sa.func.max(outbox.c.created_at)).where(
            outbox.c.chat_id == chat_id, outbox.c.kind == "digest"
        )
    ).scalar()
    return Known(
        tuple(Held(*row) for row in held),
        {row.story: row.sources for row in connection.execute(stories)},
        frozenset(connection.execute(alerted).scalars()),
        None if last is None else datetime.fromisoformat(last),
    )


def deliver(
    connection: sa.Connection,
    chat: Chat,
    day: date,
    letter: Letter | None,
    items: Sequence[Item],
    *,
    now: datetime,
    default: str,
) -> int | None:
    """Owe a chat its digest of a local date, with what it tells; the outbox's number.

    All in one transaction with the date being done. None where nothing is owed: `letter` is None
    (a quiet day of somebody who wants none then), the date had one, or `chat` has changed since
    it was read, and will be looked at anew.
    """
    if everyone.get(connection, chat.chat_id) != chat:
        return None
    _replan(connection, replace(chat, digest_done=day.isoformat()), now, default)
    at = stamp(now)
    if letter is None:
        return None
    number = post.put(
        connection,
        chat.chat_id,
        kind="digest",
        key=day.isoformat(),
        letter=letter,
        due_at=at,
        now=at,
    )
    if number is not None:
        _remember(connection, chat.chat_id, items, number, now)
    return number


def skip(connection: sa.Connection, chat: Chat, done: date, *, now: datetime, default: str) -> None:
    """Pass over the dates up to `done`: nobody was there to send them in time."""
    if everyone.get(connection, chat.chat_id) == chat:
        _replan(connection, replace(chat, digest_done=done.isoformat()), now, default)


def stamp(moment: datetime) -> str:
    """Return an instant as the tables hold it."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _planned(chat: Chat, now: datetime, default: str) -> Chat:
    """`chat` with its next digest: of the first day asked for after the last that is done."""
    schedule = Schedule.of(chat, default)
    if schedule is None:
        return replace(chat, next_digest=None)
    done = schedule.behind(now).isoformat() if chat.digest_done is None else chat.digest_done
    _, due_at = schedule.after(date.fromisoformat(done))
    return replace(chat, digest_done=done, next_digest=stamp(due_at))


def _replan(connection: sa.Connection, chat: Chat, now: datetime, default: str) -> None:
    """Store what is done and when the next digest of `chat` is due."""
    planned = _planned(chat, now, default)
    everyone.change(
        connection,
        chat.chat_id,
        digest_done=planned.digest_done,
        next_digest=planned.next_digest,
    )


def _had(connection: sa.Connection, chat_id: int) -> str | None:
    """The last local date that the chat was owed a digest of."""
    mine = (outbox.c.chat_id == chat_id) & (outbox.c.kind == "digest")
    last: str | None = connection.execute(sa.select(sa.func.max(outbox.c.key)).where(mine)).scalar()
    return last


def _remember(
    connection: sa.Connection, chat_id: int, items: Sequence[Item], number: int, now: datetime
) -> None:
    """Keep what digest `number` tells: its stories, and the matches that it brings."""
    picks = [pick for item in items for pick in item.told]
    stories = [pick.story for pick in picks]
    old = (told.c.at < stamp(now - REMEMBERED)) | told.c.story.in_(stories)
    connection.execute(sa.delete(told).where(told.c.chat_id == chat_id, old))
    rows = [
        {
            "chat_id": chat_id,
            "story": pick.story,
            "sources": pick.sources,
            "at": stamp(now),
        }
        for pick in picks
    ]
    if rows:
        connection.execute(sa.insert(told), rows)
    for held in (held for pick in picks for held in pick.held):
        connection.execute(
            sa.update(alerts)
            .where(
                alerts.c.topic_id == held.topic_id,
                alerts.c.story == held.story,
                alerts.c.article == held.article,
            )
            .values(outbox_id=number)
        )
