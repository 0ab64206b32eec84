"""When things happened, as the archive wrote it down. Functions on an open transaction."""

from __future__ import annotations

import sqlalchemy as sa

from index.schema import articles


def newest_added(connection: sa.Connection) -> str | None:
    """Return when the newest article came in (ISO, UTC), None where there is none."""
    newest = sa.select(articles.c.added_at).order_by(articles.c.id.desc()).limit(1)
    return connection.execute(newest).scalar_one_or_none()
