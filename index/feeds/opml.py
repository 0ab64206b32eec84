"""Lists of feeds as feed readers exchange them: OPML. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import lxml.etree

from index.feeds import xml
from index.model import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Outline:
    """A feed in a list, by whatever name the list gives it."""

    url: str
    title: str | None = None
    kind: str = "feed"


def read(data: bytes, where: str) -> list[Outline]:
    """Return the feeds of a list, each once, however deep its folders. Raises `InputError`."""
    root, _ = xml.parse(xml.text_of(data, where), where)
    if root is None or xml.name(root)[1] != "opml":
        raise InputError(where, "is no OPML")
    found: dict[str, Outline] = {}
    for element in root.iter():
        held = {key.lower(): value.strip() for key, value in element.attrib.items()}
        url = held.get("xmlurl", "")
        if xml.name(element)[1] != "outline" or not url.lower().startswith(("http://", "https://")):
            continue
        kind = held.get("isnadkind", "feed")
        found.setdefault(url, Outline(url, held.get("text") or held.get("title"), kind))
    if not found:
        raise InputError(where, "the list names no feed")
    return list(found.values())


def write(feeds: Iterable[Outline]) -> str:
    """Return a list of feeds, as other readers take it."""
    root = lxml.etree.Element("opml", version="2.0")
    head = lxml.etree.SubElement(root, "head")
    lxml.etree.SubElement(head, "title").text = "Isnad"
    body = lxml.etree.SubElement(root, "body")
    for feed in feeds:
        name = _storable(feed.title or feed.url)
        held = {"type": "rss", "text": name, "title": name, "xmlUrl": _storable(feed.url)}
        if feed.kind != "feed":
            held["isnadKind"] = feed.kind
        lxml.etree.SubElement(body, "outline", held)
    told = lxml.etree.tostring(root, encoding="unicode", pretty_print=True)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{told}'


def _storable(text: str) -> str:
    """The text without the characters that XML cannot hold."""
    return "".join(c for c in text if c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff"))
