"""Cities by name or by place, for their time zones. Pure, but for reading packaged data once.

The principal city of each zone has its Arabic name from CLDR (by Babel), countries too; what
readers say besides is in `bot.towns`. A place on the map is looked up among the zones' borders
(tzfpy, offline).
"""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import tzfpy
from babel import Locale
from babel.core import get_global

from bot.towns import TOWNS
from index.arabic import normalise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.typography import Lang

MOST = 8
"""As many cities as are offered for one name."""

_SHORTEST_START = 3  # letters that a beginning needs before it is completed
_GUESSES = 3
_ALIKE = 0.75  # one letter of four; of three every other makes another city (دبي، دلي)
_NOT_LETTERS = re.compile(r"[\W_]+")
_GENERIC = re.compile(r"^(?:مدينه|محافظه|city of)\s+")
_SHADDA = "\u0651"
_VOWELS = re.compile("[\u064b-\u0650\u0652\u0640]")  # and the tatweel
_ARTICLE = re.compile(r"\bال(?=\w{3})")


@dataclass(frozen=True, slots=True)
class City:
    """A city by the names it is shown under, and its IANA time zone."""

    name_ar: str
    name_en: str
    zone: str


def find(text: str) -> list[City]:
    """The cities somebody may mean by `text`, likeliest first, at most `MOST`; often one.

    Hamza, teh marbuta, the article and the like make no difference. A country's name gives its
    zones' cities, where they are few. Where nothing is `called` so, what begins so, then what is
    spelt nearly so.
    """
    key = _key(text)
    names = _names()
    if not key:
        return []
    if key in names:
        return (_doubled(text, names[key]) or names[key])[:MOST]
    near = [name for name in names if name.startswith(key)] if len(key) >= _SHORTEST_START else []
    near = sorted(near, key=len) or difflib.get_close_matches(key, names, _GUESSES, _ALIKE)
    return list(dict.fromkeys(city for name in near for city in names[name]))[:MOST]


def called(city: City, text: str) -> bool:
    """Whether `text` is a name of `city` (or its country), or one that lacks its last letters.

    «الدار البيضا» is; what is only near one, as «دمشك», is not: «شكرا» is near Accra.
    """
    key, names = _key(text), _names()
    if key in names:
        return city in names[key]
    longest = len(key) / _ALIKE
    return any(n.startswith(key) and len(n) <= longest for n in names if city in names[n])


def told_apart(found: Sequence[City], lang: Lang) -> list[str]:
    """The names of cities to choose from: with the country («عمّان (الأردن)») where that differs."""
    countries = {city.zone: code for code, city in _table()}
    among = {countries.get(city.zone) for city in found}
    names = [plain(city.name_en if lang == "en" else city.name_ar) for city in found]
    if len(among) < 2:
        return names
    called = Locale(lang).territories
    codes = [countries.get(city.zone) for city in found]
    return [
        f"{name} ({called[code]})" if code else name
        for name, code in zip(names, codes, strict=True)
    ]


def shown(name: str, zone: str | None, lang: Lang) -> str:
    """A city that is kept under a name in either language, by its name in `lang`."""
    city = _kept().get((zone, _key(plain(name))))
    return name if city is None else plain(city.name_en if lang == "en" else city.name_ar)


def plain(name: str) -> str:
    """The name of a city without the country that told it apart."""
    return name.partition(" (")[0]


def at(latitude: float, longitude: float) -> City:
    """The principal city of the time zone of a place; at sea its name is the zone's."""
    zone = tzfpy.get_tz(longitude, latitude)
    return _principal().get(zone) or City(zone, zone, zone)


def _doubled(text: str, found: Sequence[City]) -> list[City]:
    """Those of `found` whose names double the letters that `text` does: «عمّان», not «عُمان»."""
    written = _VOWELS.sub("", text).strip()
    return [c for c in found if _SHADDA in written and _VOWELS.sub("", c.name_ar) == written]


def _key(text: str) -> str:
    folded = _GENERIC.sub("", normalise(text).strip())
    return _NOT_LETTERS.sub("", _ARTICLE.sub("", folded))


@cache
def _kept() -> dict[tuple[str | None, str], City]:
    """Each city by its zone and a name of its own, folded."""
    return {
        (city.zone, _key(plain(name))): city
        for found in _names().values()
        for city in found
        for name in (city.name_ar, city.name_en)
    }


@cache
def _principal() -> dict[str, City]:
    """The principal city of each zone."""
    return {city.zone: city for _, city in _table()}


@cache
def _table() -> tuple[tuple[str, City], ...]:
    """Each zone's country, by its code, and principal city."""
    ours = {(english, zone): arabic[0] for arabic, english, zone in TOWNS}
    arabic, english = (_cldr(lang) for lang in ("ar", "en"))
    rows = []
    table = resources.files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8")
    for line in table.splitlines():
        if line.startswith("#"):
            continue
        country, _, zone, *_ = line.split("\t")
        plain = zone.rpartition("/")[2].replace("_", " ")
        name_en = english.get(zone, plain)
        name_ar = ours.get((name_en, zone)) or arabic.get(zone, plain)
        rows.append((country, City(name_ar, name_en, zone)))
    return tuple(rows)


def _cldr(lang: str) -> dict[str, str]:
    """The name of each zone's principal city, where CLDR has one."""
    renamed = get_global("zone_aliases")  # CLDR keeps the names that zones had first
    zones = Locale(lang).time_zones.items()
    return {renamed.get(zone, zone): names["city"] for zone, names in zones if "city" in names}


@cache
def _names() -> dict[str, list[City]]:
    """Every name, folded, with the cities it may mean: first those that bear it."""
    found: dict[str, dict[City, None]] = defaultdict(dict)

    def name_it(name: str, city: City) -> None:
        found[_key(name)][city] = None

    for arabic, english, zone in TOWNS:
        for name in (*arabic, english):
            name_it(name, City(arabic[0], english, zone))
    for _, city in _table():
        name_it(city.name_ar, city)
        name_it(city.name_en, city)
    inside: dict[str, list[City]] = defaultdict(list)
    for code, city in _table():
        inside[code].append(city)
    for lang in ("ar", "en"):
        countries = Locale(lang).territories
        for code, cities in inside.items():
            for city in cities if len(cities) <= MOST else ():  # of Russia's none is meant
                name_it(countries[code], city)
    return {key: list(cities) for key, cities in found.items()}
