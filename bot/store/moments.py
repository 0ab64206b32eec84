"""How long readers have been waiting for what they are owed. Functions on an open transaction."""

from __future__ import annotations

import sqlalchemy as sa

from bot.schema import holds, outbox


def overdue(connection: sa.Connection, *, before: str, now: str) -> tuple[int, str | None]:
    """Count letters that were due before an instant and have not left; when the oldest was due.

    Those to chats that Telegram has told us not to write to yet are not late.
    """
    held = sa.select(holds.c.chat_id).where(holds.c.until > now)
    query = sa.select(sa.func.count(), sa.func.min(outbox.c.due_at)).where(
        outbox.c.state == "pending", outbox.c.due_at < before, outbox.c.chat_id.not_in(held)
    )
    count, oldest = connection.execute(query).one()
    return count, oldest
