"""The archive over the real pages the project was born from; they stay outside the repository."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from archive import check, contents

from index import answer
from index.doctor import examine
from index.engine import Engine, open_engine
from index.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

SEEDS = Path(__file__).resolve().parents[1].parent / "shared" / "seeds"

pytestmark = [
    pytest.mark.seeds,
    pytest.mark.model,
    pytest.mark.skipif(not SEEDS.is_dir(), reason="../shared/seeds is not here"),
]

AROUND = (
    "التعليقات",
    "اترك تعليق",
    "قد يهمك",
    "المصدر:",
    "Back to top",
    "©",
    "جميع الحقوق",
    "Stories",
)


@pytest.fixture(scope="module")
def archive(model_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The five pages, added."""
    settings = Settings(home=tmp_path_factory.mktemp("seeds") / "home", cache=model_cache)
    with open_engine(settings=settings) as engine:
        report = engine.add(pages())
        assert (report.added, report.failed, report.rejected) == (6, (), 0)
        yield engine


def pages() -> list[str]:
    return [str(path) for path in sorted(SEEDS.glob("*.txt"))]


def test_five_pages_are_six_articles(archive: Engine) -> None:
    """One of them is a dump of two posts."""
    assert len(archive.articles()) == 6
    assert all(ref.title for ref in archive.articles())


def test_adding_them_again_changes_nothing(archive: Engine) -> None:
    """And nothing is embedded again."""
    before = contents(archive)
    report = archive.add(pages())
    assert (report.added, report.updated, report.unchanged, report.duplicates) == (0, 0, 6, 0)
    assert contents(archive) == before


def test_nothing_of_what_stands_around_an_article_is_in_it(archive: Engine) -> None:
    """No comment form, no links, no footer can be quoted."""
    for ref in archive.articles():
        text = archive.article(ref.id).text
        assert [phrase for phrase in AROUND if phrase in text] == []


QUESTIONS = ("من التقى الأسد في موسكو؟", "مين قابل الأسد بموسكو؟")


def test_the_summit_is_quoted_first(archive: Engine) -> None:
    """This visit, with whom it was; not their meeting two years before, nor other meetings."""
    answered = archive.ask(QUESTIONS[0])
    first = answered.quotes[0]
    assert answered.answered
    assert "قمة بوتين والأسد" in first.article.title
    assert "بوتين" in first.text
    assert "2021" not in first.text


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_finds_the_right_sentence(archive: Engine, question: str) -> None:
    """Among the first five, from an article about the meeting, verbatim."""
    quotes = answer.quotes(archive.find(question).candidates, limit=5)
    assert any("الكرملين" in quote.text for quote in quotes)
    assert "بوتين" in archive.article(quotes[0].article.id).text
    check(archive, quotes)


def test_a_name_spelt_otherwise_is_found(archive: Engine) -> None:
    """Each page transliterates the envoy's name its own way."""
    for name in ("لافرنتييف", "لافرنتيف", "لافرينتيف"):
        found = archive.find(f"من هو {name}؟")
        assert any("لاف" in candidate.text for candidate in found.candidates[:3]), name


def test_the_archive_is_well(archive: Engine) -> None:
    """With the real model."""
    assert [finding for finding in examine(archive) if not finding.ok] == []
