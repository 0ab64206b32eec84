"""Which ranked sentences are quoted, in what order, and with how much around them. Pure."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from index import sentences
from index.arabic import normalise, tokens
from index.chunk import UNIT_LIMIT
from index.model import ArticleRef, Quote
from index.questions import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from index.questions import Question
    from index.rank import Candidate

Span = tuple[int, int]

SHORT = 60
"""Characters below which a quote takes its neighbour along, so that it can be understood."""

COMFORTABLE = 250
"""Characters up to which a short quote grows."""

NEAR = 5.0
"""How far below a sentence its neighbour may score to be quoted with it: it may be the answer too,
and so nothing need choose between them. Of our own questions 1.5 in a hundred get their answer
so, of AQAD's three; the mean first quote grows from 150 to 166 and from 210 to 248 characters. From
4 to 8 the figures hardly differ."""

REPEAT = 0.25
"""What a sentence's score loses for each quote already taken from its article: another source's
sentence that is about as good comes first. With 1.0 one answerable question of our own in a hundred
loses its answer from the three quotes; with 0.25 half of that."""

CUT = 10.0
"""How far below the first a quote may score; what is further down is beside the point. At 6 a reply
has 2.0 quotes on average, and of answerable questions one in two hundred (our own) to one in thirty
(AQAD) loses its answer; at 10 it has 2.8, and hardly one does."""

SURE = 3.0
"""How far the best answer must score above none (logits) to be marked inside its sentence. From 3,
86 % of the marked ones share a word with a gold answer on our own questions, 78 % on those of
ARCD's first half that the reader did not learn from (from 2: 84 and 76); every third answer has
one. A wrong mark is worse than none: people read it as the answer."""

# Words that point at the time of asking, and name nothing.
_NOW = frozenset(normalise("الآن اليوم الحالي الحالية الجديد الجديدة الأخير الأخيرة").split())

_FEW = 5
"""Words more than its headline that tell nothing more: «رابط الخبر بصحيفة الأفق: …»."""

_PAIRS = (("(", ")"), ("[", "]"), ("«", "»"), ("“", "”"))

_CHANGING = (Kind.WHO, Kind.HOW_MANY, Kind.WHERE)

# A sentence that opens so leans on the one before: it says «he added that», or «it», or «there».
_SAYING = frozenset(
    normalise(
        "وأضاف وأضافت وأوضح وأوضحت وأكد وأكدت وأشار وأشارت وتابع وتابعت وقال وقالت وذكر وذكرت "
        "ولفت ولفتت ونوه ونوهت واعتبر واعتبرت وبين وبينت ورأى ورأت وشدد وشددت وأردف وأردفت "
        "واستطرد واستدرك وختم وختمت وزاد وزادت أضاف أضافت أوضح أوضحت أكد أكدت تابع قال قالت"
    ).split()
)
_NAMELESS = frozenset(
    normalise("أن إن أنه أنها أنهم إنه إنها إنهم بأن بأنه إلى على في خلال قائلا قائلة أيضا").split()
)
_LEANING = frozenset(
    normalise(
        "وهو وهي وهم وهما لكنه لكنها لكنهم وذلك وتلك وهذا وهذه وهناك هناك حينها عندها وعندها "
        "بعدها وبعدها ثم كما وكذلك وبذلك لذلك ولذلك منها ومنها بينهم وبينهم وبينها بينها إلا "
        "أما وفيه وفيها وله ولها ومعه ومعها وعنه وعنها وبه وبها وكانا وكانوا"
    ).split()
)


def quotes(
    candidates: Sequence[Candidate],
    *,
    limit: int,
    reprints: Mapping[int, Sequence[ArticleRef]] | None = None,
) -> list[Quote]:
    """Return up to `limit` quotes that say different things, best first.

    A sentence that another article repeats word for word is quoted once, `also_in` the other. One
    that only repeats its headline, which stands under the quote, is quoted where it is the best.
    `reprints` names, by article, the stored articles that repeat its text.
    """
    groups = _alike(candidates)
    scores: dict[int, dict[int, float]] = {}  # by passage and unit, of those that tell something
    for one in candidates:
        if not _repeats_title(one):
            scores.setdefault(one.hit.row.id, {})[one.unit] = one.score
    chosen: list[Quote] = []
    best = groups[0][0].score if groups else 0.0
    while groups and len(chosen) < limit:
        worth = [_worth(group[0], chosen) for group in groups]
        at = max(range(len(groups)), key=lambda i: (worth[i], -i))
        if worth[at] < best - CUT:
            break
        group = groups.pop(at)
        beside = scores.get(group[0].hit.row.id, {})
        idle = bool(chosen) and group[0].unit not in beside
        if not idle and not any(_holds(quote, group[0]) for quote in chosen):
            span = _extent(group[0], beside, chosen)
            chosen.append(_quote(group, worth[at], span, reprints or {}))
    return chosen


def _alike(candidates: Sequence[Candidate]) -> list[list[Candidate]]:
    """The candidates in groups that say the same, word for word, in the order of their best."""
    groups: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        groups.setdefault(sentences.read(candidate.text).said, []).append(candidate)
    return list(groups.values())


def _repeats_title(candidate: Candidate) -> bool:
    """Whether a sentence is its article's headline over again, with a few words more or less."""
    title = sentences.read(candidate.hit.row.article.title)
    said = sentences.read(candidate.text)
    shorter, longer = sorted((title, said), key=lambda one: len(one.words))
    repeated = f" {shorter.said} " in f" {longer.said} "
    return repeated and bool(title.words) and len(said.words) - len(title.words) <= _FEW


