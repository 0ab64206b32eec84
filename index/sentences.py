"""The words of a sentence, remembered: what is asked about today is read again and again. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from index.arabic import tokens

if TYPE_CHECKING:
    from index.arabic import Token

KEPT = 2048
"""Sentences whose words are kept, of about 4 kB each: those of some sixty questions."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as it is compared with questions."""

    words: tuple[Token, ...]
    said: str  # their normal forms, which are alike where two sentences say the same
    stems: frozenset[str]


@lru_cache(maxsize=KEPT)
def read(text: str) -> Sentence:
    """Return the words of a sentence."""
    words = tuple(tokens(text))
    return Sentence(words, " ".join(word.form for word in words), frozenset(w.stem for w in words))
