"""Bytes → a feed or a sitemap, whatever they say they are. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.feeds import sitemap, syndication, xml
from index.model import InputError

if TYPE_CHECKING:
    from index.feeds.model import Document

_FEEDS = ("rss", "rdf", "feed", "channel")
_SITEMAPS = ("urlset", "sitemapindex")


def parse(data: bytes, url: str, charset: str | None = None) -> Document:
    """Return what is at `url`, recognised by its content. Raises `InputError` where it is no feed.

    Broken XML gives the items that can be read. `charset` is the server's word.
    """
    text = xml.text_of(data, url, charset).lstrip()
    if text.startswith("{"):
        return syndication.from_json(text, url)
    if not text.startswith("<"):
        raise InputError(url, "is no feed")
    root, sound = xml.parse(text, url)
    kind = "" if root is None else xml.name(root)[1]
    if kind in _FEEDS:
        document = syndication.from_xml(root, url)
    elif kind in _SITEMAPS:
        document = sitemap.from_xml(root, url)
    else:
        raise InputError(url, "is no feed")
    if not (sound or document.entries or document.parts):
        raise InputError(url, "the XML is broken, and no item of it can be read")
    return document
