"""What an article is about, as weighted words small enough to keep beside it. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from index.dedupe import Words, code
from index.dedupewords import DENIAL

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEAD = 60
"""Words of a text that say what happened; news tells it first."""

KEPT = 64
"""Terms kept of an article, those that weigh most."""

TITLE_WEIGHT, LEAD_WEIGHT, BODY_WEIGHT = 3.0, 2.0, 1.0

SAME = 0.5
"""Cosine of terms from which a corrected article is still about the same."""

_TYPE: Final = np.dtype([("code", "<u4"), ("weight", "<f4")])


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms by code, ascending, with weights that rarity has still to multiply."""

    codes: NDArray[np.uint32]
    weights: NDArray[np.float32]

    @staticmethod
    def of(stored: bytes) -> Terms:
        """Return what `terms` has packed."""
        table = np.frombuffer(stored, _TYPE)
        return Terms(table["code"].astype(np.uint32), table["weight"].astype(np.float32))


def terms(words: Words) -> bytes:
    """Return the terms of an article, packed: its words, those of its title and lead above all.

    Times and denials tell nothing of the subject. Repetition counts with its logarithm.
    """
    place: dict[str, float] = {}
    for weight, keys in (
        (TITLE_WEIGHT, words.head),
        (LEAD_WEIGHT, words.body[:LEAD]),
        (BODY_WEIGHT, words.body[LEAD:]),
    ):
        for key in keys:
            place.setdefault(key, weight)
    told = Counter((*words.head, *words.body))
    weights = {
        key: weight + float(np.log(told[key]))
        for key, weight in place.items()
        if key not in DENIAL and not key.startswith(("day ", "month "))
    }
    best = sorted(weights, key=lambda key: (-weights[key], key))[:KEPT]
    table = np.array(sorted({code(key) & 0xFFFFFFFF: weights[key] for key in best}.items()), _TYPE)
    return table.tobytes()


def same_subject(one: bytes, other: bytes) -> bool:
    """Whether two versions of an article are about the same, so that its story stays the same."""
    a, b = Terms.of(one), Terms.of(other)
    _, mine, its = np.intersect1d(a.codes, b.codes, assume_unique=True, return_indices=True)
    length = float(np.linalg.norm(a.weights) * np.linalg.norm(b.weights))
    return length > 0 and float(a.weights[mine] @ b.weights[its]) >= SAME * length
