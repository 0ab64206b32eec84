"""Exact inner-product search over passage vectors, on FAISS. A cache: SQL holds the vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import faiss
import numpy as np

from index.files import read_manifest, write_atomically, write_json
from index.model import CacheError
from index.sharing import SharedLock

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

FORMAT = "1"

Scores = dict[int, float]
"""Cosines by passage id."""


class VectorIndex:
    """Passage vectors by passage id, in one file. One writer at a time: the caller holds the lock.

    Other threads may search at any time; changes wait for searches under way, since FAISS moves
    what these read.
    Vectors are of length one, so the inner product is the cosine. Raises `CacheError` where the
    file cannot be read; `erase` it and start anew.
    """

    def __init__(self, path: Path, *, model: str, dimension: int) -> None:
        self._path = path
        self._manifest = path.with_suffix(".json")
        self._identity = {"format": FORMAT, "model": model, "dimension": dimension}
        self.dimension = dimension
        self._lock = SharedLock()
        self.reload()

    def reload(self) -> None:
        """See what was last saved; start empty where nothing of this model was."""
        manifest = read_manifest(self._manifest, self._identity)
        if self._path.exists() and manifest:
            try:
                self._index = faiss.read_index(str(self._path))
            except (RuntimeError, MemoryError) as error:
                reason = str(error).rpartition("failed: ")[2]  # before it FAISS's own source code
                raise CacheError(f"the vector index cannot be read: {reason}") from error
            if self._index.d != self.dimension or self._index.ntotal != manifest.get("vectors"):
                raise CacheError("the vector index is not the one its manifest names")
            self.last_change = manifest.get("last_change", 0)
        else:
            self._index = faiss.IndexIDMap2(faiss.IndexFlatIP(self.dimension))
            self.last_change = 0

    def on_disk(self) -> int:
        """Return the last change that the file on disk holds."""
        return read_manifest(self._manifest, self._identity).get("last_change", 0)

    @property
    def size(self) -> int:
        """The number of passages in the index."""
        return int(self._index.ntotal)

    def ids(self) -> NDArray[np.int64]:
        """Return the ids of the passages in the index."""
        ids: NDArray[np.int64] = faiss.vector_to_array(
            self._index.id_map  # type: ignore[attr-defined]
        )
        return ids

    def apply(
        self, dropped: Sequence[int], ids: Sequence[int], vectors: NDArray[np.float32], *, upto: int
    ) -> None:
        """Forget the passages `dropped`, hold `vectors` (n, dimension) under `ids`; at `upto`."""
        gone = np.asarray([*dropped, *ids], dtype=np.int64)
        with self._lock.writing():
            if len(gone) and self._index.ntotal:
                self._index.remove_ids(faiss.IDSelectorBatch(gone))
            if len(ids):
                self._index.add_with_ids(
                    np.ascontiguousarray(vectors, dtype=np.float32), np.asarray(ids, dtype=np.int64)
                )
            self.last_change = upto

    def save(self) -> None:
        """Write the index, then the manifest that vouches for it."""
        write_atomically(self._path, lambda path: faiss.write_index(self._index, str(path)))
        manifest = {**self._identity, "vectors": self.size, "last_change": self.last_change}
        write_json(self._manifest, manifest)

    @staticmethod
    def erase(path: Path) -> None:
        """Delete an index's files, whatever state they are in."""
        path.with_suffix(".json").unlink(missing_ok=True)
        path.unlink(missing_ok=True)

    def search(
        self, query: NDArray[np.float32], limit: int, *, among: Sequence[int] | None = None
    ) -> Scores:
        """Return the cosine of the `limit` passages nearest to `query` (dimension,)."""
        if not limit or (among is not None and not among):
            return {}
        parameters = None
        if among is not None:
            selector = faiss.IDSelectorBatch(np.asarray(among, dtype=np.int64))
            parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        return self._nearest(query[None], limit, parameters)[0]

    def search_many(self, queries: Sequence[NDArray[np.float32]], limit: int) -> list[Scores]:
        """Return for each query what `search` does, from one pass over the vectors for all."""
        if not queries or not limit:
            return [{} for _ in queries]
        return self._nearest(np.stack(queries), limit)

    def scores(self, query: NDArray[np.float32], ids: Sequence[int]) -> Scores:
        """Return the cosine of those of `ids` that the index holds, without passing over all."""
        if not ids:
            return {}
        try:
            with self._lock.reading():
                vectors = self._index.reconstruct_batch(np.asarray(ids, dtype=np.int64))
        except RuntimeError:  # it lacks one of them
            return self.search(query, len(ids), among=ids)
        return dict(zip(ids, (vectors @ query).tolist(), strict=True))

    def _nearest(
        self,
        queries: NDArray[np.float32],
        limit: int,
        parameters: faiss.SearchParameters | None = None,
    ) -> list[Scores]:
        with self._lock.reading():
            if not (count := min(limit, self.size)):
                return [{} for _ in queries]
            scores, ids = self._index.search(queries.astype(np.float32), count, params=parameters)
        return [
            {id_: score for id_, score in zip(*found, strict=True) if id_ >= 0}
            for found in zip(ids.tolist(), scores.tolist(), strict=True)
        ]
