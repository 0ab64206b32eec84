"""Hybrid retrieval: words and meaning, mixed into one ranking of passages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index import store
from index.encoding import PassageEncoding

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from numpy.typing import ArrayLike, NDArray

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
class Wanted:
    """What to look up: words and meaning; only `among` these passages, where given."""

    terms: Sequence[Term]
    query: QueryEncoding
    among: Sequence[int] | None = None


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


def zscores(values: ArrayLike) -> NDArray[np.float64]:
    """Return values less their mean, over their standard deviation; zeros where all are equal.

    Of a matrix, each column for itself.
    """
    array = np.asarray(values, dtype=np.float64)
    if not len(array):
        return array
    deviation = array.std(axis=0)
    varied = deviation > 1e-9
    return np.where(varied, (array - array.mean(axis=0)) / np.where(varied, deviation, 1.0), 0.0)


def search(
    db: Database,
    lexical: LexicalIndex,
    vectors: VectorIndex,
    wanted: Sequence[Wanted],
    *,
    model: str,
    limit: int,
    off: frozenset[str] = frozenset(),
) -> list[list[Hit]]:
    """Return the `limit` best passages for each, best first.

    The vectors are passed over once, and SQL is asked once, for all together. `off` names the word
    fields not to look in, and "dense", to measure what each is worth.
    """
    meanings = _nearest(vectors, wanted)
    scored = [
        _scored(lexical, vectors, one, meaning, off)
        for one, meaning in zip(wanted, meanings, strict=True)
    ]
    # an index that is behind may name a passage that SQL has replaced: the next take its place
    best = [one.best(2 * limit) for one in scored]
    stored = _stored(db, model, {id_ for ids in best for id_ in ids[:limit]})
    if any(id_ not in stored for ids in best for id_ in ids[:limit]):
        stored |= _stored(db, model, {id_ for ids in best for id_ in ids[limit:]})
    encoded: dict[int, PassageEncoding] = {}
    found = []
    for one, ids in zip(scored, best, strict=True):
        hits = []
        for id_ in [id_ for id_ in ids if id_ in stored][:limit]:
            row, blob = stored[id_]
            if id_ not in encoded:
                encoded[id_] = PassageEncoding.from_bytes(blob, vectors.dimension)
            lexical_, dense = one.words.get(id_, 0.0), one.meaning.get(id_, 0.0)
            hits.append(Hit(row, encoded[id_], one.mixed[id_], lexical_, dense))
        found.append(hits)
    return found


@dataclass(frozen=True, slots=True)
class _Scored:
    """What the indexes say of passages, by id."""

    words: Mapping[int, float]
    meaning: Mapping[int, float]
    mixed: Mapping[int, float]

    def best(self, count: int) -> list[int]:
        return sorted(self.mixed, key=lambda id_: (-self.mixed[id_], id_))[:count]


def _nearest(vectors: VectorIndex, wanted: Sequence[Wanted]) -> list[dict[int, float]]:
    """The passages nearest to each, among those allowed."""
    free = [one.query.vector for one in wanted if one.among is None]
    found = iter(vectors.search_many(free, CANDIDATES))
    return [
        next(found)
        if one.among is None
        else vectors.search(one.query.vector, CANDIDATES, among=one.among)
        for one in wanted
    ]


def _scored(
    lexical: LexicalIndex,
    vectors: VectorIndex,
    wanted: Wanted,
    meaning: dict[int, float],
    off: frozenset[str],
) -> _Scored:
    words = lexical.search(wanted.terms, CANDIDATES, among=wanted.among, off=off)
    # each side scores what only the other found, so that the mix compares like with like
    only_near = [id_ for id_ in meaning if id_ not in words]
    words |= lexical.search(wanted.terms, CANDIDATES, among=only_near, off=off)
    meaning |= vectors.scores(wanted.query.vector, [id_ for id_ in words if id_ not in meaning])
    weight = LEXICAL_WEIGHT if "dense" not in off else 1.0
    return _Scored(words, meaning, mix(words, meaning, weight=weight))


def _stored(db: Database, model: str, ids: Collection[int]) -> dict[int, tuple[PassageRow, bytes]]:
    """The passages of these ids that SQL has, each with what the model made of it."""
    with db.read() as connection:
        rows = store.passage_rows(connection, ids=sorted(ids))
        keys = list(dict.fromkeys(row.vector_key for row in rows))
        blobs = store.get_vectors(connection, model, keys)
    return {row.id: (row, blobs[row.vector_key]) for row in rows if row.vector_key in blobs}
