"""The fetcher: what is due is asked, host by host, and what is new is stored.

Everything it must remember is in SQL. Articles are stored first, and what was read is marked read
after: a kill between the two makes the next run store again what is there already, which changes
nothing.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import urlsplit

from index.feeds.pages import PageVisitor
from index.feeds.report import Tally
from index.feeds.schedule import stamp
from index.feeds.visits import FeedVisitor
from index.files import locked
from index.model import IsnadError
from index.progress import silent
from index.store import feeds as feed_store
from index.store import pages as page_store

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from index.db import Database
    from index.feeds.report import FetchReport
    from index.progress import Progress, Step
    from index.store.feeds import Feed
    from index.store.pages import PageRow
    from index.web import Client

log = logging.getLogger(__name__)

WORKERS: Final = 8
"""Hosts asked at the same time."""

HOST_BUDGET_S: Final = 60.0
"""Seconds for one host's pages before every feed that has become due gets its turn."""

PATIENCE: Final = 2
"""Failures in a row after which a host's other pages wait too: it is the host that fails."""

LONGEST_SLEEP_S: Final = 60.0
"""How long `run_forever` sleeps at most: another process may have added a feed."""

Job = TypeVar("Job")


@dataclass(frozen=True, slots=True)
class _Run:
    """What the threads of one run share."""

    tally: Tally
    stop: threading.Event


class Fetcher:
    """Reads the feeds that are due and the pages behind their items.

    Several processes may fetch into one home: they take turns.
    """

    def __init__(
        self,
        db: Database,
        client: Client,
        *,
        sync: Callable[[Progress], None],
        lock: Path,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        clock: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
        workers: int = WORKERS,
    ) -> None:
        """Fetch through `client` into `db`; `sync` embeds and indexes what was stored.

        `lock` is a file that the fetchers of a home share; `chance` gives numbers of 0..1.
        """
        self._db = db
        self._sync = sync
        self._lock = lock
        self._now = now
        self._clock = clock
        self._workers = workers
        self._feed_visitor = FeedVisitor(db, client, now=now, chance=chance)
        self._page_visitor = PageVisitor(db, client, now=now, chance=chance)

    def run_once(
        self, progress: Progress = silent, stop: threading.Event | None = None
    ) -> FetchReport:
        """Read all that is due, until nothing is or `stop` is set. A bad feed stops no other.

        Raises `StoreError`, and what embedding raises; what was stored stays.
        """
        run = _Run(Tally(), stop or threading.Event())
        with locked(self._lock, wait=True):
            while not run.stop.is_set():
                with self._db.read() as connection:
                    feeds = feed_store.due_feeds(connection, stamp(self._now()))
                self._by_host(
                    "reading feeds", [(f.url, f) for f in feeds], self._feeds, run, progress
                )
                with self._db.read() as connection:
                    due = page_store.due_pages(connection, stamp(self._now()))
                self._by_host(
                    "reading pages",
                    [(row.url, (row, s)) for row, s in due],
                    self._pages,
                    run,
                    progress,
                )
                if not run.stop.is_set():  # else the next start embeds what came
                    self._sync(progress)
                if not feeds and not due:
                    break
        return run.tally.report()

    def run_forever(
        self,
        stop: threading.Event,
        progress: Progress = silent,
        on_report: Callable[[FetchReport], None] = lambda _: None,
    ) -> None:
        """Read what is due whenever it is, until `stop` is set; tell what each round did."""
        left = 0.0
        while not stop.is_set():
            try:
                if left <= 0:
                    report = self.run_once(progress, stop)
                    if report.feeds or report.pages:
                        on_report(report)
                left = self._left()
            except IsnadError as error:  # a full disk, a locked database: both may pass
                log.error("fetching failed, and goes on in a minute: %s", error)
                stop.wait(LONGEST_SLEEP_S)
            else:
                stop.wait(min(max(left, 0.0), LONGEST_SLEEP_S))

    def _left(self) -> float:
        """The seconds until something is due."""
        with self._db.read() as connection:
            due = feed_store.next_due(connection)
        if due is None:
            return LONGEST_SLEEP_S
        return (datetime.fromisoformat(due) - self._now()).total_seconds()

    def _by_host(
        self,
        what: str,
        jobs: Sequence[tuple[str, Job]],
        work: Callable[[list[Job], _Run, Step], None],
        run: _Run,
        progress: Progress,
    ) -> None:
        """Do the jobs of each host one after the other, several hosts at the same time."""
        hosts: dict[str, list[Job]] = {}
        for url, job in jobs:
            hosts.setdefault(urlsplit(url).hostname or "", []).append(job)
        if not hosts:
            return
        with progress(what, len(jobs)) as step, ThreadPoolExecutor(self._workers) as pool:
            running = [pool.submit(work, mine, run, step) for mine in hosts.values()]
            for done in as_completed(running):
                done.result()

    def _feeds(self, feeds: list[Feed], run: _Run, step: Step) -> None:
        for feed in feeds:
            if run.stop.is_set():
                return
            self._feed_visitor.visit(feed, run.tally)
            step(1)

    def _pages(self, waiting: list[tuple[PageRow, str | None]], run: _Run, step: Step) -> None:
        end = self._clock() + HOST_BUDGET_S
        failures = 0
        for n, (page, source) in enumerate(waiting, 1):
            if run.stop.is_set() or (n > 1 and self._clock() > end):
                return
            reading, kept = self._page_visitor.visit(page, source, run.tally)
            step(1)
            failures = failures + 1 if reading.error else 0
            if kept.next_try is not None and (reading.busy or failures >= PATIENCE):
                rest = [row.key for row, _ in waiting[n:]]
                with self._db.write() as connection:
                    page_store.postpone(connection, rest, kept.next_try)
                return
