"""Pages that say no more than that their article was taken back."""

from __future__ import annotations

import pytest

from index.model import Draft
from index.notices import is_notice


@pytest.mark.parametrize(
    "text",
    [
        "حُذف",
        "تم حذف هذا الخبر",
        "تم حذف الخبر بناء على طلب المصدر.",
        "عذرًا، هذا المقال لم يعد متاحًا.",
        "لم تعد هذه الصفحة متوفرة",
        "جرى سحب المقال من الموقع",
        "هذا المحتوى غير متاح حاليًا",
        "المنشور محذوف",
    ],
)
def test_a_notice_says_that_there_is_no_article(text: str) -> None:
    """In few words."""
    assert is_notice(Draft("عنوان الخبر", text))


@pytest.mark.parametrize(
    "text",
    [
        "حذفت الحكومة الأصفار من العملة",
        "حذف المدرب اسم لاعبين من القائمة",
        "تم حذف هذا الخبر. " + "وقال رئيس التحرير إن الصحيفة تراجع ما تنشره كل يوم. " * 4,
        "أكد المتحدث أن الدواء غير متاح في الصيدليات",
        "",
    ],
)
def test_a_report_is_no_notice(text: str) -> None:
    """Even of something that was removed."""
    assert not is_notice(Draft("عنوان الخبر", text))


def test_a_notice_may_be_in_the_title() -> None:
    """Over a page that says nothing."""
    assert is_notice(Draft("تم حذف المقال", "404"))
    assert not is_notice(Draft("تم حذف المقال الساخر من الكاتب", "قال الكاتب إنه يأسف لذلك كثيرًا"))
