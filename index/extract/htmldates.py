"""When an HTML page says its article was published.

Taken only where the page states it as this article's: JSON-LD, meta, microdata, a `<time>` or a
date line in the article's header, the address. Guesses (a copyright year, another story's date)
are not. The date of an update counts only where there is no other.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from index.dates import normalise_date
from index.extract import signature
from index.extract.boilerplate import Kind, kind
from index.extract.htmltree import element_text
from index.extract.lines import Unit, fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import lxml.html

    from index.extract.linked import Linked

_URL_DATES: Final = (
    re.compile(r"(?<!\d)(20\d\d)([/-])(\d{1,2})\2(\d{1,2})(?!\d)"),
    re.compile(r"/(20\d\d)()(0[1-9]|1[0-2])([0-2]\d|3[01])(?=[/_-])"),
)
_PUBLISHED: Final = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "article:published",
    "datepublished",
    "publishdate",
    "publish-date",
    "publish_date",
    "published_date",
    "published-date",
    "pubdate",
    "publication_date",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dcterms.date",
    "dc.date",
    "dc.date.created",
    "article.published",
    "article_date_original",
    "datecreated",
    "date",
)
_UPDATED: Final = (
    "article:modified_time",
    "og:updated_time",
    "article:modified",
    "datemodified",
    "dcterms.modified",
    "dc.date.modified",
    "last-modified",
    "lastmod",
)
_RDFA: Final = frozenset(
    ("dc:date", "dc:created", "dcterms:created", "dcterms:issued", "schema:datepublished")
)
# Microformats: h-entry, and the classes of blogs before it.
_MARKED: Final = frozenset("published dt-published entry-date date-published pubdate".split())
# What systems print where they hold no date.
_NO_DATE: Final = ("1970-01-01", "1900-01-01")


def published(
    tree: lxml.html.HtmlElement,
    meta: Mapping[str, str],
    told: Linked,
    page: Sequence[Unit],
    *,
    title: str,
    opening: str,
    addresses: Iterable[str | None],
) -> str | None:
    """The publication date, else the last update's; None where the page states neither.

    `opening` is the first line of the body, `addresses` all that are known of the page. A date
    without a year counts only if there is no full one.
    """
    header, changed = _header_dates(page, title, opening)
    stated = [
        *_read(_stated(tree, meta, told)),
        *_read([header]),
        *_read(_in_address(address) for address in addresses if address),
        *_read([told.modified, *(meta.get(key) for key in _UPDATED), changed]),
    ]
    return next((date for date in stated if not date.startswith("--")), header)


def _read(values: Iterable[str | None]) -> Iterator[str]:
    for value in values:
        date = normalise_date(value) if value else None
        if date and not date.startswith(_NO_DATE):
            # midnight sharp is what systems print of a day alone
            yield date[:10] if date[10:19] == "T00:00:00" else date


def _stated(
    tree: lxml.html.HtmlElement, meta: Mapping[str, str], told: Linked
) -> Iterator[str | None]:
    """What the page's metadata says of its publication: JSON-LD, then meta, microdata, RDFa."""
    yield told.published
    yield from (meta.get(key) for key in _PUBLISHED)
    for element in tree.iterfind(".//*[@itemprop='datePublished']"):
        yield (
            element.get("datetime")
            or element.get("content")
            or (element.get("title") if normalise_date(element.get("title") or "") else None)
            or element_text(element)
        )
        break
    marked = set()
    for element in tree.iter("time", "abbr", "span"):
        if _MARKED.intersection((element.get("class") or "").lower().split()):
            marked.add(element.get("datetime") or element.get("title") or element.get("content"))
    if len(marked) == 1:  # several are those of other stories too
        yield marked.pop()
    for element in tree.iterfind(".//*[@property][@content]"):
        if _RDFA.intersection(element.get("property").lower().split()):
            yield element.get("content")
            break


def _in_address(address: str) -> str | None:
    path = unquote(urlsplit(address).path)
    for pattern in _URL_DATES:
        if found := pattern.search(path):
            return f"{found[1]}-{found[3]}-{found[4]}"
    return None


def _header_dates(page: Sequence[Unit], title: str, opening: str) -> tuple[str | None, str | None]:
    """(published, updated) of the date lines between or around title and first paragraph."""
    start_of = fold(opening)[:60]
    start = next((i for i, u in enumerate(page) if start_of and start_of in u.folded), None)
    if start is None:
        return None, None
    wanted = fold(title)
    top = max((i for i in range(start) if page[i].folded == wanted), default=-1)
    if top < 0 and start > 40:
        top = start - 10
    near = range(max(top - 5, 0), min(len(page), start + 6))
    kinds = [kind(unit) if i in near else Kind.TEXT for i, unit in enumerate(page)]
    told, updated = signature.stated(page, kinds, max(top, 0), start, start)
    return told or signature.dateline(page[start]), updated
