"""Greetings and thanks are told from questions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.texts import EXAMPLE
from bot.texts.smalltalk import courtesy_of, reply_to


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("السلام عليكم", "salam"),
        ("السّلامُ عليكم ورحمة الله وبركاته 🌹", "salam"),
        ("السلام عليكم، كيف حالك؟", "salam"),
        ("مرحباااا", "hello"),
        ("أهلاً وسهلاً", "hello"),
        ("Hi!", "hello"),
        ("صباح الخير يا بوت", "morning"),
        ("مساء الخير", "evening"),
        ("شكرا", "thanks"),
        ("شكرًا جزيلًا لك", "thanks"),
        ("الله يعطيك العافية", "thanks"),
        ("يسلمووو", "thanks"),
        ("Thank you so much!", "thanks"),
        ("هههه شكرا", "thanks"),
        ("كيف حالك", "how"),
        ("شلونك؟", "how"),
        ("ازيك عامل ايه", "how"),
        ("من أنت؟", "who"),
        ("إنت مين", "who"),
        ("ههههه", "laugh"),
        ("هاهاها 😂", "laugh"),
        ("lol", "laugh"),
        ("تصبح على خير", "bye"),
        ("🌹🌹", "smile"),
        ("👍🏽", "smile"),
        ("جمعه مباركه", "occasion"),
        ("كل عام وانتم بخير 🎉", "occasion"),
        ("احسنت", "praise"),
        ("تمام", "agreed"),
        ("لا", "agreed"),
        ("OK", "agreed"),
        ("عندي سؤال", "ready"),
        ("كيف استخدم البوت", "help"),
        ("انت تعمل ايه؟", "help"),
        ("ما آخر الأخبار؟", "headlines"),
        ("شو الاخبار", "headlines"),
        ("ايه اللي حصل النهارده؟", "headlines"),
        ("الجواب غلط", "wrong"),
        ("مش ده اللي قصدته", "wrong"),
        ("ليش ما ترد؟", "wrong"),
        ("يا غبي", "rude"),
        ("انت حمار", "rude"),
    ],
)
def test_a_greeting_is_recognised(written: str, expected: str) -> None:
    """In the spellings and dialects that people write."""
    assert courtesy_of(written) == expected


@pytest.mark.parametrize(
    "written",
    [
        "السلام عليكم متى وقع الزلزال؟",
        "شكرا، وأين؟",
        "من أنت من الوزراء؟",
        "كيف حال الطرق اليوم؟",
        "عملية السلام",
        "السلام",
        "صباح",
        "من هو حاكم المدينة؟",
        "يا",
        "جدا",
        "ههههه متى وقع؟",
        "أخبارك عن الزلزال",
        "مرحبا 2026",
        "hi-tech exports",
        "ما آخر أخبار اليمن؟",
        "شو صار اليوم بالعاصفة؟",
        "لا اتفاق",
        "حادث غبي",
        "كيف تعمل الطائرة؟",
        "12 👍",
        "🌹؟",
        "",
        "؟",
    ],
)
def test_what_may_be_a_question_is_none(written: str) -> None:
    """A greeting before a question takes nothing from it."""
    assert courtesy_of(written) is None


@given(st.text(max_size=100))
def test_anything_may_be_written(text: str) -> None:
    """Each has a line in both languages."""
    found = courtesy_of(text)
    if found is not None:
        assert "\n" not in reply_to(found, "ar", EXAMPLE) + reply_to(found, "en", EXAMPLE)


def test_how_to_ask_is_shown_by_a_question_of_the_archive() -> None:
    """To who greets; thanks and laughter end a talk, and need no example again."""
    assert reply_to("salam", "ar", "من افتتح المتحف؟").endswith(" مثل: من افتتح المتحف؟")
    assert reply_to("hello", "en", "من افتتح المتحف؟").endswith(" e.g. من افتتح المتحف؟")
    for courtesy in ("thanks", "laugh", "smile", "agreed", "bye", "wrong"):
        assert EXAMPLE not in reply_to(courtesy, "ar", EXAMPLE)  # type: ignore[arg-type]
