"""What a chat waits for us to be told: «اكتب اسم مدينتك» and the like, for a while.

A chat has one dialog at most; a new one takes the place of the last. `state["for"]` names who is
told (see `bot.handlers.ask.Asking`).
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from bot.schema import dialogs
from bot.store import chats


def begin(
    connection: sa.Connection, chat_id: int, *, state: dict[str, Any], expires_at: str
) -> None:
    """Wait for what the chat writes next, until that instant; not where it was just forgotten."""
    end(connection, chat_id)
    if chats.get(connection, chat_id) is not None:
        connection.execute(
            sa.insert(dialogs).values(chat_id=chat_id, state=state, expires_at=expires_at)
        )


def waiting(connection: sa.Connection, chat_id: int, *, now: str) -> dict[str, Any] | None:
    """The state of the chat's dialog, or None where nothing is waited for (any more)."""
    query = sa.select(dialogs.c.state).where(
        dialogs.c.chat_id == chat_id, dialogs.c.expires_at > now
    )
    state: dict[str, Any] | None = connection.execute(query).scalar_one_or_none()
    return state


def end(connection: sa.Connection, chat_id: int) -> bool:
    """Wait no longer; whether there was anything to wait for."""
    gone = connection.execute(sa.delete(dialogs).where(dialogs.c.chat_id == chat_id))
    return gone.rowcount > 0
