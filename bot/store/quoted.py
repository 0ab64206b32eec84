"""Which quotes readers have seen, in which of our messages; `bot.corrections` reads it.

What goes through the outbox is recorded by it. Answers are recorded by who sends them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from bot.outbox.letter import Letter
from bot.schema import chats, outbox, quoted
from bot.store import cursors
from bot.store.outbox import cancel, put

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from bot.message import Message
    from bot.outbox.letter import QuoteRef
    from bot.typography import Lang

CURSOR = "corrections"
"""Of the archive's log of changes: how far corrections have come."""

_AT_ONCE = 500  # values in one IN (…): old SQLite builds refuse 1,000


@dataclass(frozen=True, slots=True)
class Seen:
    """A quote in a message of ours: an answer, or part number `part` of the letter `outbox_id`.

    `message_id` is None where that letter is still owed; its kind and the reader's language
    (None: not chosen) come along.
    """

    chat_id: int
    lang: Lang | None
    message_id: int | None
    outbox_id: int | None
    part: int | None
    kind: str | None
    article: int
    title: str
    quote: str

    @property
    def place(self) -> str:
        """Which message of its chat it stands in."""
        return f"m{self.message_id}" if self.outbox_id is None else f"o{self.outbox_id}.{self.part}"


@dataclass(frozen=True, slots=True)
class Notice:
    """A correction of the message that `seen` stands in, owed once under `key`."""

    seen: Seen
    key: str
    message: Message
    withdrawn: bool


def record(
    connection: sa.Connection, chat_id: int, message_id: int, refs: Sequence[QuoteRef], now: str
) -> None:
    """Note the quotes of an answer that was sent as `message_id`.

    Nothing is noted of a chat that was forgotten meanwhile.
    """
    for ref in refs:
        here = sa.select(
            chats.c.chat_id,
            sa.literal(message_id),
            sa.literal(ref.article),
            sa.literal(ref.title),
            sa.literal(ref.quote),
            sa.literal(now),
        ).where(chats.c.chat_id == chat_id)
        columns = ["chat_id", "message_id", "article", "title", "quote", "at"]
        connection.execute(sa.insert(quoted).from_select(columns, here))


def seen(connection: sa.Connection, articles: Collection[int]) -> list[Seen]:
    """The quotes of these articles that readers have seen or are about to see."""
    found: list[Seen] = []
    numbers = sorted(articles)
    for first in range(0, len(numbers), _AT_ONCE):
        query = (
            sa.select(
                quoted.c.chat_id,
                chats.c.lang,
                quoted.c.message_id,
                quoted.c.outbox_id,
                quoted.c.part,
                outbox.c.kind,
                quoted.c.article,
                quoted.c.title,
                quoted.c.quote,
            )
            .select_from(
                quoted.join(chats, chats.c.chat_id == quoted.c.chat_id).outerjoin(
                    outbox, outbox.c.id == quoted.c.outbox_id
                )
            )
            .where(
                quoted.c.article.in_(numbers[first : first + _AT_ONCE]),
                chats.c.state == "active",
                sa.or_(
                    quoted.c.message_id.is_not(None), outbox.c.state.in_(("pending", "sending"))
                ),
            )
            .order_by(quoted.c.id)
        )
        found += [Seen(*row) for row in connection.execute(query)]
    return found


def correct(connection: sa.Connection, notices: Sequence[Notice], *, upto: int, now: str) -> None:
    """Owe these corrections, and note that the log of changes has been dealt with up to there.

    An alert of a withdrawn article that has not been sent is taken back instead.
    """
    for notice in notices:
        seen = notice.seen
        alert = seen.outbox_id if seen.kind == "alert" else None
        if (
            notice.withdrawn
            and alert is not None
            and cancel(connection, alert, reason="withdrawn before it was sent", now=now)
        ):
            continue
        reply_to = seen.message_id if seen.outbox_id is None else None
        put(
            connection,
            seen.chat_id,
            kind="correction",
            key=notice.key,
            letter=Letter((notice.message,), silent=True, reply_to=reply_to, amends=seen.part),
            due_at=now,
            now=now,
            follows=seen.outbox_id,
        )
    cursors.advance(connection, CURSOR, upto)
