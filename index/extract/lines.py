"""Lines of a page, folded for matching, and the units (paragraphs) they make up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

# Matching a phrase or a repetition must not depend on tashkeel, hamza seats, the two yehs, the
# teh marbuta, or marks that are not seen. This folding only ever serves to compare.
_FOLD: Final = {
    **dict.fromkeys([*range(0x064B, 0x0653), 0x0670, 0x0640, 0x200B, 0x200C, 0x200D, 0x200E]),
    **dict.fromkeys([0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF, 0xFE0F]),
    **{ord(c): "ا" for c in "أإآٱ"},
    **{ord(c): str(i) for digits in ("٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹") for i, c in enumerate(digits)},
    **{ord(c): '"' for c in "“”„«»″"},
    **{ord(c): "-" for c in "–—−‐‑"},
    ord("ى"): "ي",
    ord("ی"): "ي",
    ord("ک"): "ك",
    ord("ة"): "ه",
    ord("ؤ"): "و",
    ord("ئ"): "ي",
    ord("’"): "'",
    0x00A0: " ",
}
_SPACE = re.compile(r"\s+")
_BULLET = re.compile(r"^(?:[•●▪■◦◾▫‣⁃∙*+►▶◄◀»›]|[-–—](?=\s))\s*")
_WORD = re.compile(r"[^\W\d_]+")
# Fewer broken lines than this happen by chance.
_LEAST_WRAPPED: Final = 4
_FINAL: Final = (".", "؟", "!", "…", "?", "。", "۔")


@dataclass(frozen=True, slots=True)
class Unit:
    """A line, or the hard-wrapped lines of one paragraph, with what is asked of it again and again.

    `first`..`last` are line numbers of the page; `text` is the lines joined by spaces and only
    serves to judge; what is published is `lines`.
    """

    first: int
    last: int
    lines: tuple[str, ...]
    text: str
    folded: str
    words: int
    bullet: bool
    gap: bool  # a blank line stands above

    @property
    def ends(self) -> bool:
        """Whether it ends as a sentence does, closing quotes and brackets aside."""
        return ends_sentence(self.text)


def fold(text: str) -> str:
    """One spelling for comparing: no tashkeel or tatweel, bare alef, ي ه و, lower case."""
    return _SPACE.sub(" ", text.translate(_FOLD)).strip().lower()


def ends_sentence(text: str) -> bool:
    """Whether the text ends with a full stop, a question or exclamation mark, or an ellipsis."""
    return text.rstrip("\"'»”’)] ").endswith(_FINAL)


def word_count(text: str) -> int:
    """How many words of letters the text holds."""
    return len(_WORD.findall(text))


def tidy(text: str) -> str:
    """The text with its lines stripped and no two blank lines in a row."""
    out: list[str] = []
    for line in text.split("\n"):
        line = line.strip()
        if line or (out and out[-1]):
            out.append(line)
    return "\n".join(out).strip()


def split_units(text: str) -> list[Unit]:
    """The units of a page, in order. Blank lines are kept only as `gap`."""
    lines = [line.strip() for line in text.split("\n")]
    groups = _groups(lines)
    width = _wrap_width(groups, lines)
    # Then a line's own length and ending say nothing, and paragraphs are what to judge.
    wrapped = [width > 0 and _is_wrapped(group, lines, width) for group in groups]
    if sum(len(g) - 1 for g, w in zip(groups, wrapped, strict=True) if w) < _LEAST_WRAPPED:
        wrapped = [False] * len(groups)
    groups = [
        part
        for group, whole in zip(groups, wrapped, strict=True)
        for part in ([group] if whole else [[i] for i in group])
    ]
    units = []
    for group in groups:
        kept = tuple(lines[i] for i in group)
        raw = " ".join(kept)
        bare = _BULLET.sub("", raw)
        units.append(
            Unit(
                first=group[0],
                last=group[-1],
                lines=kept,
                text=raw,
                folded=fold(bare),
                words=word_count(bare),
                bullet=bare != raw,
                gap=group[0] > 0 and not lines[group[0] - 1],
            )
        )
    return units


def _groups(lines: list[str]) -> list[list[int]]:
    groups: list[list[int]] = []
    open_group = False
    for i, line in enumerate(lines):
        if not line:
            open_group = False
        elif open_group:
            groups[-1].append(i)
        else:
            groups.append([i])
            open_group = True
    return groups


def _wrap_width(groups: list[list[int]], lines: list[str]) -> int:
    """The width a page's paragraphs were broken at, as html2text and mailers do; 0 where none."""
    broken = [len(lines[i]) for group in groups for i in group[:-1] if "](" not in lines[i]]
    # A page has menus too, of short lines, but nothing longer than its paragraphs' lines.
    width = max(broken, default=0)
    return width if 40 <= width <= 110 else 0


def _is_wrapped(group: list[int], lines: list[str], width: int) -> bool:
    """Whether lines are one paragraph broken at `width`: the next word never fitted in a line."""
    if len(group) < 2:
        return False
    broken = sum(
        1
        for i in group[:-1]
        if len(lines[i]) + 1 + len(lines[i + 1].split(None, 1)[0]) >= width - 1
    )
    return broken >= (len(group) - 1) * 0.85
