"""The pages behind feeds' items: a queue that a kill leaves whole."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from index.schema import feeds, pages
from index.store.slices import slices

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class PageRow:
    """A page to read, or one that was read, and what its feed said of it.

    `next_try` is None where it need not be read (again); `article_id` is what it became, and
    `missing_at` since when that article's page is not there.
    """

    key: str
    url: str
    feed_id: int | None
    fingerprint: str
    title: str | None
    published: str | None
    byline: str | None
    next_try: str | None
    read_at: str | None = None
    failures: int = 0
    error: str | None = None
    missing_at: str | None = None
    article_id: int | None = None


def pages_of(connection: sa.Connection, keys: Sequence[str]) -> dict[str, PageRow]:
    """Return the known pages among `keys`."""
    found: dict[str, PageRow] = {}
    for part in slices(keys):
        query = sa.select(pages).where(pages.c.key.in_(part))
        found.update((row.key, PageRow(**row._mapping)) for row in connection.execute(query))
    return found


def due_pages(connection: sa.Connection, now: str) -> list[tuple[PageRow, str | None]]:
    """Return the pages to read now, each with the source that the operator gave its feed."""
    query = (
        sa.select(pages, feeds.c.source)
        .outerjoin(feeds, feeds.c.id == pages.c.feed_id)
        .where(pages.c.next_try <= now)
        .order_by(pages.c.next_try, pages.c.key)
    )
    found = []
    for row in connection.execute(query):
        values: dict[str, Any] = dict(row._mapping)
        source = values.pop("source")
        found.append((PageRow(**values), source))
    return found


def put_pages(connection: sa.Connection, changed: Sequence[PageRow]) -> None:
    """Store pages, new ones and known ones alike."""
    for part in slices([page.key for page in changed]):
        connection.execute(sa.delete(pages).where(pages.c.key.in_(part)))
    if changed:
        connection.execute(sa.insert(pages), [asdict(page) for page in changed])


def save_page(connection: sa.Connection, changed: PageRow) -> None:
    """Store what became of a page that was due.

    Nothing happens where it is no longer waited for: its feed was removed meanwhile.
    """
    values = asdict(changed)
    del values["key"], values["feed_id"]
    connection.execute(sa.update(pages).where(pages.c.key == changed.key).values(**values))


def postpone(connection: sa.Connection, keys: Sequence[str], until: str) -> None:
    """Let these pages wait until then at least, for their host asked for it."""
    for part in slices(keys):
        early = sa.and_(pages.c.key.in_(part), pages.c.next_try < until)
        connection.execute(sa.update(pages).where(early).values(next_try=until))
