"""What is owed to whom, and what became of it: the outbox as everyone but its worker sees it.

pending → sending → sent | unconfirmed | failed | gone, or cancelled before it was begun.
`bot.store.deliveries` takes a row through these states. Instants are text, as `bot.schema` says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.schema import chats, outbox, quoted

if TYPE_CHECKING:
    from bot.outbox.letter import Letter
    from bot.outbox.promises import Kind, State


def put(
    connection: sa.Connection,
    chat_id: int,
    *,
    kind: Kind,
    key: str,
    letter: Letter,
    due_at: str,
    now: str,
    follows: int | None = None,
) -> int | None:
    """Owe `letter` to a chat from `due_at` on; its number in the outbox.

    None, and nothing is owed, where a letter of that kind and key is or was owed to the chat
    already, or the chat is not there. One that has blocked us gets a row that is `gone` at once.
    `follows` is the number of an earlier letter to the same chat: this one waits for it and is
    sent as a reply to its first message.
    """
    row = connection.execute(
        _owed(connection, kind, key, letter, due_at, now, follows, chats.c.chat_id == chat_id)
    ).one_or_none()
    if row is None:
        return None
    if letter.quotes and row.state == "pending":
        connection.execute(
            sa.insert(quoted),
            [
                {
                    "chat_id": chat_id,
                    "article": quote.article,
                    "title": quote.title,
                    "quote": quote.quote,
                    "outbox_id": row.id,
                    "part": letter.part_of(quote),
                    "at": now,
                }
                for quote in letter.quotes
            ],
        )
    return int(row.id)


def put_to_all(
    connection: sa.Connection, *, kind: Kind, key: str, letter: Letter, due_at: str, now: str
) -> int:
    """Owe `letter`, which holds no quotes, to every reader and group; how many."""
    assert not letter.quotes
    active = sa.and_(chats.c.state == "active", chats.c.kind != "channel")
    return len(
        connection.execute(_owed(connection, kind, key, letter, due_at, now, None, active)).all()
    )


def cancel(connection: sa.Connection, outbox_id: int, *, reason: str, now: str) -> bool:
    """Take back a letter of which nothing was sent; false where it is too late."""
    owed = sa.and_(
        outbox.c.id == outbox_id,
        outbox.c.state == "pending",
        sa.cast(outbox.c.message_ids, sa.Text) == "[]",
    )
    done = finished("cancelled", reason, now)
    return connection.execute(sa.update(outbox).where(owed).values(**done)).rowcount == 1


def finished(state: State, error: str | None, now: str) -> dict[str, Any]:
    """The columns of a row that is done with."""
    return {"state": state, "claimed_at": None, "error": error, "finished_at": now}


def _owed(
    connection: sa.Connection,
    kind: Kind,
    key: str,
    letter: Letter,
    due_at: str,
    now: str,
    follows: int | None,
    whom: sa.ColumnElement[bool],
) -> sa.sql.dml.ReturningInsert[tuple[int, str]]:
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    active = chats.c.state == "active"
    fields: dict[str, Any] = {
        "chat_id": chats.c.chat_id,
        "kind": sa.literal(kind),
        "key": sa.literal(key),
        "payload": sa.literal(letter.to_json(), sa.JSON),
        "follows": sa.literal(follows, sa.Integer),
        "state": sa.case((active, "pending"), else_="gone"),
        "due_at": sa.literal(due_at),
        "attempts": sa.literal(0),
        "message_ids": sa.literal([], sa.JSON),
        "created_at": sa.literal(now),
        "finished_at": sa.case((active, sa.null()), else_=now),
    }
    statement = insert(outbox).from_select(
        list(fields), sa.select(*fields.values()).select_from(chats).where(whom)
    )
    return statement.on_conflict_do_nothing().returning(outbox.c.id, outbox.c.state)
