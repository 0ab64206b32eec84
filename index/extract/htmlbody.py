"""The body of an HTML page's article: trafilatura says where it stands, the page's blocks what.

trafilatura finds the paragraphs of an article well, but drops lists, sub-headings and rows beside
them, and joins lines. So its text only serves to tell which of the page's blocks are the article's
(the anchors); what stands among them, in the element that holds nearly all of them, is the
article's too, unless it is links or furniture by its words or by what the page calls it.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Any, Final

import lxml.html
import trafilatura

from index.extract import signature
from index.extract.boilerplate import Kind, kind
from index.extract.htmltree import Block
from index.extract.lines import fold, split_units, tidy, word_count
from index.extract.prose import PROSE, score, sentence_like
from index.extract.surroundings import MOSTLY_LINKS, furniture, is_list, line, strangers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.extract.lines import Unit

ENOUGH_WORDS: Final = 25
"""Fewer words may be a caption or a motto that stands where an article should."""

_LITTLE_WORDS: Final = 150
# The element that is the article holds nearly all anchors; one stray teaser does not widen it.
_NEARLY_ALL: Final = 0.85
# Below this trafilatura's text is not the page's (it reads JSON-LD too).
_LEAST_FOUND: Final = 0.6
_KEPT_SHORT: Final = frozenset("h2 h3 h4 h5 h6 li p tr td pre blockquote dd dt".split())
_HEADINGS: Final = frozenset("h2 h3 h4 h5 h6".split())
_SUMMARY_WORDS: Final = 6
_LEAD_WORDS: Final = 10
# Among the first blocks, and as the last, a short line may be a byline.
_EDGE: Final = 3
# A name, a section or a city over the first paragraph has as many words.
_LABEL_WORDS: Final = 3
_LETTERS: Final = re.compile(r"[^\W_]+")


def find(tree: lxml.html.HtmlElement) -> tuple[str, str | None]:
    """(text, author) as trafilatura finds them: by its strict rules, unless its wider ones find
    twice as much where the strict ones find little (a live blog's first posts).
    """
    # It warns of every page without an article; we say so ourselves.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    text, author = _found(tree, strict=True)
    words = word_count(text)
    if words < _LITTLE_WORDS:
        wider, guess = _found(tree, strict=False)
        if words < ENOUGH_WORDS or word_count(wider) >= 2 * words:
            return wider, guess or author
    return text, author


def _found(tree: lxml.html.HtmlElement, *, strict: bool) -> tuple[str, str | None]:
    found: Any = trafilatura.bare_extraction(
        lxml.html.fromstring(lxml.html.tostring(tree, encoding="unicode")),
        favor_precision=strict,
        include_comments=False,
        with_metadata=True,
        # We read dates ourselves; this keeps the library from a costly search for one.
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    return ("", None) if found is None else (found.text or "", found.author)


def body(page: Sequence[Block], found: str, title: str, *, article: bool) -> list[Block] | None:
    """The article's blocks, in order; `found` as it is where the page does not show it.

    None where that is a list of links and what they lead to, as on a section's front page; but
    where the page says that it is an `article`, headlines with links are its own (live blogs).
    """
    if not page:
        return []
    anchors = _anchors(page, found, title)
    told = sum(page[i].unit.words for i in anchors)
    if told < _LEAST_FOUND * word_count(found):
        return [Block(unit, page[0].element, 0.0) for unit in split_units(tidy(found))]
    if not anchors:
        return []
    if not article and is_list(page, anchors):
        return None
    holder = _holder(page, anchors)
    called = furniture(page, anchors, holder)
    inside = {i for i, block in enumerate(page) if _is_in(block, holder)}
    strange = strangers(page, anchors)
    end = _next_story(page, anchors, title)
    anchors = [
        i
        for i in anchors
        if i < end
        and i not in called
        and i not in strange
        and (i in inside or _leads(page, i, anchors))
    ]
    if not anchors:
        return []
    first, last = anchors[0], anchors[-1]
    chosen = set(anchors)
    for i in range(first + 1, last):
        if i in inside and i not in called and _belongs(page[i]):
            chosen.add(i)
    top = max((i for i in range(first) if page[i].unit.folded == fold(title)), default=None)
    for i in range(first - 1, -1 if top is None else top, -1):
        if top is None and i not in inside:
            break
        if i not in called and _opens(page[i], i in inside, under_title=top is not None):
            chosen.add(i)
    return [page[i] for i in sorted(chosen)]


def clean(
    blocks: Sequence[Block], title: str, authors: Sequence[str]
) -> tuple[list[Unit], str | None]:
    """What of the blocks is the article, without furniture that came along, and a byline there."""
    kept: list[Unit] = []
    told: set[str] = {fold(title), *(fold(author) for author in authors)}
    byline = None
    words = 0
    in_links = False
    for i, block in enumerate(blocks):
        unit = block.unit
        # a row of figures looks like a menu, «اسم | 3 | 5», an item like a byline, «الوسط: نادر»
        k = Kind.TEXT if block.tag == "tr" else kind(unit)
        listed = block.tag in ("tr", "li")
        if k is Kind.END and words >= ENOUGH_WORDS:
            break
        if k is not Kind.TEXT:
            in_links = k is Kind.SECTION
            continue
        if unit.folded in told or (in_links and _is_link(unit)):
            continue
        in_links = False
        if not listed:
            if signature.is_credit(unit):
                continue
            at_edge = i < _EDGE or i == len(blocks) - 1
            by, wire = signature.author(unit) if at_edge else (None, None)
            if by or wire:
                byline = byline or by
                continue
            if not kept and unit.words <= _LABEL_WORDS and not _may_open(block):
                continue
        if unit.words >= 5:
            told.add(unit.folded)
        words += unit.words
        kept.append(unit)
    return kept, byline


def _next_story(page: Sequence[Block], anchors: Sequence[int], title: str) -> int:
    """Where another story's title follows, on pages that go on with the next one; else the end."""
    words = 0
    own = set(anchors)
    for i, block in enumerate(page):
        if words >= ENOUGH_WORDS and block.tag == "h1" and block.unit.folded != fold(title):
            return i
        words += block.unit.words if i in own else 0
    return len(page)


def _may_open(block: Block) -> bool:
    """Whether a few words over the first paragraph may open the article, and are no label."""
    return block.unit.ends or block.unit.text.endswith(":") or block.tag in _HEADINGS


def _is_link(unit: Unit) -> bool:
    return unit.words <= 20 and not unit.ends


def _key(text: str) -> str:
    return f" {' '.join(_LETTERS.findall(text))} "


def _anchors(page: Sequence[Block], found: str, title: str) -> list[int]:
    """The blocks that are in trafilatura's text, below the title where it stands over them."""
    text = _key(fold(found))
    lines = {_key(fold(line)) for line in found.split("\n")}
    anchors = [
        i
        for i, block in enumerate(page)
        # one or two words are in any text; a sub-heading is a line of it
        if (key := _key(block.unit.folded)) in lines or (block.unit.words >= 3 and key in text)
    ]
    seen: set[str] = set()
    once = []
    for i in reversed(anchors):
        # told twice (a teaser above, a summary for machines): the last is the article's
        if page[i].unit.folded not in seen:
            seen.add(page[i].unit.folded)
            once.append(i)
    once.reverse()
    titles = [i for i, block in enumerate(page) if block.unit.folded == fold(title)]
    words = sum(page[i].unit.words for i in once)
    for top in titles:
        below = [i for i in once if i > top]
        if sum(page[i].unit.words for i in below) >= _NEARLY_ALL * words:
            once = below
    return once


def _holder(page: Sequence[Block], anchors: Sequence[int]) -> lxml.html.HtmlElement:
    """The innermost element that holds nearly all words of the anchors."""
    weight: dict[lxml.html.HtmlElement, int] = {}
    total = 0
    for i in anchors:
        words = page[i].unit.words
        total += words
        for element in line(page[i].element):
            weight[element] = weight.get(element, 0) + words
    return next(
        element
        for i in sorted(anchors, key=lambda i: -page[i].unit.words)
        for element in line(page[i].element)
        if weight[element] >= _NEARLY_ALL * total
    )


def _is_in(block: Block, holder: lxml.html.HtmlElement) -> bool:
    return block.element is holder or any(e is holder for e in block.element.iterancestors())


def _leads(page: Sequence[Block], i: int, anchors: Sequence[int]) -> bool:
    """Whether an anchor outside the holder is the lead over it: a sentence among the first."""
    return i in anchors[:2] and page[i].unit.ends and score(page[i].unit) >= PROSE


def _belongs(block: Block) -> bool:
    """Whether a block among the anchors is the article's: no link, and no loose label."""
    unit = block.unit
    if block.links >= MOSTLY_LINKS or signature.is_credit(unit):
        return False
    if block.tag == "tr":
        return True
    if kind(unit) is not Kind.TEXT:
        # boxes of links are known by their headings
        return kind(unit) in (Kind.SECTION, Kind.END)
    if block.tag in _KEPT_SHORT:
        return True
    return unit.words >= 4 and (unit.ends or unit.text.endswith(":") or sentence_like(unit))


def _opens(block: Block, inside: bool, *, under_title: bool) -> bool:
    """Whether a block over the first anchor is the article's: heading, lead, summary in points."""
    unit = block.unit
    if block.links >= MOSTLY_LINKS or kind(unit) is not Kind.TEXT or signature.is_credit(unit):
        return False
    if block.tag == "li":
        return unit.words >= _SUMMARY_WORDS and unit.ends
    if inside and block.tag in _HEADINGS:
        return unit.words >= 3
    return under_title and unit.ends and unit.words >= _LEAD_WORDS and score(unit) >= PROSE
