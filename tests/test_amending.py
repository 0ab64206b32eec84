"""Corrections of the last question: which messages are some, and what is meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from strategies import texts as anything

from index.amending import meant_by, put_right


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("لا، أقصد وزير الاقتصاد", "وزير الاقتصاد"),
        ("لا قصدي متحف الفلك", "متحف الفلك"),
        ("أقصد: في القمرية؟", "في القمرية؟"),
        ("عفوا كنت اقصد الميناء", "الميناء"),
        ("أعني هو سالم", "سالم"),
        ("لا أقصد", None),
        ("لا اتفاق بين الأندية", None),
        ("ماذا أقصد", None),
        ("مقصد السفينة", None),
        ("", None),
    ],
)
def test_a_correction_begins_with_what_is_meant(text: str, meant: str | None) -> None:
    """After a «لا» or none; it must say something."""
    assert meant_by(text) == meant


@pytest.mark.parametrize(
    ("meant", "earlier", "question"),
    [
        ("وزير الاقتصاد", "من هو وزير المالية؟", "من هو وزير الاقتصاد؟"),
        ("وزير الاقتصاد", "متى استقال وزير المالية في القمرية؟", None),
        ("وزير الاقتصاد", "ماذا قال الوزير؟", "ماذا قال وزير الاقتصاد؟"),
        ("في الصدف", "متى افتتح المتحف في القمرية؟", "متى افتتح المتحف في الصدف؟"),
        ("العاصفة", "أين وقع الحريق؟", "أين وقع الحريق؟ (العاصفة)"),
        ("الجسر", "متى افتتح؟ (مترو القمرية)", "متى افتتح؟ (الجسر)"),
        ("متى بدأ الحريق؟", "أين وقع الحريق؟", "متى بدأ الحريق؟"),
        ("ما سبب الحريق؟", "أين وقع الحريق؟", "ما سبب الحريق؟"),
        ("متى؟", "أين وقع الحريق؟", "متى وقع الحريق؟"),
        ("في الصدف؟", "متى افتتح المتحف في القمرية؟", "متى افتتح المتحف في الصدف؟"),
        ("وزير الاقتصاد", None, "وزير الاقتصاد"),
    ],
)
def test_what_is_meant_takes_the_place_of_what_it_corrects(
    meant: str, earlier: str | None, question: str | None
) -> None:
    """Where a word comes again; else it follows, and a whole question stands alone."""
    expected = question or "متى استقال وزير الاقتصاد في القمرية؟"
    assert put_right(meant, earlier) == expected


@given(text=anything, earlier=anything)
def test_any_text_may_be_a_correction_of_any_other(text: str, earlier: str) -> None:
    """And what is meant stands in what is asked."""
    meant = meant_by(f"لا، أقصد {text}")
    if meant is not None:
        assert put_right(meant, earlier)
