"""How much an archive holds, from indexes alone. Functions on an open transaction."""

from __future__ import annotations

import sqlalchemy as sa

from index.schema import articles, passages
from index.store.articles import LIVE


def article_states(connection: sa.Connection) -> dict[str, int]:
    """Count the articles that stand, those that repeat another, and those that were withdrawn."""
    found = {"live": 0, "reprint": 0, "withdrawn": 0}
    repeats = articles.c.duplicates_of.is_not(None)
    query = sa.select(repeats, articles.c.status, sa.func.count()).group_by(
        repeats, articles.c.status
    )
    for reprint, status, count in connection.execute(query):
        found["withdrawn" if status != LIVE else "reprint" if reprint else "live"] += count
    return found


def passage_count(connection: sa.Connection) -> int:
    """Return the number of passages."""
    return connection.execute(sa.select(sa.func.count()).select_from(passages)).scalar_one()
