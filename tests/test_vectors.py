"""The vector index: exact, kept up, and never believed when it is not whole."""

from __future__ import annotations

import json
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.model import CacheError
from index.vectors import VectorIndex

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DIMENSION = 16


def unit(count: int, seed: int = 0) -> np.ndarray:
    rows = np.random.default_rng(seed).standard_normal((count, DIMENSION))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "vectors.faiss"


def open_at(path: Path, *, model: str = "m", dimension: int = DIMENSION) -> VectorIndex:
    return VectorIndex(path, model=model, dimension=dimension)


def filled(path: Path, count: int = 30) -> VectorIndex:
    index = open_at(path)
    index.apply([], list(range(1, count + 1)), unit(count), upto=7)
    index.save()
    return index


@given(st.integers(0, 999), st.integers(1, 40), st.booleans())
@settings(max_examples=40, deadline=None)
def test_search_is_the_inner_product_with_every_vector(
    tmp_path_factory: pytest.TempPathFactory, seed: int, limit: int, chosen: bool
) -> None:
    """With and without a choice of passages."""
    vectors, query = unit(30, seed), unit(1, seed + 1)[0]
    index = open_at(tmp_path_factory.getbasetemp() / "none.faiss")
    ids = np.random.default_rng(seed).permutation(1000)[:30]
    index.apply([], ids.tolist(), vectors, upto=1)
    among = [*ids[::3].tolist(), 5000] if chosen else None
    cosines = dict(zip(ids.tolist(), (vectors @ query).tolist(), strict=True))
    best = sorted(
        (id_ for id_ in cosines if among is None or id_ in among), key=lambda id_: -cosines[id_]
    )[:limit]
    expected = pytest.approx({id_: cosines[id_] for id_ in best}, abs=1e-5)
    assert index.search(query, limit, among=among) == expected
    if among is None:
        assert index.search_many([-query, query], limit)[1] == expected
    for wanted in ([*ids[::3].tolist(), 5000], ids[::3].tolist()):  # it lacks one, or none
        known = {id_: cosines[id_] for id_ in wanted if id_ in cosines}
        assert index.scores(query, wanted) == pytest.approx(known, abs=1e-5)


def test_nothing_to_find(path: Path) -> None:
    """In an empty index, among none, among unknown ones, or by a limit of none."""
    query = unit(1)[0]
    assert open_at(path).search(query, 5) == {}
    index = filled(path)
    assert index.search(query, 0) == index.search(query, 5, among=[]) == {}
    assert index.search(query, 5, among=[999]) == {}


@given(
    st.lists(
        st.tuples(
            st.lists(st.integers(1, 9), unique=True), st.lists(st.integers(1, 9), unique=True)
        ),
        max_size=8,
    )
)
@settings(max_examples=50, deadline=None)
def test_an_index_kept_up_holds_what_a_new_one_would(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[list[int], list[int]]]
) -> None:
    """However often passages are dropped, put in, or put in again with another vector."""
    index = open_at(tmp_path_factory.getbasetemp() / "none.faiss")
    expected: dict[int, np.ndarray] = {}
    for change, (dropped, put) in enumerate(edits, 1):
        vectors = unit(len(put), change)
        index.apply(dropped, put, vectors, upto=change)
        for id_ in dropped:
            expected.pop(id_, None)
        expected.update(zip(put, vectors, strict=True))
    assert sorted(index.ids().tolist()) == sorted(expected)
    assert index.size == len(expected)
    assert index.last_change == len(edits)
    for id_, vector in expected.items():
        assert index.search(vector, 9)[id_] == pytest.approx(1, abs=1e-5)


def test_what_was_saved_is_there_when_opened_again(path: Path) -> None:
    """With the change it is up to, and nothing else beside it."""
    filled(path)
    again = open_at(path)
    assert (again.size, again.last_change, again.on_disk()) == (30, 7, 7)
    assert again.search(unit(30)[3], 1) == pytest.approx({4: 1.0}, abs=1e-5)
    assert {file.name for file in path.parent.iterdir()} == {"vectors.faiss", "vectors.json"}


def test_another_opening_sees_it_after_a_reload(path: Path) -> None:
    """As another process would."""
    writer = filled(path)
    reader = open_at(path)
    writer.apply([1], [50], unit(1, 9), upto=8)
    writer.save()
    assert (reader.on_disk(), reader.last_change) == (8, 7)
    reader.reload()
    assert reader.last_change == 8
    assert 50 in reader.ids()
    assert 1 not in reader.ids()


@pytest.mark.parametrize(
    "other",
    [{"model": "other"}, {"dimension": 8}],
)
def test_vectors_of_another_model_are_not_believed(path: Path, other: dict[str, object]) -> None:
    """The index begins empty and is written over."""
    filled(path)
    index = open_at(path, **other)  # type: ignore[arg-type]
    assert (index.size, index.last_change, index.on_disk()) == (0, 0, 0)


