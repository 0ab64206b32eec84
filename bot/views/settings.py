"""/settings: what is chosen, and the buttons that choose. Their data is `s:<setting>:<value>`."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

from bot import cities
from bot.hours import hour_text
from bot.message import Button, Message
from bot.texts.settings import LANGS, SETTINGS
from bot.typography import escape, in_digits, isolate, lead, shorten, tidy
from bot.views.answer import QUOTES
from bot.views.layout import label, lines, rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.store.chats import Chat
    from bot.typography import Digits, Lang

MOST_QUOTES = 5
_CITY_LIMIT = 40
_HOURS_A_ROW = 4  # six are cut on a phone
_SAMPLES: tuple[tuple[Digits, str], ...] = (("latin", "123"), ("arabic", "١٢٣"))


def settings_view(chat: Chat, lang: Lang, digits: Digits) -> Message:
    """All settings of a chat as they are, a button each to change one."""
    words = SETTINGS[lang]
    other_digits = "latin" if digits == "arabic" else "arabic"
    city = cities.shown(chat.city, chat.zone, lang) if chat.city else ""
    quotes = in_digits(str(chat.quotes or QUOTES), digits)
    values: list[tuple[str, str, str]] = [
        (words.lang, LANGS[lang], "lang"),
        (words.city, shorten(tidy(city), _CITY_LIMIT) or words.no_city, "city"),
        (words.quiet, _quiet(chat, lang, digits), "quiet"),
        (words.quotes, quotes, "quotes"),
    ]
    if lang == "ar":  # English is written with its own
        values.append((words.digits, dict(_SAMPLES)[digits], f"digits:{other_digits}"))
    said = [f"<b>{lines([words.title], lang)}</b>", ""]
    said += [lead(escape(f"{name}: {isolate(value)}"), lang) for name, value, _ in values]
    said += ["", lead(escape(words.also), lang)]
    buttons = [[Button(name, f"s:{data}")] for name, _, data in values]
    return Message("\n".join(said), rows(lang, *_paired(buttons), [Button(words.close, "s:done")]))


def lang_view(lang: Lang) -> Message:
    """Asks for the language; the one that is spoken is marked."""
    words = SETTINGS[lang]
    buttons = [
        Button(f"✓ {name}" if code == lang else name, f"s:lang:{code}")
        for code, name in LANGS.items()
    ]
    back = [Button(words.back, "s:show")]
    return Message(lines([words.ask_lang], lang), rows(lang, buttons, back))


def city_view(lang: Lang) -> Message:
    """Asks for the name of a city, to be written."""
    words = SETTINGS[lang]
    return Message(lines([words.ask_city], lang), rows(lang, [Button(words.back, "s:show")]))


def cities_view(found: Sequence[tuple[str, str]], lang: Lang) -> Message:
    """Asks which of several cities, by name and zone, is meant."""
    words = SETTINGS[lang]
    buttons = [[Button(label(name, lang), f"s:zone:{zone}")] for name, zone in found]
    return Message(
        lines([words.which_city], lang), rows(lang, *buttons, [Button(words.back, "s:show")])
    )


def quiet_view(lang: Lang, digits: Digits, start: int | None = None) -> Message:
    """Asks for the hour from which, then for the one until which, it is quiet."""
    words = SETTINGS[lang]
    off = [Button(words.button_no_quiet, "s:quiet:off"), Button(words.back, "s:show")]
    if start is None:
        hours = [*range(18, 24), *range(18)]  # the evening first
        said, data = words.quiet_from, "s:quiet:{hour}"
    else:
        hours = [(start + step) % 24 for step in range(1, 24)]
        said = words.quiet_until.replace("{start}", isolate(_clock(time(start), lang, digits)))
        data = f"s:quiet:{start}:{{hour}}"
    buttons = [
        Button(_clock(time(hour), lang, digits), data.replace("{hour}", str(hour)))
        for hour in hours
    ]
    grid = [buttons[at : at + _HOURS_A_ROW] for at in range(0, len(buttons), _HOURS_A_ROW)]
    return Message(lines([said], lang), rows(lang, *grid, off))


def quotes_view(lang: Lang, digits: Digits) -> Message:
    """Asks how many quotes an answer shows."""
    words = SETTINGS[lang]
    numbers = range(1, MOST_QUOTES + 1)
    return Message(
        lines([words.ask_quotes], lang),
        rows(
            lang,
            [Button(in_digits(str(n), digits), f"s:quotes:{n}") for n in numbers],
            [Button(words.back, "s:show")],
        ),
    )


def _paired(buttons: Sequence[list[Button]]) -> list[list[Button]]:
    flat = [button for row in buttons for button in row]
    return [flat[at : at + 2] for at in range(0, len(flat), 2)]


def _quiet(chat: Chat, lang: Lang, digits: Digits) -> str:
    words = SETTINGS[lang]
    if chat.quiet_from is None or chat.quiet_until is None:
        return words.no_quiet
    start, end = (
        _clock(time.fromisoformat(at), lang, digits) for at in (chat.quiet_from, chat.quiet_until)
    )
    return words.hours.replace("{start}", start).replace("{end}", end)


def _clock(at: time, lang: Lang, digits: Digits) -> str:
    """An hour as on a clock of twelve, as the digest's: «10 مساءً»."""
    return hour_text(at, lang, digits).replace(in_digits(":00", digits), "")
