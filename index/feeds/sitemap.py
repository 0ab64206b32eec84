"""Sitemaps (sitemaps.org), Google's news sitemaps, and indexes of them → entries."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin

from index.addresses import canonical
from index.dates import sort_key
from index.feeds import xml
from index.feeds.model import Document, Entry, fingerprint
from index.feeds.syndication import date_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

RECENT: Final = timedelta(days=3)
"""A sitemap lists all a site has; only what changed this lately is news."""

MOST: Final = 500
"""Pages taken from one sitemap, the latest first."""

PARTS: Final = 5
"""Sitemaps read of one index, the latest first."""


def from_xml(root: Any, url: str) -> Document:
    """Return the sitemap, or the index of sitemaps, that was found at `url`."""
    if xml.name(root)[1] == "sitemapindex":
        found = (
            (_text(part, "loc"), _text(part, "lastmod")) for part in xml.children(root, "sitemap")
        )
        parts = tuple((urljoin(url, loc), date_of(changed)) for loc, changed in found if loc)
        return Document("sitemap", None, parts=parts)
    entries: dict[str, Entry] = {}
    for page in xml.children(root, "url"):
        if (item := _page(page, url)) is not None:
            entries.setdefault(item.key, item)
    return Document("sitemap", None, tuple(entries.values()))


def latest(entries: Iterable[Entry], now: datetime) -> tuple[Entry, ...]:
    """Return the pages that changed or came out lately, latest first.

    A page that states neither is taken only where none states any: then it may be new.
    """
    since = (now - RECENT).isoformat()
    dated = {item: sort_key(item.published) or sort_key(item.modified) for item in entries}
    if not any(dated.values()):
        return tuple(dated)[:MOST]
    fresh = [(when, item) for item, when in dated.items() if when and when >= since]
    fresh.sort(key=lambda pair: pair[0], reverse=True)
    return tuple(item for _, item in fresh[:MOST])


def latest_parts(parts: Iterable[tuple[str, str | None]], now: datetime) -> list[str]:
    """Return the sitemaps of an index to read: those that changed lately, latest first.

    Of those that do not say, the last ones named: most sites number them upwards.
    """
    since = (now - RECENT).isoformat()
    told = [(sort_key(changed), url) for url, changed in parts]
    fresh = sorted(((when, url) for when, url in told if when and when >= since), reverse=True)
    silent = [url for when, url in told if when is None]
    return [*(url for _, url in fresh), *reversed(silent)][:PARTS]


def _page(page: Any, base: str) -> Entry | None:
    url = _text(page, "loc")
    if not url:
        return None
    url = urljoin(base, url)
    news = next(xml.children(page, "news"), None)
    title = None if news is None else _text(news, "title")
    published = None if news is None else date_of(_text(news, "publication_date"))
    modified = date_of(_text(page, "lastmod"))
    return Entry(
        key=canonical(url),
        url=url,
        title=title,
        fingerprint=fingerprint(title, published, modified),
        published=published,
        modified=modified,
    )


def _text(element: Any, name: str) -> str | None:
    return next((told for child in xml.children(element, name) if (told := xml.text(child))), None)
