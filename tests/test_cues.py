"""What the sort of question tells about a sentence."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from strategies import anything

from index.arabic import tokens
from index.cues import answers, looks_back, names_a_person
from index.questions import parse


def sign(question: str, sentence: str) -> float:
    return answers(parse(question), tokens(sentence))


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        # how many: a number that counts
        ("كم قاربا عاد؟", "عاد 14 قاربا إلى الميناء", 1.0),
        ("كم قاربا عاد؟", "عاد ١٤ قاربا إلى الميناء", 1.0),
        ("كم قاربا عاد؟", "عادت عشرات القوارب", 1.0),
        ("كم مرة عاد؟", "عاد مرتين", 1.0),
        ("كم قاربا عاد؟", "عادت القوارب إلى الميناء", -1.0),
        ("كم قاربا عاد؟", "عادت القوارب في 12 فبراير", -1.0),
        ("كم قاربا عاد؟", "عادت القوارب عام 2020", -1.0),
        ("كم قاربا غرق من 14 قاربا؟", "كان في البحر 14 قاربا", -1.0),
        # with the unit that is asked for
        ("كم بلغت الكلفة؟", "بلغت 1.8 مليار دولار", 1.0),
        ("كم بلغت الكلفة؟", "عمل فيه 300 رجل", 0.0),
        ("كم بلغت الكلفة؟", "لم يقل أحد شيئا", -1.0),
        ("بكام التذكرة، سعرها؟", "تباع بنصف دينار", 1.0),
        ("كم عمر الحارس؟", "الحارس البالغ من العمر 24 عاما", 1.0),
        ("كم عمر الحارس؟", "صد 24 كرة", 0.0),
        ("كم استغرق البناء؟", "دام البناء ثلاثة أشهر", 1.0),
        ("ما طول النفق؟", "يمتد النفق 12 كيلومترا", 1.0),
        ("كم وزن القمر؟", "يزن القمر أحد عشر كيلوغراما، أي 11 كيلوغراما", 1.0),
        ("ما نسبة النجاح؟", "نجح 40 في المئة منهم", 1.0),
        ("المترو اتكلف كام؟", "كلف المترو ملياري ريال، أي 2 مليار ريال", 1.0),
        ("كم عدد القتلى؟", "أصيب 12 شخصا بجروح", 0.0),
        ("كم عدد القتلى؟", "ارتفع عدد القتلى أمس إلى 38", 1.0),
        ("كم عدد القتلى؟", "ولم تسجل أي وفيات حتى المساء", 1.0),
        ("كم عدد القتلى؟", "ولم تسجل أي أضرار", -1.0),
        ("كم شخصا أصيب؟", "أصيب 12 شخصا بجروح", 1.0),
        ("كم شخصا أصيب؟", "لقي 3 أشخاص حتفهم", 0.0),
        # when
        ("متى عاد؟", "عاد يوم الخميس", 1.0),
        ("متى عاد؟", "عاد في 12 شباط", 1.0),
        ("متى عاد؟", "عاد في 5 ماي", 1.0),
        ("متى عاد؟", "عاد سنة 1998", 1.0),
        ("متى عاد؟", "عاد والخميس في أوله", 1.0),
        ("متى عاد؟", "عاد معه 14 رجلا", 0.0),
        ("متى عاد؟", "عاد الوزير", -1.0),
        ("متى عاد يوم الخميس؟", "عاد الخميس", -1.0),
        # where
        ("أين وقع الحريق؟", "وقع الحريق في مدينة ساحلية", 1.0),
        ("أين وقع الحريق؟", "وقع الحريق بقرية الزيتون", 1.0),
        ("أين وقع الحريق؟", "وقع الحريق شمال العاصمة", 1.0),
        ("أين وقع الحريق؟", "شب في سوق بدمشق", 1.0),
        ("أين وقع الحريق؟", "شب في كوريا الجنوبية", 1.0),
        ("أين وقع الحريق؟", "شب في مالي", 1.0),
        ("أين وقع الحريق؟", "للحريق أثر مالي", -1.0),
        ("أين وقع الحريق؟", "وقع الحريق ليلا", -1.0),
        ("أين وقع حريق دمشق؟", "وقع حريق دمشق ليلا", -1.0),
        ("أين يوجد المتحف؟", "يقع المتحف قبالة الساحل", 1.0),
        ("المتحف فين؟", "المتحف في القاهرة", 1.0),
        # why
        ("لماذا أغلق السوق؟", "أغلق السوق بسبب الحريق", 1.0),
        ("لماذا أغلق السوق؟", "أغلق من أجل الصيانة", 1.0),
        ("لماذا أضرب العمال؟", "أضربوا احتجاجا على القرار", 1.0),
        ("لماذا أضرب العمال؟", "أضربوا لأنهم بلا أجر", 1.0),
        ("لماذا أغلق السوق؟", "أغلق جراء الحريق", 1.0),
        ("لماذا أغلق السوق؟", "أغلق السوق مساء", -1.0),
        # how: a way is told in other words as often
        ("كيف وصل؟", "وصل عبر البحر", 1.0),
        ("كيف وصل؟", "وصل عن طريق البحر", 1.0),
        ("كيف رفعوها؟", "رفعوها باستخدام رافعة", 1.0),
        ("كيف وصل؟", "وصل سالما", 0.0),
        # others
        ("من وصل؟", "وصل 14 رجلا يوم الخميس", 0.0),
        ("ماذا حدث؟", "وقع حريق في دمشق", 0.0),
        ("هل وصل؟", "وصل عبر البحر", 0.0),
    ],
)
def test_what_a_sentence_holds(question: str, sentence: str, expected: float) -> None:
    """1 for what is asked, -1 for none of it, 0 where it cannot be told."""
    assert sign(question, sentence) == expected


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        ("من افتتح السوق؟", "افتتحه الوزير سالم الشامي", 1.0),
        ("من افتتح السوق؟", "افتتحه سالم", -1.0),
        ("من هو الوزير سالم الشامي؟", "قال الوزير سالم الشامي", -1.0),
        ("من افتتح السوق؟", "قال الوزير، وسالم الشامي معه", -1.0),
        ("متى افتتح السوق؟", "افتتحه الوزير سالم الشامي", 0.0),
    ],
)
def test_who_is_named(question: str, sentence: str, expected: float) -> None:
    """A name is two words that the question has not, after a title."""
    assert names_a_person(parse(question), sentence, tokens(sentence)) == expected


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        ("من زار السوق؟", "وكانت آخر مرة زاره فيها عام 2010", 1.0),
        ("متى زار السوق؟", "وكانت آخر مرة زاره فيها عام 2010", 0.0),
        ("من زار السوق العام الماضي؟", "سبق أن زاره", 0.0),
        ("من زار السوق؟", "زاره الوزير", 0.0),
    ],
)
def test_what_looks_back(question: str, sentence: str, expected: float) -> None:
    """An earlier occasion is another one, unless the question asks for it."""
    assert looks_back(parse(question), sentence) == expected


@given(anything, anything)
@settings(max_examples=200)
def test_any_sentence_can_be_judged(question: str, sentence: str) -> None:
    """Of any text, and of a question of any kind."""
    words = tokens(sentence)
    for asked in (question, *(f"{one} {question}" for one in ("كم", "متى", "أين", "كيف", "من"))):
        assert answers(parse(asked), words) in (-1.0, 0.0, 1.0)
        assert names_a_person(parse(asked), sentence, words) in (-1.0, 0.0, 1.0)
        assert looks_back(parse(asked), sentence) in (0.0, 1.0)
