"""The plain text of a web page → its one article, whatever menus and links surround it.

No site is known here. Every unit (line or paragraph) is judged by its words (`boilerplate`) and by
how much it reads like a report (`prose`); the article is the stretch whose judgements add up to
most, so sub-headings and quotes inside it are carried by the paragraphs around them, while menus
before and headlines after cost more than they bring. Then the title is sought above it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from index.extract import headline, signature
from index.extract.boilerplate import Kind, closes_box, source_named
from index.extract.core import LEAST_WORDS, Page, core, is_bare, judge, reach_down, whole
from index.extract.lines import Unit, fold, split_units
from index.extract.prose import sentence_like
from index.model import Draft, ExtractError

if TYPE_CHECKING:
    from collections.abc import Sequence
_TITLE_WORDS: Final = 30


def from_page_text(
    text: str, *, name: str, source: str | None = None, url: str | None = None
) -> Draft:
    """The article in the text of a page; ExtractError where there is none."""
    page = judge(split_units(text))
    if is_bare(page):
        first, last = 0, len(page.units) - 1
        title = _first_line_title(page)
    else:
        found = core(page) or whole(page)
        if found is None:
            raise ExtractError(name, "no article was found on the page, only menus and links")
        first, last = found
        title = headline.choose_title(
            page.units, page.kinds, first, headline.vocabulary(page.units[first : last + 1])
        )
        if title is None:
            title = _title_inside(page, first, last)
            first = title.index + 1 if title else first
        last = reach_down(page, last)
    return _draft(page, first, last, title, name=name, source=source, url=url)


def _first_line_title(page: Page) -> headline.Headline | None:
    """The first line of a bare article, where it is a headline and not the first sentence."""
    for i, unit in enumerate(page.units[:6]):
        if page.kinds[i] is not Kind.TEXT or signature.is_credit(unit):
            continue
        if signature.author(unit)[0] and (i > 0 or not signature.may_be_headline(unit)):
            continue
        rest = sum(u.words for u in page.units[i + 1 :])
        full_stop = unit.text.rstrip("\"'»”’)] ").endswith(".") and not unit.text.endswith("..")
        if (
            unit.words > _TITLE_WORDS
            or full_stop
            or unit.text.endswith((":", "،"))
            or rest < max(LEAST_WORDS, unit.words // 2)
        ):
            return None
        if unit.words <= 3 and (under := _headline_under(page, i)) is not None:
            return headline.Headline(headline.strip_markup(page.units[under].text), under)
        return headline.Headline(headline.strip_markup(unit.text), i)
    return None


def _headline_under(page: Page, i: int) -> int | None:
    """The headline under a section's name: a longer line, over prose, dates at most between."""
    for j in range(i + 1, min(i + 4, len(page.units) - 1)):
        unit = page.units[j]
        if page.kinds[j] is not Kind.TEXT:
            continue
        below = page.units[j + 1]
        if 5 <= unit.words <= 25 and not unit.ends and (page.prose(j + 1) or below.ends):
            return j
        return None
    return None


def _title_inside(page: Page, first: int, last: int) -> headline.Headline | None:
    """A headline within the first units of the stretch, where a blurb above it was taken along."""
    for i in range(first + 1, min(first + 4, last)):
        if page.kinds[i] is not Kind.TEXT or page.prose(i) or not 4 <= page.units[i].words <= 25:
            continue
        vocab = headline.vocabulary(page.units[i + 1 : last + 1])
        above = headline.overlap(" ".join(u.folded for u in page.units[first:i]), vocab)
        if headline.overlap(page.units[i].folded, vocab) >= 0.6 and above < 0.3:
            return headline.Headline(headline.strip_markup(page.units[i].text), i)
    return None


def _draft(
    page: Page,
    first: int,
    last: int,
    title: headline.Headline | None,
    *,
    name: str,
    source: str | None,
    url: str | None,
) -> Draft:
    top = title.index if title else -1
    start = top + 1 if title and top >= first else _reach_up(page, first, top)
    kept = _kept(page, start, last, title, lead_end=first)
    body = _join(page, kept)
    if sum(page.units[i].words for i in kept) < LEAST_WORDS:
        raise ExtractError(name, "no article was found: there is a title at most, and no text")
    byline, agency = _signed(page, max(top, first - 6, 0), first, last)
    opening = page.units[kept[0]]
    named = next(
        (_source_at(page, i) for i in _article_range(page, top, last) if _source_at(page, i)), None
    )
    return Draft(
        title=title.title if title else headline.shorten(page.units[kept[0]].text),
        text=body,
        source=source
        or named
        or signature.wire(opening)
        or agency
        or (title.site if title else None),
        url=url,
        published=signature.published(page.units, page.kinds, top, kept[0], last)
        or signature.dateline(opening),
        byline=byline,
    )