@pytest.mark.parametrize("manifest", [None, "", "{", "{}", "null", "[]"])
def test_an_index_without_its_manifest_is_not_believed(path: Path, manifest: str | None) -> None:
    """A crash before the manifest leaves a file that nobody vouches for."""
    filled(path)
    written = path.with_suffix(".json")
    written.unlink() if manifest is None else written.write_text(manifest)
    assert (open_at(path).size, open_at(path).last_change) == (0, 0)


def test_a_crash_between_index_and_manifest_is_noticed(path: Path) -> None:
    """The new file does not hold as many as the old manifest says."""
    index = filled(path)
    before = path.with_suffix(".json").read_text()
    index.apply([], [31], unit(1, 9), upto=8)
    index.save()
    path.with_suffix(".json").write_text(before)
    with pytest.raises(CacheError, match="manifest"):
        open_at(path)


def test_a_crash_that_kept_the_count_is_done_again_without_harm(path: Path) -> None:
    """The old manifest says from which change to go on, and going on replaces."""
    index = filled(path)
    before = path.with_suffix(".json").read_text()
    index.apply([1], [31], unit(1, 9), upto=8)
    index.save()
    path.with_suffix(".json").write_text(before)
    again = open_at(path)
    assert again.last_change == 7
    again.apply([1], [31], unit(1, 9), upto=8)
    assert again.size == 30
    assert again.search(unit(1, 9)[0], 1) == pytest.approx({31: 1.0}, abs=1e-5)


@pytest.mark.parametrize("length", [0, 1, 50, 500])
def test_half_a_file_is_a_cache_error(path: Path, length: int) -> None:
    """Which says that making it again is safe."""
    filled(path)
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(CacheError, match="vector index"):
        open_at(path)
    VectorIndex.erase(path)
    assert open_at(path).size == 0


def test_garbage_is_a_cache_error(path: Path) -> None:
    """Not a traceback from the library."""
    filled(path)
    path.write_bytes(b"garbage" * 100)
    with pytest.raises(CacheError, match="cannot be read"):
        open_at(path)


@pytest.mark.parametrize("damage", [[1], 3, "x", {"last_change": None}, {"last_change": "x"}])
def test_a_manifest_of_another_shape_is_a_cache_error(path: Path, damage: object) -> None:
    """Nothing that stands in a cache's file may end the program."""
    filled(path)
    manifest = path.with_suffix(".json")
    if isinstance(damage, dict):
        damage = {**json.loads(manifest.read_text()), **damage}
    manifest.write_text(json.dumps(damage))
    try:
        assert open_at(path).size == 0
    except CacheError:
        return


def test_a_failed_save_leaves_the_earlier_files(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk may be full."""
    index = filled(path)
    index.apply([], [31], unit(1, 9), upto=8)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("index.files.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        index.save()
    monkeypatch.undo()
    assert (open_at(path).size, open_at(path).last_change) == (30, 7)
    assert len(list(path.parent.iterdir())) == 2


def test_erasing_what_is_not_there(path: Path) -> None:
    """Is no error."""
    VectorIndex.erase(path)


class Slow:
    """A FAISS index whose searches take until they are let go on."""

    def __init__(self, index: VectorIndex) -> None:
        self._whole = index._index
        self.begun, self.let_go = Event(), Event()
        self.done: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._whole, name)

    def add_with_ids(self, *given: Any) -> None:
        self.done.append("added")
        self._whole.add_with_ids(*given)

    def search(self, *given: Any, **more: Any) -> Any:
        return self._slowly("searched", self._whole.search, *given, **more)

    def reconstruct_batch(self, *given: Any) -> Any:
        return self._slowly("scored", self._whole.reconstruct_batch, *given)

    def _slowly(self, name: str, work: Callable[..., Any], *given: Any, **more: Any) -> Any:
        self.begun.set()
        assert self.let_go.wait(30)
        self.done.append(name)
        return work(*given, **more)


@pytest.mark.parametrize("way", ["searched", "scored"])
def test_a_change_waits_for_a_search_under_way(path: Path, way: str) -> None:
    """FAISS moves its vectors and ids: a search in another thread would read freed memory."""
    index = filled(path)
    slow = index._index = Slow(index)
    query = unit(1)[0]
    look = {"searched": lambda: index.search(query, 3), "scored": lambda: index.scores(query, [1])}
    search = Thread(target=look[way], daemon=True)
    search.start()
    assert slow.begun.wait(30)
    change = Thread(target=lambda: index.apply([2], [99], unit(1), upto=8), daemon=True)
    change.start()
    change.join(0.1)  # as long as it would take if it did not wait
    slow.let_go.set()
    for thread in (search, change):
        thread.join(30)
    assert slow.done == [way, "added"]
