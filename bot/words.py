"""The words of a text, so that texts which say the same compare equal. Pure.

Spelling as `index.arabic.normalise` folds it, spaces, and punctuation are no difference; a figure
and what stands at it (7.8, 1,500, 5 %, $) is.
"""

from __future__ import annotations

import re

from index.arabic import normalise

_LATIN = str.maketrans("٫٬٪", ".,%")
# A number with its separators, a word, or a sign that counts.
_WORD = re.compile(r"\d+(?:[.,/:]\d+)*|[^\W\d_]+|[%‰+=<>±$£€¥₪]")


def words(text: str) -> tuple[str, ...]:
    """The words of `text` in order, in a form to compare, not to show."""
    return tuple(_WORD.findall(normalise(text).translate(_LATIN)))


def stand_in(part: tuple[str, ...], whole: tuple[str, ...]) -> bool:
    """Whether the words of `part` stand in `whole`, in order and with none between them."""
    return not part or f" {' '.join(part)} " in f" {' '.join(whole)} "