def _worth(candidate: Candidate, chosen: Sequence[Quote]) -> float:
    article = candidate.hit.row.article.id
    return candidate.score - REPEAT * sum(quote.article.id == article for quote in chosen)


def _holds(quote: Quote, candidate: Candidate) -> bool:
    """Whether a quote shows the candidate's sentence already."""
    row = candidate.hit.row
    start, end = (row.start + place for place in row.units[candidate.unit])
    return quote.article.id == row.article.id and quote.start <= start and end <= quote.end


def _extent(candidate: Candidate, scores: Mapping[int, float], chosen: Sequence[Quote]) -> Span:
    """What to quote for a candidate, in its passage's text: no part of it is shown already.

    `scores` holds those of its passage's units that may be quoted with it.
    """
    row, units = candidate.hit.row, candidate.hit.row.units
    near = {unit: one for unit, one in scores.items() if one >= candidate.score - NEAR}
    around = surrounded(row.text, units, candidate.unit)
    for start, end in (_joined(row.text, units, around, near), around):
        if not any(
            quote.article.id == row.article.id
            and row.start + start < quote.end
            and quote.start < row.start + end
            for quote in chosen
        ):
            return start, end
    return units[candidate.unit]


def _joined(text: str, units: Sequence[Span], span: Span, near: Mapping[int, float]) -> Span:
    """A span with the better of the units beside it that are `near`, if there is room for one."""
    inside = [i for i, (start, end) in enumerate(units) if span[0] <= start and end <= span[1]]
    fitting = []
    for unit in near.keys() & {inside[0] - 1, inside[-1] + 1}:
        start, end = min(span[0], units[unit][0]), max(span[1], units[unit][1])
        if end - start <= UNIT_LIMIT and "\n\n" not in text[start:end]:
            fitting.append((near[unit], start, end))
    return max(fitting)[1:] if fitting else span


def _quote(
    group: Sequence[Candidate],
    score: float,
    span: Span,
    reprints: Mapping[int, Sequence[ArticleRef]],
) -> Quote:
    first = group[0]
    row = first.hit.row
    start, end = row.units[first.unit]
    a, b = span
    marks = [(start - a, end - a)]
    if first.span is not None and first.signs.get("margin", 0.0) >= SURE:
        marks.append((first.span[0] - a, first.span[1] - a))
    others = [*reprints.get(row.article.id, ()), *(one.hit.row.article for one in group[1:])]
    return Quote(
        text=row.text[a:b],
        start=row.start + a,
        end=row.start + b,
        highlights=tuple(marks),
        score=round(score, 4),
        article=row.article,
        also_in=tuple(dict.fromkeys(ref for ref in others if ref.id != row.article.id)),
    )