def _article_range(page: Page, top: int, last: int) -> range:
    return range(max(0, top), min(len(page.units), last + 5))


def _source_at(page: Page, i: int) -> str | None:
    if page.kinds[i] is not Kind.SOURCE:
        return None
    named = source_named(page.units[i])
    if named is None and i + 1 < len(page.units) and page.units[i + 1].words <= 4:
        return page.units[i + 1].text.strip("()[] ") or None
    return named


def _signed(page: Page, top: int, first: int, last: int) -> tuple[str | None, str | None]:
    """(byline, agency) from the short lines between title and body, or under the body."""
    byline = agency = None
    n = len(page.units)
    for i in [*range(top, min(first + 4, n)), *range(last, min(last + 3, n))]:
        if page.kinds[i] is Kind.TEXT and not page.prose(i) and i not in page.repeated:
            for part in _parts(page.units[i]):
                name, wire = signature.author(part)
                byline, agency = byline or name, agency or wire
    return byline, agency


def _parts(unit: Unit) -> Sequence[Unit]:
    """A unit, or what stands between its bars: «الخميس 20-07-2023 | كتب: فلان |»."""
    if "|" not in unit.text or unit.words > 20:
        return (unit,)
    return split_units(unit.text.replace("|", "\n"))


def _reach_up(page: Page, first: int, top: int) -> int:
    """Where the body begins: a lead without a full stop may stand between title and prose."""
    start = first
    for i in range(first - 1, max(top, first - 8), -1):
        unit = page.units[i]
        if page.kinds[i] is not Kind.TEXT:
            if page.kinds[i] in (Kind.SECTION, Kind.END):
                break
            continue
        if i in page.repeated or unit.bullet or signature.is_credit(unit):
            continue
        if signature.author(unit) != (None, None):
            continue
        if top >= 0 and unit.words >= 8 and (unit.ends or sentence_like(unit) or unit.words >= 20):
            start = i
    return start


def _kept(
    page: Page, start: int, last: int, title: headline.Headline | None, *, lead_end: int
) -> list[int]:
    """The units of the body: without furniture, captions, related links and what was told."""
    told = _Told(title.title if title else "")
    kept: list[int] = []
    in_links = after_title = False
    for i in range(start, last + 1):
        unit, k = page.units[i], page.kinds[i]
        if k is not Kind.TEXT:
            in_links = (in_links or k is Kind.SECTION) and not closes_box(unit)
            continue
        if told.again(unit):
            after_title = told.is_title(unit)
            continue
        prose = page.prose(i)
        if in_links and not prose:
            continue
        in_links = False
        caption = after_title and not prose and not unit.ends and not sentence_like(unit)
        after_title = False
        if caption or (not prose and signature.is_credit(unit)) or _is_label(page, i, lead_end):
            continue
        kept.append(i)
        told.add(unit)
    return kept


def _is_label(page: Page, i: int, lead_end: int) -> bool:
    """Whether a unit at the edge of the article signs it, rather than tells it."""
    unit = page.units[i]
    at_edge = i <= lead_end + 3 or i >= len(page.units) - 2
    return at_edge and not page.prose(i) and signature.author(unit) != (None, None)


class _Told:
    """What was said already: the title in any dress, and every line of five words or more."""

    def __init__(self, title: str) -> None:
        self._title = fold(title)
        self._lines: set[str] = set()

    def is_title(self, unit: Unit) -> bool:
        title = self._title
        if len(title.split()) < 3 or len(unit.folded) > 2 * len(title) + 40:
            return unit.folded == title and bool(title)
        rest = unit.folded.replace(title, " ").strip(" .،-|\"'")
        # A closing sentence may quote its headline; then it goes on to a full stop.
        return title in unit.folded and (not rest or (len(rest.split()) <= 5 and not unit.ends))

    def again(self, unit: Unit) -> bool:
        return unit.folded in self._lines or self.is_title(unit)

    def add(self, unit: Unit) -> None:
        if unit.words >= 5:
            self._lines.add(unit.folded)


def _join(page: Page, kept: Sequence[int]) -> str:
    """The lines as they stood, a blank line where the page had one above a paragraph."""
    out: list[str] = []
    for n, i in enumerate(kept):
        unit = page.units[i]
        if n and unit.gap:
            out.append("")
        out.extend(unit.lines)
    return "\n".join(out)
