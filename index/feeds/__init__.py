"""What the operator follows: feeds, sitemaps, channels. `Engine.feeds` is a `Feeds`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from index import channels
from index.feeds import opml
from index.feeds.discover import LIMIT, discover
from index.feeds.fetcher import Fetcher
from index.feeds.report import FetchReport
from index.feeds.schedule import stamp
from index.feeds.sources import READERS
from index.model import InputError, NotFoundError
from index.store import feeds as store
from index.store.feeds import Feed
from index.web import Client, Robots

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from index.db import Database
    from index.progress import Progress

__all__ = ["Feed", "Feeds", "FetchReport", "Fetcher"]


class Feeds:
    """Adds, lists and removes what is followed, and makes the fetcher that reads it."""

    def __init__(
        self,
        db: Database,
        *,
        sync: Callable[[Progress], None],
        lock: Path,
        client: Client | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Keep feeds in `db`; `sync` and `lock` are the fetcher's. Nothing is asked yet."""
        self._db = db
        self._sync = sync
        self._lock = lock
        self._client = client or Client()
        self._now = now

    def add(self, url: str, *, source: str | None = None) -> tuple[Feed, bool]:
        """Follow the feed of a site's address, or the feed there; return it and whether it is new.

        `@name` and a link to a Telegram channel are its public preview. `source` is the operator's
        name for the source of its articles. Raises `InputError` where nothing can be followed.
        """
        found, kind, title = self._found(url)
        with self._db.write() as connection:
            return store.add_feed(
                connection,
                url=found,
                kind=kind,
                title=title,
                source=source,
                now=stamp(self._now()),
            )

    def _found(self, url: str) -> tuple[str, str, str | None]:
        """What is to be followed: its address, its kind and its title."""
        if (preview := channels.preview_of(url)) is not None:
            posts = channels.read(lambda page: self._client.page(page, limit=LIMIT)[0], preview)
            next(posts)  # raises where there is no public preview
            return preview, "channel", None
        if not url.lower().startswith(("http://", "https://")):
            raise InputError(
                url, "is no address: one begins with http:// or https://, and a channel with @"
            )
        robots = Robots(self._client, now=self._now)
        found, document = discover(self._client, url, robots.sitemaps)
        return found, document.kind, document.title

    def all(self) -> list[Feed]:
        """Return what is followed, oldest first."""
        with self._db.read() as connection:
            return store.all_feeds(connection)

    def remove(self, which: str) -> Feed:
        """Follow a feed no more, by its number or address; its articles stay.

        Raises `NotFoundError`.
        """
        for feed in self.all():
            if which in (str(feed.id), feed.url):
                with self._db.write() as connection:
                    store.remove_feed(connection, feed.id)
                return feed
        raise NotFoundError(f"no feed {which}")

    def take_in(self, data: bytes, where: str) -> tuple[int, int]:
        """Follow the feeds of an OPML list; return how many are new and how many were followed.

        None is asked now; the next fetch says which are well. Raises `InputError`.
        """
        outlines = opml.read(data, where)
        now = stamp(self._now())
        new = 0
        with self._db.write() as connection:
            known = {feed.url for feed in store.all_feeds(connection)}
            for outline in outlines:
                if outline.url not in known:
                    store.add_feed(
                        connection,
                        url=outline.url,
                        kind=outline.kind if outline.kind in READERS else "feed",
                        title=outline.title,
                        source=None,
                        now=now,
                    )
                    new += 1
        return new, len(outlines) - new

    def give_out(self) -> str:
        """Return what is followed as an OPML list."""
        return opml.write(
            opml.Outline(feed.url, feed.source or feed.title, feed.kind) for feed in self.all()
        )

    def fetcher(self) -> Fetcher:
        """Return a fetcher of what is followed."""
        return Fetcher(self._db, self._client, sync=self._sync, lock=self._lock, now=self._now)
