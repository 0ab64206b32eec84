"""What becomes of a feed's new and changed items: articles at once, or pages to read. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from index.addresses import canonical
from index.dates import sort_key
from index.extract.headline import shorten
from index.feeds import schedule
from index.model import Draft
from index.store.pages import PageRow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from index.feeds.model import Document, Entry
    from index.store.feeds import Feed

VANISHED: Final = 5
"""Pages asked for at one reading of a feed because it no longer names them."""


def whole_drafts(entries: Sequence[Entry], feed: Feed, document: Document) -> list[Draft]:
    """Return the articles that a feed carries whole, oldest first.

    Their source is what the operator calls it, else what the item says, else the feed's title.
    """
    return [
        Draft(
            title=entry.title or shorten(entry.text),
            text=entry.text,
            source=feed.source or entry.source or document.title or feed.title,
            url=canonical(entry.url) if entry.url else None,
            published=entry.published,
            byline=entry.byline,
        )
        for entry in reversed(entries)
        if entry.text is not None
    ]


def new_pages(
    entries: Sequence[Entry],
    feed: Feed,
    *,
    before: Mapping[str, str],
    known: Mapping[str, PageRow],
    now: datetime,
) -> list[PageRow]:
    """Return the pages to read for items that a feed does not carry whole.

    A page is read once, however many feeds name it, and again when a feed says something else of
    it than `before`, though not before `schedule.PAGE_PAUSE` has passed.
    """
    found = []
    for entry in entries:
        if entry.text is not None or entry.url is None:
            continue
        page = known.get(entry.key)
        due = schedule.stamp(now)
        if page is None:
            page = PageRow(entry.key, entry.url, feed.id, "", None, None, None, None)
        elif entry.key not in before or page.fingerprint == entry.fingerprint:
            continue
        elif page.read_at is not None:
            again = datetime.fromisoformat(page.read_at) + schedule.PAGE_PAUSE
            due = max(due, schedule.stamp(again))
        found.append(
            replace(
                page,
                url=entry.url,
                fingerprint=entry.fingerprint,
                title=entry.title,
                published=entry.published,
                byline=entry.byline,
                next_try=due,
                failures=0,
            )
        )
    return found


def vanished(
    entries: Sequence[Entry], gone: Mapping[str, PageRow], *, now: datetime
) -> list[PageRow]:
    """Return pages to read again: their feed names them no more, and still names older ones.

    That is how a feed looks when an article has been deleted; the page says whether it was. An item
    that is merely too old for the feed is older than all it names.
    """
    dates = [key for entry in entries if (key := sort_key(entry.published))]
    if not dates:
        return []
    oldest = min(dates)
    found = [
        replace(page, next_try=schedule.stamp(now), failures=0)
        for page in gone.values()
        if page.article_id is not None
        and page.next_try is None
        and page.missing_at is None
        and (sort_key(page.published) or "") > oldest
    ]
    return found[:VANISHED]
