"""What can be wrong with an archive, looked for: the truth in SQL, then the caches against it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from index import store
from index.caches import LOCK, embed
from index.encoding import PassageEncoding
from index.feeds.schedule import stamp
from index.files import locked
from index.lexical import LexicalIndex
from index.model import CacheError, IsnadError
from index.store import moments
from index.vectors import VectorIndex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from index.engine import Engine

SAMPLE = 5
"""Passages embedded again and compared with what is stored."""

SAME = 0.98
"""Cosine from which two encodings of one passage count as the same. bf16 and fp32 agree to better
than .999 (`python -m tests.throughput` prints the least); the rest of the room is a guess."""

ROOM = 200_000_000
"""Bytes that must be free beside what a new vector index takes, for the database and its log; a
day of news takes a hundredth of it. A guess."""

TICK = timedelta(minutes=1)
"""By how much a clock that is set right may step back."""

SET_THE_CLOCK = "set the clock (timedatectl set-ntp true), then start the bot again"

OVERDUE = timedelta(days=1)
"""A feed that was to be read this long ago is read by nobody: the longest wait is half of it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: what was found, and what to do where it is not well.

    One that is `ok` and has an `advice` is a warning: it works, and should be otherwise.
    """

    ok: bool
    what: str
    advice: str = ""


def _now() -> datetime:
    return datetime.now(UTC)


def _free(folder: Path) -> int:
    return shutil.disk_usage(folder).free


def examine(
    engine: Engine,
    *,
    now: Callable[[], datetime] = _now,
    free: Callable[[Path], int] = _free,
) -> Iterator[Finding]:
    """Look at everything, in the order in which trouble spreads. `free` is in bytes."""
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
        "isnad rebuild" if missing else "",
    )
    yield from _unreadable(engine)
    for name, index in (("word", engine.caches.lexical), ("vector", engine.caches.vectors)):
        current = index.last_change == newest and index.size == counts["passages"]
        yield Finding(
            current,
            f"the {name} index holds {index.size} passages, up to change {index.last_change}"
            + ("" if current else f"; the archive has {counts['passages']}, up to {newest}"),
            "" if current else _catching_up(index.last_change != newest),
        )
    yield from glance(engine, now=now, free=free)
    yield _dead_feeds(engine)
    yield _model(engine)
    yield _reader(engine)


def glance(
    engine: Engine,
    *,
    now: Callable[[], datetime] = _now,
    free: Callable[[Path], int] = _free,
) -> Iterator[Finding]:
    """Look at what takes no time and no model: disk, clock, and whether anyone reads the feeds."""
    yield disk(engine.home, free)
    yield _clock(engine, now())
    yield _overdue_feeds(engine, now())


def changes_held(engine: Engine) -> tuple[int, int]:
    """Return up to which change both indexes are, here or on the disk, and the archive's newest.

    Another process may have brought those on the disk further; a question takes them in.
    """
    caches = engine.caches
    held = min(max(one.last_change, one.on_disk()) for one in (caches.lexical, caches.vectors))
    with engine.db.read() as connection:
        return held, store.last_change(connection)


def _catching_up(noticed: bool) -> str:
    """What to do about an index that does not hold what the archive does."""
    if noticed:
        return "starting the bot or asking anything brings it up to date; else isnad rebuild"
    return "isnad rebuild"


def _unreadable(engine: Engine) -> Iterator[Finding]:
    """The indexes whose files are damaged; opened by an engine, they are made again in silence."""
    model, dimension = engine.encoder.model_id, engine.encoder.dimension

    def open_both() -> None:
        VectorIndex(engine.home / "vectors.faiss", model=model, dimension=dimension)
        LexicalIndex(engine.home / "lexical")

    try:
        open_both()
    except CacheError:
        try:  # another process may have been saving it
            with locked(engine.home / LOCK, wait=True):
                open_both()
        except CacheError as error:
            yield Finding(False, str(error), "isnad rebuild")


def disk(home: Path, free: Callable[[Path], int] = _free) -> Finding:
    """Whether the vector index, which is written whole beside the old one, has room."""
    index, left = home / "vectors.faiss", free(home)
    needed = ROOM + (index.stat().st_size if index.exists() else 0)
    return Finding(
        left >= needed,
        f"{left / 1e6:,.0f} MB are free in {home}, {needed / 1e6:,.0f} MB are needed",
        "" if left >= needed else "make room on that disk, or move the home to a larger one",
    )


def _clock(engine: Engine, now: datetime) -> Finding:
    """Whether it is later than when the newest article came in; a clock ahead is not noticed."""
    with engine.db.read() as connection:
        newest = moments.newest_added(connection)
    behind = newest is not None and now + TICK < datetime.fromisoformat(newest)
    what = f"the clock says {stamp(now)}"
    if behind:
        return Finding(
            False,
            f"{what}, but an article came in at {newest}",
            SET_THE_CLOCK,
        )
    return Finding(True, what)


def _overdue_feeds(engine: Engine, now: datetime) -> Finding:
    """Whether what is followed is read at all."""
    limit = stamp(now - OVERDUE)
    feeds = engine.feeds.all()
    due = [feed.next_try for feed in feeds if feed.next_try is not None and feed.next_try < limit]
    if due:
        return Finding(
            False,
            f"{len(due)} of {len(feeds)} feeds were to be read since {min(due)} and were not",
            "run isnad bot (with ISNAD_FETCH on) or isnad fetch",
        )
    return Finding(True, f"{len(feeds)} feeds are read when they are due")


def _dead_feeds(engine: Engine) -> Finding:
    """The feeds that nothing comes from any more."""
    dead = [feed for feed in engine.feeds.all() if feed.state in ("dead", "gone")]
    if not dead:
        return Finding(True, "no feed is dead")
    named = "; ".join(f"{feed.id} {feed.url} ({feed.error or feed.state})" for feed in dead)
    return Finding(
        False,
        f"nothing comes from {len(dead)} feeds: {named}",
        "isnad feeds add with the site's address finds its new one; isnad feeds remove ID",
    )


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
