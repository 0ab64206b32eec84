"""Every SQL statement of the archive. Functions on an open transaction of `index.db`."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa

from index.dates import sort_key
from index.model import Article, ArticleRef, Draft, NotFoundError, Passage
from index.schema import articles, changes, passages, revisions, vectors

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from index.chunk import Chunk

T = TypeVar("T")

BIND_LIMIT = 500
"""Values in one IN (…): old SQLite builds refuse 1,000."""

_REF = (articles.c.id, articles.c.title, articles.c.source, articles.c.url, articles.c.published)


@dataclass(frozen=True, slots=True)
class Head:
    """What `ingest.decide` needs to know of a stored article."""

    id: int
    source: str | None
    url: str | None
    content_hash: str
    duplicates_of: int | None


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


def content_hash(draft: Draft) -> str:
    """Return the name of what a draft says: the same title and text give the same hash."""
    return hashlib.sha256(f"{draft.title}\0{draft.text}".encode()).hexdigest()


def vector_key(title: str, text: str, units: Iterable[tuple[int, int]]) -> str:
    """Return the name of what the embedding model reads of a passage."""
    said = f"{title}\0{text}\0{list(units)}"
    return hashlib.sha256(said.encode()).hexdigest()[:32]


# --- articles ---------------------------------------------------------------------------------


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
        _put_passages(connection, article_id, draft, chunks)
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
    _put_passages(connection, article_id, draft, chunks)


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
    row = connection.execute(sa.select(*_REF).where(articles.c.id == article_id)).one()
    return ArticleRef(*row)


def refs(connection: sa.Connection) -> list[ArticleRef]:
    """Return every article as it is cited, oldest first."""
    return [ArticleRef(*row) for row in connection.execute(sa.select(*_REF).order_by(_REF[0]))]


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
    for ids in _slices(article_ids):
        query = sa.select(articles.c.duplicates_of, *_REF).where(articles.c.duplicates_of.in_(ids))
        for original, *ref in connection.execute(query.order_by(articles.c.id)):
            found.setdefault(original, []).append(ArticleRef(*ref))
    return found


def counts(connection: sa.Connection) -> dict[str, int]:
    """Return how many rows each table holds."""
    return {
        table.name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
        for table in (articles, revisions, passages, vectors, changes)
    }


# --- passages ---------------------------------------------------------------------------------


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
    for part in _slices(wanted):
        query = (
            sa.select(passages, articles.c.published_at, articles.c.text, *_REF[1:])
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


# --- vectors ----------------------------------------------------------------------------------


def unembedded(connection: sa.Connection, model: str) -> list[int]:
    """Return the ids of passages that have no vector by `model`, one for each vector key."""
    known = sa.select(vectors.c.key).where(vectors.c.model == model)
    query = (
        sa.select(sa.func.min(passages.c.id))
        .where(passages.c.vector_key.not_in(known))
        .group_by(passages.c.vector_key)
    )
    return sorted(connection.execute(query).scalars())


def put_vectors(connection: sa.Connection, model: str, blobs: Mapping[str, bytes]) -> None:
    """Store vectors by key; those already stored stay as they are."""
    if not blobs:
        return
    rows = [{"key": key, "model": model, "data": data} for key, data in blobs.items()]
    known: set[str] = set()
    for part in _slices(list(blobs)):
        query = sa.select(vectors.c.key).where(vectors.c.model == model, vectors.c.key.in_(part))
        known.update(connection.execute(query).scalars())
    fresh = [row for row in rows if row["key"] not in known]
    if fresh:
        connection.execute(sa.insert(vectors), fresh)


def get_vectors(connection: sa.Connection, model: str, keys: Sequence[str]) -> dict[str, bytes]:
    """Return the stored vectors among `keys`."""
    found: dict[str, bytes] = {}
    for part in _slices(keys):
        query = sa.select(vectors.c.key, vectors.c.data)
        query = query.where(vectors.c.model == model, vectors.c.key.in_(part))
        found.update((row.key, row.data) for row in connection.execute(query))
    return found


def drop_unused_vectors(connection: sa.Connection) -> int:
    """Delete vectors that no passage needs; return how many."""
    used = sa.select(passages.c.vector_key)
    return connection.execute(sa.delete(vectors).where(vectors.c.key.not_in(used))).rowcount


# --- changes ----------------------------------------------------------------------------------


def last_change(connection: sa.Connection) -> int:
    """Return the number of the newest change, 0 where there is none."""
    return connection.execute(sa.select(sa.func.max(changes.c.seq))).scalar_one() or 0


def changed_articles(connection: sa.Connection, since: int) -> list[int]:
    """Return the ids of articles with a change after `since`, each once."""
    query = sa.select(changes.c.article_id).where(changes.c.seq > since).distinct()
    return sorted(connection.execute(query).scalars())


# --- inside -----------------------------------------------------------------------------------


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


def _put_passages(
    connection: sa.Connection, article_id: int, draft: Draft, chunks: Sequence[Chunk]
) -> None:
    rows = [
        {
            "article_id": article_id,
            "start": chunk.start,
            "end": chunk.end,
            "units": chunk.units,
            "vector_key": vector_key(
                draft.title,
                draft.text[chunk.start : chunk.end],
                [(start - chunk.start, end - chunk.start) for start, end in chunk.units],
            ),
        }
        for chunk in chunks
    ]
    if rows:
        connection.execute(sa.insert(passages), rows)
    connection.execute(sa.insert(changes).values(article_id=article_id))


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


def _slices(items: Sequence[T]) -> Iterable[Sequence[T]]:
    for first in range(0, len(items), BIND_LIMIT):
        yield items[first : first + BIND_LIMIT]
