"""What Telegram does to a text before it is stored: control marks, whitespace, overlaps.

Follows `fix_formatted_text` of tdlib (td/telegram/MessageEntity.cpp), the code that Telegram's
own Bot API server runs. It matters to a bot that writes Arabic: the embedding marks
U+202A..U+202E are deleted, and a run of U+200E/U+200F loses all but its last mark, while the
isolates U+2066..U+2069 stay.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from bot.playground.entities import (
    QUOTES,
    STYLES,
    VERBATIM,
    Entity,
    in_order,
    to_code_points,
    to_utf16,
)

_DELETED = frozenset("\r\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u0333\u033f\u030a")
_MARK_RUN = re.compile("[\u200e\u200f]+(?=[\u200e\u200f])")
_BLANK = " \n"


def tidy(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """The text and entities as they are stored; an empty text where nothing visible is left.

    Raises `ValueError` (with the UTF-16 offset) for an entity outside the text.
    """
    spans = [e for e in to_code_points(text, entities) if e.length > 0]
    text, spans = _clean(text, spans)
    spans = _trim_spans(text, _untangle(spans))
    if not _visible(text):
        return "", []
    text, spans = _trim(text, _untangle(spans))
    return text, to_utf16(text, in_order(spans))


def _visible(text: str) -> bool:
    """Whether there is anything to see: spaces and format characters alone are no message."""
    return any(
        not char.isspace() and unicodedata.category(char) not in {"Cf", "Zs", "Zl", "Zp"}
        for char in text
    )


def _clean(text: str, spans: list[Entity]) -> tuple[str, list[Entity]]:
    """Deletes what Telegram deletes; other control characters become spaces."""
    position = [0]
    kept: list[str] = []
    for char in text:
        if char not in _DELETED:
            kept.append(" " if char < " " and char != "\n" else char)
        position.append(len(kept))
    moved = [
        replace(s, offset=position[s.offset], length=position[s.end] - position[s.offset])
        for s in spans
    ]
    # Every mark of a run but the last becomes U+200C: same length, so no offset moves.
    cleaned = _MARK_RUN.sub(lambda run: "\u200c" * len(run.group()), "".join(kept))
    return cleaned, [s for s in moved if s.length > 0]


def _untangle(spans: list[Entity]) -> list[Entity]:
    """Makes the entities fit together: links and code do not overlap, nothing is inside code."""
    quotes = _disjoint([s for s in spans if s.type in QUOTES])
    solid = _disjoint([s for s in spans if s.type not in STYLES | QUOTES])
    solid = [s for s in solid if all(_nests_in(s, quote) for quote in quotes)]
    code = [s for s in solid if s.type in VERBATIM]
    styles: list[Entity] = []
    for kind in sorted(STYLES):
        for span in _merged([s for s in spans if s.type == kind]):
            styles += _outside(span, code)
    return in_order(quotes + solid + styles)


def _nests_in(span: Entity, quote: Entity) -> bool:
    apart = span.end <= quote.offset or quote.end <= span.offset
    return apart or (quote.offset <= span.offset and span.end <= quote.end)


def _disjoint(spans: list[Entity]) -> list[Entity]:
    """The spans that begin after the one before has ended; the outer one wins."""
    kept: list[Entity] = []
    for span in in_order(spans):
        if not kept or span.offset >= kept[-1].end:
            kept.append(span)
    return kept


def _merged(spans: list[Entity]) -> list[Entity]:
    """Bold inside bold is one bold; neighbours that only touch stay two."""
    merged: list[Entity] = []
    for span in in_order(spans):
        if merged and span.offset < merged[-1].end:
            end = max(span.end, merged[-1].end)
            merged[-1] = replace(merged[-1], length=end - merged[-1].offset)
        else:
            merged.append(span)
    return merged


def _outside(span: Entity, holes: list[Entity]) -> list[Entity]:
    """The parts of `span` that are in none of the `holes`, which come in order."""
    parts = []
    start = span.offset
    for hole in holes:
        if hole.end <= start or hole.offset >= span.end:
            continue
        if hole.offset > start:
            parts.append(replace(span, offset=start, length=hole.offset - start))
        start = hole.end
    if start < span.end:
        parts.append(replace(span, offset=start, length=span.end - start))
    return parts


def _trim_spans(text: str, spans: list[Entity]) -> list[Entity]:
    """No entity begins with whitespace, and none is whitespace only."""
    trimmed = []
    for span in spans:
        inner = text[span.offset : span.end]
        leading = len(inner) - len(inner.lstrip(_BLANK))
        if leading < len(inner):
            trimmed.append(
                replace(span, offset=span.offset + leading, length=span.length - leading)
            )
    return trimmed


def _trim(text: str, spans: list[Entity]) -> tuple[str, list[Entity]]:
    """Cuts blank ends off the text, and entities down to what is left of it."""
    text = text.rstrip(_BLANK)
    spans = [
        replace(s, length=min(s.end, len(text)) - s.offset) for s in spans if s.offset < len(text)
    ]
    leading = len(text) - len(text.lstrip(_BLANK))
    return text[leading:], [replace(s, offset=s.offset - leading) for s in spans]
