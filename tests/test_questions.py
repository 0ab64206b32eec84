"""Questions: what they ask for, in Standard Arabic and in the dialects."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from strategies import anything

from index.questions import Kind, parse


def words(text: str) -> list[str]:
    return [word.form for word in parse(text).words]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("من التقى الوزير في جنيف؟", Kind.WHO),
        ("مع من التقى الوزير؟", Kind.WHO),
        ("على من فاز الفريق؟", Kind.WHO),
        ("متى افتتح المتحف؟", Kind.WHEN),
        ("منذ متى والطريق مغلق؟", Kind.WHEN),
        ("ومتى عاد؟", Kind.WHEN),
        ("أين وقع الحريق؟", Kind.WHERE),
        ("إلى أين توجه الوفد؟", Kind.WHERE),
        ("كم بلغت الكلفة؟", Kind.HOW_MANY),
        ("بكم بيعت اللوحة؟", Kind.HOW_MANY),
        ("لماذا أغلق الميناء؟", Kind.WHY),
        ("كيف نجا الصيادون؟", Kind.HOW),
        ("هل فاز الفريق؟", Kind.YES_NO),
        ("وهل عاد؟", Kind.YES_NO),
        ("ماذا أعلنت الحكومة؟", Kind.WHAT),
        ("في أي عام افتتح المتحف؟", Kind.WHEN),
        ("في أي سنة؟", Kind.WHEN),
        ("بأي مدينة وقع الحادث؟", Kind.WHERE),
        ("ما هي العاصمة الجديدة؟", Kind.WHERE),
        ("ما عدد الضحايا؟", Kind.HOW_MANY),
        ("ما اسم المهاجم؟", Kind.WHO),
        ("ما سبب الإغلاق؟", Kind.WHY),
        ("افتتاح المتحف", Kind.WHAT),
        # dialects
        ("مين افتتح المتحف؟", Kind.WHO),
        ("شكون اللي ربح؟", Kind.WHO),
        ("منو فاز؟", Kind.WHO),
        ("امتى فتحوا المتحف؟", Kind.WHEN),
        ("إمتى فتحوا المتحف؟", Kind.WHEN),
        ("فوقاش سالات الأشغال؟", Kind.WHEN),
        ("شوكت رجع؟", Kind.WHEN),
        ("وين صار الحريق؟", Kind.WHERE),
        ("فين الميناء؟", Kind.WHERE),
        ("المترو اتكلف كام؟", Kind.HOW_MANY),
        ("قديش كلف الجسر؟", Kind.HOW_MANY),
        ("شحال كلف الجسر؟", Kind.HOW_MANY),
        ("ليه قفلوا الميناء؟", Kind.WHY),
        ("ليش سكروا الميناء؟", Kind.WHY),
        ("علاش سدو المرسى؟", Kind.WHY),
        ("ازاي رجعوا؟", Kind.HOW),
        ("شلون رجعوا؟", Kind.HOW),
        ("واش ربح الفريق؟", Kind.YES_NO),
        ("شو صار بالمرفأ؟", Kind.WHAT),
        ("إيش صار؟", Kind.WHAT),
        ("شنو صار؟", Kind.WHAT),
    ],
)
def test_what_a_question_asks_for(text: str, kind: Kind) -> None:
    """The cue word decides, in any dialect; after «أي» and «ما» the noun does."""
    assert parse(text).kind is kind


@pytest.mark.parametrize(
    ("text", "wording"),
    [
        ("مين افتتح المتحف؟", "من افتتح المتحف؟"),
        ("امتى فتحوا المتحف؟", "متى فتحوا المتحف؟"),
        ("وين صار الحريق؟", "أين صار الحريق؟"),
        ("المترو اتكلف كام؟", "المترو اتكلف كم؟"),
        ("ليش سكروا الميناء؟", "لماذا سكروا الميناء؟"),
        ("شو قال اللي فاز؟", "ماذا قال الذي فاز؟"),
        ("متى افتتح المتحف؟", "متى افتتح المتحف؟"),
        ("  متى \n افتتح؟ ", "متى افتتح؟"),
    ],
)
def test_the_model_reads_standard_arabic(text: str, wording: str) -> None:
    """Dialect question words are put in Standard Arabic; the rest stays as it was written."""
    assert parse(text).wording == wording


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("من هو الوزير الذي افتتح المتحف؟", ["الوزير", "افتتح", "المتحف"]),
        ("هل كان في الميناء؟", ["الميناء"]),
        ("طيب لو سمحت وين الميناء", ["الميناء"]),
        ("في أي عام افتتح؟", ["عام", "افتتح"]),
        ("من هو؟", ["من", "هو"]),
        ("متى؟", ["متي"]),
        ("👍🏽؟!", []),
        ("", []),
    ],
)
def test_words_to_look_for(text: str, expected: list[str]) -> None:
    """What only says "this is a question" is left out, unless nothing else was said."""
    assert words(text) == expected


def test_a_preposition_is_not_who() -> None:
    """«من» inside a question is nearly always "from"."""
    assert parse("وصلت السفينة من الهند؟").kind is Kind.WHAT


@pytest.mark.parametrize("text", ["ماذا قال الوزير؟", "ماذا حدث يوم الجمعة؟", "شو صار اليوم؟"])
def test_what_happened_asks_what(text: str) -> None:
    """The noun that «ماذا» is followed by is no kind of answer."""
    assert parse(text).kind is Kind.WHAT


def test_from_where_asks_where() -> None:
    """«من أين» is the commonest way to ask where from."""
    assert parse("من أين جاءت السفينة؟").kind is Kind.WHERE


def test_people_are_no_question_word() -> None:
    """«أهل القرية» is what is asked about."""
    asked = parse("ماذا قال أهل القرية؟")
    assert asked.kind is Kind.WHAT
    assert asked.wording == asked.text
    assert "اهل" in words(asked.text)


def test_a_verse_is_no_question_word() -> None:
    """«آية» with its madda is a name or a verse."""
    asked = parse("من هي آية منصور؟")
    assert asked.wording == asked.text
    assert "ايه" in words(asked.text)


@given(anything)
@settings(max_examples=300)
def test_any_text_is_a_question(text: str) -> None:
    """Parsing never fails, the words are those of the question, and its text is kept."""
    asked = parse(text)
    assert asked.text == " ".join(text.split())
    for word in asked.words:
        assert 0 <= word.start < word.end <= len(asked.text)
    assert parse(asked.text) == asked
