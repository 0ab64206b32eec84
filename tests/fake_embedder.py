"""An embedding model without a model: texts that share words get near vectors."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from index.arabic import tokens
from index.embed import TextTokens

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from index.embed import Kind, Span

DIMENSION = 64


class OutOfPowerError(Exception):
    """What a `HashEmbedder` raises after `fail_after` texts."""


@dataclass
class HashEmbedder:
    """An `index.embed.Embedder`: a word's vector follows from its form, a text's from its words.

    `seen` holds every text it embedded, `delay` is the seconds each takes.
    """

    model_id: str = "hash"
    dimension: int = DIMENSION
    fail_after: int | None = None
    delay: float = 0.0
    seen: list[str] = field(default_factory=list)

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The vectors of questions."""
        return np.array([self._text(text).vector for text in texts]).reshape(-1, self.dimension)

    def encode_passages(
        self, texts: Sequence[str], *, on_batch: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """The vectors of passages."""
        found = self.tokens(texts, on_batch=on_batch)
        return np.array([text.vector for text in found]).reshape(-1, self.dimension)

    def encode_spans(
        self,
        texts: Sequence[str],
        spans: Sequence[Sequence[Span]],
        *,
        on_batch: Callable[[int], None] | None = None,
    ) -> tuple[NDArray[np.float32], list[NDArray[np.float32]]]:
        """The vectors of passages and of their spans."""
        found = self.tokens(texts, spans, on_batch=on_batch)
        vectors = np.array([text.vector for text in found]).reshape(-1, self.dimension)
        return vectors, [text.spans for text in found]

    def tokens(
        self,
        texts: Sequence[str],
        spans: Sequence[Sequence[Span]] | None = None,
        *,
        kind: Kind = "passage",
        on_batch: Callable[[int], None] | None = None,
    ) -> list[TextTokens]:
        """Everything about each text."""
        found = []
        for i, text in enumerate(texts):
            if self.fail_after is not None and len(self.seen) >= self.fail_after:
                raise OutOfPowerError
            time.sleep(self.delay)
            if kind == "passage":
                self.seen.append(text)
            found.append(self._text(text, spans[i] if spans is not None else ()))
            if on_batch is not None:
                on_batch(1)
        return found

    def _text(self, text: str, spans: Sequence[Span] = ()) -> TextTokens:
        words = tokens(text)
        vectors = np.array([word_vector(w.form, self.dimension) for w in words], np.float32)
        vectors = vectors.reshape(-1, self.dimension)
        offsets = np.array([(w.start, w.end) for w in words], np.int32).reshape(-1, 2)
        inside = [(offsets[:, 0] >= start) & (offsets[:, 0] < end) for start, end in spans]
        parts = np.array([_unit(vectors[chosen]) for chosen in inside], np.float32)
        return TextTokens(_unit(vectors), parts.reshape(-1, self.dimension), vectors, offsets)


@cache
def word_vector(form: str, dimension: int = DIMENSION) -> NDArray[np.float32]:
    """The vector of length one that a word has, the same in every process."""
    seed = int.from_bytes(hashlib.sha256(form.encode()).digest()[:8], "big")
    vector = np.random.default_rng(seed).standard_normal(dimension)
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """The sum at length one; a text without words points nowhere in particular."""
    total = vectors.sum(axis=0) if len(vectors) else np.ones(vectors.shape[1], np.float32)
    return (total / np.linalg.norm(total)).astype(np.float32)
