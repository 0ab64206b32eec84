"""/settings, /sources, /stats and /forget as they are shown."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.handlers.settings import VALUES
from bot.store.chats import EVERY_DAY, Chat
from bot.views import (
    cities_view,
    city_view,
    forget_view,
    lang_view,
    quiet_view,
    quotes_view,
    settings_view,
    sources_view,
    stats_view,
)

if TYPE_CHECKING:
    from bot.message import Message

CHAT = Chat(
    chat_id=7,
    kind="private",
    state="active",
    lang=None,
    digits=None,
    city="القاهرة",
    zone="Africa/Cairo",
    quotes=None,
    quiet_from="22:00",
    quiet_until="07:00",
    digest_at=None,
    digest_days=EVERY_DAY,
    digest_quiet_day="say",
    next_digest=None,
    digest_done=None,
    created_at="2026-03-01T07:00:00+00:00",
)


def plain(message: Message) -> str:
    return re.sub("[\u200e\u200f\u2066-\u2069]", "", message.html)


def labels(message: Message) -> list[list[str]]:
    return [[button.label for button in row] for row in message.keyboard]


def test_settings_name_what_is_chosen() -> None:
    """A line each, a button each; read from right to left."""
    message = settings_view(CHAT, "ar", "arabic")
    assert plain(message) == (
        "<b>الإعدادات</b>\n\n"
        "اللغة: العربية\n"
        "المدينة: القاهرة\n"
        "ساعات الهدوء: من ١٠ مساءً إلى ٧ صباحًا\n"
        "الاقتباسات في الجواب: ٣\n"
        "الأرقام: ١٢٣\n\n"
        "الموضوعات في /topics، والموجز اليومي في /digest."
    )
    assert labels(message) == [
        ["المدينة", "اللغة"],
        ["الاقتباسات في الجواب", "ساعات الهدوء"],
        ["الأرقام"],
        ["تم"],
    ]
    assert [b.data for row in message.keyboard for b in row][:2] == ["s:city", "s:lang"]


def test_settings_in_english() -> None:
    """What is not chosen says so; digits are English's own."""
    message = settings_view(replace(CHAT, city=None, quiet_from=None), "en", "latin")
    assert plain(message) == (
        "<b>Settings</b>\n\n"
        "Language: English\n"
        "City: not set\n"
        "Quiet hours: off\n"
        "Quotes per answer: 3\n\n"
        "Topics are in /topics, the daily digest in /digest."
    )
    assert labels(message)[0] == ["Language", "City"]


def test_a_city_is_named_in_the_language_that_is_spoken() -> None:
    """Whichever was spoken when it was chosen."""
    assert "City: Cairo\n" in plain(settings_view(CHAT, "en", "latin"))
    assert "المدينة: القاهرة\n" in plain(settings_view(replace(CHAT, city="Cairo"), "ar", "latin"))
    elsewhere = replace(CHAT, city="طرابلس", zone="Asia/Beirut")
    assert "City: Tripoli\n" in plain(settings_view(elsewhere, "en", "latin"))
    elsewhere = replace(CHAT, city="Tripoli", zone="Asia/Beirut")
    assert "المدينة: طرابلس\n" in plain(settings_view(elsewhere, "ar", "latin"))
    at_sea = replace(CHAT, city="Etc/GMT-4", zone="Etc/GMT-4")
    assert "المدينة: Etc/GMT-4\n" in plain(settings_view(at_sea, "ar", "latin"))


def test_no_quiet_hours_are_said_to_be_off() -> None:
    """«بلا» alone says nothing; what turns them off says so on its button."""
    none = settings_view(replace(CHAT, quiet_from=None), "ar", "latin")
    assert "ساعات الهدوء: غير مفعّلة\n" in plain(none)
    assert labels(quiet_view("ar", "latin"))[-1] == ["رجوع", "بلا ساعات هدوء"]
    assert labels(quiet_view("en", "latin"))[-1] == ["No quiet hours", "Back"]


def test_the_language_is_a_choice_of_two() -> None:
    """Each named in itself, so that who came by mistake finds the way back."""
    arabic, english = lang_view("ar"), lang_view("en")
    assert labels(arabic) == [["English", "✓ العربية"], ["رجوع"]]
    assert labels(english) == [["العربية", "✓ English"], ["Back"]]
    assert plain(arabic) == "بأي لغة أكلّمك؟ الأخبار تبقى بالعربية كما نُشرت."
    assert plain(english).startswith("Which language shall I speak?")
    assert {b.data for row in english.keyboard for b in row} == {
        *("s:lang:ar", "s:lang:en", "s:show")
    }


def test_every_button_says_what_its_handler_takes() -> None:
    """And fits in 64 bytes."""
    views = [
        settings_view(CHAT, "ar", "latin"),
        settings_view(CHAT, "en", "latin"),
        lang_view("en"),
        city_view("ar"),
        cities_view(
            [("القاهرة", "Africa/Cairo"), ("لانغ", "America/North_Dakota/New_Salem")], "ar"
        ),
        quiet_view("ar", "arabic"),
        quiet_view("en", "latin", 22),
        quotes_view("ar", "latin"),
    ]
    for view in views:
        for row in view.keyboard:
            for button in row:
                assert button.data is not None
                assert re.fullmatch(rf"s:({VALUES})", button.data), button.data
                assert len(button.data.encode()) <= 64


def test_quiet_hours_are_chosen_from_a_grid_of_hours() -> None:
    """The evening first; then every hour but the one it begins at."""
    start = quiet_view("en", "latin")
    assert labels(start)[0] == ["6 pm", "7 pm", "8 pm", "9 pm"]
    end = quiet_view("ar", "arabic", 22)
    assert labels(end)[0][-1] == "١١ مساءً"
    hours = {button.data for row in end.keyboard[:-1] for button in row}
    assert hours == {f"s:quiet:22:{hour}" for hour in range(24) if hour != 22}


def test_sources_are_counted_and_paged() -> None:
    """In Arabic's own plurals; a name stands in its own direction."""
    counts = [("BBC", 1), ("سانا", 2), (None, 3), *((f"مصدر {n}", 11) for n in range(20))]
    first = sources_view(counts, "ar")
    assert plain(first).split("\n")[:4] == [
        "<b>مصادر الأرشيف:</b>",
        "• BBC: مقال واحد",
        "• سانا: مقالان",
        "• بلا مصدر: 3 مقالات",
    ]
    assert [[(b.label, b.data) for b in row] for row in first.keyboard] == [
        [("التالي ◀\ufe0e", "s:sources:20")]
    ]
    second = sources_view(counts, "en", offset=20)
    assert plain(second).endswith("• مصدر 19: 11 articles")
    assert [b.data for b in second.keyboard[0]] == ["s:sources:0"]
    assert plain(sources_view([], "ar")) == "الأرشيف فارغ الآن."


def test_stats_are_numbers_with_their_names() -> None:
    """And nothing else."""
    message = stats_view({"articles": 1234, "up": 5}, "ar", "arabic")
    assert plain(message) == "<b>أرقام</b>\n\n• مقالات الأرشيف: ١٬٢٣٤\n• 👍: ٥"


def test_forgetting_is_asked_once() -> None:
    """The harmless answer first."""
    message = forget_view("ar")
    assert "لا رجوع" in message.html
    assert [b.data for row in message.keyboard for b in row] == ["x:no", "x:yes"]
