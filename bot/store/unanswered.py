"""What was asked in vain, without who asked: for an operator who switched that on."""

from __future__ import annotations

import sqlalchemy as sa

from bot.schema import unanswered
from bot.words import words

_LONGEST = 300


def count(connection: sa.Connection, question: str, now: str) -> None:
    """Count a question that the archive had no answer to, in a spelling that makes it one."""
    said = " ".join(words(question))[:_LONGEST]
    if not said:
        return
    here = sa.update(unanswered).where(unanswered.c.question == said)
    if not connection.execute(here.values(count=unanswered.c.count + 1, last_at=now)).rowcount:
        connection.execute(
            sa.insert(unanswered).values(question=said, count=1, first_at=now, last_at=now)
        )


def listed(connection: sa.Connection) -> list[tuple[str, int, str]]:
    """Questions, how often each was asked, and when last; the most asked first."""
    query = sa.select(unanswered.c.question, unanswered.c.count, unanswered.c.last_at)
    ordered = query.order_by(unanswered.c.count.desc(), unanswered.c.last_at.desc())
    return [tuple(row) for row in connection.execute(ordered)]
