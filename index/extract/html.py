"""HTML → one draft: trafilatura finds the body, the page's own metadata gives the rest.

A date is taken only where the page states it as this article's: JSON-LD, meta, a `<time>` or a date
line in the article's header, the address. Guesses (a copyright year, another story's date) are not.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin, urlsplit

import lxml.etree
import lxml.html
import trafilatura

from index.dates import find_date, normalise_date
from index.extract import headline
from index.extract.boilerplate import Kind, kind
from index.extract.lines import Unit, fold, split_units, tidy, word_count
from index.extract.pagetext import from_page_text
from index.model import Draft, ExtractError

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEAD: Final = re.compile(
    r"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]|<meta\s+charset|<article[\s>]",
    re.IGNORECASE,
)
_TAG: Final = re.compile(r"</?(?:p|div|span|a|br|h[1-6]|li|ul|img|table|strong|section)\b[^<>]*>", re.I)
_CHARSET: Final = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,20})", re.IGNORECASE)
_XML_DECLARATION: Final = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_URL_DATE: Final = re.compile(r"(?<!\d)(20\d\d)([/-])(\d{1,2})\2(\d{1,2})(?!\d)")
_SEPARATOR: Final = r"\s*[-–—|:»›]+\s*"
_BLOCKS: Final = frozenset(
    "p div h1 h2 h3 h4 h5 h6 li ul ol tr td table section article header footer nav aside main "
    "figure figcaption blockquote form br hr dt dd option button label".split()
)
_SILENT: Final = frozenset(("script", "style", "noscript", "template", "svg", "select", "head"))
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
# Deeper than any page is; lxml stops at 256 by itself, and the walk below does not recurse.
_LEAST_WORDS: Final = 6
_ENOUGH_WORDS: Final = 25


@dataclass(frozen=True, slots=True)
class _Meta:
    title: str | None
    author: str | None
    site: str | None
    url: str | None


def looks_like_html(text: str) -> bool:
    """Whether the text is HTML: it says so at its beginning, or is dense with tags."""
    head = text[:5000]
    if _HEAD.search(head[:2000]):
        return True
    tags = len(_TAG.findall(head))
    return tags >= 3 and tags * 150 > len(head)


def declared_charset(data: bytes) -> str | None:
    """The encoding a page says it is in, in its first kilobytes; it may be wrong."""
    found = _CHARSET.search(data[:4096])
    return found[1].decode("ascii") if found else None


def from_html(text: str, *, name: str, source: str | None = None, url: str | None = None) -> Draft:
    """The article of an HTML page; ExtractError where there is none or the markup is unreadable."""
    try:
        tree = _parse(text)
        draft = _extract(tree, name, source, url)
    except ExtractError:
        raise
    except Exception as error:  # noqa: BLE001 - lxml and trafilatura on hostile markup: anything
        raise ExtractError(name, f"the HTML cannot be read ({type(error).__name__})") from error
    return draft


def _parse(text: str) -> lxml.html.HtmlElement:
    # Already decoded: what the page's meta says of its encoding must not be applied again.
    data = _XML_DECLARATION.sub("", text).encode("utf-8", "replace")
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    tree = lxml.html.document_fromstring(data, parser=parser)
    if tree is None:
        raise ValueError("empty document")
    return tree


def _extract(
    tree: lxml.html.HtmlElement, name: str, source: str | None, url: str | None
) -> Draft:
    meta, body = _trafilatura(tree, url)
    address = url or meta.url
    page = split_units(_dump(tree))
    if word_count(body) < _LEAST_WORDS:
        draft = from_page_text("\n\n".join(u.text for u in page), name=name)
        body, title, byline = draft.text, draft.title, draft.byline
    else:
        title = _title(tree, meta) or headline.shorten(body)
        body, byline = _clean(body, title)
        if word_count(body) < _LEAST_WORDS:
            raise ExtractError(name, "no article was found on the page")
    return Draft(
        title=title,
        text=body,
        source=source or _site(meta, address),
        url=address,
        published=_published(tree, page, title, body, address),
        byline=_author(meta, address) or byline,
    )


def _trafilatura(tree: lxml.html.HtmlElement, url: str | None) -> tuple[_Meta, str]:
    found: Any = None
    for precise in (True, False):
        found = trafilatura.bare_extraction(
            lxml.html.fromstring(lxml.html.tostring(tree, encoding="unicode")),
            url=url,
            favor_precision=precise,
            include_comments=False,
            include_tables=not precise,
            with_metadata=True,
            # We read dates ourselves; this keeps the library from a costly search for one.
            date_extraction_params={"extensive_search": False, "original_date": True},
        )
        if found is not None and word_count(found.text or "") >= _ENOUGH_WORDS:
            break
    if found is None:
        return _Meta(_first_text(tree, ".//title"), None, None, None), ""
    canonical = found.url if found.url and urlsplit(found.url).netloc else None
    return _Meta(found.title, found.author, found.sitename, canonical), found.text or ""


def _title(tree: lxml.html.HtmlElement, meta: _Meta) -> str | None:
    """The headline without the site's name: an `<h1>` that the page's title repeats, else that."""
    told = meta.title or _first_text(tree, ".//title")
    heads = [text for h1 in tree.iterfind(".//h1") if (text := _text(h1)) and word_count(text) >= 2]
    if not told:
        return heads[0] if heads else None
    for head in heads:
        if fold(head) in fold(told):
            return head
    site = meta.site or ""
    if len(site) > 1:
        told = re.sub(rf"{_SEPARATOR}{re.escape(site)}\s*$|^\s*{re.escape(site)}{_SEPARATOR}", "", told)
    return " ".join(told.split()) or None


def _clean(body: str, title: str) -> tuple[str, str | None]:
    """The body's lines without the furniture trafilatura let through, and a byline found there."""
    kept: list[str] = []
    told: set[str] = {fold(title)}
    byline = None
    words = 0
    in_links = False
    units = split_units(tidy(body))
    for i, unit in enumerate(units):
        k = kind(unit)
        if k is Kind.END and words >= _ENOUGH_WORDS:
            break
        if k is not Kind.TEXT:
            in_links = k is Kind.SECTION
            continue
        if unit.folded in told or headline.is_credit(unit) or (in_links and _is_link(unit)):
            continue
        in_links = False
        by, wire = headline.author(unit) if i < 3 or i == len(units) - 1 else (None, None)
        if by or wire:
            byline = byline or by
            continue
        if unit.words >= 5:
            told.add(unit.folded)
        words += unit.words
        kept.extend(unit.lines)
    return "\n".join(kept), byline


