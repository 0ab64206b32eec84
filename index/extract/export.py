"""An export of Telegram Desktop (result.json, or messages.html) → the posts of a channel.

An export does not tell the channel's public name: the operator gives it as the source («@name»),
and each post then has the address it has on t.me. Without it a post is under its private address,
which only members can open.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, Final

from index.extract.posts import address, drafts
from index.model import Draft, ExtractError, Post

if TYPE_CHECKING:
    from collections.abc import Iterator

    import lxml.html

HTML_MARK: Final = 'class="message default'
"""What a page of an export holds and no other page does."""

_MESSAGES: Final = re.compile(r'"messages"\s*:\s*\[')
_NUMBER: Final = re.compile(r"message(\d+)")
_WHEN: Final = re.compile(
    r"(\d\d)\.(\d\d)\.(\d{4}) (\d\d):(\d\d):(\d\d)(?: UTC([+-])(\d\d):(\d\d))?"
)


def parsed(text: str) -> dict[str, Any] | None:
    """Return the exported chat that a JSON text is, None where it is something else."""
    if not _MESSAGES.search(text):
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict) or not isinstance(value.get("type"), str):
        return None
    messages = value.get("messages")
    if not isinstance(messages, list):
        return None
    typed = all(isinstance(m, dict) and isinstance(m.get("type"), str) for m in messages)
    return value if typed else None


def from_json(value: dict[str, Any], *, name: str, source: str | None = None) -> list[Draft]:
    """The posts of result.json, oldest first. Raises ExtractError where none has a text."""
    private = f"https://t.me/c/{value['id']}" if isinstance(value.get("id"), int) else None
    base = address(source) or private
    channel = _words(value.get("name"))
    found = [
        Post(
            number=message["id"],
            text=_plain(message.get("text")),
            base=base,
            channel=channel,
            published=_instant(message),
            teller=_words(message.get("forwarded_from")),
        )
        for message in value["messages"]
        if message["type"] == "message" and isinstance(message.get("id"), int)
    ]
    return _said(found, name, source)


def from_html(tree: lxml.html.HtmlElement, *, name: str, source: str | None = None) -> list[Draft]:
    """The posts of a page of messages.html. Raises ExtractError where none has a text."""
    base = address(source)
    header = next(_of(tree, "page_header"), None)
    channel = None if header is None else _text_of(header, "text")
    found = []
    for element in _of(tree, "message"):
        number = _NUMBER.fullmatch(element.get("id") or "")
        if number is None or "service" in (element.get("class") or "").split():
            continue
        date = next(_of(element, "date"), None)
        forwarded = next(_of(element, "forwarded"), None)
        # The forwarder's name is a text of its own, with the original's date inside it.
        teller = None if forwarded is None else next(_of(forwarded, "from_name"), None)
        found.append(
            Post(
                number=int(number[1]),
                text=_text_of(element, "text") or "",
                base=base,
                channel=channel,
                published=_html_instant(date.get("title") or "") if date is not None else None,
                teller=None if teller is None else _words(teller.text),
            )
        )
    return _said(found, name, source)


def _said(found: list[Post], name: str, source: str | None) -> list[Draft]:
    said = drafts(found, source=source)
    if not said:
        raise ExtractError(name, "no post with text was found in the export")
    return said


def _plain(text: Any) -> str:
    """The text of a message: a string, or pieces of which some are marked up."""
    if isinstance(text, str):
        return text
    if not isinstance(text, list):
        return ""
    pieces = (piece.get("text") if isinstance(piece, dict) else piece for piece in text)
    return "".join(piece for piece in pieces if isinstance(piece, str))


def _instant(message: dict[str, Any]) -> str | None:
    """When a message was posted; newer exports tell the instant, older ones a local time alone."""
    unix = message.get("date_unixtime")
    try:
        if isinstance(unix, int | str):
            return datetime.fromtimestamp(int(unix), UTC).isoformat()
        # The exporter's zone is not told: its day is as much as can be said.
        return datetime.fromisoformat(str(message.get("date"))).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return None


def _html_instant(title: str) -> str | None:
    when = _WHEN.fullmatch(title)
    if when is None:
        return None
    day, month, year, hour, minute, second = (int(when[i]) for i in range(1, 7))
    try:
        if when[7] is None:
            return datetime(year, month, day, tzinfo=UTC).date().isoformat()
        ahead = timedelta(hours=int(when[8]), minutes=int(when[9]))
        zone = timezone(ahead if when[7] == "+" else -ahead)
        local = datetime(year, month, day, hour, minute, second, tzinfo=zone)
    except ValueError:
        return None
    return local.astimezone(UTC).isoformat()


def _of(tree: lxml.html.HtmlElement, wanted: str) -> Iterator[lxml.html.HtmlElement]:
    for element in tree.iter("div", "span"):
        if wanted in (element.get("class") or "").split():
            yield element


def _text_of(element: lxml.html.HtmlElement, wanted: str) -> str | None:
    found = next(_of(element, wanted), None)
    if found is None:
        return None
    for line_break in found.iter("br"):
        line_break.tail = "\n" + (line_break.tail or "")
    return str(found.text_content()).strip() or None


def _words(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None
