"""The plain text of a web page → its one article, whatever menus and links surround it.

No site is known here. Every unit (line or paragraph) is judged by its words (`boilerplate`) and by
how much it reads like a report (`prose`); the article is the stretch whose judgements add up to
most, so sub-headings and quotes inside it are carried by the paragraphs around them, while menus
before and headlines after cost more than they bring. Then the title is sought above it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from index.extract import headline
from index.extract.boilerplate import Kind, kind, source_named
from index.extract.lines import Unit, fold, split_units
from index.extract.prose import PROSE, score, sentence_like
from index.model import Draft, ExtractError

if TYPE_CHECKING:
    from collections.abc import Sequence

# What each kind costs the stretch that holds it. A comment form is never inside an article; a
# box of related links often is, and two paragraphs after it must be enough to carry it.
_COST: Final = {
    Kind.JUNK: -2.0,
    Kind.DATE: -4.0,
    Kind.SOURCE: -10.0,
    Kind.SECTION: -9.0,
    Kind.END: -30.0,
}
# Prose weighs more: a paragraph (5) must outweigh the sub-heading and the verses beside it.
_PROSE_WEIGHT: Final = 2.5
# A comment form after this many words of prose closes the article for good; short reports of two
# or three sentences have them, cookie notices and mottos do not.
_ENOUGH_WORDS: Final = 25
_LEAST_WORDS: Final = 6
_SUMMARY_WORDS: Final = 60
# Paragraphs of one report share a third of their words with its others, teasers of others a tenth.
_KINDRED: Final = 0.25
_TITLE_WORDS: Final = 30


@dataclass(frozen=True, slots=True)
class _Page:
    units: Sequence[Unit]
    kinds: Sequence[Kind]
    scores: Sequence[float]
    repeated: frozenset[int]

    def prose(self, i: int) -> bool:
        return (
            self.kinds[i] is Kind.TEXT and self.scores[i] >= PROSE and i not in self.repeated
        )


def from_page_text(
    text: str, *, name: str, source: str | None = None, url: str | None = None
) -> Draft:
    """The article in the text of a page; ExtractError where there is none."""
    page = _judge(split_units(text))
    if _is_bare(page):
        first, last = 0, len(page.units) - 1
        title = _first_line_title(page)
    else:
        found = _core(page)
        if found is None:
            raise ExtractError(name, "no article was found on the page, only menus and links")
        first, last = found
        title = headline.choose_title(
            page.units, page.kinds, first, headline.vocabulary(page.units[first : last + 1])
        )
        if title is None:
            title = _title_inside(page, first, last)
            first = title.index + 1 if title else first
        last = _reach_down(page, last)
    return _draft(page, first, last, title, name=name, source=source, url=url)


def _judge(units: list[Unit]) -> _Page:
    seen: dict[str, int] = {}
    repeated = set()
    for i, unit in enumerate(units):
        if unit.words >= 3:
            if unit.folded in seen:
                repeated.update((i, seen[unit.folded]))
            half = unit.folded[: len(unit.folded) // 2].strip()
            if half and unit.folded == f"{half} {half}":
                repeated.add(i)
            seen.setdefault(unit.folded, i)
    kinds = [kind(unit) for unit in units]
    scores = [
        score(unit) if k is Kind.TEXT else 0.0 for unit, k in zip(units, kinds, strict=True)
    ]
    # Headlines told twice are links; a paragraph told twice is a paragraph, the first time.
    links = frozenset(i for i in repeated if scores[i] < 3.0 or _told_before(units, seen, i))
    return _Page(units, kinds, scores, links)


def _told_before(units: Sequence[Unit], seen: dict[str, int], i: int) -> bool:
    return seen.get(units[i].folded, i) != i


def _is_bare(page: _Page) -> bool:
    """Whether the file is just an article: no furniture, no repetition, no run of headlines.

    Then nothing may be lost of it, however little its lines look like prose (a poem, a list).
    """
    if page.repeated:
        return False
    n = len(page.units)
    for i, k in enumerate(page.kinds):
        if k in (Kind.JUNK, Kind.SECTION, Kind.END):
            return False
        if k is Kind.DATE and 5 < i < n - 1:
            return False
        if k is Kind.SOURCE and n - 2 > i > 5:
            return False
        if k is Kind.TEXT and page.scores[i] < -4.0:  # a ticker
            return False
    prose = [i for i in range(n) if page.prose(i)]
    if not prose:
        return sum(unit.words for unit in page.units) >= _LEAST_WORDS and n <= 60
    before = sum(1 for i in range(prose[0]) if page.kinds[i] is Kind.TEXT)
    after = [i for i in range(prose[-1] + 1, n) if page.kinds[i] is Kind.TEXT]
    closed = page.units[prose[-1]].ends
    listed = page.units[prose[-1]].text.endswith(":")
    links = [i for i in after if 4 <= page.units[i].words <= 25 and not page.units[i].ends]
    return before <= 5 and (listed or not closed or len(links) < 3)


def _first_line_title(page: _Page) -> headline.Headline | None:
    """The first line of a bare article, where it is a headline and not already the first sentence."""
    for i, unit in enumerate(page.units[:6]):
        if page.kinds[i] is not Kind.TEXT or headline.author(unit)[0] or headline.is_credit(unit):
            continue
        rest = sum(u.words for u in page.units[i + 1 :])
        full_stop = unit.text.rstrip("\"'»”’)] ").endswith(".") and not unit.text.endswith("..")
        if (
            unit.words > _TITLE_WORDS
            or full_stop
            or unit.text.endswith((":", "،"))
            or rest < max(_LEAST_WORDS, unit.words // 2)
        ):
            return None
        return headline.Headline(headline.strip_markup(unit.text), i)
    return None


def _core(page: _Page) -> tuple[int, int] | None:
    """The stretch of units whose weights add up to most (Kadane), from prose to prose."""
    best = total = 0.0
    span: tuple[int, int] | None = None
    start = 0
    words = 0  # of prose, in the stretch so far
    closed = False
    for i, weight in enumerate(_weights(page)):
        if page.kinds[i] is Kind.END and words >= _ENOUGH_WORDS:
            closed = True
        if closed:
            continue
        if total <= 0:
            total, start, words = 0.0, i, 0
        total += weight
        if page.prose(i):
            words += page.units[i].words
        if total > best and weight > 0:
            best, span = total, (start, i)
    if span is None:
        return None
    told = sum(page.units[i].words for i in range(span[0], span[1] + 1) if page.prose(i))
    return span if told >= 2 * _LEAST_WORDS else None


def _weights(page: _Page) -> list[float]:
    weights = []
    told: list[Unit] = []
    vocab: set[str] = set()
    in_box = False
    for i, unit in enumerate(page.units):
        k = page.kinds[i]
        if k is Kind.SECTION:
            # A box of links has one price, however many headings it has.
            weights.append(-1.0 if in_box else _COST[k])
            in_box = True
            # Lists before the article hide nothing of it.
            if sum(u.words for u in told) >= _ENOUGH_WORDS:
                vocab = vocab or headline.vocabulary(told)
            continue
        prose = page.prose(i)
        if prose and not vocab:
            told.append(unit)
        in_box = in_box and not prose
        if k is not Kind.TEXT:
            weights.append(_COST[k])
        elif i in page.repeated:
            weights.append(-1.5)
        elif page.scores[i] < PROSE:
            # A ticker costs much; verses and sub-headings no more than a paragraph can carry.
            weights.append(-6.0 if page.scores[i] < -4.0 else max(page.scores[i] - PROSE, -2.2))
        elif vocab and _is_teaser(page, i) and headline.overlap(unit.folded, vocab) < _KINDRED:
            weights.append(-1.0)
        else:
            weights.append(page.scores[i] * _PROSE_WEIGHT)
    return weights


def _is_teaser(page: _Page, i: int) -> bool:
    """Whether a sentence stands alone under a headline, as summaries in lists of links do.

    A sentence beside it, with a full stop or not, makes it part of a report again.
    """
    if page.units[i].words > _SUMMARY_WORDS:
        return False
    beside = [j for j in (i - 1, i + 1) if 0 <= j < len(page.units) and j not in page.repeated]
    return not any(
        page.prose(j)
        or (page.kinds[j] is Kind.TEXT and page.units[j].words >= 5 and sentence_like(page.units[j]))
        for j in beside
    )


def _title_inside(page: _Page, first: int, last: int) -> headline.Headline | None:
    """A headline within the first units of the stretch, where a blurb above it was taken along."""
    for i in range(first + 1, min(first + 4, last)):
        if page.kinds[i] is not Kind.TEXT or page.prose(i) or not 4 <= page.units[i].words <= 25:
            continue
        vocab = headline.vocabulary(page.units[i + 1 : last + 1])
        above = headline.overlap(" ".join(u.folded for u in page.units[first:i]), vocab)
        if headline.overlap(page.units[i].folded, vocab) >= 0.6 and above < 0.3:
            return headline.Headline(headline.strip_markup(page.units[i].text), i)
    return None


def _reach_down(page: _Page, last: int) -> int:
    """The last unit of the article, where its closing lines lack a full stop.

    Headlines of other stories may follow without any mark: they are several, and begin with a
    noun; a report's sentence begins with its verb.
    """
    run = []
    for i in range(last + 1, len(page.units)):
        if page.kinds[i] is not Kind.TEXT or i in page.repeated:
            break
        run.append(i)
    if not run or headline.author(page.units[run[0]]) != (None, None):
        return last
    if any(page.units[i].text.endswith(":") for i in (last, run[0])):
        # A list that the last sentence announces; it ends where the page's spacing changes.
        for i in run[2:]:
            if page.units[i].gap and not page.units[run[1]].gap:
                return i - 1
        return run[-1]
    if len(run) <= 2:
        for i in run:
            unit = page.units[i]
            if unit.words < 5 or not (unit.ends or sentence_like(unit)) or headline.is_credit(unit):
                break
            last = i
    return last


def _draft(
    page: _Page,
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
    if sum(page.units[i].words for i in kept) < _LEAST_WORDS:
        raise ExtractError(name, "no article was found: there is a title at most, and no text")
    byline, agency = _signed(page, max(top, first - 6, 0), first, last)
    opening = page.units[kept[0]]
    named = next(
        (_source_at(page, i) for i in _article_range(page, top, last) if _source_at(page, i)), None
    )
    return Draft(
        title=title.title if title else headline.shorten(page.units[kept[0]].text),
        text=body,
        source=source or named or headline.wire(opening) or agency or (title.site if title else None),
        url=url,
        published=headline.published(page.units, page.kinds, top, kept[0], last)
        or headline.dateline(opening),
        byline=byline,
    )


def _article_range(page: _Page, top: int, last: int) -> range:
    return range(max(0, top), min(len(page.units), last + 5))


def _source_at(page: _Page, i: int) -> str | None:
    if page.kinds[i] is not Kind.SOURCE:
        return None
    named = source_named(page.units[i])
    if named is None and i + 1 < len(page.units) and page.units[i + 1].words <= 4:
        return page.units[i + 1].text.strip("()[] ") or None
    return named


def _signed(page: _Page, top: int, first: int, last: int) -> tuple[str | None, str | None]:
    """(byline, agency) from the short lines between title and body, or under the body."""
    byline = agency = None
    n = len(page.units)
    for i in [*range(top, min(first + 4, n)), *range(last, min(last + 3, n))]:
        if page.kinds[i] is Kind.TEXT and not page.prose(i) and i not in page.repeated:
            for part in _parts(page.units[i]):
                name, wire = headline.author(part)
                byline, agency = byline or name, agency or wire
    return byline, agency


def _parts(unit: Unit) -> Sequence[Unit]:
    """A unit, or what stands between its bars: «الخميس 20-07-2023 | كتب: فلان |»."""
    if "|" not in unit.text or unit.words > 20:
        return (unit,)
    return split_units(unit.text.replace("|", "\n"))


def _reach_up(page: _Page, first: int, top: int) -> int:
    """Where the body begins: a lead without a full stop may stand between title and prose."""
    start = first
    for i in range(first - 1, max(top, first - 8), -1):
        unit = page.units[i]
        if page.kinds[i] is not Kind.TEXT:
            if page.kinds[i] in (Kind.SECTION, Kind.END):
                break
            continue
        if i in page.repeated or unit.bullet or headline.is_credit(unit):
            continue
        if headline.author(unit) != (None, None):
            continue
        if top >= 0 and unit.words >= 8 and (unit.ends or sentence_like(unit) or unit.words >= 20):
            start = i
    return start


def _kept(
    page: _Page, start: int, last: int, title: headline.Headline | None, *, lead_end: int
) -> list[int]:
    """The units of the body: without furniture, captions, related links and what was told."""
    told = _Told(title.title if title else "")
    kept: list[int] = []
    in_links = after_title = False
    for i in range(start, last + 1):
        unit, k = page.units[i], page.kinds[i]
        if k is not Kind.TEXT:
            in_links = in_links or k is Kind.SECTION
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
        if caption or (not prose and headline.is_credit(unit)) or _is_label(page, i, lead_end):
            continue
        kept.append(i)
        told.add(unit)
    return kept


def _is_label(page: _Page, i: int, lead_end: int) -> bool:
    """Whether a unit at the edge of the article signs it, rather than tells it."""
    unit = page.units[i]
    at_edge = i <= lead_end + 3 or i >= len(page.units) - 2
    return at_edge and not page.prose(i) and headline.author(unit) != (None, None)


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


def _join(page: _Page, kept: Sequence[int]) -> str:
    """The lines as they stood, a blank line where the page had one above a paragraph."""
    out: list[str] = []
    for n, i in enumerate(kept):
        unit = page.units[i]
        if n and unit.gap:
            out.append("")
        out.extend(unit.lines)
    return "\n".join(out)
