"""The two search indexes of a home, kept up with SQL through its log of changes.

Several processes may share a home: whoever writes the indexes holds a lock file, the others go on
with what they have and see the new state on disk afterwards.
"""

from __future__ import annotations

import logging
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

from index import store
from index.encoding import PassageEncoding
from index.files import locked
from index.lexical import LexicalIndex
from index.model import CacheError
from index.stories.service import Stories
from index.vectors import VectorIndex

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from index.db import Database
    from index.encoder import Encoder
    from index.progress import Progress, Step
    from index.store import PassageRow

log = logging.getLogger(__name__)

LOCK = "indexes.lock"

EMBED_BATCH = 1024
"""Passages embedded between two commits: what a kill can cost, some tens of seconds of work."""

INDEX_BATCH = 2000
"""Articles put into an index at a time."""


class Caches:
    """The word index and the vector index of one home, opened when first used."""

    def __init__(self, db: Database, home: Path, encoder: Encoder) -> None:
        self._db = db
        self._home = home
        self._encoder = encoder
        self._stories = Stories(db, encoder)
        self._mutex = threading.Lock()
        self._lexical: LexicalIndex | None = None
        self._vectors: VectorIndex | None = None

    @property
    def lexical(self) -> LexicalIndex:
        """The word index; one that cannot be read is made again."""
        if self._lexical is None:
            folder = self._home / "lexical"
            try:
                self._lexical = LexicalIndex(folder)
            except CacheError:
                with locked(self._home / LOCK, wait=True):
                    self._lexical = self._lexical_again(folder)
        return self._lexical

    @property
    def vectors(self) -> VectorIndex:
        """The vector index; one that cannot be read is made again."""
        if self._vectors is None:
            path = self._home / "vectors.faiss"
            model, dimension = self._encoder.model_id, self._encoder.dimension
            try:
                self._vectors = VectorIndex(path, model=model, dimension=dimension)
            except CacheError:
                # another process may just be saving it: look again when it is done
                with locked(self._home / LOCK, wait=True):
                    self._vectors = self._vectors_again(path, model, dimension)
        return self._vectors

    def _vectors_again(self, path: Path, model: str, dimension: int) -> VectorIndex:
        try:
            return VectorIndex(path, model=model, dimension=dimension)
        except CacheError as error:
            log.warning("%s; it is made again", error)
            VectorIndex.erase(path)
            return VectorIndex(path, model=model, dimension=dimension)

    def _lexical_again(self, folder: Path) -> LexicalIndex:
        try:
            return LexicalIndex(folder)
        except CacheError as error:
            log.warning("%s; it is made again", error)
            LexicalIndex.erase(folder)
            return LexicalIndex(folder)

    def erase(self) -> None:
        """Delete both indexes; the next use makes them again."""
        with self._mutex, locked(self._home / LOCK, wait=True):
            LexicalIndex.erase(self._home / "lexical")
            VectorIndex.erase(self._home / "vectors.faiss")
            self._lexical = self._vectors = None

    def catch_up(
        self, progress: Progress, *, wait: bool = True, at_most: int | None = None
    ) -> None:
        """Embed what has no vector, place what is in no story, bring both indexes up to date.

        Without `wait`, return at once where another thread or process is at it. With `at_most`,
        leave it to others where more passages than that would have to be embedded first.
        """
        held = {self.lexical.last_change, self.vectors.last_change}  # before SQL, which only grows
        with self._db.read() as connection:
            if held == {store.last_change(connection)}:
                return  # nothing lacks a vector either: indexes move on only after embedding
            if at_most is not None:
                missing = store.unembedded(connection, self._encoder.model_id)
                if len(missing) > at_most:
                    return
        with self._alone(wait=wait) as mine:
            if mine:
                self._reload()
                self._drop_those_ahead()
                self._catch_up(progress)

    @contextmanager
    def _alone(self, *, wait: bool) -> Iterator[bool]:
        """Hold the right to write the indexes, among threads and processes."""
        if not self._mutex.acquire(blocking=wait):
            yield False
            return
        try:
            with locked(self._home / LOCK, wait=wait) as mine:
                yield mine
        finally:
            self._mutex.release()

    def _reload(self) -> None:
        """Take what another process has written."""
        if self.lexical.on_disk() > self.lexical.last_change:
            self.lexical.reload()
        if self.vectors.on_disk() > self.vectors.last_change:
            try:
                self.vectors.reload()
            except CacheError as error:
                log.warning("%s; it is made again", error)
                VectorIndex.erase(self._home / "vectors.faiss")
                self._vectors = None

    def _drop_those_ahead(self) -> None:
        """Begin anew an index that knows more than SQL: an earlier database was put back."""
        with self._db.read() as connection:
            newest = store.last_change(connection)
        if self.lexical.last_change > newest:
            log.warning("the word index is ahead of the database; it is made again")
            LexicalIndex.erase(self._home / "lexical")
            self._lexical = None
        if self.vectors.last_change > newest:
            log.warning("the vector index is ahead of the database; it is made again")
            VectorIndex.erase(self._home / "vectors.faiss")
            self._vectors = None

    def _catch_up(self, progress: Progress) -> None:
        # The newest change is read before the passages: one that comes meanwhile is seen again
        # next time, which is harmless; the other way round it would be lost.
        with self._db.read() as connection:
            newest = store.last_change(connection)
            missing = store.unembedded(connection, self._encoder.model_id)
        if missing:
            self._embed(missing, progress)
        if self._stories.catch_up(progress):
            with self._db.read() as connection:
                if not store.unembedded(connection, self._encoder.model_id):
                    newest = store.last_change(connection)
        if self.lexical.last_change < newest:
            self._index_words(newest, progress)
        if self.vectors.last_change < newest:
            self._index_vectors(newest)

    def _embed(self, missing: Sequence[int], progress: Progress) -> None:
        with progress("embedding", len(missing)) as step:
            for first in range(0, len(missing), EMBED_BATCH):
                with self._db.read() as connection:
                    ids = missing[first : first + EMBED_BATCH]
                    rows = store.passage_rows(connection, ids=ids)
                blobs = embed(self._encoder, rows, on_batch=step)
                with self._db.write() as connection:
                    store.put_vectors(connection, self._encoder.model_id, blobs)

    def _index_words(self, newest: int, progress: Progress) -> None:
        since = self.lexical.last_change
        with self._db.read() as connection:
            changed = store.changed_articles(connection, since)
        with progress("indexing", len(changed)) as step:
            for first in range(0, len(changed), INDEX_BATCH):
                batch = changed[first : first + INDEX_BATCH]
                with self._db.read() as connection:
                    rows = store.passage_rows(connection, article_ids=batch)
                done = first + INDEX_BATCH >= len(changed)
                self.lexical.apply(batch, rows, upto=newest if done else since)
                step(len(batch))

    def _index_vectors(self, newest: int) -> None:
        since, dimension = self.vectors.last_change, self.vectors.dimension
        with self._db.read() as connection:
            changed = store.changed_articles(connection, since)
            current = np.asarray(store.passage_ids(connection), dtype=np.int64)
        gone = np.setdiff1d(self.vectors.ids(), current).tolist()
        # A vector is stored with its passage's words, ten times its size: not all at once.
        for first in range(0, max(len(changed), 1), INDEX_BATCH):
            with self._db.read() as connection:
                rows = store.passage_rows(
                    connection, article_ids=changed[first : first + INDEX_BATCH]
                )
                keys = [row.vector_key for row in rows]
                blobs = store.get_vectors(connection, self._encoder.model_id, keys)
            rows = [row for row in rows if row.vector_key in blobs]
            vectors = [
                PassageEncoding.from_bytes(blobs[row.vector_key], dimension).vector for row in rows
            ]
            self.vectors.apply(
                gone if not first else [],
                [row.id for row in rows],
                np.array(vectors, dtype=np.float32).reshape(-1, dimension),
                upto=newest if first + INDEX_BATCH >= len(changed) else since,
            )
        self.vectors.save()


def embed(
    encoder: Encoder, rows: Sequence[PassageRow], *, on_batch: Step | None = None
) -> dict[str, bytes]:
    """Return what the model makes of passages, as it is stored, by their vector keys.

    A passage is read under its article's title, without which much of the news is about nobody.
    """
    texts, units = [], []
    for row in rows:
        head = f"{row.article.title}\n"
        texts.append(head + row.text)
        units.append([(start + len(head), end + len(head)) for start, end in row.units])
    encodings = encoder.encode_passages(texts, units, on_batch=on_batch)
    return {row.vector_key: e.to_bytes() for row, e in zip(rows, encodings, strict=True)}
