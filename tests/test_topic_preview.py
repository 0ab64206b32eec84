"""What the preview of a topic says."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.texts.topics import topic_texts
from bot.typography import Lang, unmarked
from bot.views.topics import preview_view
from index.model import ArticleRef

NOW = datetime(2026, 3, 5, 10, tzinfo=UTC)


def ref(number: int) -> ArticleRef:
    return ArticleRef(number, f"خبر {number}", None, f"https://news.example/{number}", None)


@pytest.mark.parametrize(
    ("count", "lang", "line"),
    [
        (1, "ar", "كان سيصلك خبر واحد في آخر أسبوع، هو:"),
        (2, "ar", "كان سيصلك خبران في آخر أسبوع، منهما:"),
        (3, "ar", "كان سيصلك 3 أخبار في آخر أسبوع، منها:"),
        (11, "ar", "كان سيصلك 11 خبرًا في آخر أسبوع، منها:"),
        (1, "en", "In the last week you would have got 1 story:"),
        (4, "en", "In the last week you would have got 4 stories, such as:"),
    ],
)
def test_what_would_have_come_agrees_with_its_number(count: int, lang: Lang, line: str) -> None:
    """One, two, and more."""
    found = [ref(number) for number in range(count)]
    assert line in unmarked(preview_view("text", "عودة اللاجئين", 0, found, lang, NOW).html)


@pytest.mark.parametrize(
    ("text", "width", "hinted"),
    [("عودة اللاجئين", 0, True), ("عودة اللاجئين", 2, False), ("اللاجئين", 0, False)],
)
def test_wider_is_spoken_of_where_its_button_is(text: str, width: int, hinted: bool) -> None:
    """And fewer words where there are several."""
    words = topic_texts("ar")
    message = preview_view("text", text, width, [], "ar", NOW)
    assert (words.try_wider in unmarked(message.html)) == hinted
    buttons = [button.label for row in message.keyboard for button in row]
    assert words.wider in buttons or not hinted


def test_nothing_is_promised_before_it_is_followed() -> None:
    """«تابع» is what alerts."""
    assert "إن ضغطت «تابع»" in topic_texts("ar").would_get_none
