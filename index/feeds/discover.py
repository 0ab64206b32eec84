"""Where the feed of a site is: the address itself, what its page names, else the usual places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin

import lxml.etree
import lxml.html

from index.extract.decode import decode
from index.feeds.parse import parse
from index.model import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from index.feeds.model import Document
    from index.web import Client, Response

LIMIT: Final = 16 * 2**20
"""Bytes of a feed or of the page that names it."""

_TYPES: Final = (
    "application/rss+xml",
    "application/atom+xml",
    "application/feed+json",
    "application/rdf+xml",
    "text/xml",
    "application/xml",
)
_USUAL: Final = (
    "/feed",
    "/rss",
    "/rss.xml",
    "/feed.xml",
    "/atom.xml",
    "/index.xml",
    "/news-sitemap.xml",
    "/sitemap-news.xml",
    "/sitemap.xml",
)
_COMMENTS: Final = ("comment", "التعليقات", "تعليقات")


def discover(
    client: Client, url: str, sitemaps: Callable[[str], list[str]]
) -> tuple[str, Document]:
    """Return the address of a site's feed and the feed. Raises `InputError` where none is found.

    `sitemaps` gives what a site's robots.txt names; these come after the usual places of feeds.
    """
    first = client.get(url, limit=LIMIT)
    if first.status != 200:
        raise InputError(url, f"the server answered {first.status}")
    try:
        return first.moved or url, parse(first.body, first.url, first.charset)
    except InputError:  # no feed: then it is a page that may name one
        pass
    tried = {url}
    for candidate in _candidates(first, sitemaps):
        if candidate in tried:
            continue
        tried.add(candidate)
        try:
            answer = client.get(candidate, limit=LIMIT)
            if answer.status == 200:
                return answer.moved or candidate, parse(answer.body, answer.url, answer.charset)
        except InputError:  # the next may be one
            continue
    raise InputError(url, "no feed was found there; name the feed's own address")


def named(body: bytes, url: str) -> list[str]:
    """Return the feeds that a page names in its head, those of comments last. Pure."""
    try:
        tree = lxml.html.document_fromstring(decode(body, name=url).encode("utf-8", "replace"))
    except (InputError, lxml.etree.LxmlError, ValueError):
        return []
    found: list[tuple[bool, str]] = []
    for link in tree.iter("link"):
        kinds = (link.get("rel") or "").lower().split()
        kind = (link.get("type") or "").split(";")[0].strip().lower()
        href = (link.get("href") or "").strip()
        if href and ("alternate" in kinds or "feed" in kinds) and kind in _TYPES:
            said = f"{href} {link.get('title') or ''}".lower()
            found.append((any(word in said for word in _COMMENTS), urljoin(url, href)))
    return [href for _, href in sorted(found, key=lambda pair: pair[0])]


def _candidates(page: Response, sitemaps: Callable[[str], list[str]]) -> Iterator[str]:
    yield from named(page.body, page.url)
    usual = [urljoin(page.url, path) for path in _USUAL]
    yield from usual[:6]
    yield from sitemaps(page.url)
    yield from usual[6:]