def _is_link(unit: Unit) -> bool:
    return unit.words <= 20 and not unit.ends


def _site(meta: _Meta, address: str | None) -> str | None:
    site = (meta.site or "").strip().lstrip("@")
    if site and not re.match(r"https?:|www\.|//", site):
        return site
    for value in (site, address):
        host = urlsplit(value).hostname if value else None
        if host:
            return host.removeprefix("www.")
    return None


def _author(meta: _Meta, address: str | None) -> str | None:
    """The people named as authors; many pages name the site itself."""
    host = (urlsplit(address).hostname or "") if address else ""
    sites = {fold(meta.site or ""), *fold(host).split(".")}
    names = [n.strip() for n in (meta.author or "").split(";")]
    return "; ".join(n for n in names if n and fold(n) not in sites) or None


def _published(
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
        yield element.get("datetime") or element.get("content") or _text(element)
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
    return headline.published(page, kinds, max(top, 0), start, start) or headline.dateline(
        page[start]
    )


def _dump(tree: lxml.html.HtmlElement) -> str:
    """The page's text, a line a block; `<time datetime>` speaks for itself where it has no text."""
    out: list[str] = []
    for event, element in lxml.etree.iterwalk(tree, events=("start", "end")):
        tag = element.tag
        if not isinstance(tag, str):
            continue
        if event == "start":
            if tag in _BLOCKS:
                out.append("\n")
            if tag == "time" and element.get("datetime") and not find_date(_text(element)):
                out.append(f"\n{element.get('datetime')}\n")
            elif tag not in _SILENT and element.text and not _is_silent(element):
                out.append(re.sub(r"\s+", " ", element.text))
        else:
            if tag in _BLOCKS:
                out.append("\n")
            if element.tail and not _is_silent(element.getparent()):
                out.append(re.sub(r"\s+", " ", element.tail))
    return tidy("".join(out))


def _is_silent(element: lxml.html.HtmlElement | None) -> bool:
    for _ in range(3):
        if element is None:
            return False
        if element.tag in _SILENT:
            return True
        element = element.getparent()
    return False


def _text(element: lxml.html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def _first_text(tree: lxml.html.HtmlElement, path: str) -> str | None:
    found = tree.find(path)
    return (_text(found) or None) if found is not None else None
