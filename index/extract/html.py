"""HTML → one draft: trafilatura finds the body, the page's own metadata gives the rest.

A date is taken only where the page states it as this article's: JSON-LD, meta, a `<time>` or a date
line in the article's header, the address. Guesses (a copyright year, another story's date) are not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import lxml.etree
import lxml.html
import trafilatura

from index.dates import find_date
from index.extract import channel, export, headline, signature
from index.extract.boilerplate import Kind, kind
from index.extract.htmldates import element_text, published
from index.extract.lines import Unit, fold, split_units, tidy, word_count
from index.extract.pagetext import from_page_text
from index.model import Draft, ExtractError

_HEAD: Final = re.compile(
    r"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]|<meta\s+charset|<article[\s>]",
    re.IGNORECASE,
)
_TAG: Final = re.compile(
    r"</?(?:p|div|span|a|br|h[1-6]|li|ul|img|table|strong|section)\b[^<>]*>", re.I
)
_CHARSET: Final = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,20})", re.IGNORECASE
)
_XML_DECLARATION: Final = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_SEPARATOR: Final = r"\s*[-–—|:»›]+\s*"
_BLOCKS: Final = frozenset(
    "p div h1 h2 h3 h4 h5 h6 li ul ol tr td table section article header footer nav aside main "
    "figure figcaption blockquote form br hr dt dd option button label".split()
)
_SILENT: Final = frozenset(("script", "style", "noscript", "template", "svg", "select", "head"))
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


def from_html(
    text: str, *, name: str, source: str | None = None, url: str | None = None
) -> list[Draft]:
    """The article of an HTML page, or the posts of a channel's preview page.

    Raises ExtractError where there is none, or where the markup cannot be read.
    """
    try:
        tree = _parse(text)
        if channel.MARK in text:
            return channel.from_preview(tree, name=name, source=source)
        if export.HTML_MARK in text:
            return export.from_html(tree, name=name, source=source)
        return [_extract(tree, name, source, url)]
    except ExtractError:
        raise
    except Exception as error:  # lxml and trafilatura, fed hostile markup, raise anything
        raise ExtractError(name, f"the HTML cannot be read ({type(error).__name__})") from error


def parse(text: str, name: str) -> lxml.html.HtmlElement:
    """The tree of a page. Raises ExtractError where the markup cannot be read."""
    try:
        return _parse(text)
    except Exception as error:  # lxml, fed hostile markup, raises anything
        raise ExtractError(name, f"the HTML cannot be read ({type(error).__name__})") from error


def _parse(text: str) -> lxml.html.HtmlElement:
    # Already decoded: what the page's meta says of its encoding must not be applied again.
    data = _XML_DECLARATION.sub("", text).encode("utf-8", "replace")
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    tree = lxml.html.document_fromstring(data, parser=parser)
    if tree is None:
        raise ValueError("empty document")
    return tree


def _extract(tree: lxml.html.HtmlElement, name: str, source: str | None, url: str | None) -> Draft:
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
        published=published(tree, page, title, body, address),
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
    heads = [
        text
        for h1 in tree.iterfind(".//h1")
        if (text := element_text(h1)) and word_count(text) >= 2
    ]
    if not told:
        return heads[0] if heads else None
    for head in heads:
        if fold(head) in fold(told):
            return head
    site = meta.site or ""
    if len(site) > 1:
        told = re.sub(
            rf"{_SEPARATOR}{re.escape(site)}\s*$|^\s*{re.escape(site)}{_SEPARATOR}", "", told
        )
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
        if unit.folded in told or signature.is_credit(unit) or (in_links and _is_link(unit)):
            continue
        in_links = False
        by, wire = signature.author(unit) if i < 3 or i == len(units) - 1 else (None, None)
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
            if tag == "time" and element.get("datetime") and not find_date(element_text(element)):
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


def _first_text(tree: lxml.html.HtmlElement, path: str) -> str | None:
    found = tree.find(path)
    return (element_text(found) or None) if found is not None else None
