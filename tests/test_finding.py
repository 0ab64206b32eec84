"""Several questions at once: each gets the answer that it would get alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from archive import ARTICLES, add
from fake_reader import FakeReader
from threadpoolctl import threadpool_info

from bot.demo import fill
from index.engine import Engine, open_engine

if TYPE_CHECKING:
    from pathlib import Path

    from index.model import Answer

QUESTIONS = (
    "من وزيرة الثقافة التي افتتحت متحف الفلك في بلدة القمرية؟",
    "؟؟؟",
    "كم بلغت سرعة الرياح؟",
    "بحسب مصدر لا نعرفه، متى كان ذلك؟",
    "كم بلغت سرعة الرياح؟",
)


@pytest.fixture
def archive(engine: Engine, tmp_path: Path) -> Engine:
    add(engine, tmp_path, *ARTICLES)
    engine.reader = FakeReader({QUESTIONS[0]: "ثلاث قاعات"})
    return engine


def untimed(answer: Answer) -> Answer:
    return replace(answer, took_ms=0.0)


@pytest.mark.usefixtures("sure")
def test_many_are_answered_as_each_alone(archive: Engine) -> None:
    """In their order, whatever stands beside them: a repeated one, one without a word."""
    alone = [archive.ask(question) for question in QUESTIONS]
    assert any(answer.answered for answer in alone)
    together = archive.ask_many(QUESTIONS)
    assert [untimed(a) for a in together] == [untimed(a) for a in alone]
    assert archive.ask_many([]) == []


@pytest.mark.usefixtures("sure")
def test_a_question_asked_again_is_remembered_until_the_archive_changes(
    archive: Engine, tmp_path: Path
) -> None:
    """The models do not read for it; but another number of quotes is another question."""
    [first] = archive.ask_many(QUESTIONS[:1])
    assert isinstance(archive.reader, FakeReader)
    archive.reader.pages.clear()
    assert untimed(archive.ask_many(QUESTIONS[:1])[0]) == untimed(first)
    assert not archive.reader.pages
    archive.ask_many(QUESTIONS[:1], limit=1)
    assert archive.reader.pages
    archive.reader.pages.clear()
    archive.remove(first.quotes[0].article.id)
    [again] = archive.ask_many(QUESTIONS[:1])
    assert archive.reader.pages
    assert first.quotes[0].article not in [quote.article for quote in again.quotes]


@pytest.mark.model
@pytest.mark.parametrize("reader", [True, False])
def test_the_models_read_many_as_they_read_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reader: bool
) -> None:
    """The sample archive: the same quotes, as sure to three places (bfloat16 rounds)."""
    if not reader:
        monkeypatch.setenv("ISNAD_READER", "off")
    with open_engine(tmp_path) as engine:
        fill(engine)
        asked = [f"متى {ref.title}؟" for ref in engine.articles()[:10]]
        alone = [engine.ask(question) for question in asked]
        together = engine.ask_many(asked)
    blas = [lib["num_threads"] for lib in threadpool_info() if lib["user_api"] == "blas"]
    assert set(blas) == {1}  # they would fight over the cores with the models'
    for one, other in zip(alone, together, strict=True):
        assert [(q.article, q.start, q.end) for q in one.quotes] == [
            (q.article, q.start, q.end) for q in other.quotes
        ]
        assert one.confidence == pytest.approx(other.confidence, abs=0.02)
