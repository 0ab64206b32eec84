"""Questions that want the news of something, and headlines that tell it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from strategies import anything
from test_answer import LONG, NEXT, hit, ranked

from index import answer, questions
from index.headlines import news_of, tells, told


def topic(text: str) -> list[str]:
    return [word.form for word in news_of(questions.parse(text))]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ماذا حدث في ميناء الصدف؟", ["ميناء", "الصدف"]),
        ("شو صار بالمرفأ؟", ["بالمرفا"]),
        ("ايه اللي حصل للقطار", ["للقطار"]),
        ("وش صار على قضية سالم", ["سالم"]),
        ("ما آخر أخبار اليمن؟", ["اليمن"]),
        ("ايش اخبار المتحف اليوم", ["المتحف"]),
        ("ما قصة السفينة الغارقة؟", ["السفينه", "الغارقه"]),
        ("ما حالة الطقس؟", ["الطقس"]),
        ("أخبار العاصفة", ["العاصفه"]),
        ("متحف الفلك", ["متحف", "الفلك"]),
        # these want something else
        ("ماذا قال الوزير؟", []),
        ("متى حدث الزلزال؟", []),
        ("ما هو فيروس سين؟", []),
        ("عدد الضحايا", []),
        ("وقال مدير الميناء إن ثماني سفن تنتظر الدخول", []),
        # and these the news of nothing
        ("ما آخر الأخبار؟", []),
        ("ماذا حدث؟", []),
    ],
)
def test_what_the_news_is_asked_of(text: str, words: list[str]) -> None:
    """By what happened, by a word for news, or by keywords alone."""
    assert topic(text) == words


@pytest.mark.parametrize(
    ("text", "headline", "says"),
    [
        ("شو صار بالمرفأ؟", "إغلاق المرفأ ساعتين", True),
        ("أخبار المتحف", "وزير يزور متحف الفلك", True),
        ("ماذا حدث في ميناء الصدف؟", "حريق في ميناء القمرية", False),
        ("ماذا حدث؟", "حريق في ميناء القمرية", False),
        ("ايه اللي حصل في المطار؟", "رحلات بمطار القمرية تتأخر", True),
    ],
)
def test_a_headline_tells_what_it_names_whole(text: str, headline: str, says: bool) -> None:
    """In any form of each word."""
    asked = questions.parse(text)
    assert tells(headline, news_of(asked), asked) == says


def test_the_newest_headline_answers_with_what_it_says_first() -> None:
    """One sentence an article; others are left out."""
    asked = questions.parse("شو أخبار المحطة؟")
    new, old, other = (
        hit(f"{NEXT} {LONG}", n, title=title)
        for n, title in enumerate(("افتتاح المحطة", "المحطة تنتظر", "خبر آخر"), 1)
    )
    dated = [
        replace(one, row=replace(one.row, article=replace(one.row.article, published=day)))
        for one, day in ((new, "2024-05-09"), (old, "2024-05-01"), (other, "2024-05-09"))
    ]
    found = told(asked, ranked(*dated, question=asked))
    assert [one.hit.row.article.id for one in found] == [1, 2]
    said = answer.compose(asked, ranked(*dated, question=asked), limit=3, reprints={})
    assert said.answered
    assert said.confidence >= answer.THRESHOLD
    refused = answer.compose(asked, ranked(dated[2], question=asked), limit=3, reprints={})
    assert not refused.answered


@given(anything, anything)
def test_anything_may_be_asked(text: str, headline: str) -> None:
    """And be a headline."""
    asked = questions.parse(text)
    assert tells(headline, news_of(asked), asked) in (True, False)
