"""Which line above the body is the title."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from index.dates import is_date_line
from index.extract.boilerplate import Kind
from index.extract.lines import Unit, fold
from index.extract.prose import FUNCTION_WORDS
from index.extract.signature import author, is_credit

if TYPE_CHECKING:
    from collections.abc import Sequence
_WORD: Final = re.compile(r"[^\W_]{2,}")
_SEPARATOR: Final = re.compile(r"\s+[-–—|»›]+\s+|\s*\|\s*")
# Emoji and bullets before a headline; no letter, digit, quote or bracket.
_SYMBOLS: Final = re.compile(r"^[\u2190-\u2bff\U0001f000-\U0001faff\ufe0f\u200d\s]+(?=\S)")
_MARKUP: Final = re.compile(r"^(?:#{1,6}\s+|\*\*|__|=+\s*)|(?:\*\*|__|\s=+)$")
# A title with a quarter of its words in the body is about the body; links elsewhere share fewer.
_LEAST_OVERLAP = 0.25
_LEAST_SCORE = 1.2
# Units above the body among which the title is sought; farther up only its repetition counts.
_REACH = 40


@dataclass(frozen=True, slots=True)
class Headline:
    """The title as cited, and where on the page it stands (`index` is -1 where it was made up)."""

    title: str
    index: int
    site: str | None = None


def vocabulary(units: Sequence[Unit]) -> set[str]:
    """The stems of the body's words, for asking what else on the page is about the same story."""
    return {_stem(word) for unit in units for word in _WORD.findall(unit.folded)}


def overlap(unit_text: str, vocab: set[str]) -> float:
    """The share of the words of a line (already folded) that the body also uses."""
    stems = [_stem(w) for w in _WORD.findall(unit_text) if len(w) > 2 and w not in FUNCTION_WORDS]
    return sum(1 for stem in stems if stem in vocab) / len(stems) if stems else 0.0


def choose_title(
    units: Sequence[Unit], kinds: Sequence[Kind], start: int, vocab: set[str]
) -> Headline | None:
    """The best headline above unit `start`, or None where no line there deserves it.

    What counts: words shared with the body, being told again on the page (titles are, in
    breadcrumbs, captions and `<title>`), standing near the body, and standing over a date.
    """
    counts = Counter(unit.folded for unit in units)
    sites = _site_names(units, counts)
    near = 0
    scored: list[tuple[float, Headline]] = []
    for i in range(start - 1, max(-1, start - 1 - 4 * _REACH), -1):
        unit = units[i]
        if kinds[i] is not Kind.TEXT:
            continue
        near += 1
        text, site = _without_site(unit.text, sites, counts)
        folded = fold(text)
        words = len(_WORD.findall(folded))
        if is_date_line(unit.text, spare_words=4) or is_date_line(text):
            continue
        if not 2 <= words <= 32 or len(text) > 300 or text.endswith((":", "،")) or unit.bullet:
            continue
        repeats = counts[folded] + (1 if site else 0) - (1 if folded == unit.folded else 0)
        if near > _REACH and not repeats:
            continue
        share = overlap(folded, vocab)
        after = i + 1
        # What counts is how many words are shared: a caption may be just the name of someone.
        score = 4.0 * share * min(1.0, words / 6) + min(repeats, 2) * 1.0 + 3.5 / (1.0 + near / 2)
        if words < 4:
            score -= 0.8 if words == 3 else 1.5
            if not repeats and _in_menu(units, i):
                score -= 1.5
        if text.rstrip("\"'»”’)] ").endswith(".") and not text.endswith(".."):
            score -= 1.2
        if not repeats and (is_credit(unit) or author(unit) != (None, None)):
            near -= 1
            continue
        if any(
            kinds[j] is Kind.DATE
            or units[j].folded == unit.folded
            or (kinds[j] is Kind.TEXT and author(units[j]) != (None, None))
            for j in range(after, min(after + 2, start))
        ):
            # Captions stand under the byline and the date, titles over them.
            score += 1.0
        if site:
            score += 0.5
        if share >= _LEAST_OVERLAP or near <= 2:
            scored.append((score, Headline(text, i, site)))
    if not scored:
        return None
    best, found = max(scored, key=lambda pair: pair[0])
    if best < _LEAST_SCORE:
        return None
    if counts[units[found.index].folded] == 1:
        found = _over_its_date(units, kinds, scored, best, found)
    return Headline(strip_markup(found.title), found.index, found.site)


