"""When an HTML page says its article was published.

Taken only where the page states it as this article's: JSON-LD, meta, microdata, a `<time>` or a
date line in the article's header, the address. Guesses (a copyright year, another story's date)
are not.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from index.dates import normalise_date
from index.extract import signature
from index.extract.boilerplate import Kind, kind
from index.extract.lines import Unit, fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    import lxml.html

_URL_DATE: Final = re.compile(r"(?<!\d)(20\d\d)([/-])(\d{1,2})\2(\d{1,2})(?!\d)")
_META_DATES: Final = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "publishdate",
    "publish-date",
    "publish_date",
    "pubdate",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "dc.date.issued",
    "dcterms.created",
    "dc.date",
    "dc.date.created",
    "date",
)
_ARTICLE_TYPES: Final = re.compile(r"Article$|^BlogPosting$|^Report$|^LiveBlogPosting$")


def published(
    tree: lxml.html.HtmlElement, page: list[Unit], title: str, body: str, address: str | None
) -> str | None:
    for value in _stated_dates(tree, title):
        if date := normalise_date(value):
            return date
    if date := _header_date(page, title, body):
        return date
    found = _URL_DATE.search(urlsplit(address).path) if address else None
    return normalise_date(f"{found[1]}-{found[3]}-{found[4]}") if found else None


def _stated_dates(tree: lxml.html.HtmlElement, title: str) -> Iterator[str]:
    """What the page's metadata says of its publication: JSON-LD, then meta, then microdata."""
    yield from _linked_data_dates(tree, title)
    metas: dict[str, str] = {}
    for meta in tree.iter("meta"):
        key = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        if meta.get("content"):
            metas.setdefault(key.lower(), meta.get("content"))
    yield from (metas[key] for key in _META_DATES if key in metas)
    for element in tree.iterfind(".//*[@itemprop='datePublished']"):
        yield element.get("datetime") or element.get("content") or element_text(element)
        break


def _linked_data_dates(tree: lxml.html.HtmlElement, title: str) -> Iterator[str]:
    """Of several articles the page describes, the one whose headline is ours comes first."""
    ours: list[str] = []
    first: list[str] = []
    pages: list[str] = []
    for script in tree.iterfind(".//script[@type='application/ld+json']"):
        try:
            data = json.loads(script.text_content(), strict=False)
        except (ValueError, RecursionError):
            continue
        for item in _objects(data):
            date = item.get("datePublished")
            kinds = item.get("@type")
            told = kinds if isinstance(kinds, str) else " ".join(map(str, kinds or ()))
            if not isinstance(date, str):
                continue
            named = item.get("headline") or item.get("name")
            if any(_ARTICLE_TYPES.search(k) for k in told.split()):
                if isinstance(named, str) and fold(named)[:40] == fold(title)[:40]:
                    ours.append(date)
                first.append(date)
            elif told == "WebPage":
                pages.append(date)
    yield from ours
    if len(set(first)) == 1:  # several dates and none of them under our headline: a list of others
        yield from first
    yield from pages[:1]


def _objects(data: Any) -> Iterator[dict[str, Any]]:
    """Every object of a JSON-LD document at its top or in its `@graph`."""
    for item in data if isinstance(data, list) else [data]:
        if isinstance(item, dict):
            yield item
            graph = item.get("@graph")
            if isinstance(graph, list):
                yield from (i for i in graph if isinstance(i, dict))


def _header_date(page: list[Unit], title: str, body: str) -> str | None:
    """A date line between or around the visible title and the first paragraph."""
    opening = fold(body.split("\n", 1)[0])[:60]
    start = next((i for i, u in enumerate(page) if opening and opening in u.folded), None)
    if start is None:
        return None
    wanted = fold(title)
    top = max((i for i in range(start) if page[i].folded == wanted), default=-1)
    if top < 0 and start > 40:
        top = start - 10
    kinds = [kind(unit) if top - 5 <= i <= start + 5 else Kind.TEXT for i, unit in enumerate(page)]
    return signature.published(page, kinds, max(top, 0), start, start) or signature.dateline(
        page[start]
    )


def element_text(element: lxml.html.HtmlElement) -> str:
    return " ".join(element.text_content().split())
