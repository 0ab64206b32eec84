"""Arabic text: normal forms, tokens with offsets, stems, sentences. Pure functions.

Every index and every question goes through the same analysis; `VERSION` names it, and an index
made under another version is rebuilt.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import Stemmer
from pyarabic import araby

VERSION = "1"
"""Changes whenever `tokens`, `normalise` or `stem` give another result for any text."""

# Marks that carry no letter: vowels and Quranic signs (araby.TASHKEEL has the first eight),
# tatweel, bidi controls, joiners, soft hyphen, byte-order mark, variation selectors; and the vowels
# that stand alone in presentation forms.
_MARKS = (
    "".join(araby.TASHKEEL)
    + "\u0610-\u061a\u0653-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"
    + araby.TATWEEL
    + "\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufe00-\ufe0f\ufeff"
    + "\ufc5e-\ufc63\ufcf2-\ufcf4\ufe70-\ufe7f"
)
_MARK_RUN = re.compile(f"[{_MARKS}]+")
_ALEFS = araby.ALEF_MADDA + araby.ALEF_HAMZA_ABOVE + araby.ALEF_HAMZA_BELOW + araby.ALEF_WASLA
_FOLD = str.maketrans(
    {
        **dict.fromkeys(_ALEFS + "\u0672\u0673\u0675", araby.ALEF),
        araby.ALEF_MAKSURA: araby.YEH,
        araby.TEH_MARBUTA: araby.HEH,
        araby.WAW_HAMZA: araby.WAW,
        araby.YEH_HAMZA: araby.YEH,
        # Persian and Urdu keyboards type these for the Arabic letters
        "ک": araby.KAF,
        "ی": araby.YEH,
        "ے": araby.YEH,
        "ۀ": araby.HEH,
        "ہ": araby.HEH,
        "ھ": araby.HEH,
        "ە": araby.HEH,
        "ۃ": araby.HEH,
        # letters for foreign sounds, beside the way most newspapers write them
        "ڤ": araby.FEH,
        "ڥ": araby.FEH,
        "پ": araby.BEH,
        "گ": araby.GHAIN,
        "ڨ": araby.GHAIN,
        "چ": araby.JEEM,
        "ژ": araby.ZAIN,
        **{chr(0x0660 + digit): str(digit) for digit in range(10)},
        **{chr(0x06F0 + digit): str(digit) for digit in range(10)},
    }
)

# A word is a run of one kind of character, so «بـ11» gives ب and 11, «كم2» gives كم and 2.
_ARABIC = (
    "\u0620-\u063f\u0641-\u064a\u066e\u066f\u0671-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06ff"
    "\u0750-\u077f\u08a0-\u08c9\ufb50-\ufc5d\ufc64-\ufcf1\ufcf5-\ufd3d\ufd50-\ufdfb\ufe80-\ufefc"
)
_OTHER = "[^\\W\\d_\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff]"
_TOKEN = re.compile(
    "[0-9\u0660-\u0669\u06f0-\u06f9]+"
    f"|[{_ARABIC}{_MARKS}]*[{_ARABIC}][{_MARKS}]*"
    f"|{_OTHER}(?:{_OTHER}|[\u0300-\u036f])*"
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text: `text[start:end]`, its normal form and its stem."""

    start: int
    end: int
    form: str
    stem: str


def normalise(text: str) -> str:
    """Return `text` folded for matching; folding twice changes nothing more.

    Presentation forms, vowels, tatweel, invisible controls, hamza seats, alef and yeh variants,
    teh marbuta, Persian letters, Arabic-Indic digits and letter case are made one. Offsets are
    not kept: use `tokens` where they matter.
    """
    if text.isascii():
        return text.lower()
    for _ in range(_ROUNDS):
        folded = _MARK_RUN.sub("", text.lower())
        folded = _MARK_RUN.sub("", unicodedata.normalize("NFKC", folded)).translate(_FOLD)
        if folded == text:
            break
        text = folded
    return text


