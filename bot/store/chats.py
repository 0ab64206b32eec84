"""Chats: everyone who has ever written to the bot, with what they chose."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Literal

import sqlalchemy as sa

from bot.clock import EVERY_DAY
from bot.schema import chats

if TYPE_CHECKING:
    from bot.typography import Lang

State = Literal["active", "blocked", "gone"]


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat and its settings; see `bot.schema.chats` for what a missing value means."""

    chat_id: int
    kind: str
    state: State
    lang: Lang | None
    digits: Literal["latin", "arabic"] | None
    city: str | None
    zone: str | None
    quotes: int | None
    quiet_from: str | None
    quiet_until: str | None
    digest_at: str | None
    digest_days: int
    digest_quiet_day: Literal["say", "skip"]
    next_digest: str | None
    digest_done: str | None
    created_at: str


def get(connection: sa.Connection, chat_id: int) -> Chat | None:
    """Return a chat, or None where it never wrote or was forgotten."""
    row = connection.execute(sa.select(chats).where(chats.c.chat_id == chat_id)).one_or_none()
    return None if row is None else Chat(**row._mapping)


def meet(connection: sa.Connection, chat_id: int, *, kind: str, now: str) -> Chat:
    """Return a chat that has just written, storing it where it is new.

    One that had blocked the bot is active again.
    """
    known = get(connection, chat_id)
    if known is None:
        connection.execute(
            sa.insert(chats).values(
                chat_id=chat_id,
                kind=kind,
                state="active",
                digest_days=EVERY_DAY,
                digest_quiet_day="say",
                created_at=now,
            )
        )
    elif known.state != "active":
        connection.execute(_this(chat_id).values(state="active"))
    else:
        return known
    found = get(connection, chat_id)
    assert found is not None
    return found


def change(connection: sa.Connection, chat_id: int, /, **values: Any) -> None:
    """Set columns of a chat by their names; a chat that is not there stays absent."""
    assert values.keys() <= {field.name for field in fields(Chat)} - {"chat_id", "created_at"}
    connection.execute(_this(chat_id).values(**values))


def forget(connection: sa.Connection, chat_id: int) -> None:
    """Erase a chat with everything kept of it, and what it was still owed."""
    connection.execute(sa.delete(chats).where(chats.c.chat_id == chat_id))


def migrate(connection: sa.Connection, old: int, new: int) -> None:
    """Give a group that became a supergroup its new number, with all that belongs to it.

    Telling it again changes nothing: both chats tell of it, and so does whoever writes to the old.
    """
    if get(connection, old) is None:
        return
    connection.execute(sa.delete(chats).where(chats.c.chat_id == new))
    connection.execute(_this(old).values(chat_id=new, kind="supergroup"))


def _this(chat_id: int) -> sa.Update:
    return sa.update(chats).where(chats.c.chat_id == chat_id)
