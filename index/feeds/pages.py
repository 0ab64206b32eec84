"""The page behind a feed's item: read it, know what it is, and store what became of it."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from index import ingest
from index.extract import extract
from index.feeds import schedule
from index.feeds.visits import OURS
from index.model import Draft, InputError
from index.store import pages as page_store
from index.web import Robots
from index.web.robots import RETRY

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, timedelta

    from index.db import Database
    from index.feeds.report import Tally
    from index.store.pages import PageRow
    from index.web import Client

log = logging.getLogger(__name__)

LIMIT: Final = 8 * 2**20
"""Bytes of a page; those of news have a tenth of a megabyte."""

_PAGES: Final = ("text/html", "application/xhtml+xml", "text/plain", "")
_BUSY: Final = (429, 503)
_MISSING: Final = (404, 410)


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading a page; exactly one of these says something.

    `refused` is why it is not taken and need not be tried again, `missing` why it is no more,
    `error` why it must be tried again; `busy` then says that its host wants to be left alone.
    """

    draft: Draft | None = None
    refused: str | None = None
    missing: str | None = None
    error: str | None = None
    busy: bool = False
    retry_after: timedelta | None = None


def read(
    client: Client, robots: Robots, page: PageRow, *, source: str | None, now: datetime
) -> Reading:
    """Read a page. What it does not say of its article (a date, an author) is its feed's word."""
    try:
        if not robots.allows(page.url):
            return Reading(refused="robots.txt does not allow it")
    except InputError as error:
        return Reading(error=error.reason, busy=True, retry_after=RETRY)
    try:
        answer = client.get(page.url, limit=LIMIT)
    except InputError as error:
        return Reading(error=error.reason)
    told = f"the server answered {answer.status}"
    if answer.status in _MISSING:
        return Reading(missing=told)
    if answer.status != 200:
        wait = schedule.retry_after(answer.headers.get("retry-after"), now)
        return Reading(error=told, busy=answer.status in _BUSY, retry_after=wait)
    kind = answer.headers.get("content-type", "text/html").split(";")[0].strip().lower()
    if kind not in _PAGES:
        return Reading(refused=f"is no page but {kind}")
    if _is_front(answer.url) and not _is_front(page.url):
        return Reading(missing="leads to the site's front page")
    try:
        # html, whatever it looks like: a page of JSON could name articles of other sites
        (draft, *_) = extract(
            answer.body,
            name=page.url,
            format="html",
            source=source,
            url=answer.url,
            charset=answer.charset,
        )
    except InputError as error:
        return Reading(refused=error.reason)
    return Reading(draft=completed(draft, page))


def completed(draft: Draft, page: PageRow) -> Draft:
    """Return the article with what its feed says where the page itself says nothing. Pure.

    A date without a year says less than the feed's.
    """
    published = draft.published
    if published is None or (published.startswith("--") and page.published):
        published = page.published
    return replace(draft, published=published, byline=draft.byline or page.byline)


def _is_front(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query


class PageVisitor:
    """Reads one page at a time; safe to use from several threads."""

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
        self._robots = Robots(client, now=now)
        self._now = now
        self._chance = chance

    def visit(self, page: PageRow, source: str | None, tally: Tally) -> tuple[Reading, PageRow]:
        """Read a page and store what became of it; `source` is the operator's name for it.

        Raises `StoreError`, and `NotFoundError` where its article was removed meanwhile.
        """
        tally.count("pages")
        try:
            reading = read(self._client, self._robots, page, source=source, now=self._now())
        except Exception:  # what no one foresaw in one page must not stop the others
            log.exception("page %s: a mistake of ours", page.url)
            reading = Reading(error=OURS)
        return reading, self._keep(page, reading, tally)

    def _keep(self, page: PageRow, reading: Reading, tally: Tally) -> PageRow:
        """Store what became of a page."""
        now = self._now()
        read = replace(
            page,
            next_try=None,
            read_at=schedule.stamp(now),
            failures=0,
            error=reading.refused,
            missing_at=None,
        )
        if reading.draft is not None:
            report = ingest.add_drafts(self._db, [reading.draft], input=page.url)
            tally.stored(report)
            if report.articles:
                read = replace(read, article_id=report.articles[0].id)
            if page.missing_at and page.article_id and not report.withdrawn:
                ingest.restore(self._db, page.article_id)
        elif reading.refused is not None:
            tally.rejected(page.url, page.title, reading.refused)
        else:
            error = reading.missing or reading.error or "nothing came"
            read = schedule.page_failed(
                page, error, now=now, chance=self._chance(), retry_after=reading.retry_after
            )
            if reading.missing is None or page.article_id is None:
                tally.failed(page.url, error)
            elif page.missing_at is None:
                ingest.withdraw(self._db, page.article_id)
                tally.count("withdrawn")
                read = replace(read, missing_at=schedule.stamp(now))
        with self._db.write() as connection:
            page_store.save_page(connection, read)
        return read
