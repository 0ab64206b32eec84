"""What the sort of question tells about the sentence that answers it. Pure."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from index.arabic import Token, normalise
from index.questions import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.questions import Question

_NUMBERS = frozenset(
    normalise(
        "واحد واحدة اثنان اثنين اثنتين ثلاثة ثلاث أربعة أربع خمسة خمس ستة ست سبعة سبع ثمانية ثماني "
        "تسعة تسع عشرة عشر عشرون عشرين ثلاثون ثلاثين أربعون أربعين خمسون خمسين ستون ستين سبعون "
        "سبعين ثمانون ثمانين تسعون تسعين مئة مائة مئتين مئات ألف ألفين آلاف مليون مليونين ملايين "
        "مليار مليارات نصف ثلث ربع مرتين يومين ساعتين أسبوعين شهرين عامين سنتين"
    ).split()
)
_TIMES = frozenset(
    normalise(
        "يناير فبراير مارس أبريل إبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر كانون "
        "شباط آذار نيسان أيار حزيران تموز آب أيلول تشرين جانفي فيفري أفريل ماي جوان جويلية أوت "
        "غشت شتنبر نونبر دجنبر السبت الأحد الاثنين الثلاثاء الأربعاء الخميس الجمعة اليوم أمس غدا "
        "صباح مساء فجر ليلة يوم أسبوع شهر عام سنة القرن رمضان المقبل الماضي"
    ).split()
)
_REASONS = frozenset(
    normalise("بسبب سبب نتيجة لأن لأنه لأنها جراء إثر بهدف نظرا بعد بفعل لعدم لغياب").split()
)

# What stands before a name in the news, and words between names that are none.
_TITLES = frozenset(
    normalise(
        "الرئيس رئيس رئيسة الرئيسة وزير وزيرة الوزير الوزيرة المبعوث مبعوث نظيره نظيرته الملك "
        "ملك الأمير أمير السيد السيدة الدكتور الدكتورة المدير مدير مديرة المتحدث الناطق قائد "
        "القائد زعيم الشيخ السلطان نائب النائب سفير السفير اللواء العميد العقيد الجنرال المهندس "
        "المهندسة الكاتب الكاتبة الشاعر الفنان الفنانة المدرب اللاعب المهاجم الحارس الحكم القاضي "
        "المحامي الباحث الباحثة الصحفي الأستاذ أستاذ اسمه اسمها يدعى تدعى بن ابن أبو"
    ).split()
)
_NO_NAME = frozenset(
    normalise(
        "في من على إلى عن مع أن إن التي الذي الذين هذا هذه ذلك قال أكد أعلن كان كانت قد لم لا "
        "ما ثم أو بعد قبل خلال حول بين عند منذ حتى كما لقد سوف أيضا اليوم أمس السبت الأحد "
        "الاثنين الثلاثاء الأربعاء الخميس الجمعة"
    ).split()
)
_REACH = 6  # words after a title in which the name must begin: «الرئيس الروسي فلاديمير بوتين»
_LOOKING_BACK = re.compile(
    "|".join(normalise(words) for words in ("آخر مرة", "المرة السابقة", "سبق أن", "سبق ل"))
)
_ASKED_BACK = re.compile("|".join(normalise(w) for w in ("آخر مرة", "سابق", "سبق", "الماضي")))


def answers(question: Question, words: Sequence[Token]) -> float:
    """1 where a sentence holds the sort of thing asked for, -1 where not, 0 where none can tell."""
    asked = {word.form for word in question.words}
    forms = {word.form for word in words}
    match question.kind:
        case Kind.HOW_MANY:
            held = any(_is_number(form) for form in forms - asked)
        case Kind.WHEN:
            held = any(form.isdigit() or form in _TIMES for form in forms - asked)
        case Kind.WHY:
            held = not forms.isdisjoint(_REASONS)
        case _:
            return 0.0
    return 1.0 if held else -1.0


def names_a_person(question: Question, text: str, words: Sequence[Token]) -> float:
    """1 where a sentence names somebody new to a question that asks who, -1 where not, else 0.

    A name is taken to be two words in a row after a title, neither of them the question's.
    """
    if question.kind is not Kind.WHO:
        return 0.0
    asked = {word.form for word in question.words}
    for position, word in enumerate(words):
        bare = word.form[1:] if word.form[:1] in "وبلف" else word.form
        if (word.form in _TITLES or bare in _TITLES) and _name_follows(
            text, words[position : position + _REACH + 1], asked
        ):
            return 1.0
    return -1.0


def looks_back(question: Question, text: str) -> float:
    """1 where a sentence tells of an earlier occasion, and the question asks for none, else 0.

    «وكانت آخر مرة التقيا فيها …» stands in an article about another meeting.
    """
    if question.kind is Kind.WHEN or _ASKED_BACK.search(normalise(question.text)):
        return 0.0
    return 1.0 if _LOOKING_BACK.search(normalise(text)) else 0.0


def _name_follows(text: str, words: Sequence[Token], asked: set[str]) -> bool:
    run = 0
    for before, word in pairwise(words):
        if text[before.end : word.start].strip().strip("“”\"«»' "):
            return False  # punctuation ends what the title is of
        if word.form in _NO_NAME:
            return False
        run = run + 1 if word.form not in asked else 0
        if run == 2:
            return True
    return False


def _is_number(form: str) -> bool:
    return form.isdigit() or form in _NUMBERS or (form[:1] in "وبفلك" and form[1:] in _NUMBERS)
