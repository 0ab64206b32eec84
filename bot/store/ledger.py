"""The outbox as its operator sees it: what became of everything, and what can be done about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from bot.schema import broadcasts, holds, outbox, quoted
from index.model import InputError

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.outbox.promises import State

KEPT_DAYS = 30
"""Days for which what was sent is kept, to correct it and to account for it.

After them a key can be owed again: whoever owes under keys that come back remembers longer
(`alerts`), and no article is told of that long after.
"""

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Entry:
    """A letter, without its words."""

    id: int
    chat_id: int
    kind: str
    state: State
    due_at: str
    attempts: int
    error: str | None


def entries(connection: sa.Connection, states: Collection[State], *, limit: int) -> list[Entry]:
    """The latest letters in these states, latest first."""
    columns = [outbox.c[name] for name in Entry.__slots__]
    query = sa.select(*columns).where(outbox.c.state.in_(states)).order_by(outbox.c.id.desc())
    return [Entry(*row) for row in connection.execute(query.limit(limit))]


def counts(connection: sa.Connection) -> dict[tuple[str, State], int]:
    """How many letters of each kind are in each state."""
    query = sa.select(outbox.c.kind, outbox.c.state, sa.func.count()).group_by(
        outbox.c.kind, outbox.c.state
    )
    return {(kind, state): count for kind, state, count in connection.execute(query)}


def retry(connection: sa.Connection, outbox_id: int, *, now: str) -> None:
    """Owe a letter again that failed, or that may not have arrived: it then may come twice.

    Raises `InputError` where there is no such letter.
    """
    set_aside = sa.and_(outbox.c.id == outbox_id, outbox.c.state.in_(("failed", "unconfirmed")))
    again = {"state": "pending", "due_at": now, "attempts": 0, "error": None, "finished_at": None}
    if not connection.execute(sa.update(outbox).where(set_aside).values(**again)).rowcount:
        raise InputError(
            str(outbox_id), "no such letter is set aside; see isnad outbox list --failed"
        )


def prune(connection: sa.Connection, *, before: str) -> int:
    """Delete some of what was finished before then, the quotes in it, and old answers' quotes.

    Returns how many rows went; 0 when nothing is left to delete.
    """
    old = sa.select(outbox.c.id).where(outbox.c.finished_at < before).limit(_AT_ONCE)
    answers = (
        sa.select(quoted.c.id)
        .where(quoted.c.at < before, quoted.c.outbox_id.is_(None))
        .limit(_AT_ONCE)
    )
    drafts = sa.and_(broadcasts.c.confirmed_at.is_(None), broadcasts.c.created_at < before)
    return sum(
        connection.execute(delete).rowcount
        for delete in (
            sa.delete(outbox).where(outbox.c.id.in_(old)),
            sa.delete(quoted).where(quoted.c.id.in_(answers)),
            sa.delete(holds).where(holds.c.until < before),
            sa.delete(broadcasts).where(drafts),
        )
    )
