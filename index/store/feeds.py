"""Feeds, and what each said of its items. Functions on an open transaction of `index.db`."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from index.schema import feed_items, feeds, pages
from index.store.slices import slices

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Feed:
    """Something the operator follows, and how it fares. Moments are ISO, UTC.

    `next_try` is None for a feed that is gone for good. `failures` counts those since the last
    success, `failing_since` is when they began.
    """

    id: int
    url: str
    kind: str
    title: str | None
    source: str | None
    added_at: str
    next_try: str | None
    tried_at: str | None = None
    succeeded_at: str | None = None
    items_a_day: float | None = None
    failures: int = 0
    failing_since: str | None = None
    error: str | None = None
    noticed_at: str | None = None
    etag: str | None = None
    modified: str | None = None

    @property
    def state(self) -> str:
        """How it fares, in a word: new, ok, failing, dead (for days) or gone (for good)."""
        if self.next_try is None:
            return "gone"
        if self.noticed_at is not None:
            return "dead"
        if self.failures:
            return "failing"
        return "new" if self.succeeded_at is None else "ok"


def add_feed(
    connection: sa.Connection,
    *,
    url: str,
    kind: str,
    title: str | None,
    source: str | None,
    now: str,
) -> tuple[Feed, bool]:
    """Follow a feed, due at once; return it and whether it is new.

    One that is followed already takes the `source`, where that is given, and is due again.
    """
    known = connection.execute(sa.select(feeds).where(feeds.c.url == url)).one_or_none()
    if known is not None:
        again = {"next_try": now, "noticed_at": None, "source": source or known.source}
        connection.execute(sa.update(feeds).where(feeds.c.id == known.id).values(**again))
        return _one(connection, known.id), False
    values = {"url": url, "kind": kind, "title": title, "source": source, "added_at": now}
    row = connection.execute(sa.insert(feeds).values(**values, next_try=now, failures=0))
    (number,) = row.inserted_primary_key or (0,)
    return _one(connection, number), True


def all_feeds(connection: sa.Connection) -> list[Feed]:
    """Return every feed, oldest first."""
    return [_feed(row) for row in connection.execute(sa.select(feeds).order_by(feeds.c.id))]


def due_feeds(connection: sa.Connection, now: str) -> list[Feed]:
    """Return the feeds to read now, the longest overdue first."""
    query = sa.select(feeds).where(feeds.c.next_try <= now)
    return [_feed(row) for row in connection.execute(query.order_by(feeds.c.next_try, feeds.c.id))]


def next_due(connection: sa.Connection) -> str | None:
    """Return when the next feed or page is due; None where none ever is."""
    found = [
        connection.execute(sa.select(sa.func.min(table.c.next_try))).scalar_one()
        for table in (feeds, pages)
    ]
    return min((moment for moment in found if moment is not None), default=None)


def save_feed(connection: sa.Connection, changed: Feed) -> bool:
    """Store how a feed fares now; return whether it is still followed.

    One that moved to an address that is followed too is followed there alone.
    """
    same = sa.select(feeds.c.id).where(feeds.c.url == changed.url, feeds.c.id != changed.id)
    if connection.execute(same).first() is not None:
        connection.execute(sa.delete(feeds).where(feeds.c.id == changed.id))
        return False
    values = asdict(changed)
    del values["id"], values["source"], values["added_at"]  # the operator's, not the fetcher's
    query = sa.update(feeds).where(feeds.c.id == changed.id).values(**values)
    return connection.execute(query).rowcount == 1


def remove_feed(connection: sa.Connection, feed_id: int) -> bool:
    """Follow a feed no more, nor the pages that are still to be read for it alone.

    Its articles stay. Return whether there was one.
    """
    others = sa.select(feed_items.c.key).where(feed_items.c.feed_id != feed_id)
    connection.execute(
        sa.delete(pages).where(
            pages.c.feed_id == feed_id,
            pages.c.next_try.is_not(None),
            pages.c.article_id.is_(None),
            pages.c.key.not_in(others),
        )
    )
    return connection.execute(sa.delete(feeds).where(feeds.c.id == feed_id)).rowcount == 1


def fingerprints(connection: sa.Connection, feed_id: int, keys: Sequence[str]) -> dict[str, str]:
    """Return what this feed said before of the items among `keys` that it has had."""
    found: dict[str, str] = {}
    for part in slices(keys):
        query = sa.select(feed_items.c.key, feed_items.c.fingerprint)
        query = query.where(feed_items.c.feed_id == feed_id, feed_items.c.key.in_(part))
        found.update((row.key, row.fingerprint) for row in connection.execute(query))
    return found


def last_said(connection: sa.Connection, feed_id: int) -> list[str]:
    """Return the items that a feed named when it was last read whole."""
    mine = feed_items.c.feed_id == feed_id
    last = sa.select(sa.func.max(feed_items.c.seen_at)).where(mine).scalar_subquery()
    query = sa.select(feed_items.c.key).where(mine, feed_items.c.seen_at == last)
    return list(connection.execute(query).scalars())


def put_items(
    connection: sa.Connection,
    feed_id: int,
    said: Mapping[str, str],
    *,
    now: str,
    forget: str,
) -> None:
    """Store what a feed says of its items now, by key, and forget those not seen since `forget`."""
    mine = feed_items.c.feed_id == feed_id
    for part in slices(list(said)):
        connection.execute(sa.delete(feed_items).where(mine, feed_items.c.key.in_(part)))
    rows: list[dict[str, Any]] = [
        {"feed_id": feed_id, "key": key, "fingerprint": fingerprint, "seen_at": now}
        for key, fingerprint in said.items()
    ]
    if rows:
        connection.execute(sa.insert(feed_items), rows)
    connection.execute(sa.delete(feed_items).where(mine, feed_items.c.seen_at < forget))


def _one(connection: sa.Connection, feed_id: int) -> Feed:
    return _feed(connection.execute(sa.select(feeds).where(feeds.c.id == feed_id)).one())


def _feed(row: sa.Row[Any]) -> Feed:
    return Feed(**row._mapping)
