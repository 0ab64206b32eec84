"""Topics over an archive: previews, sources, what is ordinary, what is quoted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from archive import ARTICLES, MATCH, MUSEUM, STORM, add, check, item, long_item

from index import store
from index.topics import service
from index.topics.matcher import Background
from index.topics.score import WIDTHS

if TYPE_CHECKING:
    from pathlib import Path

    from fake_embedder import HashEmbedder

    from index.engine import Engine

pytestmark = pytest.mark.usefixtures("lenient")


def test_a_preview_shows_what_would_have_come(engine: Engine, tmp_path: Path) -> None:
    """Each with the sentence that tells most, exactly."""
    add(engine, tmp_path, *ARTICLES)
    found = engine.topics.preview("متحف الفلك")
    assert [match.article.title for match in found] == [MUSEUM["title"]]
    check(engine, [found[0].quote])
    assert found[0].quote.text == MUSEUM["text"].split("\n")[0]
    assert found[0].score == found[0].quote.score >= WIDTHS[0]


def test_a_preview_is_what_the_alert_would_be(engine: Engine, tmp_path: Path) -> None:
    """The same articles with the same scores."""
    add(engine, tmp_path, *ARTICLES)
    texts = ["متحف الفلك", "ميناء الصدف", "نجوم الوادي", "كأس الجبل"]
    index = engine.topics.index()
    engine.topics.put(index, {text: engine.topics.encode(text) for text in texts})
    alerts = {}
    for ref in engine.articles():
        reading = engine.topics.read(ref.id)
        assert reading is not None
        for text, match in engine.topics.matches(index, reading):
            alerts[text, ref.id] = match
    previews = {
        (text, match.article.id): match for text in texts for match in engine.topics.preview(text)
    }
    assert previews == alerts
    assert len(previews) >= 4


def test_a_preview_keeps_to_its_period(engine: Engine, tmp_path: Path) -> None:
    """From the first instant up to before the last."""
    add(engine, tmp_path, MUSEUM, STORM)
    topics = engine.topics
    assert topics.preview("متحف الفلك", since="2023-03-16T00:00:00+00:00")
    assert not topics.preview("متحف الفلك", since="2023-03-17T00:00:00+00:00")
    assert not topics.preview("متحف الفلك", until="2023-03-16T00:00:00+00:00")


def test_a_name_is_found_in_another_spelling(engine: Engine, tmp_path: Path) -> None:
    """As newspapers spell what comes from abroad."""
    news = item("لافرنتيف يزور المرصد", "زار المبعوث لافرنتيف مرصد القمرية صباح الاثنين.")
    add(engine, tmp_path, news, *ARTICLES)
    assert [match.article.title for match in engine.topics.preview("لافرنتييف")] == [news["title"]]


def test_an_article_that_is_not_embedded_cannot_be_read_yet(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As while it is being added."""
    monkeypatch.setattr(engine, "sync", lambda *_: None)
    add(engine, tmp_path, MUSEUM)
    assert engine.topics.read(1) is None


def test_a_reprint_has_nothing_to_match(engine: Engine, tmp_path: Path) -> None:
    """Its passages are the original's."""
    add(engine, tmp_path, MUSEUM, MUSEUM | {"url": "https://b.example/1", "source": "مرآة"})
    reading = engine.topics.read(2)
    assert reading is not None
    assert not reading.page.sentences
    assert engine.topics.matches(engine.topics.index(), reading) == []


def test_a_source_is_known_by_what_it_calls_itself(engine: Engine, tmp_path: Path) -> None:
    """With or without its sort, and what is said around it; not as a part of something else."""
    add(engine, tmp_path, *ARTICLES)
    topics = engine.topics
    assert topics.sources() == ["صدى القمرية", "وكالة الساحل"]
    for text in ("وكالة الساحل", "أخبار الساحل", "آخر أخبار وكالة الساحل"):
        assert topics.source(text) == "وكالة الساحل"
    for text in ("تلوث الساحل", "الساحل والجبل", "القمر", "أخبار", ""):
        assert topics.source(text) is None


def test_an_embedding_is_kept_small_and_names_its_model(
    engine: Engine, embedder: HashEmbedder
) -> None:
    """Two bytes a number."""
    assert len(engine.topics.encode("متحف")) == 2 * embedder.dimension
    assert engine.topics.model == engine.encoder.model_id


def test_what_is_ordinary_is_learnt_as_the_archive_grows(engine: Engine, tmp_path: Path) -> None:
    """Looked at anew when it has doubled, not with every article."""
    ordinary = engine.topics._ordinary
    first = ordinary()
    add(engine, tmp_path, MUSEUM)
    grown = ordinary()
    assert grown is not first
    add(engine, tmp_path, STORM)
    assert ordinary() is grown
    add(engine, tmp_path, MATCH, long_item(40))
    assert ordinary() is not grown


def test_a_large_archive_is_sampled_evenly(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No more passages than that are read."""
    monkeypatch.setattr(service, "SAMPLE", 3)
    add(engine, tmp_path, *ARTICLES, long_item(40))
    with engine.db.read() as connection:
        count = len(store.passage_ids(connection))
    assert count > 6
    assert 2 <= len(engine.topics._sample()) <= 3


def test_the_mean_and_deviation_are_those_of_the_cosines() -> None:
    """Without computing each."""
    vectors = np.random.default_rng(1).standard_normal((50, 8)).astype(np.float32)
    topic = vectors[0] / np.linalg.norm(vectors[0])
    cosines = vectors @ topic
    mean, deviation = Background.of(vectors).norms(topic)
    assert np.allclose([mean, deviation], [cosines.mean(), cosines.std()], atol=1e-4)
