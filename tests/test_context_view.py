"""An article's passages as they are paged through."""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime

import pytest

from bot.views import context_view
from index.model import Article, Passage

NOW = datetime(2024, 5, 1, tzinfo=UTC)
FIRST, SECOND, THIRD = "أُغلق الميناء يومين.", "هبّت عاصفة & <رمل>. وانتظرت السفن.", "ثم فُتح."
TEXT = f"{FIRST}\n{SECOND}\n{THIRD}"
STARTS = [TEXT.index(part) for part in (FIRST, SECOND, THIRD)]
STORM = Article(
    7,
    "عاصفة تغلق ميناء الصدف",
    TEXT,
    "وكالة الساحل",
    "https://sahel.example/storm",
    "2023-03-20",
    None,
    tuple(
        Passage(at, at + len(part)) for at, part in zip(STARTS, (FIRST, SECOND, THIRD), strict=True)
    ),
)


def plain(html: str) -> str:
    return re.sub("[\u200e\u200f\u2066-\u2069]", "", html)


def test_the_passage_of_a_quote_with_the_quote_in_bold() -> None:
    """Then where it is from, which part it is, and the ways on: «التالي» to the left."""
    mark = (STARTS[1], STARTS[1] + len("هبّت عاصفة & <رمل>."))
    message = context_view(STORM, mark[0], "ar", NOW, mark=mark, back=True)
    assert plain(message.html) == (
        "<blockquote><b>هبّت عاصفة &amp; &lt;رمل&gt;.</b> وانتظرت السفن.</blockquote>\n"
        '<a href="https://sahel.example/storm">عاصفة تغلق ميناء الصدف</a>\n'
        "وكالة الساحل · الاثنين 20 مارس 2023\n"
        "المقطع 2 من 3"
    )
    assert [[(b.label, b.data) for b in row] for row in message.keyboard] == [
        [
            ("التالي ◀\ufe0e", f"c:7:{STARTS[2]}:{mark[0]}:{mark[1]}"),
            ("▶\ufe0e السابق", f"c:7:{STARTS[0]}:{mark[0]}:{mark[1]}"),
        ],
        [("رجوع إلى الجواب", "m:0")],
    ]


def test_in_english_the_order_is_the_other_one() -> None:
    """The passage stays as it is; a heading stands above."""
    message = context_view(STORM, STARTS[1], "en", NOW, heading="متى؟")
    assert plain(message.html) == (
        "Question: <i>متى؟</i>\n\n"
        "<blockquote>هبّت عاصفة &amp; &lt;رمل&gt;. وانتظرت السفن.</blockquote>\n"
        '<a href="https://sahel.example/storm">عاصفة تغلق ميناء الصدف</a>\n'
        "وكالة الساحل · Monday 20 March 2023\n"
        "Part 2 of 3"
    )
    assert [b.label for b in message.keyboard[0]] == ["◀\ufe0e Previous", "Next ▶\ufe0e"]


@pytest.mark.parametrize(("at", "shown"), [(0, FIRST), (10**6, THIRD), (len(FIRST), SECOND)])
def test_any_offset_opens_the_passage_nearest_after_it(at: int, shown: str) -> None:
    """One between passages, or beyond the end of what was an earlier version."""
    assert shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") in (
        context_view(STORM, at, "ar", NOW).html
    )


def test_the_only_passage_has_no_buttons() -> None:
    """And no number."""
    only = Article(1, "", FIRST, None, None, None, None, (Passage(0, len(FIRST)),))
    message = context_view(only, 0, "ar", NOW, digits="arabic")
    assert message.keyboard == ()
    assert plain(message.html) == f"<blockquote>{FIRST}</blockquote>\nبلا عنوان\nبلا تاريخ"


def test_a_passage_that_cannot_be_sent_leaves_its_source(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It is logged by the article's number."""
    broken = Article(9, "عنوان", "نص \ud83d مكسور", None, None, None, None, (Passage(0, 11),))
    with caplog.at_level(logging.ERROR):
        message = context_view(broken, 0, "ar", NOW)
    assert "<blockquote" not in message.html
    assert "article 9" in caplog.text
