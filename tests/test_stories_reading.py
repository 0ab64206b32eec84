"""The stories of a time, as an archive tells them: those of one event know of each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from archive import add, item

from index import store
from index.stories import events, reading

if TYPE_CHECKING:
    from pathlib import Path

    from index.engine import Engine

PLACES = "الصدف الهضبة الوادي المرجان الزيتون القمرية".split()
DID = "افتتاح ترميم إغلاق توسعة طلاء بيع هدم".split()
WHAT = "مدرسة سوق ملعب حديقة مكتبة مسرح".split()


def news(number: int, day: int) -> dict[str, str]:
    """An article like no other."""
    did, what = DID[number % 7], WHAT[number // 7 % 6]
    head = f"{did} {what} في {PLACES[number // 42 % 6]}"
    body = (
        f"قال أمين{number} مدير{number} إن {did} {what} سيدوم {number} شهرا وإن زوار{number} كثر."
    )
    return item(head, body, source=f"صحيفة {number}", published=f"2026-03-{day:02}")


FALL = item(
    "انهيار جسر النخيل في بلدة الرمان",
    "انهار جسر النخيل في بلدة الرمان وسقطت شاحنتان.",
    source="أ",
    published="2026-03-20",
)
MOURNED = item(
    "وزير النقل يعزي في ضحايا انهيار جسر النخيل في بلدة الرمان",
    "عزى وزير النقل أسر ضحايا انهيار جسر النخيل في بلدة الرمان ووعد بتعويض عاجل لكل أسرة.",
    source="ب",
    published="2026-03-20",
)


@pytest.fixture
def filled(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """A small archive of two weeks; on its last day a bridge falls."""
    monkeypatch.setattr(events, "FEWEST", 8)
    monkeypatch.setattr(events, "PART", 4)
    monkeypatch.setattr(events, "NEAR", 2.0)  # invented news is all alike
    earlier = [news(n, 8 + n % 12) for n in range(40)]
    add(engine, tmp_path, *earlier, *[news(n, 20) for n in range(50, 62)], FALL)
    add(engine, tmp_path, {**FALL, "source": "ج", "title": "انهيار جسر النخيل فجرا"}, MOURNED)
    (mourned,) = (one.id for one in engine.articles() if one.title == MOURNED["title"])
    with engine.db.write() as connection:  # where embeddings would have placed it
        store.put_story(connection, mourned, store.open_story(connection, "2026-03-20"))
    return engine


def test_stories_of_one_event_know_the_first_of_them(filled: Engine) -> None:
    """Though they are stories of their own."""
    day = {story.title: story for story in filled.stories("2026-03-20", "2026-03-20")}
    mourned = day[MOURNED["title"]]
    (leader,) = (story for story in day.values() if "انهيار جسر النخيل" in story.title[:20])
    assert leader.sources == 2
    assert mourned.event == leader.id
    assert [story.event for story in day.values() if story is not mourned] == [None] * 13
    assert filled.stories("2026-03-20")[0].event is None


def test_without_a_time_before_there_is_no_event(
    filled: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor in a time that holds more than is read."""
    assert not any(story.event for story in filled.stories())
    assert not any(story.event for story in filled.stories("2026-03-01"))
    monkeypatch.setattr(reading, "MOST", 10)
    assert not any(story.event for story in filled.stories("2026-03-20"))
