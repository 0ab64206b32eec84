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
# tatweel, bidi controls, joiners, soft hyphen, byte-order mark, variation selectors.
_MARKS = (
    "".join(araby.TASHKEEL)
    + "\u0610-\u061a\u0653-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"
    + araby.TATWEEL
    + "\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufe00-\ufe0f\ufeff"
)
_MARK_RUN = re.compile(f"[{_MARKS}]+")
_COMPATIBLE = re.compile("[\u0132-\uffff]")  # NFKC can only change what lies up here, or ª º ² ½ …
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
_TOKEN = re.compile(
    f"[0-9\u0660-\u0669\u06f0-\u06f9]+"
    f"|[\u0620-\u064a\u066e-\u066f\u0671-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06ff\u0750-\u077f"
    f"\u08a0-\u08c9\ufb50-\ufdfb\ufe70-\ufefc{_MARKS}]*"
    f"[\u0620-\u064a\u066e-\u066f\u0671-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06ff\u0750-\u077f"
    f"\u08a0-\u08c9\ufb50-\ufdfb\ufe70-\ufefc]"
    f"[{_MARKS}]*"
    f"|[^\\W\\d_\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff]"
    f"[^\\W\\d_\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff\u0300-\u036f]*"
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
    if not text.isascii():
        if _COMPATIBLE.search(text):
            text = unicodedata.normalize("NFKC", text)
        text = _MARK_RUN.sub("", text).translate(_FOLD)
    return text.lower()


def tokens(text: str) -> list[Token]:
    """Return the words of `text` in order, with offsets into it. Marks alone are no word."""
    found = []
    for match in _TOKEN.finditer(text):
        form, root = _analyse(match.group())
        if form:
            found.append(Token(match.start(), match.end(), form, root))
    return found


@lru_cache(maxsize=200_000)
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


# Sentence ends. A full stop inside a number, after a single-letter abbreviation (د. أ. م. and
# Latin initials), or inside an address does not end one; one glued to the next Arabic word does,
# since newspapers lose the space («ساعات.ووفق»).
_CLOSERS = "\"'»”’)\\]}\u200f\u200e"
_SENTENCE_END = re.compile(
    f"(?<![^\\W\\d_])[.](?=[{_CLOSERS}]*(?:\\s|$))"  # after a digit, a bracket, a quote
    f"|(?<=[^\\W\\d_][^\\W\\d_\\s])[.]+[{_CLOSERS}]*(?=\\s|$|[\u0621-\u064a])"
    f"|(?<=[^\\W\\d_][\u064b-\u0652])[.]+[{_CLOSERS}]*(?=\\s|$|[\u0621-\u064a])"
    f"|[!?؟…]+[.]*[{_CLOSERS}]*"
    f"|[.]{{2,}}[{_CLOSERS}]*(?=\\s|$)"
    f"|(?<=[0-9{_CLOSERS}٪%])[.][{_CLOSERS}]*(?=\\s|$|[\u0621-\u064a])"
    "|\n+"
)


def sentences(text: str) -> list[tuple[int, int]]:
    """Return (start, end) of the sentences of `text`, in order, without the space around them.

    A new line always ends one. Stretches without a letter or digit belong to no sentence.
    """
    spans = []
    start = 0
    for match in _SENTENCE_END.finditer(text):
        spans.append((start, match.end()))
        start = match.end()
    spans.append((start, len(text)))
    return [span for span in (_trim(text, *span) for span in spans) if _has_word(text, *span)]


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
