"""A visit to a source: ask it, store what it carries, queue what it names, and say how it fares."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from index import ingest
from index.addresses import is_endless
from index.feeds import schedule
from index.feeds.entries import new_pages, vanished, whole_drafts
from index.feeds.sources import READERS, Visit
from index.model import IsnadError
from index.store import feeds as feed_store
from index.store import pages as page_store

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from index.db import Database
    from index.feeds.model import Document
    from index.feeds.report import Tally
    from index.store.feeds import Feed
    from index.web import Client

log = logging.getLogger(__name__)

OURS: Final = "a mistake of ours; the log has more"
"""What is said of a feed or page that met an error which no one foresaw."""


class FeedVisitor:
    """Visits one source at a time; safe to use from several threads."""

    def __init__(
        self,
        db: Database,
        client: Client,
        *,
        now: Callable[[], datetime],
        chance: Callable[[], float],
    ) -> None:
        """Ask through `client`, store in `db`."""
        self._db = db
        self._client = client
        self._now = now
        self._chance = chance

    def visit(self, feed: Feed, tally: Tally) -> None:
        """Ask a source and store what came of it. Raises `StoreError`, nothing else."""
        tally.count("feeds")
        try:
            visit = READERS[feed.kind](self._client, feed, self._now())
            if visit.document is not None:
                self._take(feed, visit, visit.document, tally)
            elif visit.unchanged:
                self._save(self._read(feed, visit, new=0, dates=()))
            else:
                self._fail(feed, visit, tally)
        except IsnadError:
            raise
        except Exception:  # what no one foresaw in one feed must not stop the others
            log.exception("feed %s: a mistake of ours", feed.url)
            self._fail(feed, Visit(error=OURS), tally)

    def _take(self, feed: Feed, visit: Visit, document: Document, tally: Tally) -> None:
        """Store what a feed carries whole, queue the pages behind the rest, and mark it read."""
        entries = tuple(entry for entry in document.entries if not is_endless(entry.key))
        document = replace(document, entries=entries)
        said = {entry.key: entry.fingerprint for entry in entries}
        with self._db.read() as connection:
            before = feed_store.fingerprints(connection, feed.id, list(said))
            known = page_store.pages_of(connection, list(said))
            left = [key for key in feed_store.last_said(connection, feed.id) if key not in said]
            gone = page_store.pages_of(connection, left)
        fresh = [e for e in document.entries if before.get(e.key) != e.fingerprint]
        drafts = whole_drafts(fresh, feed, document)
        if drafts:
            tally.stored(ingest.add_drafts(self._db, drafts, input=feed.url))
        now = self._now()
        queue = new_pages(fresh, feed, before=before, known=known, now=now)
        queue += vanished(document.entries, gone, now=now)
        changed = self._read(
            replace(feed, kind=document.kind, title=document.title or feed.title),
            visit,
            new=sum(entry.key not in before for entry in fresh),
            dates=[entry.published for entry in document.entries],
        )
        with self._db.write() as connection:
            if feed_store.save_feed(connection, changed):  # else it was removed meanwhile
                forget = schedule.stamp(now - schedule.FORGET)
                feed_store.put_items(
                    connection, feed.id, said, now=schedule.stamp(now), forget=forget
                )
                page_store.put_pages(connection, queue)

    def _read(self, feed: Feed, visit: Visit, *, new: int, dates: Sequence[str | None]) -> Feed:
        read = schedule.succeeded(
            feed, now=self._now(), new=new, dates=dates, chance=self._chance()
        )
        url = visit.moved or feed.url
        return replace(read, url=url, etag=visit.etag, modified=visit.modified)

    def _fail(self, feed: Feed, visit: Visit, tally: Tally) -> None:
        now, error = self._now(), visit.error or "nothing came"
        tally.failed(feed.url, error)
        if visit.gone:
            changed = schedule.gone(feed, error, now=now)
            self._notice(f"the feed {feed.url} is gone for good: {error}", tally)
        else:
            changed = schedule.failed(
                feed, error, now=now, chance=self._chance(), retry_after=visit.retry_after
            )
            if (told := schedule.noticed(changed, now=now)) is not None:
                changed = told
                since = (changed.failing_since or "")[:10]
                self._notice(f"the feed {feed.url} has failed since {since}: {error}", tally)
        self._save(changed)

    def _notice(self, text: str, tally: Tally) -> None:
        log.warning("%s", text)
        tally.notice(text)

    def _save(self, feed: Feed) -> None:
        with self._db.write() as connection:
            feed_store.save_feed(connection, feed)
