"""Texts to vectors: batching, prefixes, spans, over whichever forward pass the model has."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from threadpoolctl import threadpool_limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import torch
    from numpy.typing import NDArray

    from index.embed.forward import Forward, Tokenized

Kind = Literal["query", "passage"]
Span = tuple[int, int]

# Texts tokenised and sorted by length at a time: enough for groups of equal lengths, few enough
# for their tokens (about 20 kB a passage) to fit in memory.
_CHUNK = 1024


@dataclass(frozen=True, slots=True)
class TextTokens:
    """What one pass over a text gives. Every vector has length one (L2)."""

    vector: NDArray[np.float32]  # (dimension,), the text's own
    spans: NDArray[np.float32]  # (spans, dimension), of the spans asked for
    tokens: NDArray[np.float32]  # (tokens, dimension), without special tokens and the prefix
    offsets: NDArray[np.int32]  # (tokens, 2), the characters each token comes from


class SentenceTransformerEmbedder:
    """An `Embedder` over a sentence-transformers model, which is loaded when first used.

    Safe to share by threads.
    """

    def __init__(self, model_id: str, dimension: int | None, load: Callable[[], Forward]) -> None:
        """`load` is called once, by the first use; it raises ModelError."""
        self.model_id = model_id
        self._dimension = dimension
        self._load = load
        self._lock = threading.Lock()
        self._forward: Forward | None = None
        self._pool: ThreadPoolExecutor | None = None

    @property
    def dimension(self) -> int:
        """The length of a vector. Loads the model where only the model can tell."""
        return self._dimension if self._dimension is not None else self.load().dimension

    def load(self) -> Forward:
        """Load the model now rather than with the first text. Raises ModelError."""
        with self._lock:
            if self._forward is None:
                import torch

                forward = self._load()
                # The one place where threads are set. A pool that each thread of ours would start
                # for itself makes them wait for one another; so do numpy's, at the small matrices
                # of a question: on two busy cores they took two thirds of its time.
                threadpool_limits(1, user_api="blas")
                self._pool = ThreadPoolExecutor(
                    forward.workers, "embed", torch.set_num_threads, (forward.intra,)
                )
                self._forward = forward
            return self._forward

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The vectors (texts, dimension) of questions."""
        return self._vectors(texts, "query", None)

    def encode_passages(
        self, texts: Sequence[str], *, on_batch: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """The vectors (texts, dimension) of passages; `on_batch(n)` as each n are done."""
        return self._vectors(texts, "passage", on_batch)

    def encode_spans(
        self,
        texts: Sequence[str],
        spans: Sequence[Sequence[Span]],
        *,
        on_batch: Callable[[int], None] | None = None,
    ) -> tuple[NDArray[np.float32], list[NDArray[np.float32]]]:
        """The vectors of passages, and of each passage's spans (its sentences), from one pass.

        A span's vector is the mean of its tokens' embeddings, which have seen the whole passage
        ("late chunking"). A span without tokens, such as one wholly past the model's limit, gets
        the passage's vector. Where the model's own vectors are no such means, spans are encoded
        as texts.
        """
        vectors = np.empty((len(texts), self.dimension), np.float32)
        parts: list[NDArray[np.float32]] = [vectors[:0]] * len(texts)
        for i, text in self._each(texts, "passage", spans, on_batch, tokens=False):
            vectors[i], parts[i] = text.vector, text.spans
        return vectors, parts

    def tokens(
        self,
        texts: Sequence[str],
        spans: Sequence[Sequence[Span]] | None = None,
        *,
        kind: Kind = "passage",
        on_batch: Callable[[int], None] | None = None,
    ) -> list[TextTokens]:
        """Everything one pass over each text gives: its vector, its spans' and its tokens'."""
        found = dict(self._each(texts, kind, spans, on_batch, tokens=True))
        return [found[i] for i in range(len(texts))]

    def _vectors(
        self, texts: Sequence[str], kind: Kind, on_batch: Callable[[int], None] | None
    ) -> NDArray[np.float32]:
        vectors = np.empty((len(texts), self.dimension), np.float32)
        for i, text in self._each(texts, kind, None, on_batch, tokens=False):
            vectors[i] = text.vector
        return vectors

    def _each(
        self,
        texts: Sequence[str],
        kind: Kind,
        spans: Sequence[Sequence[Span]] | None,
        on_batch: Callable[[int], None] | None,
        *,
        tokens: bool,
    ) -> Iterator[tuple[int, TextTokens]]:
        """Each text's place and what the model makes of it, in no particular order."""
        forward = self.load()
        assert self._pool is not None
        prefix = forward.prompts.get(kind, "")
        for first in range(0, len(texts), _CHUNK):
            chunk = range(first, min(first + _CHUNK, len(texts)))
            tokenized = dict(
                zip(chunk, forward.tokenize([prefix + texts[i] for i in chunk]), strict=True)
            )

            def run(
                group: list[int], tokenized: dict[int, Tokenized] = tokenized
            ) -> list[tuple[int, TextTokens]]:
                embedded, vectors = forward.run([tokenized[i].ids for i in group])
                return [
                    (
                        i,
                        _gather(
                            matrix,
                            vector,
                            tokenized[i].offsets,
                            len(prefix),
                            spans[i] if spans is not None and forward.spans_in_context else (),
                            tokens=tokens,
                        ),
                    )
                    for i, matrix, vector in zip(group, embedded, vectors.numpy(), strict=True)
                ]

            futures: list[Future[list[tuple[int, TextTokens]]]] = [
                self._pool.submit(run, group) for group in _groups(tokenized, forward.group_tokens)
            ]
            try:
                for future in as_completed(futures):
                    done = future.result()
                    if spans is not None and not forward.spans_in_context:
                        done = [(i, self._apart(text, texts[i], spans[i])) for i, text in done]
                    yield from done
                    if on_batch is not None:
                        on_batch(len(done))
            finally:
                for future in futures:
                    future.cancel()

    def _apart(self, found: TextTokens, text: str, spans: Sequence[Span]) -> TextTokens:
        """The same with the spans encoded as texts of their own."""
        vectors = self.encode_passages([text[start:end] for start, end in spans])
        return TextTokens(found.vector, vectors, found.tokens, found.offsets)


def _groups(tokenized: dict[int, Tokenized], budget: int) -> Iterator[list[int]]:
    """Texts of about the same length, at most `budget` tokens of them or one, longest first.

    Longest first, so that no thread is left with a long group at the end.
    """
    group: list[int] = []
    room = budget
    for i in sorted(tokenized, key=lambda i: -len(tokenized[i].ids)):
        size = len(tokenized[i].ids)
        if group and size > room:
            yield group
            group, room = [], budget
        group.append(i)
        room -= size
    if group:
        yield group


def _gather(
    matrix: torch.Tensor,
    vector: NDArray[np.float32],
    offsets: list[tuple[int, int]],
    prefix: int,
    spans: Sequence[Span],
    *,
    tokens: bool,
) -> TextTokens:
    """What is wanted of one text's token embeddings (tokens, dimension)."""
    places = np.array(offsets, np.int32).reshape(-1, 2) - prefix
    # A token's last character says where it belongs: the piece of a word begins with the space
    # before it. Special tokens and the prefix end before the text begins.
    last = places[:, 1] - 1
    own = np.flatnonzero((last >= 0) & (places[:, 1] > places[:, 0]))
    embedded: NDArray[np.float32] = matrix.numpy()
    parts = np.empty((len(spans), len(vector)), np.float32)
    for row, (start, end) in enumerate(spans):
        inside = own[(last[own] >= start) & (last[own] < end)]
        parts[row] = _unit(embedded[inside].mean(0)) if len(inside) else vector
    if not tokens:
        own = own[:0]
    return TextTokens(vector, parts, _unit(embedded[own]), np.maximum(places[own], 0))


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """The vectors (…, dimension) at length one; zero stays zero."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: NDArray[np.float32] = vectors / np.maximum(lengths, np.float32(1e-12))
    return scaled
