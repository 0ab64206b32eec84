"""What a feed, a sitemap or a channel says: its items, as data."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """An item of a feed.

    `key` names it for good: its canonical address, or what the feed calls it. `text` is the whole
    article where the feed carries it; else the article is the page at `url`. `published` has the
    forms of `Draft.published`, and so has `modified`. `fingerprint` changes when the item does.
    `source` is set where it is not the feed's own, as for a forwarded post.
    """

    key: str
    url: str | None
    title: str | None
    fingerprint: str
    published: str | None = None
    byline: str | None = None
    text: str | None = None
    source: str | None = None
    modified: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """What a source says. `kind` is one of `index.feeds.sources.READERS`.

    `parts` are the sitemaps that an index names, each with when it changed, where that is told.
    """

    kind: str
    title: str | None
    entries: tuple[Entry, ...] = ()
    parts: tuple[tuple[str, str | None], ...] = ()


def fingerprint(*said: str | None) -> str:
    """Return a short name of what an item says."""
    return hashlib.sha256("\0".join(part or "" for part in said).encode()).hexdigest()[:24]
