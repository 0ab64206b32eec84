"""Stored vectors: what a model makes of a passage, by the name of what it reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from index.schema import passages, vectors
from index.store.slices import slices

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def unembedded(connection: sa.Connection, model: str) -> list[int]:
    """Return the ids of passages that have no vector by `model`, one for each vector key."""
    known = sa.exists().where(vectors.c.model == model, vectors.c.key == passages.c.vector_key)
    query = (
        sa.select(sa.func.min(passages.c.id))
        .where(sa.not_(known))  # PostgreSQL looks a long NOT IN (…) through for every row
        .group_by(passages.c.vector_key)
    )
    return sorted(connection.execute(query).scalars())


def put_vectors(connection: sa.Connection, model: str, blobs: Mapping[str, bytes]) -> None:
    """Store vectors by key; those already stored stay as they are."""
    if not blobs:
        return
    rows = [{"key": key, "model": model, "data": data} for key, data in blobs.items()]
    known: set[str] = set()
    for part in slices(list(blobs)):
        query = sa.select(vectors.c.key).where(vectors.c.model == model, vectors.c.key.in_(part))
        known.update(connection.execute(query).scalars())
    fresh = [row for row in rows if row["key"] not in known]
    if fresh:
        connection.execute(sa.insert(vectors), fresh)


def get_vectors(connection: sa.Connection, model: str, keys: Sequence[str]) -> dict[str, bytes]:
    """Return the stored vectors among `keys`."""
    found: dict[str, bytes] = {}
    for part in slices(keys):
        query = sa.select(vectors.c.key, vectors.c.data)
        query = query.where(vectors.c.model == model, vectors.c.key.in_(part))
        found.update((row.key, row.data) for row in connection.execute(query))
    return found


def drop_unused_vectors(connection: sa.Connection) -> int:
    """Delete vectors that no passage needs; return how many."""
    used = sa.exists().where(passages.c.vector_key == vectors.c.key)
    return connection.execute(sa.delete(vectors).where(sa.not_(used))).rowcount