def timeline(question: Question, found: Sequence[Quote]) -> list[Quote]:
    """Return the quotes newest first where articles of different days give different answers.

    Empty where they do not, or where it cannot be told: only answers that the reader is sure of
    are compared, and only for questions that a later day may answer otherwise. Quotes without
    such an answer are left out: between dated answers they would only confuse. Every quote must
    hold all words by which the question names its subject: else they may speak of two things, and
    no later day has changed anything.
    """
    if question.kind not in _CHANGING:
        return []
    dated = [quote for quote in found if _answer(quote) and _day(quote)]
    if len({_day(quote) for quote in dated}) < 2 or dated[:1] != list(found[:1]):
        return []
    naming = _naming(question)
    if not all(naming <= {token.stem for token in tokens(quote.text)} for quote in dated):
        return []
    said = [{token.stem for token in tokens(_answer(quote))} for quote in dated]
    if any(not a.isdisjoint(b) for a, b in combinations(said, 2)):
        return []
    return sorted(dated, key=_day, reverse=True)


def _naming(question: Question) -> set[str]:
    """The stems of the words that name what is asked about: the definite ones, and the last.

    What a genitive is of stands last, as «دبي» in «عدد سكان دبي», with or without an article.
    """
    words = [word for word in question.words if word.form not in _NOW]
    return {word.stem for word in words if word.form.startswith("ال")} | {
        word.stem for word in words[-1:]
    }


def _answer(quote: Quote) -> str:
    return "".join(quote.text[start:end] for start, end in quote.highlights[1:2])


def _day(quote: Quote) -> str:
    day = (quote.article.published or "")[:10]
    return "" if day.startswith("-") else day  # a day without its year cannot be compared


def surrounded(text: str, units: Sequence[Span], unit: int) -> Span:
    """Return the span to quote for a unit: with the one before, where it cannot stand alone.

    A short unit takes a neighbour of its paragraph; one that says «he added that» takes the
    sentence that may name him; one that ends inside brackets, as at the full stop of «(إم. إتش
    370)», takes those that close them; all as far as the limit of a quote allows.
    """
    start, end = units[unit]
    if is_open(text[start:end]) and (closed := _closed(text, units, unit)):
        return start, closed
    if unit > 0 and leans(text[start:end]):
        first = units[unit - 1][0]
        if end - first <= UNIT_LIMIT and "\n\n" not in text[first:start]:
            return first, end
    if end - start >= SHORT:
        return start, end
    for other in (unit + 1, unit - 1):
        if 0 <= other < len(units):
            first = min(start, units[other][0])
            last = max(end, units[other][1])
            if last - first <= min(COMFORTABLE, UNIT_LIMIT) and "\n" not in text[first:last]:
                return first, last
    return start, end


def _closed(text: str, units: Sequence[Span], unit: int) -> int | None:
    """Where the brackets that a unit leaves open are closed, if that is near and on its line."""
    start = units[unit][0]
    for _, end in units[unit + 1 : unit + 3]:
        if end - start > UNIT_LIMIT or "\n" in text[start:end]:
            return None
        if not is_open(text[start:end]):
            return end
    return None


def is_open(sentence: str) -> bool:
    """Whether a sentence opens brackets or quotation marks that it does not close."""
    return any(sentence.count(left) > sentence.count(right) for left, right in _PAIRS)


def leans(sentence: str) -> bool:
    """Whether a sentence needs the one before it: its first words name nobody and nothing."""
    words = [word.form for word in sentences.read(sentence).words[:2]]
    if not words:
        return False
    if words[0] in _SAYING:
        return len(words) < 2 or words[1] in _NAMELESS
    return words[0] in _LEANING
