"""Hybrid retrieval: two scores made one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from archive import ARTICLES, add, long_item
from hypothesis import given
from hypothesis import strategies as st

from index.arabic import tokens
from index.search import Wanted, mix, search, zscores

if TYPE_CHECKING:
    from pathlib import Path

    from index.engine import Engine
    from index.search import Hit

scores = st.dictionaries(st.integers(1, 20), st.integers(-50, 50).map(float), max_size=12)


def order(mixed: dict[int, float]) -> list[int]:
    return sorted(mixed, key=lambda id_: (-round(mixed[id_], 6), id_))


@given(scores, scores)
def test_everything_found_by_either_side_is_in_the_mix(
    lexical: dict[int, float], dense: dict[int, float]
) -> None:
    """And nothing else."""
    assert mix(lexical, dense).keys() == lexical.keys() | dense.keys()


@given(scores, scores, st.integers(1, 9), st.integers(1, 9))
def test_the_scale_of_a_side_does_not_count(
    lexical: dict[int, float], dense: dict[int, float], a: int, b: int
) -> None:
    """BM25 has no upper end, a cosine does."""
    scaled = mix({k: a * v for k, v in lexical.items()}, {k: b * v for k, v in dense.items()})
    assert scaled == pytest.approx(mix(lexical, dense), abs=1e-6)


@given(st.lists(st.integers(-50, 50).map(float), min_size=2, max_size=9), st.integers(-9, 9))
def test_nor_does_its_zero_where_both_know_all(values: list[float], shift: int) -> None:
    """Only differences do."""
    known = dict(enumerate(values))
    moved = {id_: value + shift for id_, value in known.items()}
    assert mix(known, moved) == pytest.approx(mix(known, known), abs=1e-6)


@given(scores, scores)
def test_the_order_of_finding_does_not_count(
    lexical: dict[int, float], dense: dict[int, float]
) -> None:
    """The mix is of scores, not of ranks."""
    turned = mix(dict(reversed(lexical.items())), dict(reversed(dense.items())))
    assert turned == mix(lexical, dense)


@given(scores)
def test_a_side_that_finds_nothing_leaves_the_other_its_order(known: dict[int, float]) -> None:
    """Either side alone still ranks."""
    expected = order(known)
    assert order(mix(known, {})) == expected
    assert order(mix({}, known)) == expected


def test_all_the_weight_on_one_side() -> None:
    """The mix is convex."""
    lexical, dense = {1: 3.0, 2: 1.0, 3: 2.0}, {1: 0.1, 2: 0.9, 3: 0.5}
    assert order(mix(lexical, dense, weight=1)) == [1, 3, 2]
    assert order(mix(lexical, dense, weight=0)) == [2, 3, 1]
    assert mix({}, {}) == {}


@given(st.lists(st.floats(-1e6, 1e6), max_size=20))
def test_zscores_have_no_mean_and_unit_variance(values: list[float]) -> None:
    """Or are all zero, where the values are equal."""
    found = zscores(values)
    assert len(found) == len(values)
    if len(values) and found.any():
        assert found.mean() == pytest.approx(0, abs=1e-3)
        assert found.std() == pytest.approx(1, abs=1e-3)


def test_equal_values_are_zeros() -> None:
    """There is nothing to choose by."""
    assert zscores([]).tolist() == []
    assert zscores([3.0, 3.0]).tolist() == [0, 0]


def test_columns_of_a_matrix_are_scored_each_for_itself() -> None:
    """One that is equal throughout does not disturb the others."""
    table = [[1.0, 5.0, 9.0], [2.0, 5.0, 0.0], [6.0, 5.0, 3.0]]
    columns = [zscores(column) for column in zip(*table, strict=True)]
    assert np.allclose(zscores(table), np.array(columns).T)


# --- over an archive ----------------------------------------------------------------------------


@pytest.fixture
def archive(engine: Engine, tmp_path: Path) -> Engine:
    add(engine, tmp_path, *ARTICLES, long_item(24))
    return engine


def hits(
    engine: Engine, question: str, *, limit: int = 5, among: list[int] | None = None
) -> list[Hit]:
    lexical = engine.caches.lexical
    terms = lexical.expand(tokens(question))
    wanted = Wanted(terms, engine.encoder.encode_query(question), among)
    model = engine.encoder.model_id
    [found] = search(engine.db, lexical, engine.caches.vectors, [wanted], model=model, limit=limit)
    return found


def test_the_passage_that_has_the_words_comes_first(archive: Engine) -> None:
    """With the scores of both sides."""
    found = hits(archive, "سرعة رياح العاصفة الرملية")
    assert found[0].row.article.title.startswith("عاصفة")
    assert found[0].lexical > 0
    assert found[0].dense > found[-1].dense
    assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)


def test_dense_scores_are_cosines_for_every_hit(archive: Engine) -> None:
    """Also of those that only the words found: the mix compares like with like."""
    question = "ترميم الجسر"
    query = archive.encoder.encode_query(question).vector
    for hit in hits(archive, question, limit=20):
        assert hit.dense == pytest.approx(float(hit.encoding.vector @ query), abs=2e-3)


def test_no_more_than_asked_for_and_no_other_than_chosen(archive: Engine) -> None:
    """By limit and by ids."""
    every = hits(archive, "المرحلة", limit=50)
    assert len(hits(archive, "المرحلة", limit=2)) == 2
    among = [hit.row.id for hit in every][1::2]
    assert {hit.row.id for hit in hits(archive, "المرحلة", limit=50, among=among)} == set(among)


def test_a_passage_that_sql_no_longer_has_is_no_hit(archive: Engine) -> None:
    """The indexes may be behind."""
    first = hits(archive, "العاصفة الرملية")[0].row
    with archive.db.write() as connection:
        connection.exec_driver_sql(f"DELETE FROM passages WHERE id = {first.id}")
    assert first.id not in [hit.row.id for hit in hits(archive, "العاصفة الرملية", limit=50)]


def test_many_are_looked_up_as_each_alone(archive: Engine) -> None:
    """The same passages with the same scores, also where only some may be found."""
    lexical, model = archive.caches.lexical, archive.encoder.model_id
    every = [hit.row.id for hit in hits(archive, "المرحلة", limit=50)]
    asked = [("سرعة رياح العاصفة", None), ("المرحلة", every[::2]), ("xyz", None), ("المرحلة", [])]
    wanted = [
        Wanted(lexical.expand(tokens(text)), archive.encoder.encode_query(text), among)
        for text, among in asked
    ]
    found = search(archive.db, lexical, archive.caches.vectors, wanted, model=model, limit=5)
    for (text, among), together in zip(asked, found, strict=True):
        alone = hits(archive, text, among=among)
        assert [hit.row for hit in together] == [hit.row for hit in alone]
        for one, other in zip(together, alone, strict=True):
            assert one.score == pytest.approx(other.score, abs=1e-5)


def test_a_question_without_known_words_is_found_by_meaning(archive: Engine) -> None:
    """There is always a nearest passage."""
    assert len(hits(archive, "xyz")) == 5
    assert np.isfinite([hit.score for hit in hits(archive, "xyz")]).all()
