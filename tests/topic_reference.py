"""Matching topics one by one, as plainly as it can be written: what the index must agree with."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from index.topics.score import BIAS, WEIGHTS
from index.topics.words import keys, offered, wanted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from index.arabic import Token
    from index.topics.page import Page
    from index.topics.words import Wanted, Word


def chances(
    topics: Iterable[tuple[str, NDArray[np.float16]]], page: Page, ordinary: NDArray[np.float32]
) -> dict[str, float]:
    """The chance that an article is about each topic, by its text; of those whose words it has."""
    said = [page.title, *page.sentences]
    heard = [{word.form: offered(word.form) for word in words} for words in said]
    anywhere = {key for one in heard for keys_ in one.values() for key in keys_}
    found = {}
    for text, vector in topics:
        want = wanted(text)
        needed = want.words[want.optional :]
        if want.words and all(anywhere.intersection(keys(word)) for word in needed):
            names = [(want.words[a:b], most) for a, b, most in want.names]
            if all(_stretch(words, said) <= most for words, most in names):
                found[text] = _chance(want, vector.astype("f4"), said, heard, page, ordinary)
    return found


def _chance(
    want: Wanted,
    vector: NDArray[np.float32],
    said: Sequence[Sequence[Token]],
    heard: Sequence[dict[str, dict[str, float]]],
    page: Page,
    ordinary: NDArray[np.float32],
) -> float:
    words = want.words
    usual = ordinary @ vector
    meaning = (page.vectors @ vector - usual.mean()) / usual.std()
    like = [[_like(word, one) for word in words] for one in heard]
    sentences = range(1, len(said))

    def scope(at: int) -> float:
        before = like[at - 1] if at > 1 else [0.0] * len(words)
        return sum(map(max, like[at], before, like[0])) / len(words)

    def worth(at: int) -> float:
        return sum(like[at]) / len(words) + scope(at) + 0.5 * float(meaning[at - 1])

    best = max(sentences, key=worth)
    told = [sum(like[at][i] > 0 for at in sentences) / len(sentences) for i in range(len(words))]
    total = (
        BIAS
        + WEIGHTS["title"] * sum(like[0]) / len(words)
        + WEIGHTS["common"] * math.log(0.05 + sum(told) / len(words))
        + WEIGHTS["meaning"] * float(meaning[best - 1])
        + WEIGHTS["whole"] * float(meaning.mean())
        + WEIGHTS["near"] * max(_near(words, said[at]) for at in (0, best))
    )
    titled = min(like[0]) >= 0.75 and (not want.phrase or _stretch(words, said) <= 2 * len(words))
    by_signs = 1 / (1 + math.exp(-total))
    return max(by_signs, 0.9) if titled else by_signs


def _like(word: Word, heard: dict[str, dict[str, float]]) -> float:
    return max(
        (worths.get(key, 0.0) for worths in heard.values() for key in keys(word)), default=0.0
    )


def _near(words: Sequence[Word], said: Sequence[Token]) -> float:
    first = [
        next((at for at, token in enumerate(said) if _is(word, token)), None) for word in words
    ]
    places = [at for at in first if at is not None]
    if not places or (len(places) == 1 and len(words) > 1):
        return 0.0
    stretch = max(places) - min(places) + 1
    return len(places) / len(words) * min(1.0, len(places) / stretch)


def _stretch(words: Sequence[Word], said: Sequence[Sequence[Token]]) -> float:
    """In how few words of one sentence, or the title, the words stand in their order."""
    least = math.inf
    for one in said:
        for start in range(len(one)):
            at: int | None = start if _is(words[0], one[start]) else None
            for word in words[1:]:
                rest = () if at is None else range(at + 1, len(one))
                at = next((i for i in rest if _is(word, one[i])), None)
            if at is not None:
                least = min(least, at - start + 1)
    return least


def _is(word: Word, token: Token) -> bool:
    return not offered(token.form).keys().isdisjoint(keys(word))
