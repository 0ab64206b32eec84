"""The one door to the archive: `open_engine(...)` gives an `Engine`.

SQL is the truth. The engine keeps two caches beside it, the word index and the vector index, and
brings them up to date from the log of changes; whatever happens to them, they can be made again.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from index import answer, ingest, questions, search, store
from index.dates import sort_key
from index.db import Database
from index.embed import load_embedder
from index.encoder import Encoder
from index.encoding import PassageEncoding
from index.files import locked
from index.lexical import LexicalIndex
from index.model import AddReport, Answer, Article, ArticleRef, CacheError, InputError, StoreError
from index.progress import Progress, Step, counted, silent
from index.settings import Settings, load_settings
from index.vectors import VectorIndex

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path
    from types import TracebackType

    from numpy.typing import NDArray

    from index.embed import Embedder
    from index.store import PassageRow

log = logging.getLogger(__name__)

EMBED_BATCH = 1024
"""Passages embedded between two commits: what a kill can cost, some tens of seconds of work."""

RETRIEVED = 12
"""Passages fetched for a question; the first `answer.PASSAGES` are read sentence by sentence."""

INDEX_BATCH = 2000
"""Articles put into the word index between two commits."""


@dataclass(frozen=True, slots=True)
class Found:
    """A question as understood, the passages retrieved, and their sentences; each best first."""

    question: questions.Question
    hits: tuple[search.Hit, ...]
    candidates: tuple[answer.Candidate, ...]


class Engine:
    """An open archive. Safe to use from several threads; several processes may share a home."""

    def __init__(
        self, settings: Settings, embedder: Embedder, *, progress: Progress = silent
    ) -> None:
        home = settings.home
        try:
            home.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"the home {home} cannot be made: {error.strerror}") from error
        self.home = home
        self.db = Database(settings.database_url or f"sqlite:///{home / 'isnad.db'}")
        self.encoder = Encoder(embedder)
        self._lock_file = home / "indexes.lock"
        self._mutex = threading.Lock()
        self.lexical = self._open_lexical()
        self.vectors = self._open_vectors()
        self.refresh(progress)

    def __enter__(self) -> Engine:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def load(self) -> None:
        """Load the model now rather than with the first question. Raises `ModelError`."""
        self.encoder.load()

    def close(self) -> None:
        """Close the database. What was stored stays."""
        self.db.close()

    # --- feeding --------------------------------------------------------------------------------

    def add(
        self,
        inputs: Iterable[str],
        *,
        source: str | None = None,
        format: str = "auto",  # noqa: A002  the contract's word
        progress: Progress = silent,
    ) -> AddReport:
        """Add files, addresses or standard input (`-`); bad ones are named in the report.

        Adding what is there changes nothing. After a kill, adding again resumes.
        """
        inputs = list(inputs)
        with progress("reading", len(inputs)) as step:
            report = ingest.add(
                self.db, inputs, source=source, format=format, on_input=lambda _: step(1)
            )
        self.sync(progress)
        return report

    def remove(self, article: int) -> None:
        """Delete an article and all that was made of it. Raises `NotFoundError`."""
        ingest.remove(self.db, article)
        self.sync()

    def rebuild(self, progress: Progress = silent) -> None:
        """Cut every article anew and make both indexes again from SQL.

        Vectors of passages that come out the same are kept.
        """
        ingest.rechunk(self.db)
        with self._mutex, locked(self._lock_file, wait=True):
            self.lexical = self._open_lexical(afresh=True)
            self.vectors = self._open_vectors(afresh=True)
        self.sync(progress)
        with self.db.write() as connection:
            store.drop_unused_vectors(connection)

    # --- asking ---------------------------------------------------------------------------------

    def ask(
        self,
        question: str,
        *,
        limit: int = 3,
        since: str | None = None,
        until: str | None = None,
        source: str | None = None,
    ) -> Answer:
        """Return quotes that answer, or none and the nearest articles.

        `since` and `until` are dates, both inclusive. Raises `InputError` where one is no date.
        """
        started = time.perf_counter()
        found = self.find(question, among=self._among(since, until, source))
        with self.db.read() as connection:
            articles = list({c.hit.row.article.id for c in found.candidates})
            reprints = store.reprints(connection, articles)
        said = answer.compose(found.question, found.candidates, limit=limit, reprints=reprints)
        return replace(said, took_ms=round(1000 * (time.perf_counter() - started), 1))

    def find(self, question: str, *, among: Sequence[int] | None = None) -> Found:
        """Return what is considered before deciding; only `among` these passages, where given."""
        self.refresh()
        asked = questions.parse(question)
        if not asked.words or (among is not None and not among):
            return Found(asked, (), ())
        query = self.encoder.encode_query(asked.wording)
        terms = self.lexical.expand(asked.words)
        hits = search.search(
            self.db,
            self.lexical,
            self.vectors,
            terms=terms,
            query=query,
            model=self.encoder.model_id,
            limit=RETRIEVED,
            among=among,
        )
        ranked = answer.rank(asked, terms, query, hits[: answer.PASSAGES])
        return Found(asked, tuple(hits), tuple(ranked))

    # --- reading --------------------------------------------------------------------------------

    def articles(self) -> list[ArticleRef]:
        """Return every article as it is cited, oldest first."""
        with self.db.read() as connection:
            return store.refs(connection)

    def article(self, article: int) -> Article:
        """Return an article whole. Raises `NotFoundError`."""
        with self.db.read() as connection:
            return store.article(connection, article)

    # --- the caches -----------------------------------------------------------------------------

    def refresh(self, progress: Progress = silent) -> None:
        """See what other processes have added, without waiting for one that is adding."""
        with self.db.read() as connection:
            newest = store.last_change(connection)
        if min(self.lexical.last_change, self.vectors.last_change) < newest:
            self._catch_up(progress, wait=False)

    def sync(self, progress: Progress = silent) -> None:
        """Embed what has no vector yet and bring both indexes up to date with SQL."""
        self._catch_up(progress, wait=True)

    def _catch_up(self, progress: Progress, *, wait: bool) -> None:
        with self._mutex, locked(self._lock_file, wait=wait) as mine:
            if not mine:
                return
            if self.lexical.on_disk() > self.lexical.last_change:
                self.lexical.reload()
            if self.vectors.on_disk() > self.vectors.last_change:
                self.vectors.reload()
            # The newest change is read before the passages: one that comes meanwhile is seen
            # again next time, which is harmless; the other way round it would be lost.
            with self.db.read() as connection:
                newest = store.last_change(connection)
            self._embed(progress)
            self._index_words(newest, progress)
            self._index_vectors(newest)

    def _embed(self, progress: Progress) -> None:
        model = self.encoder.model_id
        with self.db.read() as connection:
            missing = store.unembedded(connection, model)
        if not missing:
            return
        with progress("embedding", len(missing)) as step:
            for first in range(0, len(missing), EMBED_BATCH):
                with self.db.read() as connection:
                    rows = store.passage_rows(connection, ids=missing[first : first + EMBED_BATCH])
                blobs = self.encode(rows, on_batch=step)
                with self.db.write() as connection:
                    store.put_vectors(connection, model, blobs)

    def encode(
        self, rows: Sequence[PassageRow], *, on_batch: Step | None = None
    ) -> dict[str, bytes]:
        """Return what the model makes of passages, as it is stored, by their vector keys."""
        read = [_as_read(row.article.title, row.text, row.units) for row in rows]
        encodings = self.encoder.encode_passages(
            [text for text, _ in read], [units for _, units in read], on_batch=on_batch
        )
        return {
            row.vector_key: encoding.to_bytes()
            for row, encoding in zip(rows, encodings, strict=True)
        }

    def passage_vector(self, blob: bytes) -> NDArray[np.float32]:
        """Return the vector (dimension,) of a stored encoding."""
        return PassageEncoding.from_bytes(blob, self.encoder.dimension).vector

    def _index_words(self, newest: int, progress: Progress) -> None:
        since = self.lexical.last_change
        if since >= newest:
            return
        with self.db.read() as connection:
            changed = store.changed_articles(connection, since)
        with progress("indexing", len(changed)) as step:
            for first in range(0, len(changed), INDEX_BATCH):
                batch = changed[first : first + INDEX_BATCH]
                with self.db.read() as connection:
                    rows = store.passage_rows(connection, article_ids=batch)
                done = first + INDEX_BATCH >= len(changed)
                self.lexical.apply(batch, rows, upto=newest if done else since)
                step(len(batch))

    def _index_vectors(self, newest: int) -> None:
        since = self.vectors.last_change
        if since >= newest:
            return
        with self.db.read() as connection:
            changed = store.changed_articles(connection, since)
            rows = store.passage_rows(connection, article_ids=changed)
            keys = [row.vector_key for row in rows]
            blobs = store.get_vectors(connection, self.encoder.model_id, keys)
            current = store.passage_ids(connection)
        rows = [row for row in rows if row.vector_key in blobs]
        dropped = np.setdiff1d(self.vectors.ids(), np.asarray(current, dtype=np.int64))
        vectors = [self.passage_vector(blobs[row.vector_key]) for row in rows]
        matrix = np.array(vectors, dtype=np.float32).reshape(-1, self.encoder.dimension)
        self.vectors.apply(dropped.tolist(), [row.id for row in rows], matrix, upto=newest)
        self.vectors.save()

    def _open_lexical(self, *, afresh: bool = False) -> LexicalIndex:
        folder = self.home / "lexical"
        try:
            if not afresh:
                return LexicalIndex(folder)
        except CacheError as error:
            log.warning("%s; it is made again", error)
        LexicalIndex.erase(folder)
        return LexicalIndex(folder)

    def _open_vectors(self, *, afresh: bool = False) -> VectorIndex:
        path = self.home / "vectors.faiss"
        model, dimension = self.encoder.model_id, self.encoder.dimension
        try:
            if not afresh:
                return VectorIndex(path, model=model, dimension=dimension)
        except CacheError as error:
            log.warning("%s; it is made again", error)
        VectorIndex.erase(path)
        return VectorIndex(path, model=model, dimension=dimension)

    def _among(
        self, since: str | None, until: str | None, source: str | None
    ) -> Sequence[int] | None:
        if since is None and until is None and source is None:
            return None
        with self.db.read() as connection:
            return store.matching(
                connection,
                since=_instant("since", since),
                until=_instant("until", until, end=True),
                source=source,
            )


def open_engine(
    home: str | Path | None = None,
    *,
    settings: Settings | None = None,
    embedder: Embedder | None = None,
    progress: Progress = silent,
) -> Engine:
    """Open the archive in `home` (the default one where None), making it where there is none.

    Raises `SettingsError`, `ModelError`, `StoreError`, `SchemaError`.
    """
    settings = settings or load_settings(home)
    return Engine(settings, embedder or embedder_of(settings, progress), progress=progress)


def embedder_of(settings: Settings, progress: Progress = silent) -> Embedder:
    """Return the embedding model of the settings, not yet loaded. Raises `ModelError`."""
    return load_embedder(
        settings.model,
        settings.cache,
        threads=settings.threads,
        progress=counted(progress, "converting the model"),
    )


def _as_read(
    title: str, text: str, units: Sequence[tuple[int, int]]
) -> tuple[str, list[tuple[int, int]]]:
    """What the model reads of a passage: under its article's title, with the units moved along."""
    head = f"{title}\n"
    return head + text, [(start + len(head), end + len(head)) for start, end in units]


def _instant(name: str, day: str | None, *, end: bool = False) -> str | None:
    if day is None:
        return None
    key = sort_key(day)
    if key is None:
        raise InputError(f"--{name}", f"{day!r} is not a date like 2023-03-16")
    if end and "T" not in day:  # the whole of that day
        key = (datetime.fromisoformat(key) + timedelta(days=1)).isoformat()
    return key