_ROUNDS = 5  # folding one thing can make another foldable (ℌ + accent); three rounds settle it


def tokens(text: str) -> list[Token]:
    """Return the words of `text` in order, with offsets into it. Marks alone are no word."""
    found = []
    for match in _TOKEN.finditer(text):
        form, root = _analyse(match.group())
        if form:
            found.append(Token(match.start(), match.end(), form, root))
    return found


@lru_cache(maxsize=50_000)
def _analyse(word: str) -> tuple[str, str]:
    form = normalise(word)
    return form, stem(form)


_SNOWBALL = Stemmer.Stemmer("arabic", 0)
_ARTICLES = ("وبال", "وكال", "فبال", "وال", "بال", "كال", "فال", "ولل", "فلل", "ال", "لل")


def stem(form: str) -> str:
    """Return the stem of a word already in normal form.

    Articles with their attached و ف ب ل ك come off first (light10's list: Larkey, Ballesteros
    and Connell 2007), leaving at least three letters; Snowball's Arabic stemmer does the rest.
    """
    if form.isascii():
        return form
    for article in _ARTICLES:
        if form.startswith(article) and len(form) >= len(article) + 3:
            form = form[len(article) :]
            break
    return str(_SNOWBALL.stemWord(form)) or form


_CLOSERS = "\"'»”’)\\]}٪%\u200f\u200e"
_STOP = re.compile(f"[.!?؟…]+[{_CLOSERS}]*|\n+")


def sentences(text: str) -> list[tuple[int, int]]:
    """Return (start, end) of the sentences of `text`, in order, without the space around them.

    A new line always ends one. Stretches without a letter or digit belong to no sentence.
    """
    spans = []
    start = 0
    for match in _STOP.finditer(text):
        if _ends_sentence(text, match):
            spans.append((start, match.end()))
            start = match.end()
    spans.append((start, len(text)))
    return [span for span in (_trim(text, *span) for span in spans) if _has_word(text, *span)]


def _ends_sentence(text: str, stop: re.Match[str]) -> bool:
    """Whether a stop is the end of a sentence.

    A full stop inside a number or an address is not, nor after a single letter (د. أ. م. U.S.).
    One glued to the next Arabic word is, since newspapers lose the space («ساعات.ووفق»).
    """
    mark = stop.group()
    if mark.strip(".\"'»”’)]}٪%\u200f\u200e"):
        return True  # a new line, or other marks than full stops
    before = _MARK_RUN.sub("", text[max(0, stop.start() - 8) : stop.start()])[-2:]
    after = text[stop.end() : stop.end() + 1]
    if mark == "." and before[-1:].isalpha() and not before[:-1].isalpha():
        return False
    return not after or after.isspace() or ("\u0620" <= after <= "\u064a" and bool(before))


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _has_word(text: str, start: int, end: int) -> bool:
    return any(char.isalnum() for char in text[start:end])


_CLAUSE_ENDS = (re.compile("[؛;:][\\s]"), re.compile("[،,][\\s]?|\\s[-–—]\\s"), re.compile("\\s"))


def clauses(text: str, start: int, end: int, *, limit: int) -> list[tuple[int, int]]:
    """Cut `text[start:end]` into pieces of at most `limit` characters, as evenly as it allows.

    Cuts fall after a semicolon or colon, else a comma or dash, else a space, else anywhere:
    the strongest mark found in the middle half of the piece wins, nearest to its middle.
    """
    if end - start <= limit:
        return [(start, end)]
    middle = (start + end) // 2
    reach = (end - start) // 4
    cut = middle
    for pattern in _CLAUSE_ENDS:
        ends = [m.end() for m in pattern.finditer(text, middle - reach, middle + reach)]
        if ends:
            cut = min(ends, key=lambda position: abs(position - middle))
            break
    pieces = []
    for span in (_trim(text, start, cut), _trim(text, cut, end)):
        if span[0] < span[1]:
            pieces += clauses(text, *span, limit=limit)
    return pieces
