"""Bytes → article drafts: HTML, the text of a page, Telegram posts, JSON.

    decode → which format → jsonitems | html | telegram | pagetext → in Arabic? one address

Pure: bytes and a name in, drafts and errors out; nothing is fetched or stored. An article's text
stays as published: lines may be dropped, trimmed at their ends, and nothing else, for quotes of it
are byte-exact.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Final

from index.addresses import canonical
from index.extract import channel, export, jsonitems, telegram
from index.extract.decode import decode
from index.extract.language import foreign
from index.extract.pagetext import from_page_text
from index.model import Draft, EmptyError, ExtractError, InputError, Post

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
    charset: str | None = None,
) -> list[Draft]:
    """The articles in the bytes; what is wrong with single items is passed over.

    `source` wins over what the page says; `url` is where the page was found, and wins unless the
    page names its own address on the same site (`addresses.own_address`). `charset` is what the
    server said of the encoding. Raises InputError (mostly ExtractError) where there is no article.
    """
    drafts, errors = extract_all(
        data, name=name, format=format, source=source, url=url, charset=charset
    )
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
    charset: str | None = None,
) -> tuple[list[Draft], list[InputError]]:
    """The articles in the bytes, and an error for each item (or the file) that holds none.

    Addresses come out canonical, and every text is in Arabic, whatever the format it came in.
    Never raises for what the bytes hold; where there is no draft there is at least one error.
    """
    try:
        drafts, errors = _read(data, name, format, source or None, url or None, charset)
    except ExtractError as error:
        return [], [error]
    kept = []
    for draft in drafts:
        if reason := foreign(f"{draft.title}\n{draft.text}"):
            errors.append(EmptyError(name, draft.title, reason))
        else:
            kept.append(replace(draft, url=canonical(draft.url)) if draft.url else draft)
    return kept, errors


def preview(data: bytes, *, name: str) -> tuple[list[Post], int | None]:
    """The posts of a channel's preview page, and the number before which the older page ends.

    Raises ExtractError where the bytes cannot be read as a page.
    """
    tree = _html().parse(decode(data, name=name, declared=[_html().declared_charset(data)]), name)
    return channel.posts(tree), channel.earlier(tree)


def _read(
    data: bytes,
    name: str,
    format_: str,
    source: str | None,
    url: str | None,
    charset: str | None,
) -> tuple[list[Draft], list[InputError]]:
    if format_ not in FORMATS:
        raise ExtractError(name, f"there is no format {format_!r}; use one of {', '.join(FORMATS)}")
    meta = None
    if b"<" in data[:4096] and format_ in ("auto", "html"):
        meta = _html().declared_charset(data)
    text = decode(data, name=name, declared=(charset, meta))
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
