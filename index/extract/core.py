"""Where on a page its article stands: the stretch of units that reads most like a report.

Every unit (line or paragraph) is judged by its words (`boilerplate`) and by how much it reads like
running text (`prose`). The article is the stretch whose judgements add up to most, so sub-headings
and quotes inside it are carried by the paragraphs around them, while menus before and headlines
after cost more than they bring.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from index.extract import headline, signature
from index.extract.boilerplate import Kind, kind
from index.extract.prose import PROSE, score, sentence_like

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.extract.lines import Unit

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
LEAST_WORDS: Final = 6
_SUMMARY_WORDS: Final = 60
# Paragraphs of one report share a third of their words with its others, teasers of others a tenth.
_KINDRED: Final = 0.25


@dataclass(frozen=True, slots=True)
class Page:
    units: Sequence[Unit]
    kinds: Sequence[Kind]
    scores: Sequence[float]
    repeated: frozenset[int]

    def prose(self, i: int) -> bool:
        return self.kinds[i] is Kind.TEXT and self.scores[i] >= PROSE and i not in self.repeated


def judge(units: list[Unit]) -> Page:
    seen: dict[str, int] = {}
    repeated: set[int] = set()
    for i, unit in enumerate(units):
        if unit.words >= 3:
            if unit.folded in seen:
                repeated.update((i, seen[unit.folded]))
            half = unit.folded[: len(unit.folded) // 2].strip()
            if half and unit.folded == f"{half} {half}":
                repeated.add(i)
            seen.setdefault(unit.folded, i)
    kinds = [kind(unit) for unit in units]
    scores = [score(unit) if k is Kind.TEXT else 0.0 for unit, k in zip(units, kinds, strict=True)]
    # Headlines told twice are links; a paragraph told twice is a paragraph, the first time.
    links = frozenset(i for i in repeated if scores[i] < 3.0 or _told_before(units, seen, i))
    return Page(units, kinds, scores, links)


def _told_before(units: Sequence[Unit], seen: dict[str, int], i: int) -> bool:
    return seen.get(units[i].folded, i) != i


def is_bare(page: Page) -> bool:
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
        return sum(unit.words for unit in page.units) >= LEAST_WORDS and n <= 60
    above = [page.units[i] for i in range(prose[0]) if page.kinds[i] is Kind.TEXT]
    labels = [u for u in above if u.words <= 3 and signature.author(u) == (None, None)]
    after = [i for i in range(prose[-1] + 1, n) if page.kinds[i] is Kind.TEXT]
    closed = page.units[prose[-1]].ends
    listed = page.units[prose[-1]].text.endswith(":")
    links = [i for i in after if 4 <= page.units[i].words <= 25 and not page.units[i].ends]
    return len(above) <= 5 and len(labels) < 2 and (listed or not closed or len(links) < 3)


def core(page: Page) -> tuple[int, int] | None:
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
    return span if told >= 2 * LEAST_WORDS else None


def whole(page: Page) -> tuple[int, int] | None:
    """All of a file that has no prose (a poem, a list) and hardly any furniture; else None."""
    n = len(page.units)
    if any(k in (Kind.SECTION, Kind.END) for k in page.kinds):
        return None
    own = [i for i in range(n) if page.kinds[i] is Kind.TEXT]
    words = sum(page.units[i].words for i in own)
    # Menus have many lines of two or three words; verses have five or more.
    if len(own) < n * 0.8 or words < 30 or words < 5 * len(own):
        return None
    return (min(1, own[0] + 1), own[-1])


def _weights(page: Page) -> list[float]:
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


def _is_teaser(page: Page, i: int) -> bool:
    """Whether a sentence stands alone under a headline, as summaries in lists of links do.

    A sentence beside it, with a full stop or not, makes it part of a report again.
    """
    if page.units[i].words > _SUMMARY_WORDS:
        return False
    beside = [j for j in (i - 1, i + 1) if 0 <= j < len(page.units) and j not in page.repeated]
    return not any(
        page.prose(j)
        or (
            page.kinds[j] is Kind.TEXT and page.units[j].words >= 5 and sentence_like(page.units[j])
        )
        for j in beside
    )


def reach_down(page: Page, last: int) -> int:
    """The last unit of the article, where its closing lines lack a full stop.

    Headlines of other stories may follow without any mark: they are several, and begin with a
    noun; a report's sentence begins with its verb.
    """
    run = []
    for i in range(last + 1, len(page.units)):
        if page.kinds[i] is not Kind.TEXT or i in page.repeated:
            break
        run.append(i)
    if not run or signature.author(page.units[run[0]]) != (None, None):
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
            if (
                unit.words < 5
                or not (unit.ends or sentence_like(unit))
                or signature.is_credit(unit)
            ):
                break
            last = i
    return last
