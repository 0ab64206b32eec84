"""Articles, their revisions and reprints."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from index.dates import sort_key
from index.model import Article, ArticleRef, Draft, NotFoundError, Passage
from index.schema import articles, changes, metadata, passages, revisions
from index.store.passages import REF, put_passages
from index.store.slices import slices

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.chunk import Chunk


@dataclass(frozen=True, slots=True)
class Head:
    """What `ingest.decide` needs to know of a stored article."""

    id: int
    source: str | None
    url: str | None
    content_hash: str
    duplicates_of: int | None


def content_hash(draft: Draft) -> str:
    """Return the name of what a draft says: the same title and text give the same hash."""
    return hashlib.sha256(f"{draft.title}\0{draft.text}".encode()).hexdigest()


def heads(connection: sa.Connection, *, url: str | None, content_hash: str) -> list[Head]:
    """Return the stored articles with this address or this content, oldest first."""
    same = articles.c.content_hash == content_hash
    if url is not None:
        same = sa.or_(same, articles.c.url == url)
    query = sa.select(
        articles.c.id,
        articles.c.source,
        articles.c.url,
        articles.c.content_hash,
        articles.c.duplicates_of,
    )
    return [Head(*row) for row in connection.execute(query.where(same).order_by(articles.c.id))]


def insert(
    connection: sa.Connection,
    draft: Draft,
    chunks: Sequence[Chunk],
    *,
    input: str,  # noqa: A002  the contract's word
    now: str,
    duplicates_of: int | None = None,
) -> int:
    """Store a new article, with passages unless it is a reprint; return its id."""
    row = connection.execute(
        sa.insert(articles).values(
            **_columns(draft), input=input, added_at=now, duplicates_of=duplicates_of
        )
    )
    (article_id,) = row.inserted_primary_key or (0,)
    if duplicates_of is None:
        put_passages(connection, article_id, draft, chunks)
    return int(article_id)


def revise(
    connection: sa.Connection, article_id: int, draft: Draft, chunks: Sequence[Chunk], *, now: str
) -> int | None:
    """Replace an article's words, keeping the earlier ones as a revision.

    A reprint of the earlier words stands on its own from now on: its id is returned, and it
    needs passages.
    """
    before = sa.select(
        articles.c.id, articles.c.title, articles.c.text, sa.literal(now).label("replaced_at")
    ).where(articles.c.id == article_id)
    connection.execute(
        sa.insert(revisions).from_select(["article_id", "title", "text", "replaced_at"], before)
    )
    connection.execute(
        sa.update(articles)
        .where(articles.c.id == article_id)
        .values(**_columns(draft), duplicates_of=None)
    )
    rechunk(connection, article_id, draft, chunks)
    return _promote_duplicate(connection, article_id)


def rechunk(
    connection: sa.Connection, article_id: int, draft: Draft, chunks: Sequence[Chunk]
) -> None:
    """Replace an article's passages."""
    connection.execute(sa.delete(passages).where(passages.c.article_id == article_id))
    put_passages(connection, article_id, draft, chunks)


def remove(connection: sa.Connection, article_id: int) -> int | None:
    """Delete an article, its passages and revisions.

    The oldest of its reprints takes its place: its id is returned, and it needs passages.
    Raises `NotFoundError`.
    """
    heir = _promote_duplicate(connection, article_id)
    gone = connection.execute(sa.delete(articles).where(articles.c.id == article_id))
    if gone.rowcount == 0:
        raise NotFoundError(f"no article {article_id}")
    connection.execute(sa.insert(changes).values(article_id=article_id))
    return heir


def article(connection: sa.Connection, article_id: int) -> Article:
    """Return an article whole, with its passages. Raises `NotFoundError`."""
    row = connection.execute(sa.select(articles).where(articles.c.id == article_id)).one_or_none()
    if row is None:
        raise NotFoundError(f"no article {article_id}")
    spans = connection.execute(
        sa.select(passages.c.start, passages.c.end)
        .where(passages.c.article_id == article_id)
        .order_by(passages.c.start)
    )
    return Article(
        id=row.id,
        title=row.title,
        text=row.text,
        source=row.source,
        url=row.url,
        published=row.published,
        byline=row.byline,
        passages=tuple(Passage(*span) for span in spans),
        duplicates_of=row.duplicates_of,
    )


def ref(connection: sa.Connection, article_id: int) -> ArticleRef:
    """Return an article as it is cited. It must exist."""
    row = connection.execute(sa.select(*REF).where(articles.c.id == article_id)).one()
    return ArticleRef(*row)


def refs(connection: sa.Connection) -> list[ArticleRef]:
    """Return every article as it is cited, oldest first."""
    return [ArticleRef(*row) for row in connection.execute(sa.select(*REF).order_by(REF[0]))]


def sources(connection: sa.Connection) -> list[str]:
    """Return the name of every source that has an article."""
    query = sa.select(articles.c.source).where(articles.c.source.is_not(None)).distinct()
    return list(connection.execute(query.order_by(articles.c.source)).scalars())


def drafts(connection: sa.Connection) -> list[tuple[int, Draft]]:
    """Return the articles that have passages, as drafts, with their ids."""
    query = sa.select(articles).where(articles.c.duplicates_of.is_(None)).order_by(articles.c.id)
    return [
        (row.id, Draft(row.title, row.text, row.source, row.url, row.published, row.byline))
        for row in connection.execute(query)
    ]


def reprints(connection: sa.Connection, article_ids: Sequence[int]) -> dict[int, list[ArticleRef]]:
    """Return, for each article that has any, the stored articles that repeat its text."""
    found: dict[int, list[ArticleRef]] = {}
    for ids in slices(article_ids):
        query = sa.select(articles.c.duplicates_of, *REF).where(articles.c.duplicates_of.in_(ids))
        for original, *ref in connection.execute(query.order_by(articles.c.id)):
            found.setdefault(original, []).append(ArticleRef(*ref))
    return found


def counts(connection: sa.Connection) -> dict[str, int]:
    """Return how many rows each table holds."""
    return {
        table.name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
        for table in metadata.sorted_tables
    }


def _columns(draft: Draft) -> dict[str, str | None]:
    return {
        "title": draft.title,
        "text": draft.text,
        "source": draft.source,
        "url": draft.url,
        "published": draft.published,
        "published_at": sort_key(draft.published),
        "byline": draft.byline,
        "content_hash": content_hash(draft),
    }


def _promote_duplicate(connection: sa.Connection, article_id: int) -> int | None:
    copies = connection.execute(
        sa.select(articles.c.id)
        .where(articles.c.duplicates_of == article_id)
        .order_by(articles.c.id)
    )
    heirs = list(copies.scalars())
    if not heirs:
        return None
    first = int(heirs[0])
    mine = articles.c.duplicates_of == article_id
    connection.execute(sa.update(articles).where(mine).values(duplicates_of=first))
    connection.execute(sa.update(articles).where(articles.c.id == first).values(duplicates_of=None))
    return first
