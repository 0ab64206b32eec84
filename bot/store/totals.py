"""All that is kept of one chat, for its reader; how much is kept of all, for the operator."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from bot.schema import broadcasts, chats, metadata, outbox, topics, votes


def of_chat(connection: sa.Connection, chat_id: int) -> dict[str, list[dict[str, Any]]]:
    """Every row that belongs to a chat, by table; tables without any are left out.

    A table made later is found by its `chat_id`.
    """
    owned = {table: table.c.chat_id for table in metadata.sorted_tables if "chat_id" in table.c}
    owned[broadcasts] = broadcasts.c.by
    found: dict[str, list[dict[str, Any]]] = {}
    for table, owner in owned.items():
        rows = connection.execute(sa.select(table).where(owner == chat_id))
        if mine := [dict(row._mapping) for row in rows]:
            found[table.name] = mine
    return found


def counts(connection: sa.Connection) -> dict[str, int]:
    """Numbers of chats, subscriptions, messages and votes; nobody's words or numbers."""

    def count(table: sa.Table, *conditions: sa.ColumnElement[bool]) -> int:
        query = sa.select(sa.func.count()).select_from(table).where(*conditions)
        return int(connection.execute(query).scalar_one())

    return {
        "chats": count(chats),
        "blocked": count(chats, chats.c.state != "active"),
        "topics": count(topics),
        "digests": count(chats, chats.c.digest_at.is_not(None)),
        "waiting": count(outbox, outbox.c.state.in_(("pending", "sending"))),
        "sent": count(outbox, outbox.c.state == "sent"),
        "failed": count(outbox, outbox.c.state.in_(("failed", "gone"))),
        "up": count(votes, votes.c.vote > 0),
        "down": count(votes, votes.c.vote < 0),
    }
