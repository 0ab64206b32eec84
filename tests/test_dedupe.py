"""Whether an article says what another has said: reprints, and what only looks like one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.dedupe import Words, bands, contradict, repeats, rewords, sketch

TITLE = "وزير النقل يفتتح طريق الساحل بكلفة 12 مليون دينار"
TEXT = (
    "افتتح وزير النقل سامر الحداد أمس طريق الساحل الذي يصل بلدة القمرية بميناء الصدف. "
    "وقال الوزير إن كلفة الطريق بلغت 12 مليون دينار وإن العمل فيه استمر ثلاث سنوات. "
    "وأوضح أن الطريق يضم أربعة جسور ونفقًا طوله كيلومتران، وأنه يخدم سبعين ألف مسافر كل يوم. "
    "وحضر الافتتاح محافظ الساحل رائد العمري وعدد من المهندسين الذين أشرفوا على التنفيذ. "
    "وتنوي الوزارة توسيع الطريق نحو مدينة الرمان في العام المقبل، بعد أن توافق الحكومة على "
    "الموازنة. ويقول سكان القرى المجاورة إن الطريق القديم كان ضيقًا كثير الحوادث، ولا "
    "سيما في الشتاء. وتشغل الطريق شركة محلية فازت بالعقد بين تسع شركات تقدمت إليه."
)
ORIGINAL = Words(TITLE, TEXT)

MATCH = (
    "{one} {verb} على {other} {score} في نهائي كأس الجبل",
    "{verb} فريق {one} على فريق {other} {score} في المباراة النهائية لكأس الجبل التي أقيمت على "
    "ملعب الوادي أمام جمهور كبير. وسجل الأهداف مهاجم الفريق في الشوط الثاني. وتسلم قائد الفريق "
    "الكأس من رئيس الاتحاد وسط فرحة اللاعبين، وهي الثانية في تاريخ النادي الذي تأسس قبل نصف قرن.",
)


def match(
    one: str = "الصقور", other: str = "المرجان", verb: str = "فاز", score: str = "2-1"
) -> Words:
    title, text = (part.format(one=one, other=other, verb=verb, score=score) for part in MATCH)
    return Words(title, text)


def test_a_text_repeats_itself() -> None:
    """And what only folds otherwise."""
    assert repeats(ORIGINAL, ORIGINAL)
    assert repeats(Words(TITLE, TEXT.replace("أ", "ا").replace("ة", "ه")), ORIGINAL)


@pytest.mark.parametrize(
    "edit",
    [
        lambda text: text.replace("أمس", "يوم الأحد"),
        lambda text: text.replace("وزير النقل سامر", "معالي وزير النقل المهندس سامر"),
        lambda text: text.replace("وقال الوزير", "وأكد الوزير في تصريح لوكالة الأنباء"),
        lambda text: text.replace("12 مليون", "اثني عشر مليون").replace("اثني عشر", "١٢"),
        lambda text: text.replace("ثلاث سنوات", "3 سنوات").replace("سبعين ألف", "70,000"),
        lambda text: "الساحل - واس: " + text,
        lambda text: ". ".join(text.split(". ")[:4]),
        lambda text: text + " رابط الخبر بصحيفة الساحل: وزير النقل يفتتح طريق الساحل",
    ],
)
def test_a_copy_may_be_edited_and_cut(edit) -> None:  # type: ignore[no-untyped-def]
    """In who said it, in titles, in the day, in how numbers are written, in its length."""
    copy = Words("افتتاح طريق الساحل", edit(TEXT))
    assert repeats(copy, ORIGINAL)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("12 مليون", "15 مليون"),
        ("ثلاث سنوات", "خمس سنوات"),
        ("سامر الحداد أمس", "عادل النجار أمس"),
        ("بلدة القمرية بميناء الصدف", "بلدة الزيتون بميناء المرجان"),
        ("بعد أن توافق الحكومة", "بعد أن رفضت الحكومة"),
        ("وتنوي الوزارة توسيع", "ولا تنوي الوزارة توسيع"),
        ("افتتح وزير النقل", "أغلق وزير النقل"),
    ],
)
def test_other_facts_are_another_text(before: str, after: str) -> None:
    """A number, a name, a place, a denial, an opposite."""
    assert before in TEXT
    assert not repeats(Words(TITLE, TEXT.replace(before, after)), ORIGINAL)


def test_other_headlines_contradict() -> None:
    """Over the same text too."""
    assert not repeats(Words("إغلاق طريق الساحل", TEXT), Words("افتتاح طريق الساحل", TEXT))
    assert not repeats(Words("طريق الساحل: 13 مليون دينار", TEXT), ORIGINAL)


@pytest.mark.parametrize(
    "other",
    [
        match(verb="خسر"),
        match(verb="تعادل"),
        match(one="المرجان", other="الصقور"),
        match(score="3-1"),
        match(other="الهضبة"),
    ],
)
def test_another_match_is_another_report(other: Words) -> None:
    """Lost for won, who beat whom turned round, another result, another side."""
    assert repeats(match(), match())
    assert not repeats(other, match())
    assert not rewords(other, match())


def test_weather_of_two_days_is_two_reports() -> None:
    """A notice that comes every day differs in a number or a word."""
    said = (
        "توقعت هيئة الأرصاد طقسًا {sky} على الساحل ورياحًا {wind} على المرتفعات، وتبلغ الحرارة "
        "العظمى {heat} درجة في القمرية وتتدنى الرؤية على الطرق الصحراوية بسبب الغبار."
    )
    one = Words("طقس الغد", said.format(sky="مشمسًا", wind="شمالية", heat=41))
    assert not repeats(Words("طقس الغد", said.format(sky="مشمسًا", wind="شمالية", heat=43)), one)
    assert not repeats(Words("طقس الغد", said.format(sky="ممطرًا", wind="شمالية", heat=41)), one)
    assert not repeats(Words("طقس الغد", said.format(sky="مشمسًا", wind="جنوبية", heat=41)), one)


def test_what_adds_is_no_reprint() -> None:
    """What it adds would be lost; the shorter one of the two repeats the longer."""
    more = (
        " وأعلن محافظ الساحل أن مصنعًا للإسمنت سيقام على الطريق ويوظف مئات العمال من أبناء المنطقة، "
        "وأن مستشفى ميدانيًا وجامعة خاصة وسوقًا للسمك تنتظر التراخيص اللازمة من دائرة الأراضي."
    )
    longer = Words(TITLE, TEXT + more)
    assert not repeats(longer, ORIGINAL)
    assert repeats(ORIGINAL, longer)


def test_few_words_repeat_nothing() -> None:
    """Too little is said to tell."""
    assert not repeats(Words("عاجل", "افتتاح الطريق"), Words("عاجل", "افتتاح الطريق"))
    assert not rewords(Words("عاجل", "افتتاح الطريق"), ORIGINAL)
    assert not repeats(Words("", ""), Words("", ""))


def test_books_are_not_compared() -> None:
    """It would take minutes."""
    book = Words("كتاب", TEXT * 60)
    assert contradict(book, book)


def test_the_same_in_other_words() -> None:
    """In another order, with none of it new."""
    sentences = TEXT.split(". ")
    turned = Words(TITLE, ". ".join([*sentences[3:], *sentences[:3]]))
    assert rewords(turned, ORIGINAL)
    assert not rewords(Words(TITLE, turned.text.replace("12 مليون", "14 مليون")), ORIGINAL)
    assert not rewords(Words(TITLE, turned.text.replace("وحضر الافتتاح", "ولم يحضر")), ORIGINAL)


def test_likeness_is_estimated() -> None:
    """MinHash agrees with the share of common runs, within chance."""
    words = [f"كلمة{n}" for n in range(400)]
    one = Words("", " ".join(words[:300]))
    other = Words("", " ".join(words[100:]))
    common = len(np.intersect1d(one.runs, other.runs)) / len(np.union1d(one.runs, other.runs))
    assert abs(float(np.mean(sketch(one) == sketch(other))) - common) < 0.2
    assert set(bands(sketch(one))) & set(bands(sketch(other)))
    assert not set(bands(sketch(one))) & set(bands(sketch(ORIGINAL)))


def test_sketches_do_not_change() -> None:
    """They are stored: another result needs another VERSION."""
    assert sketch(Words("", "واحد اثنان ثلاثة أربعة خمسة"))[:3].tolist() == PINNED
    assert all(0 <= key < 2**63 for key in bands(sketch(ORIGINAL)))


PINNED = [706745097, 1053752699, 1408274543]


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_texts_can_be_compared(one: str, other: str) -> None:
    """Whatever they hold; and a text never contradicts itself."""
    a, b = Words("", one), Words(other, other)
    repeats(a, b)
    rewords(b, a)
    assert len(sketch(a)) == 72
    assert not contradict(a, a)
