"""Hours as people write them."""

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.hours import hour_text, parse_hour


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("7:30 صباحًا", "07:30"),
        ("٧ مساء", "19:00"),
        ("21:00", "21:00"),
        ("٢١:٠٠", "21:00"),
        ("7", "07:00"),
        ("الساعة ٨", "08:00"),
        ("٩ ونصف مساءً", "21:30"),
        ("8 إلا ربع م", "19:45"),
        ("السابعة والنصف صباحا", "07:30"),
        ("الثامنة إلا ثلثًا مساءً", "19:40"),
        ("الثانية عشرة ليلًا", "00:00"),
        ("12 ظهرا", "12:00"),
        ("1 ظهرا", "13:00"),
        ("11 ظهرا", "11:00"),
        ("11 ليلا", "23:00"),
        ("2 ليلا", "02:00"),
        ("منتصف الليل", "00:00"),
        ("12 صباحا", "00:00"),
        ("7.30", "07:30"),
        ("9pm", "21:00"),
        ("7:30 a.m.", "07:30"),
        ("24:00", "00:00"),
        ("الساعه ٩ ونص الصبح", "09:30"),
        ("٧ ونص مسا", "19:30"),
        ("تسعة الصبح", "09:00"),
        ("9 مساء", "21:00"),
        ("الساعة سبعة ونص المغرب", "19:30"),
        ("تمانية إلا تلت بالليل", "19:40"),
        ("اتناشر الظهر", "12:00"),
        ("اثنا عشر ليلا", "00:00"),
        ("حداشر ونص بالليل", "23:30"),
        ("الصبح الساعة 7", "07:00"),
        ("على التسعة مساء كل يوم", "21:00"),
        ("12 منتصف الليل", "00:00"),
    ],
)
def test_an_hour_is_understood(written: str, expected: str) -> None:
    """In either digits, with and without the half of the day."""
    assert parse_hour(written) == time.fromisoformat(expected)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "بطيخ",
        "25:00",
        "7:61",
        "13 صباحا",
        "متى افتتح الجسر؟",
        "7 و 30",
        "7 أيام",
        "2026",
        "خمسة قتلى",
        "الاثنين",
    ],
)
def test_what_is_no_hour_is_none(written: str) -> None:
    """It may well be a question."""
    assert parse_hour(written) is None


@given(
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    st.sampled_from(("ar", "en")),
    st.sampled_from(("latin", "arabic")),
)
def test_what_we_write_is_understood(at: time, lang: str, digits: str) -> None:
    """So that what stands in the menu can be written back."""
    assert parse_hour(hour_text(at, lang, digits)) == at  # type: ignore[arg-type]


@given(st.text(max_size=30))
def test_anything_may_be_written(text: str) -> None:
    """It is an hour or none."""
    parse_hour(text)


@pytest.mark.parametrize(
    ("at", "arabic", "english"),
    [
        ("00:00", "12:00 منتصف الليل", "12:00 am"),
        ("00:30", "12:30 ليلًا", "12:30 am"),
        ("01:00", "1:00 صباحًا", "1:00 am"),
        ("11:59", "11:59 صباحًا", "11:59 am"),
        ("12:00", "12:00 ظهرًا", "12:00 pm"),
        ("14:59", "2:59 ظهرًا", "2:59 pm"),
        ("15:00", "3:00 عصرًا", "3:00 pm"),
        ("18:00", "6:00 مساءً", "6:00 pm"),
    ],
)
def test_each_part_of_the_day_has_its_name(at: str, arabic: str, english: str) -> None:
    """As people say it."""
    hour = time.fromisoformat(at)
    assert hour_text(hour, "ar", "latin") == arabic
    assert hour_text(hour, "en", "latin") == english
