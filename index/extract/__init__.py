"""Bytes → article drafts: HTML, the text of a page, Telegram posts, JSON.

    decode → which format → jsonitems | html | telegram | pagetext

Pure: bytes and a name in, drafts and errors out; nothing is fetched or stored. An article's text
stays as published: lines may be dropped, trimmed at their ends, and nothing else, for quotes of it
are byte-exact.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from index.extract import channel, export, jsonitems, telegram
from index.extract.decode import decode
from index.extract.pagetext import from_page_text
from index.model import Draft, ExtractError, InputError, Post

if TYPE_CHECKING:
    from types import ModuleType

__all__ = ["FORMATS", "extract", "extract_all", "preview"]

FORMATS: Final = ("auto", "html", "text", "telegram", "feed", "json")


def extract(
    data: bytes,
    *,
    name: str,
    format: str = "auto",  # noqa: A002 - the name the command line gives it
    source: str | None = None,
    url: str | None = None,
) -> list[Draft]:
    """The articles in the bytes; what is wrong with single items is passed over.

    `source` and `url` win over what the page says. Raises InputError (mostly ExtractError) where
    there is no article at all.
    """
    drafts, errors = extract_all(data, name=name, format=format, source=source, url=url)
    if not drafts:
        raise errors[0]
    return drafts


def extract_all(
    data: bytes,
    *,
    name: str,
    format: str = "auto",  # noqa: A002
    source: str | None = None,
    url: str | None = None,
) -> tuple[list[Draft], list[InputError]]:
    """The articles in the bytes, and an error for each item (or the file) that holds none.

    Never raises for what the bytes hold; where there is no draft there is at least one error.
    """
    try:
        return _extract_all(data, name, format, source or None, url or None)
    except ExtractError as error:
        return [], [error]


def preview(data: bytes, *, name: str) -> tuple[list[Post], int | None]:
    """The posts of a channel's preview page, and the number before which the older page ends.

    Raises ExtractError where the bytes cannot be read as a page.
    """
    tree = _html().parse(decode(data, name=name, declared=_html().declared_charset(data)), name)
    return channel.posts(tree), channel.earlier(tree)


def _extract_all(
    data: bytes, name: str, format_: str, source: str | None, url: str | None
) -> tuple[list[Draft], list[InputError]]:
    if format_ not in FORMATS:
        raise ExtractError(name, f"there is no format {format_!r}; use one of {', '.join(FORMATS)}")
    declared = None
    if b"<" in data[:4096] and format_ in ("auto", "html"):
        declared = _html().declared_charset(data)
    text = decode(data, name=name, declared=declared)
    found = _recognise(text, name, format_)
    if found == "feed":
        raise ExtractError(
            name, "this is a feed; feeds are read by `isnad feeds add` and `isnad fetch`"
        )
    if found in ("json", "telegram") and (chat := export.parsed(text)) is not None:
        return export.from_json(chat, name=name, source=source), []
    if found == "json":
        return jsonitems.items(text, name=name, source=source, url=url)
    if found == "telegram":
        return telegram.posts(text, name=name, source=source, url=url), []
    if found == "html":
        return _html().from_html(text, name=name, source=source, url=url), []
    return [from_page_text(text, name=name, source=source, url=url)], []


def _recognise(text: str, name: str, format_: str) -> str:
    """The format by what the text is; the file's suffix only where JSON does not even parse."""
    if format_ != "auto":
        return format_
    if jsonitems.looks_like_json(text) or name.lower().endswith((".json", ".jsonl", ".ndjson")):
        return "json"
    head = text[:2000].lstrip()
    if head.startswith("<"):
        if any(mark in head for mark in ("<rss", "<feed", "<rdf:RDF", "<urlset", "<sitemapindex")):
            return "feed"
        if _html().looks_like_html(text):
            return "html"
    elif "<" in head and _html().looks_like_html(text):
        return "html"
    return "telegram" if telegram.looks_like_posts(text) else "text"


@cache
def _html() -> ModuleType:
    # trafilatura takes half a second to import; JSON and page text do without it.
    from index.extract import html

    return html
