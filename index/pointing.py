"""Whether the words that are pointed at are the answer's. Pure."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from index.arabic import tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.model import Quote


def f1(said: str, golds: Sequence[str]) -> float:
    """Return the best F1 of the words of `said` against those of a gold answer, 0 to 1.

    Words count in their normal form, as often as they stand there (Rajpurkar et al. 2016).
    """
    return max((_f1(_forms(said), _forms(gold)) for gold in golds), default=0.0)


def _f1(said: Sequence[str], gold: Sequence[str]) -> float:
    shared = (Counter(said) & Counter(gold)).total()
    return 2 * shared / (len(said) + len(gold)) if shared else 0.0


def marks_answer(quote: Quote, golds: Sequence[str]) -> bool | None:
    """Whether the likely answer marked in a quote shares words with a gold answer, in its place.

    None where none is marked; no, where the quote does not hold a gold answer.
    """
    if len(quote.highlights) < 2:
        return None
    start, end = quote.highlights[1]
    words = tokens(quote.text)
    forms = [word.form for word in words]
    return any(
        words[i].start < end and start < words[i + len(gold) - 1].end
        for gold in map(_forms, golds)
        if gold
        for i in range(len(forms) - len(gold) + 1)
        if forms[i : i + len(gold)] == gold
    )


def _forms(text: str) -> list[str]:
    return [token.form for token in tokens(text)]
