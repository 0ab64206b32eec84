"""/digest: what is chosen, and the buttons that choose. Their data is `d:<what>[:<value>]`."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING

from bot.clock import EVERY_DAY
from bot.hours import hour_text
from bot.message import Button, Message
from bot.texts import day_text, texts
from bot.texts.digest import digest_texts
from bot.typography import isolate, shorten, tidy
from bot.views.layout import label, lines, rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.store.chats import Chat
    from bot.typography import Digits, Lang

_HOURS = (6, 7, 8, 9, 12, 15, 18, 20, 22)
_HOURS_A_ROW = 3
_DAYS_A_ROW = 2  # under a prompt that short, a third is cut
_NAME_LIMIT = 40


def digest_menu(
    chat: Chat, city: str, now: time, following: date | None, lang: Lang, digits: Digits
) -> Message:
    """How the digest of `chat` is set; `city` gives its time, which is `now`.

    `following` is the local date of the next one; None where it is off.
    """
    words = digest_texts(lang)
    clock = words.clock.format(
        city=isolate(shorten(tidy(city), _NAME_LIMIT)), hour=hour_text(now, lang, digits)
    )
    title = f"<b>{lines([words.title], lang)}</b>"
    city_button = Button(words.button_city, "d:city")
    preview = Button(words.button_preview, "d:preview")
    if chat.digest_at is None or following is None:
        said = [title, "", lines([words.off, clock], lang)]
        return Message("\n".join(said), rows(lang, *_hours(lang, digits), [city_button, preview]))
    says = chat.digest_quiet_day == "say"
    told = (
        words.at.format(hour=hour_text(time.fromisoformat(chat.digest_at), lang, digits)),
        words.days.format(days=_days(chat.digest_days, lang)),
        words.quiet_say if says else words.quiet_skip,
        clock,
        words.next_one.format(day=day_text(following, lang, digits)),
    )
    return Message(
        "\n".join([title, "", lines(told, lang)]),
        rows(
            lang,
            [Button(words.button_hour, "d:hour"), Button(words.button_days, "d:days")],
            [city_button, preview],
            [
                Button(words.button_skip, "d:quiet:skip")
                if says
                else Button(words.button_say, "d:quiet:say")
            ],
            [Button(words.button_stop, "d:stop"), Button(words.button_done, "d:done")],
        ),
    )


def headlines_view(lang: Lang) -> Message:
    """Where the news are, to who asks for them: the digest as it would be now, behind a button."""
    words = digest_texts(lang)
    preview = [Button(words.button_headlines, "d:preview")]
    return Message(lines([words.headlines], lang), rows(lang, preview))


def hours_view(lang: Lang, digits: Digits) -> Message:
    """Asks for the hour, by a button or in writing."""
    words = digest_texts(lang)
    back = [Button(words.button_back, "d:menu")]
    return Message(lines([words.ask_hour], lang), rows(lang, *_hours(lang, digits), back))


def days_view(days: int, lang: Lang) -> Message:
    """Asks for the weekdays: each is put in or taken out by its button."""
    words = digest_texts(lang)
    # The week begins with Saturday or Sunday where Arabic is spoken.
    week = [(day, words.weekdays[day]) for day in (5, 6, 0, 1, 2, 3, 4)]
    buttons = [
        Button(f"✓ {name}" if days >> day & 1 else name, f"d:day:{day}") for day, name in week
    ]
    buttons.append(Button(words.every_day, "d:day:all"))
    grid = [buttons[at : at + _DAYS_A_ROW] for at in range(0, len(buttons), _DAYS_A_ROW)]
    back = [Button(words.button_back, "d:menu")]
    return Message(lines([words.ask_days], lang), rows(lang, *grid, back))


def city_view(named: Sequence[tuple[str, str]], lang: Lang, *, text: str) -> Message:
    """Asks for the city with `text`, some to press, by name and zone."""
    buttons = [Button(label(name, lang), f"d:zone:{zone}") for name, zone in named]
    pairs = [buttons[at : at + 2] for at in range(0, len(buttons), 2)]
    return Message(lines([text], lang), rows(lang, *pairs))


def _hours(lang: Lang, digits: Digits) -> list[list[Button]]:
    buttons = [Button(hour_text(time(hour), lang, digits), f"d:at:{hour:02}:00") for hour in _HOURS]
    return [buttons[at : at + _HOURS_A_ROW] for at in range(0, len(buttons), _HOURS_A_ROW)]


def _days(days: int, lang: Lang) -> str:
    words = digest_texts(lang)
    if days == EVERY_DAY:
        return words.every_day
    names = [words.weekdays[day] for day in (5, 6, 0, 1, 2, 3, 4) if days >> day & 1]
    return texts(lang).list_comma.join(names)
