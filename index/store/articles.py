"""Articles, their revisions and reprints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from index.dates import sort_key
from index.model import Article, ArticleRef, Draft, NotFoundError, Passage
from index.schema import articles, metadata, passages, revisions
from index.store.changes import record
from index.store.drafts import content_hash
from index.store.passages import REF, put_passages
from index.store.slices import slices

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from index.chunk import Chunk


LIVE, WITHDRAWN = "live", "withdrawn"


@dataclass(frozen=True, slots=True)
class Head:
    """What `ingest.decide` needs to know of a stored article."""

    id: int
    source: str | None
    url: str | None
    content_hash: str
    duplicates_of: int | None
    status: str = LIVE


_HEADS: Final = (
    sa.select(
        articles.c.id,
        articles.c.source,
        articles.c.url,
        articles.c.content_hash,
        articles.c.duplicates_of,
        articles.c.status,
    )
    .where(
        sa.or_(
            articles.c.content_hash == sa.bindparam("words"),
            articles.c.url == sa.bindparam("address", type_=sa.Text),
        )
    )
    .order_by(articles.c.id)
)
_REF: Final = sa.select(*REF).where(articles.c.id == sa.bindparam("article"))


def heads(connection: sa.Connection, *, url: str | None, content_hash: str) -> list[Head]:
    """Return the stored articles with this address or this content, oldest first."""
    found = connection.execute(_HEADS, {"words": content_hash, "address": url})
    return [Head(*row) for row in found]


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
    row = {**_columns(draft), "input": input, "added_at": now, "duplicates_of": duplicates_of}
    done = connection.execute(sa.insert(articles), row)
    (article_id,) = done.inserted_primary_key or (0,)
    if duplicates_of is None:
        put_passages(connection, article_id, draft, chunks)
        record(connection, article_id, "added")
    return int(article_id)


def revise(
    connection: sa.Connection,
    article_id: int,
    draft: Draft,
    chunks: Sequence[Chunk],
    *,
    now: str,
    faithful: Collection[int] = (),
) -> int | None:
    """Replace an article's words, keeping the earlier ones as a revision.

    A reprint of the earlier words, but for the `faithful` ones that repeat the new words too,
    stands on its own from now on: its id is returned, and it needs passages.
    """
    before = sa.select(
        articles.c.id, articles.c.title, articles.c.text, sa.literal(now).label("replaced_at")
    ).where(articles.c.id == article_id)
    connection.execute(
        sa.insert(revisions).from_select(["article_id", "title", "text", "replaced_at"], before)
    )
    heir = _promote_duplicate(connection, article_id, but=faithful)
    connection.execute(
        sa.update(articles)
        .where(articles.c.id == article_id)
        .values(**_columns(draft), duplicates_of=None, status=LIVE)
    )
    put_passages(connection, article_id, draft, chunks)
    record(connection, article_id, "revised")
    return heir


def rechunk(
    connection: sa.Connection, article_id: int, draft: Draft, chunks: Sequence[Chunk]
) -> None:
    """Replace an article's passages; those that come out the same stay."""
    put_passages(connection, article_id, draft, chunks)
    record(connection, article_id)


def repeat(connection: sa.Connection, article_id: int, original: int) -> None:
    """Make an article, and its reprints, reprints of another, which has no original itself."""
    mine = sa.or_(articles.c.id == article_id, articles.c.duplicates_of == article_id)
    connection.execute(sa.update(articles).where(mine).values(duplicates_of=original, story=None))
    put_passages(connection, article_id, Draft("", ""), ())
    record(connection, article_id)


def withdraw(connection: sa.Connection, article_id: int, *, now: str) -> int | None:
    """Keep an article that its publisher took back, and quote it no more. Twice is once.

    The oldest of its live reprints takes its place: its id is returned, and it needs passages.
    Raises `NotFoundError`.
    """
    if article(connection, article_id).status == WITHDRAWN:
        return None
    heir = _promote_duplicate(connection, article_id)
    put_passages(connection, article_id, Draft("", ""), ())
    connection.execute(
        sa.update(articles)
        .where(articles.c.id == article_id)
        .values(status=WITHDRAWN, status_at=now, story=None)
    )
    record(connection, article_id, "withdrawn")
    return heir


