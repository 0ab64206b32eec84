"""Stories: the articles that tell of one event, and what placing a new one reads of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from index.model import ArticleRef
from index.schema import articles, passages, signatures, stories, vectors
from index.store.articles import LIVE, standing
from index.store.passages import REF
from index.store.slices import slices

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Subject:
    """What placing reads of an article: its terms, its story, and the encoding of its lead."""

    article: int
    story: int | None
    terms: bytes
    moment: int | None
    encoding: bytes


@dataclass(frozen=True, slots=True)
class Told:
    """A live article of a story, as listing reads it."""

    story: int
    article: ArticleRef
    published_at: str | None


def open_story(connection: sa.Connection, now: str) -> int:
    """Open a story; return its id."""
    done = connection.execute(sa.insert(stories), {"opened_at": now})
    (story,) = done.inserted_primary_key or (0,)
    return int(story)


def put_story(connection: sa.Connection, article_id: int, story: int | None) -> None:
    """Put an article into a story, or take it out of the one it is in."""
    connection.execute(_PUT, {"article": article_id, "place": story})


_PUT: Final = (
    sa.update(articles)
    .where(articles.c.id == sa.bindparam("article"))
    .values(story=sa.bindparam("place"))
)


def unplaced(connection: sa.Connection) -> list[int]:
    """Return the standing articles that are in no story, in the order in which they came."""
    query = sa.select(articles.c.id).where(articles.c.story.is_(None), *standing())
    return list(connection.execute(query.order_by(articles.c.id)).scalars())


def subjects(connection: sa.Connection, model: str, article_ids: Sequence[int]) -> list[Subject]:
    """Return what placing reads of these articles, as far as they stand, in the order of ids."""
    found: list[Subject] = []
    for part in slices(article_ids):
        query = _subjects(model).where(articles.c.id.in_(part))
        found += [Subject(*row) for row in connection.execute(query)]
    return sorted(found, key=lambda subject: subject.article)


def placed_subjects(connection: sa.Connection, model: str, since: int, until: int) -> list[Subject]:
    """Return those that are in a story, of moments from `since` up to before `until`, by id."""
    moment = sa.func.coalesce(signatures.c.moment, 0)
    query = _subjects(model).where(articles.c.story.is_not(None))
    query = query.where(moment >= since, moment < until).order_by(articles.c.id)
    return [Subject(*row) for row in connection.execute(query)]


def terms_told(connection: sa.Connection, since: int, until: int | None, most: int) -> list[bytes]:
    """Return the terms of the last `most` articles of moments from `since` up to before `until`.

    Earliest first; reprints are among them.
    """
    query = sa.select(signatures.c.terms).where(signatures.c.moment >= since)
    if until is not None:
        query = query.where(signatures.c.moment < until)
    order = signatures.c.moment.desc(), signatures.c.article_id.desc()
    return list(connection.execute(query.order_by(*order).limit(most)).scalars())[::-1]


def _subjects(model: str) -> sa.Select[Any]:
    lead = sa.select(sa.func.min(passages.c.start)).where(passages.c.article_id == articles.c.id)
    return (
        sa.select(
            articles.c.id,
            articles.c.story,
            signatures.c.terms,
            signatures.c.moment,
            vectors.c.data,
        )
        .join(signatures, signatures.c.article_id == articles.c.id)
        .join(passages, passages.c.article_id == articles.c.id)
        .join(vectors, vectors.c.key == passages.c.vector_key)
        .where(
            vectors.c.model == model,
            passages.c.start == lead.correlate(articles).scalar_subquery(),
            *standing(),
        )
    )


def told(
    connection: sa.Connection, *, since: str | None = None, until: str | None = None
) -> list[Told]:
    """Return the live articles of every story, reprints among them, earliest first.

    Of those published from `since` up to before `until` where one is given: UTC instants as
    `dates.sort_key` writes them. An article without a full date is in no range, and comes last.
    """
    original = articles.alias("original")
    story = sa.func.coalesce(original.c.story, articles.c.story)
    query = (
        sa.select(story, *REF, articles.c.published_at)
        .outerjoin(original, original.c.id == articles.c.duplicates_of)
        .where(story.is_not(None), articles.c.status == LIVE)
    )
    if since is not None:
        query = query.where(articles.c.published_at >= since)
    if until is not None:
        query = query.where(articles.c.published_at < until)
    order = (articles.c.published_at.is_(None), articles.c.published_at, articles.c.id)
    return [
        Told(row[0], ArticleRef(*row[1:6]), row[6])
        for row in connection.execute(query.order_by(*order))
    ]
