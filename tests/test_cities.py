"""Cities by the names that people write, and by a place on the map."""

from __future__ import annotations

from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import cities
from bot.towns import TOWNS


@pytest.mark.parametrize(
    ("written", "name", "zone"),
    [
        ("القاهرة", "القاهرة", "Africa/Cairo"),
        ("القاهره", "القاهرة", "Africa/Cairo"),
        ("قاهرة", "القاهرة", "Africa/Cairo"),
        ("  الاسكندريه ", "الإسكندرية", "Africa/Cairo"),
        ("مدينة جدّة", "جدة", "Asia/Riyadh"),
        ("مكه", "مكة المكرمة", "Asia/Riyadh"),
        ("ابو ظبى", "أبوظبي", "Asia/Dubai"),
        ("وهران", "وهران", "Africa/Algiers"),
        ("كازابلانكا", "الدار البيضاء", "Africa/Casablanca"),
        ("الموصل", "الموصل", "Asia/Baghdad"),
        ("ALEPPO", "حلب", "Asia/Damascus"),
        ("new york", "نيويورك", "America/New_York"),
        ("كييف", "كييف", "Europe/Kyiv"),  # CLDR still calls the zone otherwise
        ("لبنان", "بيروت", "Asia/Beirut"),  # a country
        ("السعودية", "الرياض", "Asia/Riyadh"),
    ],
)
def test_a_city_is_found_however_it_is_spelt(written: str, name: str, zone: str) -> None:
    """And it is what is meant, not only near it."""
    (city,) = cities.find(written)
    assert (city.name_ar, city.zone) == (name, zone)
    assert cities.called(city, written)


@pytest.mark.parametrize(
    ("written", "zones"),
    [
        ("طرابلس", {"Asia/Beirut", "Africa/Tripoli"}),
        ("عمان", {"Asia/Amman", "Asia/Muscat"}),
        ("فلسطين", {"Asia/Gaza", "Asia/Hebron"}),
    ],
)
def test_what_may_be_several_is_asked(written: str, zones: set[str]) -> None:
    """Of the same name, or of one country."""
    assert {city.zone for city in cities.find(written)} == zones


@pytest.mark.parametrize("written", ["عمّان", "عَمَّان ", "عـمّان"])
def test_a_doubled_letter_tells_names_apart(written: str) -> None:
    """«عُمان» has none."""
    (city,) = cities.find(written)
    assert (city.name_ar, city.zone) == ("عمّان", "Asia/Amman")
    assert cities.called(city, written)
    assert [c.name_ar for c in cities.find("جدّه")] == ["جدة"]  # where no name has it, none is asked


@pytest.mark.parametrize(
    ("written", "name"),
    [("الدار البيضا", "الدار البيضاء"), ("بغدا", "بغداد"), ("Casablanc", "الدار البيضاء")],
)
def test_a_name_that_lacks_its_last_letter_is_that_name(written: str, name: str) -> None:
    """There is nothing to ask about."""
    (city,) = cities.find(written)
    assert city.name_ar == name
    assert cities.called(city, written)


@pytest.mark.parametrize("written", ["شكرا", "تمام", "news", "دم"])
def test_what_is_only_near_a_name_is_not_taken_for_it(written: str) -> None:
    """Nobody who thanks has moved to Accra."""
    assert not any(cities.called(city, written) for city in cities.find(written))


def test_a_slip_of_the_pen_is_a_guess() -> None:
    """Which is offered, not taken."""
    (city,) = cities.find("دمشك")
    assert city.zone == "Asia/Damascus"
    assert not cities.called(city, "دمشك")
    assert "نواكشوط" in [city.name_ar for city in cities.find("نواك")]


@pytest.mark.parametrize("written", ["", "؟؟", "متى افتتح الجسر؟", "بطيخ", "روسيا"])
def test_what_is_no_city_finds_none(written: str) -> None:
    """Nor a country of many zones."""
    assert cities.find(written) == []


@given(st.text(max_size=40))
def test_anything_may_be_written(text: str) -> None:
    """At most so many are offered, and none twice."""
    found = cities.find(text)
    assert len(found) <= cities.MOST
    assert len(set(found)) == len(found)


@pytest.mark.parametrize(
    ("latitude", "longitude", "zone"),
    [
        (21.49, 39.19, "Asia/Riyadh"),  # Jeddah
        (31.51, 34.45, "Asia/Gaza"),
        (33.57, -7.59, "Africa/Casablanca"),
        (15.0, 60.0, "Etc/GMT-4"),  # the Arabian Sea
    ],
)
def test_a_place_has_the_zone_within_whose_borders_it_lies(
    latitude: float, longitude: float, zone: str
) -> None:
    """Not that of the nearest big city."""
    assert cities.at(latitude, longitude).zone == zone


def test_every_zone_of_the_tables_exists() -> None:
    """And each town is named once."""
    assert {zone for *_, zone in TOWNS} <= available_timezones()
    assert {city.zone for found in map(cities.find, ("مصر", "Gaza")) for city in found}
    names = [(names, zone) for names, _, zone in TOWNS]
    assert len(set(names)) == len(names)


def test_a_citys_button_holds_its_zone() -> None:
    """Of 64 bytes."""
    assert max(len(zone) for zone in available_timezones()) <= 64 - len("d:zone:")


def test_cities_are_told_apart_by_their_countries() -> None:
    """Only where these differ."""
    apart = cities.told_apart(cities.find("طرابلس"), "ar")
    assert sorted(apart) == ["طرابلس (لبنان)", "طرابلس (ليبيا)"]
    in_english = cities.told_apart(cities.find("طرابلس"), "en")
    assert sorted(in_english) == ["Tripoli (Lebanon)", "Tripoli (Libya)"]
    spain = cities.told_apart(cities.find("إسبانيا"), "ar")
    assert len(spain) > 1
    assert not any("(" in name for name in spain)
    assert [cities.plain(name) for name in apart] == ["طرابلس", "طرابلس"]
