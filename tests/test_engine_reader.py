"""The engine with a reader: what it reads, and what its word counts for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from archive import ARTICLES, add, check
from fake_reader import FakeReader

from index import quotes
from index.ablate import Remembering
from index.engine import Engine, reader_of
from index.model import ModelError
from index.reader import Page, header
from index.settings import Settings, SettingsError, load_settings

if TYPE_CHECKING:
    from pathlib import Path

    from fake_embedder import HashEmbedder

ASKED = "من وزيرة الثقافة التي افتتحت متحف الفلك في بلدة القمرية؟"
HIDDEN = "ثلاث قاعات"  # in a sentence that shares no word with the question


@pytest.fixture
def archive(engine: Engine, tmp_path: Path) -> Engine:
    """A small archive and a reader that takes the halls for the answer."""
    add(engine, tmp_path, *ARTICLES)
    engine.reader = FakeReader({ASKED: HIDDEN})
    return engine


@pytest.mark.usefixtures("sure")
def test_the_sentence_that_the_reader_points_at_comes_first(archive: Engine) -> None:
    """Though words and meaning speak for another; the answer in it is marked."""
    first = archive.ask(ASKED).quotes[0]
    check(archive, [first])
    sentence, answer = (first.text[start:end] for start, end in first.highlights)
    assert HIDDEN in sentence
    assert answer == HIDDEN


@pytest.mark.usefixtures("sure")
def test_without_the_reader_they_decide(archive: Engine) -> None:
    """And it reads nothing."""
    found = archive.find(ASKED, off=frozenset({"reader"}))
    (first,) = quotes.quotes(found.candidates, limit=1)
    assert "سلمى الحارثي" in first.text
    assert len(first.highlights) == 1
    assert archive.reader.pages == []


def test_a_passage_is_read_below_its_title_and_its_day(archive: Engine) -> None:
    """A date alone may be what tells one visit from another."""
    archive.ask(ASKED)
    heads = {page.head for page in archive.reader.pages}
    assert "وزيرة الثقافة تفتتح متحف الفلك في بلدة القمرية (2023-03-16)\n" in heads
    assert header("عنوان", "") == "عنوان\n"


def test_a_reader_that_answers_makes_the_archive_surer(archive: Engine) -> None:
    """Than one that finds nothing."""
    with_it = archive.ask(ASKED).confidence
    archive.reader = FakeReader()
    assert with_it > archive.ask(ASKED).confidence


def test_a_reader_that_cannot_be_used_is_an_error(archive: Engine) -> None:
    """Not a worse answer without a word."""
    archive.reader = FakeReader(error=ModelError("its weights are damaged"))
    with pytest.raises(ModelError, match="damaged"):
        archive.ask(ASKED)
    with pytest.raises(ModelError, match="damaged"):
        archive.load()


def test_the_reader_can_be_turned_off(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """By a variable."""
    assert reader_of(load_settings(tmp_path)) is not None
    monkeypatch.setenv("ISNAD_READER", "off")
    assert reader_of(load_settings(tmp_path)) is None
    monkeypatch.setenv("ISNAD_READER", "perhaps")
    with pytest.raises(SettingsError, match="ISNAD_READER"):
        load_settings(tmp_path)


def test_an_engine_with_an_embedder_of_its_own_has_no_reader(
    tmp_path: Path, embedder: HashEmbedder
) -> None:
    """Unless it is given one."""
    assert Engine(Settings(home=tmp_path), embedder).reader is None


def test_while_measuring_a_passage_is_read_once() -> None:
    """For each question."""
    reader = FakeReader({"من؟": "سالم"})
    remembering = Remembering(reader)
    one, other = (Page("عنوان\n", text, ((0, len(text)),)) for text in ("قال سالم.", "قالت هند."))
    ((first,),) = remembering.read_many([("من؟", [one])])
    ((_, again),) = remembering.read_many([("من؟", [other, one])])
    assert again is first
    assert reader.pages == [one, other]
    remembering.read_many([("متى؟", [one])])
    assert reader.pages == [one, other, one]
