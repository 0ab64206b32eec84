"""Dates are read as stated: every region's months, no invention, no impossible day."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.dates import find_date, is_date_line, normalise_date, sort_key, stated_dates


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("16 مارس 2023", "2023-03-16"),
        ("الخميس 16 آذار/مارس 2023", "2023-03-16"),
        ("الخميس، 16 آذار (مارس) 2023", "2023-03-16"),
        ("17 شباط / فبراير 2026", "2026-02-17"),
        ("16/03/2023", "2023-03-16"),
        ("03/04/2023", "2023-04-03"),
        ("16.03.2023", "2023-03-16"),
        ("2023-03-16", "2023-03-16"),
        ("2023/3/6", "2023-03-06"),
        ("١٦ مارس ٢٠٢٣", "2023-03-16"),
        ("۱۶ مارس ۲۰۲۳", "2023-03-16"),
        ("16 مَارِس 2023", "2023-03-16"),
        ("مارس 16, 2023", "2023-03-16"),
        ("نوفمبر 5، 2021", "2021-11-05"),
        ("16 من شهر مارس عام 2023", "2023-03-16"),
        ("Mar 16, 2023", "2023-03-16"),
        ("16 March 2023", "2023-03-16"),
        ("GMT 14:05 2023 الخميس ,16 آذار / مارس", "2023-03-16T14:05:00+00:00"),
        ("GMT 07:39 2026 الثلاثاء ,17 شباط / فبراير", "2026-02-17T07:39:00+00:00"),
        ("16 مارس 2023 - 14:05 بتوقيت غرينتش", "2023-03-16T14:05:00+00:00"),
        ("16 مارس 2023 - 14:05 (غرينتش)", "2023-03-16T14:05:00+00:00"),
        ("16 مارس 2023 14:05 GMT+03:00", "2023-03-16T14:05:00+03:00"),
        ("16 مارس 2023، 02:05 م GMT", "2023-03-16T14:05:00+00:00"),
        ("16 مارس 2023 - 14:05", "2023-03-16"),
        ("16 مارس 2023 - 14:05 بتوقيت مكة المكرمة", "2023-03-16"),
        ("في 28 يناير، زار الوفد", "--01-28"),
        ("24 شعبان 1444 هـ - 16 مارس 2023 م", "2023-03-16"),
        ("16 شباط فبراير 2023", "2023-02-16"),
        ("16-مارس-2023", "2023-03-16"),
        ("16/مارس/2023", "2023-03-16"),
        ("2023 مارس 16", "2023-03-16"),
        ("16 آذار من العام 2023", "2023-03-16"),
        ("16\u200f/3\u200f/2023", "2023-03-16"),
        ("03/16/2023 2:05:00 PM", "2023-03-16"),
        ("1er août 2022", "2022-08-01"),
        ("16 mars 2023", "2023-03-16"),
        ("Thu Mar 16 2023 14:05:00 GMT+0300", "2023-03-16T14:05:00+03:00"),
        ("16 مارس 2023 14:05 GMT+3", "2023-03-16T14:05:00+03:00"),
        ("16 مارس 2023 14:05 -5 دقائق", "2023-03-16"),
        ("9 محرم 1428هـ - 29 يناير 2007م - العدد 10214", "2007-01-29"),
        ("24 شعبان 1444 / مارس 2023", None),
        ("1444/08/24 هـ", None),
        ("24 شعبان 1444 هـ", None),
        ("24/08/1444", None),
        ("24/08/1444 - 16/03/2023", "2023-03-16"),
        ("31 فبراير 2023", None),
        ("29 فبراير 2023", None),
        ("29 فبراير 2024", "2024-02-29"),
        ("29 فبراير", "--02-29"),
        ("45/13/2023", None),
        ("آخر تحديث GMT 14:05:42", None),
        ("اليوم الخميس", None),
        ("في سبتمبر 2021", None),
        ("بلغ العدد 16 مارسوا الرياضة", None),
        ("الرقم 2023", None),
        ("", None),
    ],
)
def test_find_date(text: str, date: str | None) -> None:
    """The first date is told in one of three forms, or not at all."""
    assert find_date(text) == date


@pytest.mark.parametrize(
    ("name", "month"),
    [
        *zip(
            "كانون الثاني,شباط,آذار,نيسان,أيار,حزيران,تموز,آب,أيلول,تشرين الأول,تشرين الثاني,"
            "كانون الأول".split(","),
            range(1, 13),
            strict=True,
        ),
        *zip(
            "يناير فبراير مارس إبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر".split(),
            range(1, 13),
            strict=True,
        ),
        *zip(
            "جانفي فيفري مارس أفريل ماي جوان جويلية أوت سبتمبر أكتوبر نوفمبر ديسمبر".split(),
            range(1, 13),
            strict=True,
        ),
        ("مايس", 5),
        ("أغشت", 8),
        ("أغسطوس", 8),
        ("ت1", 10),
        ("نوڤمبر", 11),
        ("كانون أول", 12),
        ("أبريل", 4),
        ("ابريل", 4),
        ("يوليوز", 7),
        ("غشت", 8),
        ("شتنبر", 9),
        ("نونبر", 11),
        ("دجنبر", 12),
    ],
)
def test_months_of_every_region(name: str, month: int) -> None:
    """Levantine, Egyptian, Maghrebi and Moroccan names are the same twelve months."""
    assert find_date(f"الأحد 9 {name} 2022") == f"2022-{month:02d}-09"


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("2015-08-02 22:46:54", "2015-08-02"),
        ("2023-03-16T14:05:00Z", "2023-03-16T14:05:00+00:00"),
        ("2023-03-16T14:05:00.123Z", "2023-03-16T14:05:00+00:00"),
        ("2023-03-16T01:05:00+03:00", "2023-03-16T01:05:00+03:00"),
        ("2023-03-16T14:05:00+0300", "2023-03-16T14:05:00+03:00"),
        ("2023-03-16T14:05:00+03", "2023-03-16T14:05:00+03:00"),
        ("2023-03-16T14:05", "2023-03-16"),
        ("2023-03-16", "2023-03-16"),
        ("--03-16", "--03-16"),
        ("--02-30", None),
        ("20230316", "2023-03-16"),
        ("20230316140500Z", "2023-03-16T14:05:00+00:00"),
        ("Thu, 16 Mar 2023 14:05:00 GMT", "2023-03-16T14:05:00+00:00"),
        ("Thu, 16 Mar 2023 14:05:00 +0200", "2023-03-16T14:05:00+02:00"),
        ("2023-03", None),
        ("2023", None),
        ("أمس", None),
        ("0000-00-00 00:00:00", None),
        ("", None),
    ],
)
def test_normalise_date(value: str, date: str | None) -> None:
    """A metadata value keeps its instant only where it states a zone."""
    assert normalise_date(value) == date


@pytest.mark.parametrize(
    ("line", "published", "updated"),
    [
        ("نشر: 1 مايو 2023 | آخر تحديث: 2 مايو 2023", "2023-05-01", "2023-05-02"),
        ("آخر تحديث: 2 مايو 2023 | نشر: 1 مايو 2023", "2023-05-01", "2023-05-02"),
        ("1 مايو 2023، آخر تحديث 14:00 (GMT+0400)", "2023-05-01", None),
        ("أول نشر: 1-5-2023 - تم تحديثه في 2/5/2023", "2023-05-01", "2023-05-02"),
        ("Publié le 1 mai 2023, mis à jour le 2 mai 2023", "2023-05-01", "2023-05-02"),
        ("آخر تعديل: 2 مايو 2023", None, "2023-05-02"),
        ("آخر تحديث: منذ ساعتين", None, None),
    ],
)
def test_published_and_updated_in_one_line(
    line: str, published: str | None, updated: str | None
) -> None:
    """Each date belongs to the words before it."""
    assert stated_dates(line) == (published, updated)
    assert is_date_line(line)


@pytest.mark.parametrize(
    ("published", "key"),
    [
        ("2023-03-16", "2023-03-16T00:00:00+00:00"),
        ("2023-03-16T14:05:00+00:00", "2023-03-16T14:05:00+00:00"),
        ("2023-03-16T14:05:00+03:00", "2023-03-16T11:05:00+00:00"),
        ("2023-03-16T14:05:00", None),
        ("--03-16", None),
        ("2023-02-31", None),
        ("غدا", None),
        (None, None),
    ],
)
def test_sort_key(published: str | None, key: str | None) -> None:
    """Only a full date can be compared with another."""
    assert sort_key(published) == key


@pytest.mark.parametrize(
    "line",
    [
        "16 مارس 2023",
        "نُشر في: الخميس 16 مارس 2023 - 02:05 م",
        "تاريخ النشر: 16/03/2023",
        "آخر تحديث: 16-03-2023 14:05 بتوقيت مكة المكرمة",
        "آخر تحديث GMT 14:05:42",
        "GMT 07:39 2026 الثلاثاء ,17 شباط / فبراير",
        "24 شعبان 1444 هـ - 16 مارس 2023 م",
        "قبل 3 ساعات",
        "منذ ساعتين",
        "الخميس",
    ],
)
def test_date_lines(line: str) -> None:
    """A line of date and time only is furniture, whether or not it holds a date."""
    assert is_date_line(line)


@pytest.mark.parametrize(
    "line",
    [
        "وصل الوفد إلى العاصمة في 16 مارس 2023",
        "في سبتمبر 2021 زار الرئيس موسكو",
        "57 خبر",
        "من في",
        "16 قتيلا في 2023",
    ],
)
def test_lines_with_more_than_a_date(line: str) -> None:
    """A sentence that mentions a date is not a date line."""
    assert not is_date_line(line)


@given(st.text(max_size=60))
def test_any_text_is_answered(text: str) -> None:
    """No text makes the reader fail, and what it finds is in its own form."""
    for found in (find_date(text), normalise_date(text)):
        assert found is None or found == normalise_date(found)
    is_date_line(text)


@given(st.dates(min_value=datetime.date(1950, 1, 1), max_value=datetime.date(2099, 12, 31)))
def test_written_dates_are_read_back(day: datetime.date) -> None:
    """Each way of writing a day gives that day back."""
    assert find_date(f"{day.day}/{day.month}/{day.year}") == day.isoformat()
    assert normalise_date(f"{day.isoformat()}T10:00:00") == day.isoformat()
