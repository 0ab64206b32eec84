"""The log of changes: what the search indexes drain, and what tells readers of corrections."""

from __future__ import annotations

import sqlalchemy as sa

from index.model import Change
from index.schema import changes


def record(connection: sa.Connection, article_id: int, kind: str | None = None) -> None:
    """Say that an article is to be looked at again; `kind` as in `model.Change`.

    Without a kind only the indexes hear of it, for readers see no difference.
    """
    connection.execute(sa.insert(changes), {"article_id": article_id, "kind": kind})


def last_change(connection: sa.Connection) -> int:
    """Return the number of the newest change, 0 where there is none."""
    return connection.execute(sa.select(sa.func.max(changes.c.seq))).scalar_one() or 0


def changed_articles(connection: sa.Connection, since: int) -> list[int]:
    """Return the ids of articles with a change after `since`, each once."""
    query = sa.select(changes.c.article_id).where(changes.c.seq > since).distinct()
    return sorted(connection.execute(query).scalars())


def changes_since(connection: sa.Connection, after: int, limit: int) -> list[Change]:
    """Return up to `limit` changes that readers see, those after `after`, oldest first."""
    query = sa.select(changes.c.seq, changes.c.article_id, changes.c.kind)
    query = query.where(changes.c.seq > after, changes.c.kind.is_not(None))
    return [Change(*row) for row in connection.execute(query.order_by(changes.c.seq).limit(limit))]
