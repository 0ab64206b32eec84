"""What surrounds articles on Arabic pages: the words of menus, forms, footers, related links.

Only words any site uses; never a site's name. Everything is compared folded (see `lines.fold`),
so the lists below are in ordinary spelling and match every hamza and tanwin variant.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING, Final

from index.dates import is_date_line
from index.extract.phrases import (
    END_LINE,
    END_START,
    JUNK_IN,
    JUNK_START,
    MENU,
    RELATED,
    SECTIONS,
)

if TYPE_CHECKING:
    from index.extract.lines import Unit


class Kind(Enum):
    """What a unit is, as far as its own words tell."""

    TEXT = "may belong to an article"
    JUNK = "furniture: drop it, whatever stands around it"
    DATE = "only a date or a time"
    SOURCE = "names where the report comes from"
    SECTION = "a heading over links to other stories"
    END = "comments, forms, copyright: the article is over"


_SECTION_RE: Final = re.compile(
    rf"^{SECTIONS}(?:\s+(?:في|من|عن|على|الآن|اليوم|هذا الاسبوع)\b.{{0,25}})?$"
    r"|^المزيد\s+(?:من|في|عن|حول)\b.{0,25}$|^حول\s+هذه?\s+(?:القصه|الموضوع|الخبر)$"
)
_BOX_END: Final = re.compile(rf"^(?:نهايه\s+)?{SECTIONS}(?:\s+نهايه)?$")
_RELATED_RE: Final = re.compile(rf"^[^\w]*{RELATED}\s*(?::|\.\.|-|\||>|؟|!|،|\[)")
_RELATED_OPEN: Final = re.compile(
    r"^[^\w]*(?:اقرا|اقراوا|اقرووا|شاهد|شاهدوا|طالع)\s+(?:و?ايضا|المزيد|كذلك)\b"
)
_END_RE: Final = re.compile(
    rf"^{END_LINE}(?:\s*[(\[]?\s*\d+\s*[)\]]?)?\s*\*?$|^\d+\s+(?:تعليق|تعليقات)$"
)
_END_START_RE: Final = re.compile(rf"^[^\w©]*{END_START}(?!\w)")
_JUNK_IN_RE: Final = re.compile(rf"(?<!\w){JUNK_IN}(?!\w)")
_JUNK_START_RE: Final = re.compile(rf"^[^\w*]*{JUNK_START}(?!\w)")
_SOURCE_RE: Final = re.compile(
    r"^[^\w]*(?:المصدر|مصدر\s+الخبر|نقلا\s+عن|source)\s*[:/|-]\s*(?P<source>\S.{0,60})$|^المصدر:?$"
)
_ADDRESS: Final = re.compile(r"https?://|www\.|[\w.+-]+@[\w-]+\.\w{2,}|\bt\.me/")
_COUNTER: Final = re.compile(
    r"^[\s(\[]*[\d.,٬]+\s*[kKmMألفمليون]*\s*[)\]]?\s*"
    r"(?:خبر|خبرا|اخبار|مشاهده|مشاهدات|قراءه|قراءات|تعليق|تعليقات|مشاركه|مشاركات|زياره|صوره|صور|فيديو|نتيجه|دقيقه|دقائق|views?|shares?|comments?)?\s*$"
)
_CHAIN: Final = re.compile(r"\s*(?:\||›|»|>|·|•|(?<!\d)\s/\s(?!\d)|\\|—|←|→)\s*")
_TAGS_ONLY: Final = re.compile(r"^(?:#[\w_]+[\s،,|]*)+$")
_MARKDOWN_LINKS: Final = re.compile(r"^(?:[*\-+\d.#>|\s]*!?\[[^\]]*\]\([^)]*\)[\s|,،]*)+$")
# What agencies close a report with: «// انتهى // 13:44», «(انتهى) ح.ع», «انتهى».
_CLOSING: Final = re.compile(r"^\W*[/(*]\W*انتهي\W*[/)*].{0,20}$|^\W*انتهي\W*$")
_TRIM: Final = " :.،,؛;-–|*#>«»\"'()[]•…؟!/\\↓←→▼▲+"
# Junk phrases may be quoted by real sentences; a long paragraph is not furniture for holding one.
_SHORT = 14
_MEDIUM = 45
# No furniture is longer; it also bounds what the patterns below may cost on a hostile line.
_MOST_CHARS = 1200


def kind(unit: Unit) -> Kind:
    """What the unit is, by its words alone (position is judged elsewhere)."""
    folded, words = unit.folded, unit.words
    bare = folded.strip(_TRIM)
    if not bare or (not words and not any(c.isdigit() for c in folded)):
        return Kind.JUNK
    if words <= _SHORT:
        if _SOURCE_RE.match(folded):
            return Kind.SOURCE
        if _END_RE.match(bare):
            return Kind.END
        if _SECTION_RE.match(bare):
            return Kind.SECTION
        if "نهايه" in bare and _BOX_END.match(bare):
            return Kind.JUNK
        if len(unit.text) > _MOST_CHARS:
            return Kind.TEXT
        if bare in MENU or any(p.match(folded) for p in (_COUNTER, _TAGS_ONLY, _CLOSING)):
            return Kind.JUNK
        if is_date_line(unit.text):
            return Kind.DATE
    if words <= _MEDIUM and len(unit.text) <= _MOST_CHARS:
        found = _kind_of_phrase(unit, bare)
        if found is not Kind.TEXT:
            return found
        if _MARKDOWN_LINKS.match(unit.text):
            return Kind.JUNK
    if not unit.ends and _is_chain(folded):
        return Kind.JUNK
    return Kind.TEXT


def _kind_of_phrase(unit: Unit, bare: str) -> Kind:
    folded, words = unit.folded, unit.words
    if _END_START_RE.match(folded):
        return Kind.END
    if _RELATED_OPEN.match(folded) or (words <= 25 and _RELATED_RE.match(folded)):
        return Kind.JUNK
    if _JUNK_IN_RE.search(folded):
        return Kind.JUNK
    if words <= _SHORT and _JUNK_START_RE.match(folded):
        # «هاتف الرئيس نظيره…» is a sentence: a label stands alone or before its colon.
        if words <= 4 and not unit.ends:
            return Kind.JUNK
        if re.search(r"[:*|]", folded[:30]):
            return Kind.JUNK
    if words <= 8 and _ADDRESS.search(folded):
        return Kind.JUNK
    return Kind.TEXT if bare else Kind.JUNK


def closes_box(unit: Unit) -> bool:
    """Whether a line says a box of links ends here: «قصص مقترحة نهاية»."""
    bare = unit.folded.strip(_TRIM)
    return unit.words <= 6 and "نهايه" in bare and bool(_BOX_END.match(bare))


def source_named(unit: Unit) -> str | None:
    """What a `Kind.SOURCE` unit names, as written; None where it is only the label."""
    _, mark, rest = unit.text.partition(":")
    if not mark:
        rest = re.sub(r"^[^\w]*\w+\s*[/|\-–—]?\s*", "", unit.text, count=1)
    rest = rest.strip(_TRIM)
    return rest or None


def _is_chain(text: str) -> bool:
    """Menus, breadcrumbs and tickers on one line: several short parts between separators."""
    parts = [p for p in _CHAIN.split(text) if p]
    if len(parts) >= 2 and all(p.strip(_TRIM) in MENU for p in parts):
        return True
    if len(parts) >= 3 and all(len(p.split()) <= 14 for p in parts):
        return len(text) < 60 * len(parts)
    crumbs = text.split(" - ")
    return len(crumbs) >= 3 and all(1 <= len(p.split()) <= 3 for p in crumbs)
