"""Hybrid retrieval: words and meaning, mixed into one ranking of passages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index import store
from index.encoding import PassageEncoding

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from index.db import Database
    from index.encoding import QueryEncoding
    from index.lexical import LexicalIndex, Term
    from index.store import PassageRow
    from index.vectors import VectorIndex

CANDIDATES = 50
"""Passages taken from each index before mixing."""

LEXICAL_WEIGHT = 0.4
"""The share of BM25 in the mix; the rest is the dense score. Chosen on ARCD's first half."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved passage with its standing among the candidates."""

    row: PassageRow
    encoding: PassageEncoding
    score: float  # the mix of z-scores, comparable within one search only
    lexical: float  # BM25
    dense: float  # cosine


def mix(
    lexical: Mapping[int, float], dense: Mapping[int, float], *, weight: float = LEXICAL_WEIGHT
) -> dict[int, float]:
    """Return the convex mix of two sets of scores after making each zero-mean, unit-variance.

    A passage that one side does not know scores that side's 0 (BM25: no word in common).
    Bruch, Gai and Ingber (2023) find such a mix better than reciprocal ranks once its weight is
    set on any similar data.
    """
    ids = sorted(lexical.keys() | dense.keys())
    words = zscores([lexical.get(id_, 0.0) for id_ in ids])
    meaning = zscores([dense.get(id_, 0.0) for id_ in ids])
    mixed = weight * words + (1 - weight) * meaning
    return dict(zip(ids, mixed.tolist(), strict=True))


def zscores(values: Sequence[float]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return values less their mean, over their standard deviation; zeros where all are equal."""
    array = np.asarray(values, dtype=np.float64)
    if not len(array):
        return array
    deviation = array.std()
    return (array - array.mean()) / deviation if deviation > 1e-9 else np.zeros(len(array))


def search(
    db: Database,
    lexical: LexicalIndex,
    vectors: VectorIndex,
    *,
    terms: Sequence[Term],
    query: QueryEncoding,
    model: str,
    limit: int,
    among: Sequence[int] | None = None,
    off: frozenset[str] = frozenset(),
) -> list[Hit]:
    """Return the `limit` best passages, best first; only `among` these ids, where given.

    `off` names the word fields not to look in, and "dense", to measure what each is worth.
    """
    weight = LEXICAL_WEIGHT if "dense" not in off else 1.0
    words = lexical.search(terms, CANDIDATES, among=among, off=off)
    meaning = vectors.search(query.vector, CANDIDATES, among=among)
    # each side scores what only the other found, so that the mix compares like with like
    only_near = [id_ for id_ in meaning if id_ not in words]
    words |= lexical.search(terms, CANDIDATES, among=only_near, off=off)
    meaning |= vectors.search(
        query.vector, CANDIDATES, among=[id_ for id_ in words if id_ not in meaning]
    )
    mixed = mix(words, meaning, weight=weight)
    best = sorted(mixed, key=lambda id_: (-mixed[id_], id_))[: 2 * limit]
    with db.read() as connection:
        rows = {row.id: row for row in store.passage_rows(connection, ids=best)}
        keys = [row.vector_key for row in rows.values()]
        blobs = store.get_vectors(connection, model, keys)
    hits = [
        Hit(
            row=rows[id_],
            encoding=PassageEncoding.from_bytes(blobs[rows[id_].vector_key], vectors.dimension),
            score=mixed[id_],
            lexical=words.get(id_, 0.0),
            dense=meaning.get(id_, 0.0),
        )
        for id_ in best
        # an index that is behind may name a passage that SQL has since replaced
        if id_ in rows and rows[id_].vector_key in blobs
    ]
    return hits[:limit]
