"""The five real pages the project was born from, and real pages others collected.

They stay outside the repository: short phrases are enough to tell what must be in and out.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from index.extract import extract

if TYPE_CHECKING:
    from index.model import Draft

SHARED = Path(__file__).resolve().parents[1].parent / "shared"
SEEDS = SHARED / "seeds"

pytestmark = [
    pytest.mark.seeds,
    pytest.mark.skipif(not SEEDS.is_dir(), reason="../shared/seeds is not here"),
]


def seed(number: int) -> list[Draft]:
    path = next(SEEDS.glob(f"{number:03d}_*.txt"))
    return extract(path.read_bytes(), name=path.name)


def paragraphs(draft: Draft) -> list[str]:
    return [line for line in draft.text.split("\n") if line]


@pytest.mark.parametrize(
    ("number", "title", "begins", "ends", "count"),
    [
        (0, "وتسريع المصالحات", "أشاد الجانبان", 'الشعبين الصديقين".', 8),
        (1, "قواعد عسكرية جديدة في سوريا", "أعلن المتحدث", "مهما في اللقاء.", 14),
        (2, "العلاقات الثنائية بين البلدين", "بحث وزيرا", "سيرغي لافروف.", 6),
        (4, "في دمشق", "ناقش مبعوث", "غير مشجع.", 8),
    ],
)
def test_one_article_each(number: int, title: str, begins: str, ends: str, count: int) -> None:
    """The headline ends as it should, and the body is every paragraph, each once."""
    (draft,) = seed(number)
    body = paragraphs(draft)
    assert draft.title.endswith(title)
    assert body[0].startswith(begins)
    assert body[-1].endswith(ends) or body[-1].endswith(ends.replace("الشعبين", "والشعبين"))
    assert len(body) == len(set(body)) == count
    assert draft.title not in body
    assert draft.published is None  # none of these pages states its date


@pytest.mark.parametrize(
    ("number", "absent"),
    [
        (
            0,
            [
                "Stories",
                "31 خبر",
                "90 دقيقة",
                "التعليقات",
                "كوشنر",
                "نتنياهو",
                "المصدر",
                "غرينلاند",
            ],
        ),
        (1, ["الإسم", "almaghrib", "GMT", "ميريام", "قد يهمك", "يصل إلى موسكو", "حسن عمارة", "©"]),
        (2, ["57 خبر", "Reuters", "ناريشكين", "النرويج", "كأس العرب", "المصدر"]),
        (4, ["غابارد", "القاطرجي", "اترك تعليقا", "Back to top", "الإلزامية"]),
    ],
)
def test_nothing_around_it(number: int, absent: list[str]) -> None:
    """No menu, other headline, caption, comment form or footer is in the body."""
    (draft,) = seed(number)
    assert [phrase for phrase in absent if phrase in draft.text] == []


def test_what_the_pages_say_of_themselves() -> None:
    """Source and byline are read where stated, and what the caller says wins."""
    assert seed(0)[0].source == "RT"
    assert seed(1)[0].byline == "موسكو - حسن عمارة"
    assert seed(2)[0].source == "سانا+سبوتنيك"
    path = next(SEEDS.glob("000_*.txt"))
    (named,) = extract(path.read_bytes(), name="x", source="أنا", url="https://example.org/1")
    assert (named.source, named.url) == ("أنا", "https://example.org/1")


def test_two_posts() -> None:
    """The dump of posts gives two, each paragraph once, dates without a year, no hashtags."""
    first, second = seed(3)
    assert (first.published, second.published) == ("--01-28", "--02-12")
    assert first.title.startswith("في 28 يناير")
    assert len(first.title) <= 120
    assert first.title.endswith("…")
    assert second.title.startswith("في 12 فبراير")
    for draft, count in ((first, 6), (second, 6)):
        body = paragraphs(draft)
        assert len(body) == len(set(body)) == count
        assert "#" not in draft.text
    assert not set(paragraphs(first)) & set(paragraphs(second))


@pytest.mark.skipif(not (SHARED / "data/html").is_dir(), reason="../shared/data/html is not here")
def test_html_against_its_golds() -> None:
    """The body is the gold's, and dates are those the pages' metadata states."""
    folder = SHARED / "data/html"
    (draft,) = extract((folder / "cnn-arabic-2013.html").read_bytes(), name="cnn")
    gold = (folder / "cnn-arabic-2013.txt").read_text(encoding="utf-8").split()
    assert draft.text.split() == gold
    wanted = json.loads((folder / "assabah.gold.json").read_text(encoding="utf-8"))
    (draft,) = extract((folder / "assabah.html").read_bytes(), name="assabah")
    assert all(phrase in draft.text for phrase in wanted["with"])
    assert not any(phrase in draft.text for phrase in wanted["without"])
    dates = json.loads((folder / "dates.gold.json").read_text(encoding="utf-8"))
    for address, known in dates.items():
        (draft,) = extract((folder / known["file"]).read_bytes(), name=known["file"], url=address)
        assert draft.published is not None
        assert draft.published[:10] == known["date"]
        assert draft.url == address
