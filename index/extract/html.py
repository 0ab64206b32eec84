"""HTML → one draft: trafilatura finds the body, the page's own metadata gives the rest.

A date is taken only where the page states it as this article's: JSON-LD, meta, a `<time>` or a date
line in the article's header, the address. Guesses (a copyright year, another story's date) are not.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from index.addresses import own_address
from index.extract import (
    channel,
    export,
    headline,
    htmlbody,
    htmldates,
    htmlmeta,
    htmltree,
    signature,
)
from index.extract.jsonitems import plain
from index.extract.lines import fold, word_count
from index.extract.linked import linked
from index.extract.pagetext import from_page_text
from index.extract.surroundings import MOSTLY_LINKS
from index.model import Draft, ExtractError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import lxml.html

    from index.extract.htmltree import Block

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
_LEAST_WORDS: Final = 6
# JSON-LD's text is the article where it is long and the page shows hardly a third of its words.
_SHOWN: Final = 0.3


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
        tree = htmltree.parse(text)
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
        return htmltree.parse(text)
    except Exception as error:  # lxml, fed hostile markup, raises anything
        raise ExtractError(name, f"the HTML cannot be read ({type(error).__name__})") from error


def _extract(tree: lxml.html.HtmlElement, name: str, source: str | None, url: str | None) -> Draft:
    meta = htmlmeta.metas(tree)
    candidates = htmlmeta.titles(tree, meta)
    told = linked(tree, candidates)
    page = htmltree.blocks(tree)
    address = own_address(htmlmeta.addresses(tree, meta, told), url)
    title, site = htmlmeta.title_and_site(candidates, told, meta, page)
    found, guess = htmlbody.find(tree)
    names = (site, meta.get("og:site_name"), told.publisher, htmlmeta.site(None, address))
    authors = htmlmeta.authors(told, meta, guess, names, page)
    article = bool(told.headline or "article:published_time" in meta)
    own = htmlbody.body(page, found, title or "", article=article)
    if own is None:
        raise ExtractError(name, "no article was found on the page, only menus and links")
    kept, byline = htmlbody.clean(own, title or "", authors)
    if byline and site and fold(site) in fold(byline):
        byline = None  # «دبي - الجريدة»: a place and the site, nobody's name
    body = "\n".join(line for unit in kept for line in unit.lines)
    published = None
    hidden = plain(told.body or "")
    if _is_elsewhere(hidden, page):
        body = hidden
    elif word_count(body) < _LEAST_WORDS:
        text = "\n\n".join(block.unit.text for block in page if block.links < MOSTLY_LINKS)
        draft = from_page_text(text, name=name)
        body, byline, published = draft.text, draft.byline, draft.published
        title, site = title or draft.title, site or draft.source
    title = title or headline.shorten(body)
    published = (
        htmldates.published(
            tree,
            meta,
            told,
            [block.unit for block in page],
            title=title,
            opening=body.split("\n", 1)[0],
            addresses=(address, url),
        )
        or published
    )
    return Draft(
        title=title,
        text=body,
        source=source or htmlmeta.site(site, address),
        url=address,
        published=published,
        byline="; ".join(authors) or byline or _signed(page, title, body),
    )


def _signed(page: Sequence[Block], title: str, body: str) -> str | None:
    """The name in a line between the title and the first paragraph that says who wrote it."""
    lines = [block.unit for block in page]
    opening = fold(body.split("\n", 1)[0])
    end = next((i for i, unit in enumerate(lines) if unit.folded == opening), 0)
    top = max((i for i in range(end) if lines[i].folded == fold(title)), default=end)
    told = (signature.written_by(unit.text) for unit in lines[top + 1 : end] if unit.words <= 14)
    return next((name for name in told if name), None)


def _is_elsewhere(told: str, page: Sequence[Block]) -> bool:
    """Whether the page is a shell: its article is in its JSON-LD and not among what it shows."""
    if word_count(told) < htmlbody.ENOUGH_WORDS:
        return False
    shown = "\n".join(block.unit.folded for block in page)
    sentences = [fold(s) for s in re.split(r"[.؟!\n]+", told)]
    found = sum(word_count(s) for s in sentences if s in shown)
    return found < _SHOWN * word_count(told)
