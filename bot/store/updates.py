"""Updates taken from Telegram: kept whole until they are handled, then by their numbers only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bot.schema import updates

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


def keep(
    connection: sa.Connection, payloads: Mapping[int, Mapping[str, Any]], *, now: str
) -> set[int]:
    """Store updates by their numbers; which of them were not known before."""
    known = sa.select(updates.c.update_id).where(updates.c.update_id.in_(payloads))
    new = payloads.keys() - set(connection.execute(known).scalars())
    if new:
        connection.execute(
            sa.insert(updates),
            [
                {
                    "update_id": number,
                    "payload": dict(payloads[number]),
                    "sending": False,
                    "received_at": now,
                }
                for number in sorted(new)
            ],
        )
    return new


def waiting(connection: sa.Connection) -> list[tuple[dict[str, Any], bool]]:
    """Return what was taken and not yet handled, oldest first; and whether an answer had left."""
    query = sa.select(updates.c.payload, updates.c.sending)
    query = query.where(updates.c.payload.is_not(sa.null()))
    found = connection.execute(query.order_by(updates.c.update_id))
    return [(row.payload, row.sending) for row in found]


def note(
    connection: sa.Connection, *, sending: Collection[int] = (), done: Collection[int] = ()
) -> None:
    """Note that the answers to updates are leaving, and that others were handled.

    What a handled one said is erased.
    """
    leaving = sa.update(updates).where(updates.c.update_id.in_(sending))
    handled = sa.update(updates).where(updates.c.update_id.in_(done))
    if sending:
        connection.execute(leaving.values(sending=True))
    if done:
        connection.execute(handled.values(payload=sa.null()))


def prune(connection: sa.Connection, *, before: str) -> None:
    """Forget the numbers of what was handled and came before an instant."""
    connection.execute(
        sa.delete(updates).where(updates.c.payload.is_(sa.null()), updates.c.received_at < before)
    )
