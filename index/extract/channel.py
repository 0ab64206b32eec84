"""The saved preview page of a Telegram channel (t.me/s/…) → one draft a post."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from index.dates import normalise_date
from index.extract.lines import tidy, word_count
from index.extract.telegram import title_of
from index.model import Draft, ExtractError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import lxml.html

MARK: Final = "tgme_widget_message_text"
"""What a preview page holds and no other page does."""

_LEAST_WORDS: Final = 4


def from_preview(
    tree: lxml.html.HtmlElement, *, name: str, source: str | None = None
) -> list[Draft]:
    """The posts that have a text, in the page's order; ExtractError where none has."""
    drafts = []
    channel = next(_having(tree, "tgme_channel_info_header_title"), None)
    for post in _having(tree, "tgme_widget_message"):
        body = next(_having(post, MARK), None)
        text = _text(body) if body is not None else ""
        if word_count(text) < _LEAST_WORDS:
            continue
        owner = next(_having(post, "tgme_widget_message_owner_name"), channel)
        forwarded = next(_having(post, "tgme_widget_message_forwarded_from_name"), None)
        teller = forwarded if forwarded is not None else owner
        told = post.get("data-post")
        time = next((t.get("datetime") for t in post.iter("time") if t.get("datetime")), None)
        drafts.append(
            Draft(
                title=title_of(text),
                text=text,
                source=source or (_text(teller) or None if teller is not None else None),
                url=f"https://t.me/{told}" if told else None,
                published=normalise_date(time) if time else None,
            )
        )
    if not drafts:
        raise ExtractError(name, "no post with text was found")
    return drafts


def _having(tree: lxml.html.HtmlElement, wanted: str) -> Iterator[lxml.html.HtmlElement]:
    for element in tree.iter():
        if isinstance(element.tag, str) and wanted in (element.get("class") or "").split():
            yield element


def _text(element: lxml.html.HtmlElement) -> str:
    for line_break in element.iter("br"):
        line_break.tail = "\n" + (line_break.tail or "")
    return tidy(str(element.text_content()))
