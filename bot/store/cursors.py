"""How far into the archive's log of changes each of its readers has come."""

from __future__ import annotations

import sqlalchemy as sa

from bot.schema import cursors


def get(connection: sa.Connection, name: str) -> int:
    """The last change that reader `name` has dealt with, 0 where it has not begun."""
    query = sa.select(cursors.c.value).where(cursors.c.name == name)
    return connection.execute(query).scalar_one_or_none() or 0


def advance(connection: sa.Connection, name: str, value: int) -> None:
    """Note that it has come to `value`; in the transaction of what it made of it."""
    here = sa.update(cursors).where(cursors.c.name == name).values(value=value)
    if not connection.execute(here).rowcount:
        connection.execute(sa.insert(cursors).values(name=name, value=value))
