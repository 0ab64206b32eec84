"""Passages: what is retrieved, with what is quoted in it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from index.model import ArticleRef, Draft
from index.schema import articles, passages
from index.store.slices import slices

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from index.chunk import Chunk

REF = (articles.c.id, articles.c.title, articles.c.source, articles.c.url, articles.c.published)
"""The columns of an `ArticleRef`, in order."""


@dataclass(frozen=True, slots=True)
class PassageRow:
    """A passage with what indexing, searching and quoting read of it."""

    id: int
    article: ArticleRef
    published_at: str | None
    start: int
    text: str
    units: tuple[tuple[int, int], ...]  # offsets into `text`
    vector_key: str


def vector_key(title: str, text: str, units: Iterable[tuple[int, int]]) -> str:
    """Return the name of what the embedding model reads of a passage."""
    said = f"{title}\0{text}\0{list(units)}"
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def put_passages(
    connection: sa.Connection, article_id: int, draft: Draft, chunks: Sequence[Chunk]
) -> None:
    """Give an article the passages of these chunks; unchanged ones keep their ids and vectors."""
    query = sa.select(passages.c.id, passages.c.vector_key).where(
        passages.c.article_id == article_id
    )
    held: dict[str, list[int]] = {}
    for row in connection.execute(query.order_by(passages.c.start.desc())):
        held.setdefault(row.vector_key, []).append(row.id)
    fresh = []
    for chunk in chunks:
        key = vector_key(
            draft.title,
            draft.text[chunk.start : chunk.end],
            [(start - chunk.start, end - chunk.start) for start, end in chunk.units],
        )
        place = {"start": chunk.start, "end": chunk.end, "units": chunk.units}
        if same := held.get(key):
            mine = passages.c.id == same.pop()
            connection.execute(sa.update(passages).where(mine).values(place))
        else:
            fresh.append({"article_id": article_id, "vector_key": key, **place})
    for part in slices([id_ for ids in held.values() for id_ in ids]):
        connection.execute(sa.delete(passages).where(passages.c.id.in_(part)))
    if fresh:
        connection.execute(sa.insert(passages), fresh)


def passage_rows(
    connection: sa.Connection,
    *,
    ids: Sequence[int] | None = None,
    article_ids: Sequence[int] | None = None,
) -> list[PassageRow]:
    """Return the passages with these ids, or of these articles, in the order of their ids."""
    column, wanted = (
        (passages.c.id, ids) if ids is not None else (passages.c.article_id, article_ids or ())
    )
    rows = []
    for part in slices(wanted):
        query = (
            sa.select(passages, articles.c.published_at, articles.c.text, *REF[1:])
            .join(articles, articles.c.id == passages.c.article_id)
            .where(column.in_(part))
        )
        rows += [_passage_row(row) for row in connection.execute(query)]
    return sorted(rows, key=lambda row: row.id)


def misplaced_passages(connection: sa.Connection) -> list[int]:
    """Return the ids of passages that reach outside their article's text."""
    query = sa.select(passages.c.id).join(articles, articles.c.id == passages.c.article_id)
    outside = sa.or_(
        passages.c.start < 0,
        passages.c.end <= passages.c.start,
        passages.c.end > sa.func.length(articles.c.text),
    )
    return list(connection.execute(query.where(outside)).scalars())


def passage_ids(connection: sa.Connection) -> list[int]:
    """Return the id of every passage."""
    return list(connection.execute(sa.select(passages.c.id)).scalars())


def matching(
    connection: sa.Connection,
    *,
    since: str | None = None,
    until: str | None = None,
    source: str | None = None,
) -> list[int]:
    """Return the ids of passages of this source published from `since` up to before `until`.

    Both are UTC instants as `dates.sort_key` writes them. An article without a full date is
    in no range.
    """
    query = sa.select(passages.c.id).join(articles, articles.c.id == passages.c.article_id)
    if since is not None:
        query = query.where(articles.c.published_at >= since)
    if until is not None:
        query = query.where(articles.c.published_at < until)
    if source is not None:
        query = query.where(articles.c.source == source)
    return list(connection.execute(query).scalars())


def _passage_row(row: Any) -> PassageRow:
    return PassageRow(
        id=row.id,
        article=ArticleRef(row.article_id, row.title, row.source, row.url, row.published),
        published_at=row.published_at,
        start=row.start,
        text=row.text[row.start : row.end],
        units=tuple((start - row.start, end - row.start) for start, end in row.units),
        vector_key=row.vector_key,
    )
