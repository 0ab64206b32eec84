"""How an archive fares, in numbers that take milliseconds to read: for whoever watches it."""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index import store
from index.store import sizes

if TYPE_CHECKING:
    from index.engine import Engine


@dataclass(frozen=True, slots=True)
class Gauges:
    """`behind` has, for each index, how many changes it has not applied yet.

    `articles` are by what they are (live, reprint, withdrawn), `feeds` by `Feed.state`;
    `fetched_at` is when a feed was last read well (ISO, UTC); `free` are bytes on the home's disk.
    """

    articles: dict[str, int]
    passages: int
    vectors: int
    behind: dict[str, int]
    feeds: dict[str, int]
    fetched_at: str | None
    free: int

    def __str__(self) -> str:
        counts = self.articles["live"], self.passages, sum(self.feeds.values())
        return "{} articles, {} passages, {} feeds".format(*counts)


def read(engine: Engine) -> Gauges:
    """Return how an archive fares now. Raises `StoreError`, `CacheError`.

    An index counts by what is on the disk: another process may be the one that keeps it up.
    """
    with engine.db.read() as connection:
        articles = sizes.article_states(connection)
        passages = sizes.passage_count(connection)
        newest = store.last_change(connection)
    words, vectors = engine.caches.lexical, engine.caches.vectors
    feeds = engine.feeds.all()
    return Gauges(
        articles=articles,
        passages=passages,
        vectors=vectors.size,
        behind={
            name: max(0, newest - index.on_disk())
            for name, index in (("words", words), ("vectors", vectors))
        },
        feeds=Counter(feed.state for feed in feeds),
        fetched_at=max((feed.succeeded_at for feed in feeds if feed.succeeded_at), default=None),
        free=shutil.disk_usage(engine.home).free,
    )