def _over_its_date(
    units: Sequence[Unit],
    kinds: Sequence[Kind],
    scored: Sequence[tuple[float, Headline]],
    best: float,
    found: Headline,
) -> Headline:
    """The line over the date, where the best one, hardly better, is under it: a caption, then."""
    dates = [j for j in (found.index - 1, found.index - 2) if j > 0 and kinds[j] is Kind.DATE]
    for score, other in scored:
        if dates and other.index in (dates[0] - 1, dates[0] - 2) and score >= best - 1.5:
            words = units[other.index].words
            if words >= 4 and units[other.index].folded != units[found.index].folded:
                return other
    return found


def _in_menu(units: Sequence[Unit], i: int) -> bool:
    """Whether a line of two or three words stands beside others as short, as menu entries do."""
    beside = [units[j] for j in (i - 1, i + 1) if 0 <= j < len(units)]
    return any(0 < unit.words <= 3 and not is_date_line(unit.text) for unit in beside)


def strip_markup(title: str) -> str:
    """A heading without the `#` or `**` that a Markdown dump put around it."""
    for _ in range(2):
        title = _MARKUP.sub("", _SYMBOLS.sub("", title.strip())).strip()
    return title


def shorten(text: str, most: int = 120) -> str:
    """The first sentence of a text that has no headline, cut at a word and marked with «…»."""
    sentence = re.split(r"(?<=[.؟!])\s", text.strip(), maxsplit=1)[0]
    if len(sentence) <= most:
        return sentence
    cut = sentence[:most].rsplit(None, 1)[0] if " " in sentence[:most] else sentence[: most - 1]
    return cut[: most - 1].rstrip(" ،,:؛-–") + "…"


def _site_names(units: Sequence[Unit], counts: Counter[str]) -> set[str]:
    """What stands before or after « - » beside two or more headlines, or beside a repeated one."""
    sides: Counter[str] = Counter()
    seen: set[str] = set()
    for unit in units:
        if unit.words > 40 or len(unit.text) > 400 or unit.folded in seen:
            continue
        seen.add(unit.folded)
        parts = [fold(p) for p in _SEPARATOR.split(unit.text) if p.strip()]
        if len(parts) < 2 or parts[0] == parts[-1]:
            continue
        for side, other in (
            (parts[0], " - ".join(parts[1:])),
            (parts[-1], " - ".join(parts[:-1])),
        ):
            if len(side.split()) <= 4 and len(other.split()) >= 4:
                # The rest told alone elsewhere on the page makes this the page's own `<title>`.
                sides[side] += 2 if counts[other] else 1
    return {side for side, n in sides.items() if n >= 2}


def _without_site(text: str, sites: set[str], counts: Counter[str]) -> tuple[str, str | None]:
    parts = [p for p in _SEPARATOR.split(text) if p.strip()]
    if len(parts) < 2:
        return text, None
    if fold(parts[0]) in sites:
        rest = text[text.index(parts[1], len(parts[0])) :].strip()
        return rest, parts[0].strip()
    tail = parts[-1].strip()
    if fold(tail) in sites or ("|" in text and len(tail.split()) <= 4 and counts[fold(tail)] == 0):
        rest = text[: text.rindex(tail)].rstrip(" -–—|")
        if len(rest.split()) >= 3:
            return rest, tail
    return text, None


def _stem(word: str) -> str:
    """A light stem, enough to tell that «بنتائج» and «نتائج» are one word."""
    if len(word) > 4 and word[0] in "وف":
        word = word[1:]
    if len(word) > 4 and word[0] in "بكل" and word[1:3] == "ال":
        word = word[1:]
    if len(word) > 4 and word.startswith(("ال", "لل")):
        word = word[2:]
    elif len(word) > 4 and word[0] in "بلك":
        word = word[1:]
    for end in ("هما", "يها", "ها", "هم", "ين", "ون", "ان", "ات", "يه", "ه", "ا", "ي"):
        if len(word) - len(end) >= 3 and word.endswith(end):
            return word[: -len(end)]
    return word
