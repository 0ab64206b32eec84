"""How a line of Arabic and Latin is put together for Telegram's HTML: escaping, direction, length.

Pure. Nothing here is ever applied to the text of a quote except `escape`, which Telegram undoes.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from html import escape as _escape
from html import unescape
from typing import Literal
from urllib.parse import urlsplit

Lang = Literal["ar", "en"]
Digits = Literal["latin", "arabic"]
"""Which digits our own words are written with: 123 or ١٢٣. A quote or a title keeps its own."""

LRM, RLM = "\u200e", "\u200f"
FSI, PDI = "\u2068", "\u2069"

ELLIPSIS = "…"

_ARABIC_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")

# Marks, embeddings, overrides and isolates: one that a page left open in a title would turn the
# rest of our line around.
_BIDI_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_ISOLATED = re.compile("[\u2066-\u2068][^\u2069\n]*\u2069?")
_TAG = re.compile(r"<(/?)(\w+)[^>]*>")
_HREF = re.compile(r'<a href="([^"]*)">')

# The Bot API takes longer ones, but https://core.telegram.org cuts them off in some clients.
_URL_LIMIT = 2048


def escape(text: str) -> str:
    """`text` as Telegram's HTML; parsing it gives back exactly `text`."""
    return _escape(text, quote=False)


def in_digits(text: str, digits: Digits) -> str:
    """`text` with the digits that the reader prefers."""
    return text.translate(_ARABIC_INDIC) if digits == "arabic" else text


def isolate(text: str) -> str:
    """`text` with its own direction, so that it cannot reorder what stands around it."""
    return f"{FSI}{text}{PDI}"


def tidy(text: str) -> str:
    """A title or a name on one line: no control characters, no direction marks, single spaces."""
    text = unmarked(text)
    # "C" is every control, unassigned and private character, and lone surrogates, which could not
    # be sent at all; the joiners (Cf) are part of how words and emoji are written.
    kept = (c if unicodedata.category(c) in ("Cf", "Zs") or c.isprintable() else " " for c in text)
    line = " ".join("".join(kept).split())
    # Joiners alone are nothing to see, and no name for a button.
    return line if any(unicodedata.category(c)[0] not in "CZ" for c in line) else ""


def lead(line: str, lang: Lang) -> str:
    """`line` (HTML) with the mark it needs to be laid out in the direction of `lang`.

    A line takes its direction from its first strong character outside isolates. One that begins
    with a Latin name, a digit or an isolate would come out left to right in an Arabic message.
    Browsers order such a line so and yet align it by the first strong character inside isolates
    too (a source «alriyadh» at the wrong edge): both must be right without a mark.
    """
    visible = unescape(_TAG.sub("", line))
    wanted = ("R", "AL") if lang == "ar" else ("L",)
    if _strong(_ISOLATED.sub("", visible)) in wanted and _strong(visible) in wanted:
        return line
    return (RLM if lang == "ar" else LRM) + line


def _strong(text: str) -> str | None:
    """The direction of the first strong character of `text`."""
    return next((b for c in text if (b := unicodedata.bidirectional(c)) in ("L", "R", "AL")), None)


def unmarked(text: str) -> str:
    """`text` without the marks and isolates that set its direction."""
    return _BIDI_CONTROLS.sub("", text)


def units(text: str) -> int:
    """Length in UTF-16 code units, the larger of the two ways Telegram's limits are counted."""
    return len(text) + sum(c > "\uffff" for c in text)


def shorten(text: str, limit: int) -> str:
    """`text` in at most `limit` UTF-16 units, cut at a word where it is too long, with `…`."""
    if units(text) <= limit:
        return text
    room = limit - units(ELLIPSIS)
    cut = 0
    for char in text:
        room -= units(char)
        if room < 0:
            break
        cut += 1
    space = text.rfind(" ", 0, cut + 1)
    if space > 0:
        return text[:space].rstrip(" ،؛,;:.-–—") + ELLIPSIS
    # One endless word: at least never between a letter and its marks, or within a joined emoji.
    while cut > 1 and (unicodedata.category(text[cut]) in ("Mn", "Me", "Cf")):
        cut -= 1
    return text[:cut] + ELLIPSIS


def sane_url(url: str | None, limit: int = _URL_LIMIT) -> str | None:
    """`url` if Telegram can be trusted to make it a link to where it says, else `None`."""
    if not url or len(url) > limit or any(c.isspace() or not c.isprintable() for c in url):
        return None
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - reading it raises ValueError where it is no port
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
        return None
    # user@host is how a link is made to look like another site
    return None if "@" in parts.netloc else url


def link(label: str, url: str | None) -> str:
    """`label` (plain text) as HTML, linked where `url` is not `None`."""
    if url is None:
        return escape(label)
    return f'<a href="{_escape(url, quote=True)}">{escape(label)}</a>'


@dataclass(frozen=True, slots=True)
class Size:
    """What a piece of HTML takes of Telegram's limits once it is parsed."""

    units: int
    entities: int
    href_bytes: int

    def __add__(self, other: Size) -> Size:
        return Size(
            self.units + other.units,
            self.entities + other.entities,
            self.href_bytes + other.href_bytes,
        )


def measure(html: str) -> Size:
    """The size of `html` as written by this package: every `<`, `>` and `&` of text is escaped."""
    opened = sum(not closing for closing, _ in _TAG.findall(html))
    hrefs = sum(len(unescape(url).encode()) for url in _HREF.findall(html))
    return Size(units(unescape(_TAG.sub("", html))), opened, hrefs)
