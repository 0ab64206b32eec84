"""Dates and periods that questions name, and what lies in them."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import anything

from index.periods import Period, covers, find, names, recent

EXPRESSIONS = Path(__file__).parents[2] / "shared" / "data" / "dates" / "DateTimeModel.ar.json"
UNSOLVED = "not resolved"
TODAY = date(2026, 3, 12)  # a Thursday


def only(text: str) -> Period:
    (period,) = find(text, TODAY)
    return period


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        # absolute
        ("ماذا حدث في 12 فبراير 2023؟", "2023-02-12", "2023-02-12"),
        ("ماذا حدث في ١٢ شباط/فبراير ٢٠٢٣؟", "2023-02-12", "2023-02-12"),
        ("ماذا حدث في 12/2/2023؟", "2023-02-12", "2023-02-12"),
        ("ماذا حدث في \u200f12\u200f/\u200f2\u200f/\u200f2023؟", "2023-02-12", "2023-02-12"),
        ("ماذا حدث في 2023-02-12؟", "2023-02-12", "2023-02-12"),
        ("الثاني عشر من شباط عام 2023", "2023-02-12", "2023-02-12"),
        ("فبراير 12, 2023", "2023-02-12", "2023-02-12"),
        ("12 فِبرايِر 2023م", "2023-02-12", "2023-02-12"),
        ("في مارس 2023", "2023-03-01", "2023-03-31"),
        ("بشهر 3 2024", "2024-03-01", "2024-03-31"),
        ("في 2/2024", "2024-02-01", "2024-02-29"),
        ("بين 3 و12 سبتمبر 2016", "2016-09-03", "2016-09-12"),
        ("عام 2020", "2020-01-01", "2020-12-31"),
        ("سنة ٢٠٢٠", "2020-01-01", "2020-12-31"),
        ("في 2020 كم مات؟", "2020-01-01", "2020-12-31"),
        ("عام 1874", "1874-01-01", "1874-12-31"),
        ("بين 2019 و2021", "2019-01-01", "2021-12-31"),
        ("بين عامي ٢٠١٩ و ٢٠٢١", "2019-01-01", "2021-12-31"),
        ("من 2019 إلى 2021", "2019-01-01", "2021-12-31"),
        ("في التسعينيات", "1990-01-01", "1999-12-31"),
        ("ستينات القرن التاسع عشر", "1860-01-01", "1869-12-31"),
        ("منذ عام 2018", "2018-01-01", "2026-03-12"),
        ("قبل عام 2020", None, "2019-12-31"),
        ("بعد 2020", "2021-01-01", None),
        ("حتى نهاية 2020", None, "2020-12-31"),
        # relative
        ("ماذا حدث اليوم؟", "2026-03-12", "2026-03-12"),
        ("شو صار مبارح؟", "2026-03-11", "2026-03-11"),
        ("إيه اللي حصل امبارح؟", "2026-03-11", "2026-03-11"),
        ("أول أمس", "2026-03-10", "2026-03-10"),
        ("مين هيلعب بكرة؟", "2026-03-13", "2026-03-13"),
        ("يوم الخميس الماضي", "2026-03-05", "2026-03-05"),
        ("الأحد الماضي", "2026-03-08", "2026-03-08"),
        ("الأحد المقبل", "2026-03-15", "2026-03-15"),
        ("الأسبوع الماضي", "2026-02-28", "2026-03-06"),
        ("هالأسبوع", "2026-03-07", "2026-03-13"),
        ("الشهر اللي فات", "2026-02-01", "2026-02-28"),
        ("هذا الشهر", "2026-03-01", "2026-03-31"),
        ("العام الماضي", "2025-01-01", "2025-12-31"),
        ("السنة اللي فاتت", "2025-01-01", "2025-12-31"),
        ("السنة دي", "2026-01-01", "2026-12-31"),
        ("هالسنة", "2026-01-01", "2026-12-31"),
        ("السنة الجاية", "2027-01-01", "2027-12-31"),
        ("في 12 فبراير الماضي", "2026-02-12", "2026-02-12"),
        ("في مارس الماضي", "2025-03-01", "2025-03-31"),
        ("في 12 نوفمبر من العام الماضي", "2025-11-12", "2025-11-12"),
        ("كانون الثاني المقبل", "2027-01-01", "2027-01-31"),
        ("قبل يومين", "2026-03-10", "2026-03-10"),
        ("من 3 أيام", "2026-03-09", "2026-03-09"),
        ("قبل شهرين", "2026-01-01", "2026-01-31"),
        ("منذ أسبوع", "2026-03-05", "2026-03-12"),
        ("آخر ثلاثة أيام", "2026-03-09", "2026-03-12"),
        ("خلال الأيام الثلاثة الماضية", "2026-03-09", "2026-03-12"),
    ],
)
def test_a_period_with_its_year(text: str, start: str | None, end: str | None) -> None:
    """First and last day, counted from today where the text does."""
    period = only(text)
    assert period.year_known
    assert [period.start and str(period.start), period.end and str(period.end)] == [start, end]


@pytest.mark.parametrize(
    ("text", "month", "day", "last"),
    [
        ("في 12 فبراير", 2, 12, None),
        ("في 12/2", 2, 12, None),
        ("الأول من أيلول", 9, 1, None),
        ("11-12 نوفمبر", 11, 11, 12),
        ("في مارس", 3, None, None),
        ("شهر آب", 8, None, None),
        ("شهر 3", 3, None, None),
        *[(f"في 7 {name}", 1, 7, None) for name in ("يناير", "كانون الثاني", "جانفي", "january")],
        *[(f"في 7 {name}", 5, 7, None) for name in ("مايو", "أيار", "ماي", "MAY")],
        *[(f"في 7 {name}", 7, 7, None) for name in ("يوليو", "تموز", "جويلية", "يوليوز")],
        *[(f"في 7 {name}", 8, 7, None) for name in ("أغسطس", "اغسطس", "آب", "أوت", "غشت")],
        *[(f"في 7 {name}", 11, 7, None) for name in ("نوفمبر", "تشرين الثاني", "نونبر")],
    ],
)
def test_a_date_without_a_year(text: str, month: int, day: int | None, last: int | None) -> None:
    """Month and day are kept; no year is guessed."""
    period = only(text)
    assert (period.month, period.day, period.last) == (month, day, last)
    assert (period.start, period.end, period.year_known) == (None, None, False)


def test_what_is_not_resolved() -> None:
    """A weekday alone and the Hijri calendar."""
    assert only("ماذا حدث يوم الجمعة؟") == Period(text="يوم الجمعة", weekday=4)
    assert only("في 12 رمضان 1445 هـ") == Period(
        text="12 رمضان 1445 هـ", month=9, day=12, hijri=True
    )
    assert [one.text for one in find("في ١٢ شباط ثم عام 2020", TODAY)] == ["١٢ شباط", "عام 2020"]


@pytest.mark.parametrize(
    "text",
    [
        "من مارس الضغط على الحكومة؟",
        "ماذا قالت تيريزا ماي؟",
        "من هو رجب طيب أردوغان؟",
        "ما سعر سيارة نيسان؟",
        "متى فتح باب المندب؟",
        "مات 2020 شخصا",
        "في 31 فبراير",
        "سنة 1445هـ",
        "من فاز بكرة القدم؟",
        "ما اليوم العالمي للمياه؟",
        "قبل يومين من الانتخابات",
        "قبل أيام",
        "ما الرأي العام؟",
        "كم رقم 12.5؟",
        "متى وصل؟",
        "",
    ],
)
def test_what_is_no_period(text: str) -> None:
    """Names and counts that look like one, and days that no calendar has."""
    assert find(text, TODAY) == ()


@pytest.mark.parametrize(
    ("question", "sentence", "named"),
    [
        ("في 12 فبراير", "وصل في 12 شباط 2023", True),
        ("في 12 فبراير", "وصل في ١٢/٢", True),
        ("في 12 فبراير", "وصل في 13 فبراير", False),
        ("في 12 فبراير", "وصل في فبراير", False),
        ("في 12 فبراير 2023", "وصل في 12 شباط", True),
        ("في 12 فبراير 2023", "وصل في 12 شباط 2022", False),
        ("في 12 فبراير 2023", "وصل عام 2023", False),
        ("في 11 نوفمبر", "اجتمعوا في 11-12 تشرين الثاني", True),
        ("في 12 نوفمبر", "اجتمعوا يومي 11 و12 نونبر", True),
        ("في غشت", "وصل في 15 أغسطس", True),
        ("في مارس 2023", "وصل في 15 آذار 2023", True),
        ("في مارس 2023", "وصل في 15 آذار 2022", False),
        ("عام 2023", "وصل في 15 آذار 2023", True),
        ("عام 2023", "وصل في 15 آذار", False),
        ("بين 2019 و2021", "وصل في ربيع 2020", True),
        ("أمس", "وصل في 11 آذار", True),
        ("أمس", "وصل أمس", False),
        ("الأسبوع الماضي", "وصل في 3 مارس", True),
        ("الأسبوع الماضي", "وصل في 23 مارس", False),
        ("يوم الجمعة", "وصل الجمعة", True),
        ("يوم الجمعة", "وصل الخميس", False),
        ("في رمضان", "وصل في 3 رمضان", True),
        ("في رمضان", "وصل في شهر شعبان", False),
        ("في محرم", "وصل في 3 يناير", False),
    ],
)
def test_a_sentence_names_the_period(question: str, sentence: str, named: bool) -> None:
    """In any of the ways to write it, as exactly as the question or more."""
    assert names(only(question), sentence) is named


@pytest.mark.parametrize(
    ("text", "published", "expected"),
    [
        ("في 16 مارس 2023", "2023-03-16", True),
        ("في 16 مارس 2023", "2023-03-16T23:05:00+00:00", True),
        ("في 16 مارس 2023", "2023-03-17", False),
        ("في 16 مارس 2023", "--03-16", None),
        ("في 16 مارس 2023", "--03-17", False),
        ("في 16 مارس", "2019-03-16", True),
        ("في 16 مارس", "--03-16", True),
        ("في 16 مارس", "--03-17", False),
        ("في مارس", "2023-03-16", True),
        ("عام 2023", "2023-03-16", True),
        ("عام 2023", "--03-16", None),
        ("قبل 2020", "1999-01-01", True),
        ("بعد 2020", "2020-12-31", False),
        ("أمس", "2026-03-11", True),
        ("يوم الجمعة", "2023-03-17", True),
        ("يوم الجمعة", "2023-03-16", False),
        ("يوم الجمعة", "--03-16", None),
        ("في رمضان", "2023-03-28", None),
        ("عام 2023", None, None),
        ("عام 2023", "gestern", None),
        ("في 29 فبراير", "--02-29", True),
    ],
)
def test_an_article_is_of_the_period(
    text: str, published: str | None, expected: bool | None
) -> None:
    """By its day of publication; None where one of them does not say enough."""
    assert covers(only(text), published) is expected


@pytest.mark.parametrize(
    ("text", "newest"),
    [
        ("متى آخر زيارة للوفد؟", True),
        ("متى زار الوفد دمشق آخر مرة؟", True),
        ("ماذا قال في آخر مرة؟", True),
        ("ما أحدث الأرقام؟", True),
        ("ما الجديد في القضية؟", True),
        ("شو الجديد؟", True),
        ("أين الوفد الآن؟", True),
        ("الوضع إيه دلوقتي؟", True),
        ("شو عم يصير هلق؟", True),
        ("ما سبب الأزمة الأخيرة؟", True),
        ("ماذا حدث اليوم؟", True),
        ("هل أقروا بندا آخر؟", False),
        ("هل قتل شخص آخر في السوق؟", False),
        ("من هو الشخص الآخر؟", False),
        ("ما الذي أخّر القطار؟", False),
        ("كم طول الرصيف الجديد؟", False),
        ("متى اليوم العالمي للمياه؟", False),
        ("آخر", False),
        ("", False),
    ],
)
def test_the_newest_is_asked_for(text: str, newest: bool) -> None:
    """«آخر» before a noun is the last, after one it is another."""
    assert recent(text) is newest


def test_expressions_that_others_collected() -> None:
    """Whatever is resolved to days has their value or one of their values."""
    if not EXPRESSIONS.exists():
        pytest.skip(f"{EXPRESSIONS} is absent")
    checked = 0
    for case in json.loads(EXPRESSIONS.read_text(encoding="utf-8")):
        now = (case.get("Context") or {}).get("ReferenceDateTime", "2016-11-07")
        found = find(case["Input"], date.fromisoformat(now[:10]))
        for result in case["Results"]:
            read = any(one.text in result["Text"] for one in found)
            if (
                not read
                or result["TypeName"] != "datetimeV2.date"
                or result["Resolution"] == UNSOLVED
            ):
                continue
            days = [date.fromisoformat(value["value"]) for value in result["Resolution"]["values"]]
            checked += 1
            assert any(
                one.start in days
                or any((one.month, one.day or day.day) == (day.month, day.day) for day in days)
                or any(one.weekday == day.weekday() for day in days)
                for one in found
            ), case["Input"]
    assert checked >= 10


@given(anything, st.dates(), st.one_of(st.none(), anything, st.dates().map(str)))
@settings(max_examples=300)
def test_any_text_and_day(text: str, today: date, published: str | None) -> None:
    """Nothing raises, and what is read stands in the text."""
    for period in find(f"{text} {today.day} مارس منذ عام {text}", today):
        assert period.text
        covers(period, published)
        names(period, text)
    for phrase in ("أمس", "الشهر الماضي", "قبل 9999 سنة", "الأسبوع المقبل", "العام الماضي"):
        find(phrase, today)
    recent(text)
