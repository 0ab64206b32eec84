"""Messages to everybody: drafted by an administrator, and owed once they have confirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from bot.outbox.letter import Letter
from bot.schema import broadcasts, chats, outbox
from bot.store.outbox import put_to_all

if TYPE_CHECKING:
    from bot.message import Message


def draft(connection: sa.Connection, message: Message, *, by: int, now: str) -> int:
    """Keep a message to everybody until its administrator has decided; its number."""
    payload = Letter((message,)).to_json()
    row = connection.execute(
        sa.insert(broadcasts).values(by=by, payload=payload, created_at=now)
    ).inserted_primary_key
    assert row is not None
    return int(row[0])


def reach(connection: sa.Connection) -> tuple[int, int]:
    """How many chats a broadcast would reach now, and how many letters wait before it."""
    everybody = sa.select(sa.func.count()).where(
        chats.c.state == "active", chats.c.kind != "channel"
    )
    waiting = sa.select(sa.func.count()).where(outbox.c.state == "pending")
    return connection.execute(everybody).scalar_one(), connection.execute(waiting).scalar_one()


def confirm(connection: sa.Connection, number: int, *, by: int, now: str) -> int | None:
    """Owe a draft to everybody; how many that is. None where it is not theirs to confirm now."""
    open_draft = sa.and_(
        broadcasts.c.id == number, broadcasts.c.by == by, broadcasts.c.confirmed_at.is_(None)
    )
    if not connection.execute(
        sa.update(broadcasts).where(open_draft).values(confirmed_at=now)
    ).rowcount:
        return None
    query = sa.select(broadcasts.c.payload).where(broadcasts.c.id == number)
    letter = Letter.from_json(connection.execute(query).scalar_one())
    return put_to_all(
        connection, kind="broadcast", key=str(number), letter=letter, due_at=now, now=now
    )


def drop(connection: sa.Connection, number: int, *, by: int) -> bool:
    """Throw a draft away; false where it is not theirs, or too late."""
    open_draft = sa.and_(
        broadcasts.c.id == number, broadcasts.c.by == by, broadcasts.c.confirmed_at.is_(None)
    )
    return connection.execute(sa.delete(broadcasts).where(open_draft)).rowcount == 1
