"""What can be wrong with an archive, looked for: the truth in SQL, then the caches against it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index import store
from index.caches import embed
from index.encoding import PassageEncoding
from index.model import IsnadError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from index.engine import Engine

SAMPLE = 5
"""Passages embedded again and compared with what is stored."""

SAME = 0.98
"""Cosine from which two encodings of one passage count as the same. bf16 and fp32 agree to better
than .999 (`python -m tests.throughput` prints the least); the rest of the room is a guess."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: what was found, and what to do where it is not well."""

    ok: bool
    what: str
    advice: str = ""


def examine(engine: Engine) -> Iterator[Finding]:
    """Look at everything, in the order in which trouble spreads."""
    damage = engine.db.integrity()
    if damage is not None:
        yield Finding(False, f"the database is damaged: {damage}", "restore a backup")
        return
    with engine.db.read() as connection:
        counts = store.counts(connection)
        newest = store.last_change(connection)
        bad = store.misplaced_passages(connection)
        missing = len(store.unembedded(connection, engine.encoder.model_id))
    yield Finding(
        True, f"the database is whole: {counts['articles']} articles, {counts['passages']} passages"
    )
    yield Finding(
        not bad,
        f"{len(bad)} passages lie outside their articles" if bad else "every passage has its text",
        "isnad rebuild" if bad else "",
    )
    yield Finding(
        not missing,
        f"{missing} passages have no vector" if missing else "every passage has its vector",
        "isnad add (of anything) or isnad rebuild finishes them" if missing else "",
    )
    for name, index in (("word", engine.caches.lexical), ("vector", engine.caches.vectors)):
        current = index.last_change == newest and index.size == counts["passages"]
        yield Finding(
            current,
            f"the {name} index holds {index.size} passages, up to change {index.last_change}"
            + ("" if current else f"; the archive has {counts['passages']}, up to {newest}"),
            "" if current else "isnad rebuild",
        )
    yield _model(engine)
    yield _reader(engine)


def _model(engine: Engine) -> Finding:
    """Whether the model loads, and still makes of a few passages what is stored."""
    try:
        engine.encoder.encode_query("سؤال")
        with engine.db.read() as connection:
            ids = store.passage_ids(connection)
            step = max(1, len(ids) // SAMPLE)
            rows = store.passage_rows(connection, ids=ids[::step][:SAMPLE])
            keys = [row.vector_key for row in rows]
            stored = store.get_vectors(connection, engine.encoder.model_id, keys)
    except IsnadError as error:
        return Finding(False, f"the model cannot be used: {error}", "see ISNAD_MODEL")
    made = embed(engine.encoder, rows)
    pairs = [(_vector(engine, made[key]), _vector(engine, stored[key])) for key in stored]
    cosines = [float(np.dot(one, other)) for one, other in pairs]
    worst = min(cosines, default=1.0)
    return Finding(
        worst >= SAME,
        f"the model {engine.encoder.model_id} loads; {len(cosines)} passages embedded again "
        f"agree with what is stored (worst cosine {worst:.3f})",
        "" if worst >= SAME else "the model has changed: isnad rebuild",
    )


def _reader(engine: Engine) -> Finding:
    """Whether the reader's weights are whole, where it is not turned off."""
    if engine.reader is None:
        return Finding(True, "the reader is turned off (ISNAD_READER): answers are found less well")
    try:
        engine.reader.load()
    except IsnadError as error:
        return Finding(False, f"the reader cannot be used: {error}", "see ISNAD_READER")
    return Finding(True, "the reader loads")


def _vector(engine: Engine, blob: bytes) -> NDArray[np.float32]:
    return PassageEncoding.from_bytes(blob, engine.encoder.dimension).vector
