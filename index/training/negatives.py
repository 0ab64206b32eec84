"""Texts that look as if they answered a question and do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from index.arabic import tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.training.examples import Example

NEAREST = 12
"""Look-alikes kept a question; training draws from them."""


def lookalikes(examples: Sequence[Example]) -> list[list[int]]:
    """Return for each example the examples whose texts share most with its question and title.

    Likeness is the cosine of TF-IDF over character n-grams, which needs no knowledge of the
    language. A text that holds the answer's words is left out: it may well answer.
    """
    nearest: list[list[int]] = [[] for _ in examples]
    for group in sorted({example.group for example in examples}):
        members = [i for i, example in enumerate(examples) if example.group == group]
        firsts = {examples[i].text: i for i in reversed(members)}
        texts = sorted(firsts.values())
        vectors = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(3, 4), min_df=2, dtype=np.float32
        )
        known = vectors.fit_transform([_shown(examples[i]) for i in texts])
        for begin in range(0, len(members), 256):
            part = members[begin : begin + 256]
            asked = vectors.transform([_asked(examples[i]) for i in part])
            order = np.argsort(-(asked @ known.T).toarray(), axis=1)[:, : 2 * NEAREST]
            for i, row in zip(part, order, strict=True):
                nearest[i] = [texts[j] for j in row if _misleads(examples[i], examples[texts[j]])]
                del nearest[i][NEAREST:]
    return nearest


def _shown(example: Example) -> str:
    return f"{example.title} {example.text}"


def _asked(example: Example) -> str:
    return f"{example.question} {example.question} {example.title}"


def _misleads(example: Example, other: Example) -> bool:
    if other.text == example.text:
        return False
    if example.answer is None:
        return True
    return _words(example.text[slice(*example.answer)]) not in _words(_shown(other))


def _words(text: str) -> str:
    return f" {' '.join(token.form for token in tokens(text))} "