def restore(
    connection: sa.Connection, article_id: int, chunks: Sequence[Chunk], *, now: str
) -> None:
    """Let a withdrawn article be quoted again, unless it is a reprint. Raises `NotFoundError`.

    Where its words have been printed elsewhere meanwhile, it becomes a reprint of that.
    """
    found = article(connection, article_id)
    if found.status == LIVE:
        return
    mine = articles.c.id == article_id
    original = found.duplicates_of or _twin(connection, article_id)
    connection.execute(
        sa.update(articles).where(mine).values(status=LIVE, status_at=now, duplicates_of=original)
    )
    if original is None:
        put_passages(connection, article_id, Draft(found.title, found.text), chunks)
    record(connection, article_id, "revised")


def remove(connection: sa.Connection, article_id: int) -> int | None:
    """Delete an article, its passages and revisions.

    The oldest of its reprints takes its place: its id is returned, and it needs passages.
    Raises `NotFoundError`.
    """
    heir = _promote_duplicate(connection, article_id)
    gone = connection.execute(sa.delete(articles).where(articles.c.id == article_id))
    if gone.rowcount == 0:
        raise NotFoundError(f"no article {article_id}")
    record(connection, article_id, "removed")
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
        story=row.story if row.duplicates_of is None else _story(connection, row.duplicates_of),
        duplicates_of=row.duplicates_of,
        status=row.status,
    )


def ref(connection: sa.Connection, article_id: int) -> ArticleRef:
    """Return an article as it is cited. It must exist."""
    return ArticleRef(*connection.execute(_REF, {"article": article_id}).one())


def refs(connection: sa.Connection) -> list[ArticleRef]:
    """Return every article as it is cited, oldest first."""
    return [ArticleRef(*row) for row in connection.execute(sa.select(*REF).order_by(REF[0]))]


def sources(connection: sa.Connection) -> list[str]:
    """Return the name of every source that has an article."""
    query = sa.select(articles.c.source).where(articles.c.source.is_not(None)).distinct()
    return list(connection.execute(query.order_by(articles.c.source)).scalars())


def drafts(connection: sa.Connection) -> list[tuple[int, Draft]]:
    """Return the articles that have passages, as drafts, with their ids."""
    query = sa.select(articles).where(*standing()).order_by(articles.c.id)
    return [
        (row.id, Draft(row.title, row.text, row.source, row.url, row.published, row.byline))
        for row in connection.execute(query)
    ]


def reprints(connection: sa.Connection, article_ids: Sequence[int]) -> dict[int, list[ArticleRef]]:
    """Return, for each article that has any, the live articles that repeat its text."""
    found: dict[int, list[ArticleRef]] = {}
    for ids in slices(article_ids):
        query = sa.select(articles.c.duplicates_of, *REF)
        query = query.where(articles.c.duplicates_of.in_(ids), articles.c.status == LIVE)
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


def standing() -> tuple[sa.ColumnElement[bool], ...]:
    """The conditions on an article that is quoted: live, and no reprint of another."""
    return articles.c.duplicates_of.is_(None), articles.c.status == LIVE


def _story(connection: sa.Connection, article_id: int) -> int | None:
    query = sa.select(articles.c.story).where(articles.c.id == article_id)
    found: int | None = connection.execute(query).scalar_one()
    return found


def _twin(connection: sa.Connection, article_id: int) -> int | None:
    """The standing article with the same words, if there is one."""
    words = sa.select(articles.c.content_hash).where(articles.c.id == article_id)
    query = sa.select(sa.func.min(articles.c.id)).where(
        articles.c.content_hash == words.scalar_subquery(), *standing()
    )
    found: int | None = connection.execute(query).scalar_one()
    return found


def _promote_duplicate(
    connection: sa.Connection, article_id: int, *, but: Collection[int] = ()
) -> int | None:
    """Let the oldest live reprint stand in the article's place, in its story; return its id.

    Those in `but` stay with the article, the others go to the heir. Without one, the withdrawn
    reprints that are left repeat nothing.
    """
    copies = connection.execute(
        sa.select(articles.c.id, articles.c.status)
        .where(articles.c.duplicates_of == article_id)
        .order_by(articles.c.id)
    )
    leaving = [row for row in copies if row.id not in but]
    heir = next((int(row.id) for row in leaving if row.status == LIVE), None)
    if heir is not None:
        story = sa.select(articles.c.story).where(articles.c.id == article_id).scalar_subquery()
        _update(connection, [heir], story=story)
    _update(connection, [row.id for row in leaving], duplicates_of=heir)
    if heir is not None:
        _update(connection, [heir], duplicates_of=None)
    return heir


def _update(connection: sa.Connection, ids: Sequence[int], **values: object) -> None:
    for part in slices(ids):
        connection.execute(sa.update(articles).where(articles.c.id.in_(part)).values(**values))
