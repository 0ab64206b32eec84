"""Votes on answers: which of our messages helped."""

from __future__ import annotations

from typing import Literal

import sqlalchemy as sa

from bot.schema import votes

Vote = Literal[1, -1]


def cast(connection: sa.Connection, chat_id: int, message_id: int, *, vote: Vote, now: str) -> bool:
    """Store the vote of a known chat on a message; the last one counts.

    Whether another one stood there before.
    """
    this = (votes.c.chat_id == chat_id, votes.c.message_id == message_id)
    before = connection.execute(sa.select(votes.c.vote).where(*this)).scalar_one_or_none()
    connection.execute(sa.delete(votes).where(*this))
    connection.execute(
        sa.insert(votes).values(chat_id=chat_id, message_id=message_id, vote=vote, at=now)
    )
    return before not in (None, vote)
