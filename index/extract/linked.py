"""What a page's JSON-LD says of its own article (schema.org's NewsArticle and its kin)."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from index.dates import normalise_date
from index.extract.lines import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import lxml.html

_ARTICLE: Final = re.compile(r"(?:Article|^BlogPosting|^Report|^LiveBlogPosting)$")
# Where a page's own article may be nested. Not in lists of others, comments, or live updates.
_INSIDE: Final = ("@graph", "mainEntity", "mainEntityOfPage")
_WRAPPING: Final = re.compile(r"^\s*(?://\s*)?<!(?:\[CDATA\[|--)|(?://\s*)?(?:\]\]|--)>\s*$")
_LAST_COMMA: Final = re.compile(r",(?=\s*[}\]])")
_FIELD: Final = re.compile(r'"(datePublished|dateModified)"\s*:\s*"([^"]{4,40})"')
# As much of two headlines is compared; sites cut and mark them at their ends.
_ALIKE: Final = 40


@dataclass(frozen=True, slots=True)
class Linked:
    """The article as the page describes it to machines; each part may be missing.

    Dates are as stated, not yet read. `body` may hold tags and entities.
    """

    headline: str | None = None
    published: str | None = None
    modified: str | None = None
    authors: tuple[str, ...] = ()
    publisher: str | None = None
    body: str | None = None
    url: str | None = None


def linked(tree: lxml.html.HtmlElement, titles: Sequence[str]) -> Linked:
    """What the page says of the article that bears one of the titles, or of its only article.

    Of several articles under other titles (a list of other stories) nothing is believed, unless
    all are of one day.
    """
    articles: list[dict[str, Any]] = []
    pages: list[dict[str, Any]] = []
    named: dict[str, dict[str, Any]] = {}
    salvaged: list[tuple[str, str]] = []
    for script in tree.iterfind(".//script[@type='application/ld+json']"):
        text = _WRAPPING.sub("", script.text_content())
        data = _load(text)
        if data is None:
            salvaged += _FIELD.findall(text)
        for item in _objects(data):
            if isinstance(item.get("@id"), str) and "name" in item:
                named.setdefault(item["@id"], item)
            kinds = item.get("@type")
            told = kinds if isinstance(kinds, list) else [kinds]
            if any(isinstance(kind, str) and _ARTICLE.search(kind) for kind in told):
                articles.append(item)
            elif "WebPage" in told:
                pages.append(item)
    if own := _own(articles, titles):
        return _read(own, named)
    if pages and not articles:
        return _read({k: v for k, v in pages[0].items() if k != "url"}, named)
    if salvaged and not articles:
        return _salvaged(salvaged)
    return Linked()


def _own(articles: Sequence[dict[str, Any]], titles: Sequence[str]) -> dict[str, Any] | None:
    wanted = [fold(title) for title in titles]
    for item in articles:
        headline = fold(_text(item.get("headline") or item.get("name")) or "")[:_ALIKE]
        if headline and any(headline in title or title[:_ALIKE] == headline for title in wanted):
            return item
    days = {(normalise_date(str(item.get("datePublished") or "")) or "")[:10] for item in articles}
    return articles[0] if len(days) == 1 else None


def _read(item: dict[str, Any], named: dict[str, dict[str, Any]]) -> Linked:
    def name(value: object) -> str | None:
        if isinstance(value, dict):
            known = named.get(str(value.get("@id")), {})
            return _text(value.get("name") or known.get("name"))
        return _text(value)

    publisher = item.get("publisher")
    authors = item.get("author") or item.get("creator")
    found = [name(author) for author in (authors if isinstance(authors, list) else [authors])]
    page = item.get("mainEntityOfPage")
    url = item.get("url") or (page.get("@id") if isinstance(page, dict) else page)
    return Linked(
        headline=_text(item.get("headline") or item.get("name")),
        published=_text(item.get("datePublished") or item.get("dateCreated")),
        modified=_text(item.get("dateModified")),
        authors=tuple(dict.fromkeys(a for a in found if a and not a.startswith("http"))),
        publisher=name(publisher[0] if isinstance(publisher, list) and publisher else publisher),
        body=item.get("articleBody") if isinstance(item.get("articleBody"), str) else None,
        url=url if isinstance(url, str) else None,
    )


def _salvaged(fields: Iterable[tuple[str, str]]) -> Linked:
    """The dates of JSON that cannot be read (quotes in a headline), where there is but one."""
    told: dict[str, set[str]] = {"datePublished": set(), "dateModified": set()}
    for key, value in fields:
        told[key].add(value)
    published, modified = told["datePublished"], told["dateModified"]
    return Linked(
        published=published.pop() if len(published) == 1 else None,
        modified=modified.pop() if len(modified) == 1 else None,
    )


def _load(text: str) -> Any:
    for attempt in (text, _LAST_COMMA.sub("", text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue  # hand-made templates leave commas behind; then the dates alone are sought
    return None


def _objects(data: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    if isinstance(data, list):
        for item in data:
            yield from _objects(item, depth)
    elif isinstance(data, dict) and depth < 6:
        yield data
        for key in _INSIDE:
            yield from _objects(data.get(key), depth + 1)


def _text(value: object) -> str | None:
    if not isinstance(value, str):
        return None
    return " ".join(html.unescape(value).split()) or None
