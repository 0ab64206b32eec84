"""Asking a source what is new: a reader for each kind, and `READERS`, the one place to add more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from index import channels
from index.feeds import schedule
from index.feeds.discover import LIMIT
from index.feeds.model import Document, Entry, fingerprint
from index.feeds.parse import parse
from index.feeds.sitemap import latest, latest_parts
from index.model import InputError
from index.store.feeds import Feed
from index.web import Client

if TYPE_CHECKING:
    from index.model import Draft

CHANNEL_BACK: Final = timedelta(days=7)
"""How far back a channel is read when it is new."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What came of asking a source.

    Exactly one of `document`, `unchanged`, `error` says something. `moved` is its new address for
    good, `gone` says it will never be back, `retry_after` is the wait that it asks for. `etag` and
    `modified` are kept in the feed, to be given back when it is asked again.
    """

    document: Document | None = None
    unchanged: bool = False
    error: str | None = None
    gone: bool = False
    moved: str | None = None
    retry_after: timedelta | None = None
    etag: str | None = None
    modified: str | None = None


Reader = Callable[[Client, Feed, datetime], Visit]
"""Asks one source, at the time given. Never raises for what a server does."""


def read_feed(client: Client, feed: Feed, now: datetime) -> Visit:
    """Ask a feed or a sitemap, whichever is found at the address."""
    asked = {"If-None-Match": feed.etag, "If-Modified-Since": feed.modified}
    try:
        answer = client.get(
            feed.url, limit=LIMIT, headers={name: value for name, value in asked.items() if value}
        )
        if answer.status == 304:
            return Visit(unchanged=True, moved=answer.moved, etag=feed.etag, modified=feed.modified)
        if answer.status != 200:
            return Visit(
                error=f"the server answered {answer.status}",
                gone=answer.status == 410,
                retry_after=schedule.retry_after(answer.headers.get("retry-after"), now),
            )
        document = parse(answer.body, answer.url, answer.charset)
        if document.kind == "sitemap":
            document = _recent(client, document, now)
    except InputError as error:
        return Visit(error=error.reason)
    if document.parts:  # an index can stay the same while what it names changes
        return Visit(document, moved=answer.moved)
    return Visit(
        document,
        moved=answer.moved,
        etag=_validator(answer.headers.get("etag")),
        modified=_validator(answer.headers.get("last-modified")),
    )


def read_channel(client: Client, feed: Feed, now: datetime) -> Visit:
    """Ask a channel's public preview, back to the last post that is known.

    At first it is read `CHANNEL_BACK` far. The number of its last post is kept where a feed's ETag
    is.
    """
    known = int(feed.etag or 0)
    since = None if known else schedule.stamp(now - CHANNEL_BACK)
    highest, entries = known, []
    try:
        for last, drafts in channels.read(
            lambda url: client.page(url, limit=LIMIT)[0], feed.url, since=since, known=known
        ):
            highest = max(highest, last)
            entries += [_post(draft) for draft in reversed(drafts)]
    except InputError as error:
        return Visit(error=error.reason)
    return Visit(Document("channel", None, tuple(entries)), etag=str(highest))


def _post(draft: Draft) -> Entry:
    said = fingerprint(draft.title, draft.text)
    return Entry(
        key=draft.url or said,
        url=draft.url,
        title=draft.title,
        fingerprint=said,
        published=draft.published,
        text=draft.text,
        source=draft.source,
    )


def _recent(client: Client, document: Document, now: datetime) -> Document:
    """The sitemap with what is recent in it, and in the sitemaps that it names."""
    entries = list(document.entries)
    problem: InputError | None = None
    for url in latest_parts(document.parts, now):
        try:
            body, found = client.page(url, limit=LIMIT)
            entries += parse(body, found).entries
        except InputError as error:  # the others may be well
            problem = error
    if problem is not None and not entries:
        raise problem
    return replace(document, entries=latest(entries, now))


def _validator(value: str | None) -> str | None:
    return value if value and value.isascii() and len(value) < 500 else None


READERS: Final[dict[str, Reader]] = {
    "feed": read_feed,
    "sitemap": read_feed,
    "channel": read_channel,
}
"""How each kind of source is asked. What one says whole (`Entry.text`) is stored as it is; the page
behind anything else is read by `index.feeds.pages`."""
