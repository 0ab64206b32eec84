"""Bytes → text: which encoding holds Arabic, decided by what the decoded text looks like.

UTF-8 is self-checking, so it is tried first and strictly. The one-byte encodings are not: any
bytes decode in all of them, and statistics over bytes mislead on the 100 bytes of a short post.
What tells them apart is the language: a wrong guess has no «في», no «من», no word beginning «ال».
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Final

from index.model import ExtractError

if TYPE_CHECKING:
    from collections.abc import Sequence

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: its mark begins with UTF-16's
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Python has no iso-8859-6-with-punctuation; pages that say so are strict enough in practice.
_ONE_BYTE: Final = ("cp1256", "iso8859_6", "mac_arabic", "cp720", "cp864", "cp1252")
_MAGIC: Final = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"RIFF", "a media file"),
    (b"ID3", "a sound file"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"\x7fELF", "a program"),
    (b"{\\rtf", "an RTF document"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
)
_COMMON: Final = frozenset(
    "في من على إلى الى أن ان عن مع التي الذي هذا هذه قال كان كما بين بعد لا ما و أو او خلال "
    "عبر حول قبل هو هي ذلك كل غير عند لم لن قد إن وفي ومن وقال وأن".split()
)
_WORD = re.compile(r"[^\W\d_]+")
_ARABIC_WORD = re.compile(
    r"[\u0621-\u064a\u0640\u064b-\u0652\u067e\u0686\u0698\u06af\u06a9\u06cc]+"
)
# The bytes looked at to choose a one-byte encoding: more only costs time.
_SAMPLE = 20_000
# Words in any encoding but UTF-16, and what stands between them; a page's first 20 KB may be all
# script and style, in ASCII, which tells nothing.
_TELLING = re.compile(rb"(?:[\x80-\xff]+[\x20-\x40]{0,3})+")
# Real Arabic prose scores .25–.45 here, wrong readings of it below .05.
_PLAUSIBLE = 0.12
# A page cut in the middle of a character, or with a stray byte, is still UTF-8.
_FEW_BAD = 0.005
_MOJIBAKE = re.compile(r"[ØÙÚÛ][\x80-\xff\u0152-\u0178\u02c6-\u02dc\u2013-\u2122]")


def decode(data: bytes, *, name: str, declared: Sequence[str | None] = ()) -> str:
    """The text in the bytes, without BOM and NUL, its line ends `\\n`.

    `declared` is what a server and the page say its encoding is: hints, tried only if UTF-8
    fails, and dropped if another reading is plainly better Arabic.
    Raises ExtractError for an empty, binary or broken input.
    """
    if not data.strip():
        raise ExtractError(name, "the file is empty")
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            raise ExtractError(name, f"this is {kind}, not text")
    text = _decode(data, name, declared)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\x00", "").replace("\ufeff", "")
    if not text.strip():
        raise ExtractError(name, "the file is empty")
    head = text[:_SAMPLE]
    bad = head.count("\ufffd")
    if bad > len(head) * 0.02:  # one character in fifty lost is more than any quote survives
        raise ExtractError(name, "the text is damaged: many characters were lost (U+FFFD)")
    controls = sum(1 for c in head if (c < " " and c not in "\n\t\f\v") or "\x7f" <= c <= "\x9f")
    if controls > len(head) * 0.02:
        raise ExtractError(name, "this is a binary file, not text")
    if len(_MOJIBAKE.findall(head)) * 2 > len(head) * 0.4:
        raise ExtractError(name, "the text is garbled: UTF-8 that was read as windows-1252")
    return text


def _decode(data: bytes, name: str, declared: Sequence[str | None]) -> str:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                return data.decode(encoding, "replace")
    sample = data[:_SAMPLE]
    if sample.count(0) > len(sample) * 0.02:
        return _utf16(data, name)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    damaged = data.decode("utf-8", "replace")
    # A broken character costs up to three U+FFFD; Arabic in another encoding is nearly all of them.
    if damaged.count("\ufffd") <= max(1.0, len(damaged) * _FEW_BAD) and _score(damaged) > 0:
        return damaged
    best, best_score = "", 0.0
    hints = [encoding for encoding in declared if encoding]
    telling = b" ".join(_TELLING.findall(data[: 50 * _SAMPLE]))[:_SAMPLE]
    for encoding in (*hints, *_ONE_BYTE):
        try:
            text = telling.decode(encoding, "replace")
        except LookupError:
            continue
        # The page's own word breaks ties, never more.
        score = _score(text) + (0.02 if encoding in hints else 0.0)
        if score > best_score:
            best, best_score = encoding, score
    if best_score < _PLAUSIBLE:
        if damaged.count("\ufffd") < len(damaged) * 0.05 and _score(damaged) >= _PLAUSIBLE:
            return damaged
        raise ExtractError(name, "the text is in no encoding we can read as Arabic")
    return data.decode(best, "replace")


def _utf16(data: bytes, name: str) -> str:
    """UTF-16 that lost its mark: Arabic letters share the high byte 06, ASCII has 00."""
    sample = data[: _SAMPLE & ~1]
    best = max(("utf-16-le", "utf-16-be"), key=lambda e: _score(sample.decode(e, "replace")))
    if _score(sample.decode(best, "replace")) < _PLAUSIBLE:
        raise ExtractError(name, "this is a binary file, not text")
    return data.decode(best, "replace")


def _score(text: str) -> float:
    """How much of the text is Arabic words in common use, less what no Arabic text holds."""
    words = _WORD.findall(text)
    if not words:
        return 0.0
    telling = [word for word in words if not word.isascii()]
    if not telling:
        return 0.0
    good = sum(
        1.0
        for word in telling
        if word in _COMMON or (len(word) > 3 and word[:2] == "ال" and _ARABIC_WORD.fullmatch(word))
    )
    mixed = sum(1 for word in telling if not _ARABIC_WORD.fullmatch(word))
    lost = sum(
        1 for c in text if c == "\ufffd" or "\x80" <= c <= "\x9f" or "\ufe70" <= c <= "\ufefc"
    )
    return (good - mixed) / len(telling) - 2.0 * lost / len(text)
