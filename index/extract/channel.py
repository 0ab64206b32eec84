"""The preview page of a Telegram channel (t.me/s/…), or of one post (?embed=1) → its posts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, urlsplit

from index.dates import normalise_date
from index.extract.lines import tidy
from index.extract.posts import address, drafts
from index.model import Draft, ExtractError, Post

if TYPE_CHECKING:
    from collections.abc import Iterator

    import lxml.html

MARK: Final = "tgme_widget_message_text"
"""What a preview page holds and no other page does."""

_TOLD: Final = re.compile(r"(?P<name>\w+)/(?P<number>\d+)", re.ASCII)


def from_preview(
    tree: lxml.html.HtmlElement, *, name: str, source: str | None = None
) -> list[Draft]:
    """The posts that have a text, in the page's order; ExtractError where none has."""
    found = drafts(posts(tree), source=source)
    if not found:
        raise ExtractError(name, "no post with text was found")
    return found


def posts(tree: lxml.html.HtmlElement) -> list[Post]:
    """Every post of the page, those without a text too, in the page's order."""
    title = next(_having(tree, "tgme_channel_info_header_title"), None)
    found = []
    for element in _having(tree, "tgme_widget_message"):
        told = _TOLD.fullmatch(element.get("data-post") or "")
        # A post that answers another shows it first, in the same class.
        bodies = [b for b in _having(element, MARK) if "js-message_text" in (b.get("class") or "")]
        body = next(iter(bodies), None)
        if body is None:
            body = next(_having(element, MARK), None)
        owner = next(_having(element, "tgme_widget_message_owner_name"), title)
        forwarded = next(_having(element, "tgme_widget_message_forwarded_from_name"), None)
        time = next((t.get("datetime") for t in element.iter("time") if t.get("datetime")), None)
        found.append(
            Post(
                number=int(told["number"]) if told else 0,
                text="" if body is None else _text(body),
                base=address(f"@{told['name']}") if told else None,
                channel=None if owner is None else _text(owner) or None,
                published=normalise_date(time) if time else None,
                teller=None if forwarded is None else _text(forwarded) or None,
            )
        )
    return found


def earlier(tree: lxml.html.HtmlElement) -> int | None:
    """Return the number before which the next older page ends, None where this is the oldest.

    The page is fetched with `?before=` that number.
    """
    for link in tree.iter("link", "a"):
        older = link.get("rel") == "prev" or "tme_messages_more" in (link.get("class") or "")
        before = parse_qs(urlsplit(link.get("href") or "").query).get("before", [""])[0]
        if older and before.isdigit():
            return int(before)
    return None


def _having(tree: lxml.html.HtmlElement, wanted: str) -> Iterator[lxml.html.HtmlElement]:
    for element in tree.iter():
        if isinstance(element.tag, str) and wanted in (element.get("class") or "").split():
            yield element


def _text(element: lxml.html.HtmlElement) -> str:
    for line_break in element.iter("br"):
        line_break.tail = "\n" + (line_break.tail or "")
    return tidy(str(element.text_content()))
