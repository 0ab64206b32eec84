"""What a later report adds to what was told."""

from __future__ import annotations

import pytest

from index.topics.facts import adds

TOLD = "أعلنت البلدية أن 12 شخصًا أصيبوا في انهيار جسر النخيل، وقال المدير ناصر العمري إنها ستحقق."


@pytest.mark.parametrize(
    "sentence",
    [
        "ارتفع عدد المصابين في انهيار جسر النخيل إلى 15 شخصًا.",
        "بلغت كلفة الجسر أربعة ملايين دينار.",
        "قالت الوزيرة سلمى الحارثي إن الجسر سيعاد بناؤه.",
        "قال ناصر العمري: «لم نتلق أي شكوى قبل الانهيار».",
    ],
)
def test_numbers_names_and_sayings_are_new_facts(sentence: str) -> None:
    """Each of them by itself."""
    assert adds(sentence, [TOLD])


@pytest.mark.parametrize(
    "sentence",
    [
        "انهار جسر النخيل وأصيب ١٢ شخصًا.",
        "أصيب اثنا عشر شخصًا بعد انهيار الجسر.",
        "المدير ناصر العمري يعد بالتحقيق في انهيار جسر النخيل.",
        "انهار الجسر الأربعاء 22 يوليو عام 2015 وأصيب كثيرون.",
        "انهار «جسر النخيل» أمس.",
    ],
)
def test_other_words_and_dates_are_none(sentence: str) -> None:
    """Nor the same number in letters, nor a name between quotation marks."""
    assert not adds(sentence, [TOLD])


def test_what_any_earlier_sentence_told_is_known() -> None:
    """Not only what the first did."""
    later = "ارتفع عدد المصابين إلى 15 شخصًا."
    assert adds(later, [TOLD])
    assert not adds(later, [TOLD, "بلغ عدد المصابين 15 شخصًا."])
