"""RSS (0.9x, 1.0, 2.0), Atom (0.3, 1.0) and JSON Feed → entries."""

from __future__ import annotations

import json
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin, urlsplit

from index.addresses import canonical
from index.dates import normalise_date, sort_key
from index.feeds import xml
from index.feeds.content import plain, whole
from index.feeds.model import Document, Entry, fingerprint
from index.model import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST: Final = 500
"""Items read of one feed at a time; the newest stand first, and more are an archive's dump."""

_BASE: Final = "{http://www.w3.org/XML/1998/namespace}base"
_MEDIA: Final = ("media", "http://search.yahoo.com/mrss/")
_PODCAST: Final = ("itunes", "http://www.itunes.com/dtds/podcast-1.0.dtd")


def from_xml(root: Any, url: str) -> Document:
    """Return the feed of an RSS or Atom tree that was found at `url`."""
    channel = next(xml.children(root, "channel"), root)
    items = [*xml.children(root, "item", "entry"), *xml.children(channel, "item", "entry")]
    unique = {id(item): item for item in items}.values()
    base = urljoin(url, root.get(_BASE) or channel.get(_BASE) or "")
    entries = (_item(item, base) for item in list(unique)[:MOST])
    return Document("feed", _text(channel, "title"), _known(entries))


def from_json(text: str, url: str) -> Document:
    """Return a JSON Feed (jsonfeed.org) that was found at `url`. Raises `InputError`."""
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(url, "is neither XML nor JSON that can be read") from error
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        raise InputError(url, "is no JSON feed")
    entries = (_json_item(item, url) for item in items[:MOST] if isinstance(item, dict))
    return Document("feed", _string(feed, "title"), _known(entries))


def date_of(stated: str | None) -> str | None:
    """Return a feed's date as a `Draft` states it: RFC 822 or ISO 8601, else in any words."""
    if not stated or stated[:4].isdigit():
        return normalise_date(stated) if stated else None
    try:
        moment = parsedate_to_datetime(stated)
    except (ValueError, IndexError, TypeError, OverflowError):
        return normalise_date(stated)
    if moment.tzinfo is None:  # no zone, or -0000
        return moment.date().isoformat()
    told = moment.isoformat(timespec="seconds")
    return told if sort_key(told) else None


def entry(
    *,
    name: str | None,
    url: str | None,
    title: str | None,
    published: str | None,
    updated: str | None,
    byline: str | None,
    content: str | None,
    summary: str | None,
) -> Entry | None:
    """Return an item from what a feed says of it, or None where it leads to no article.

    `name` is the feed's own, used where there is no address. An item that states when it was
    updated changes when that does; another, when its words do.
    """
    text = whole(content, summary)
    if url is None and text is None:
        return None
    title = " ".join(plain(title).split()) if title else None
    moment = date_of(updated)
    said = (moment,) if moment else (content, summary)
    return Entry(
        key=canonical(url) if url else name or fingerprint(title, text),
        url=url,
        title=title or None,
        fingerprint=fingerprint(title, *said),
        published=date_of(published),
        byline=byline,
        text=text,
        modified=moment,
    )


def _item(item: Any, base: str) -> Entry | None:
    base = urljoin(base, item.get(_BASE) or "")
    return entry(
        name=_text(item, "guid", "id"),
        url=_link(item, base),
        title=_text(item, "title"),
        published=_text(item, "published", "pubdate", "issued", "created", "date"),
        updated=_text(item, "updated", "modified"),
        byline=_author(item),
        content=_markup(item, "encoded") or _markup(item, "content"),
        summary=_markup(item, "description", "summary"),
    )


def _json_item(item: dict[str, Any], base: str) -> Entry | None:
    link = _string(item, "url") or _string(item, "external_url")
    url = urljoin(base, link) if link else None
    names = item.get("authors") or [item.get("author")]
    authors = [a.get("name") for a in names if isinstance(a, dict)] if names else []
    content = _string(item, "content_html")
    return entry(
        name=_string(item, "id"),
        url=url if url and _is_web(url) else None,
        title=_string(item, "title"),
        published=_string(item, "date_published"),
        updated=_string(item, "date_modified"),
        byline="; ".join(a for a in authors if isinstance(a, str) and a) or None,
        content=content or _string(item, "content_text"),
        summary=_string(item, "summary"),
    )


def _known(entries: Iterable[Entry | None]) -> tuple[Entry, ...]:
    """The items that lead somewhere, each once, as the first of its name states it."""
    found: dict[str, Entry] = {}
    for item in entries:
        if item is not None:
            found.setdefault(item.key, item)
    return tuple(found.values())


def _link(item: Any, base: str) -> str | None:
    """The article's address: FeedBurner's `origLink` before the one that counts clicks, and of
    Atom's links the alternate one."""
    for original in xml.children(item, "origlink"):
        if (told := xml.text(original)) and _is_web(told):
            return told
    best: str | None = None
    for link in xml.children(item, "link"):
        told = (link.get("href") or xml.text(link) or "").strip()
        found = _join(base, told) if told else None
        if found is None or link.get("rel", "alternate") != "alternate":
            continue
        if link.get("type", "text/html") in ("text/html", "application/xhtml+xml"):
            return found
        best = best or found
    for guid in xml.children(item, "guid"):
        if best is None and guid.get("isPermaLink", "true") == "true":
            told = xml.text(guid) or ""
            best = told if _is_web(told) else None
    return best


def _join(base: str, link: str) -> str | None:
    try:
        found = urljoin(base, link)
        return found if _is_web(found) else None
    except ValueError:  # an address that is none, `http://[news`
        return None


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def _author(item: Any) -> str | None:
    """The people named; RSS writes `mail (name)`."""
    names: list[str] = []
    for author in xml.children(item, "creator", "author"):
        if xml.name(author)[0] in _PODCAST:
            continue
        inner = next(xml.children(author, "name"), None)
        told = xml.text(author if inner is None else inner) or ""
        if "@" in told:
            told = told.partition("(")[2].rstrip(") ")
        if told and told not in names:
            names.append(told)
    return "; ".join(names) or None


def _text(element: Any, *names: str) -> str | None:
    """The text of the first of these children that has any, in the order of the names."""
    for name in names:
        for child in xml.children(element, name):
            if xml.name(child)[0] not in (*_MEDIA, *_PODCAST) and (told := xml.text(child)):
                return told
    return None


def _markup(item: Any, *names: str) -> str | None:
    """The HTML of a child: escaped text as it is, XHTML written out."""
    for name in names:
        for child in xml.children(item, name):
            if xml.name(child)[0] in (*_MEDIA, *_PODCAST) or child.get("src"):
                continue
            if len(child):
                return xml.markup(child)
            if child.text and child.text.strip():
                return str(child.text)
    return None


def _string(item: dict[str, Any], key: str) -> str | None:
    held = item.get(key)
    if not isinstance(held, str | int):
        return None
    # JSON's escapes can spell what no database takes: NUL and lone surrogates.
    told = str(held).replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
    return told.strip() or None
