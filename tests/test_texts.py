"""The bot's words: complete in both languages, dates and plurals right, commands understood."""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import UTC, datetime

import pytest

from bot.texts import (
    AR,
    EN,
    MAX_QUESTION,
    Plural,
    Texts,
    command_of,
    date_text,
    lang_of,
    menu,
    number,
    plural,
    problem_of,
)
from bot.texts.commands import COMMANDS
from bot.texts.privacy import PRIVACY
from bot.texts.settings import SETTINGS
from bot.typography import FSI, PDI, lead, measure, sane_url, shorten, tidy, units

NOW = datetime(2024, 5, 1, 21, 30, tzinfo=UTC)


SPOKEN = [(AR, EN), (SETTINGS["ar"], SETTINGS["en"]), (PRIVACY["ar"], PRIVACY["en"])]


def said(value: object) -> list[str]:
    """Every string in a text, however it is kept."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, Plural):
        return [form for f in fields(value) if (form := getattr(value, f.name)) is not None]
    if isinstance(value, dict):
        return list(value.values())
    assert isinstance(value, tuple)
    return [text for each in value for text in said(each)]


@pytest.mark.parametrize(("arabic", "english"), SPOKEN)
def test_both_languages_say_everything(arabic: Texts, english: Texts) -> None:
    """No text is empty, and the Arabic ones are Arabic."""
    for field in fields(arabic):
        ours, theirs = said(getattr(arabic, field.name)), said(getattr(english, field.name))
        assert all(ours), field.name
        assert all(theirs), field.name
        if field.name != "list_comma":
            assert re.search("[\u0621-\u064a]", " ".join(ours)), field.name


def test_the_menu_is_the_same_in_both_languages() -> None:
    """Commands differ in their description only; those of administrators are not in it."""
    assert [name for name, _ in menu("ar")] == [name for name, _ in menu("en")]
    assert "stats" not in dict(menu("ar"))
    assert {"topics", "digest", "settings", "forget"} <= dict(menu("en")).keys()


@pytest.mark.parametrize("texts", [AR, SETTINGS["ar"], PRIVACY["ar"]])
def test_latin_in_arabic_is_isolated(texts: Texts) -> None:
    """«/ask» in an Arabic line would show as «ask/» without an isolate of its own."""
    for field in fields(texts):
        for line in said(getattr(texts, field.name)):
            outside = re.sub(f"{FSI}[^{PDI}]*{PDI}|{{[a-z]+}}", "", line)
            assert not re.search("[A-Za-z]", outside), line


@pytest.mark.parametrize(
    ("code", "lang"),
    [(None, "ar"), ("", "ar"), ("ar", "ar"), ("fr", "ar"), ("en", "en"), ("EN-gb", "en")],
)
def test_language_is_arabic_unless_english(code: str | None, lang: str) -> None:
    """Whoever reads an Arabic archive reads Arabic, unless Telegram speaks English to them."""
    assert lang_of(code) == lang


@pytest.mark.parametrize(
    ("published", "arabic", "english"),
    [
        ("2023-03-16", "الخميس 16 مارس 2023", "Thursday 16 March 2023"),
        ("2023-03-16T23:05:00+00:00", "الخميس 16 مارس 2023", "Thursday 16 March 2023"),
        ("--01-28", "28 يناير", "28 January"),
        ("--02-29", "29 فبراير", "29 February"),
        (None, "بلا تاريخ", "no date"),
        ("", "بلا تاريخ", "no date"),
        ("--13-01", "بلا تاريخ", "no date"),
        ("2023-02-30", "بلا تاريخ", "no date"),
        ("أمس", "بلا تاريخ", "no date"),
        ("2024-05-01", "الأربعاء 1 مايو 2024", "Wednesday 1 May 2024"),
        (
            "2024-05-02T00:15:00+03:00",
            "الخميس 2 مايو 2024 (اليوم)",
            "Thursday 2 May 2024 (today)",
        ),
        ("2024-05-01T21:15:00-03:00", "الأربعاء 1 مايو 2024 (اليوم)", None),
        ("2024-05-01T21:15:00+05:00", "الأربعاء 1 مايو 2024", None),
    ],
)
def test_dates_say_what_the_page_said(
    published: str | None, arabic: str, english: str | None
) -> None:
    """As much of a date as is known; "today" only by the clock of the article's own place."""
    assert date_text(published, "ar", NOW) == arabic
    if english is not None:
        assert date_text(published, "en", NOW) == english


NEWS = Plural(one="خبر", two="خبران", few="{n} أخبار", many="{n} خبرًا", other="{n} خبر")


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 خبر"),
        (1, "خبر"),
        (2, "خبران"),
        (3, "3 أخبار"),
        (10, "10 أخبار"),
        (11, "11 خبرًا"),
        (99, "99 خبرًا"),
        (100, "100 خبر"),
        (102, "102 خبر"),
        (103, "103 أخبار"),
        (12_011, "12,011 خبرًا"),
    ],
)
def test_arabic_plurals(count: int, text: str) -> None:
    """One, two, few, many and hundreds each have their form, by CLDR."""
    assert plural(count, NEWS, "ar") == text


def test_digits_are_as_the_reader_prefers() -> None:
    """In counts and in dates, with the thousands set apart in the digits' own way."""
    assert plural(12_011, NEWS, "ar", "arabic") == "١٢٬٠١١ خبرًا"
    assert date_text("2023-03-16", "ar", NOW, "arabic") == "الخميس ١٦ مارس ٢٠٢٣"
    assert number(1234, "en") == "1,234"
    assert plural(1, EN.others, "en") == "and 1 other article"
    assert plural(2, EN.others, "en") == "and 2 other articles"


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("مساعدة", "help"),
        (" المساعده؟ ", "help"),
        ("/مساعدة", "help"),
        ("ابدأ", "start"),
        ("إبدا!", "start"),
        ("/start", "start"),
        ("إلغاء", "cancel"),
        ("الغاء.", "cancel"),
        ("الإعدادات", "settings"),
        ("مواضيعي", "topics"),
        ("الخُصوصيّة", "privacy"),
        ("امسح  بياناتي!", "forget"),
        ("ask", None),
        ("مساعدة اللاجئين في السودان", None),
        ("الإلغاء", None),
        ("متى ابدأ", None),
        ("", None),
    ],
)
def test_commands_in_words(text: str, command: str | None) -> None:
    """A command is the whole message; a question that holds the word is a question."""
    assert command_of(text) == command


@pytest.mark.parametrize(
    ("question", "problem"),
    [
        ("متى وقع الزلزال؟", None),
        ("  ", "empty"),
        ("؟؟!", "no_letters"),
        ("12345 👍", "no_letters"),
        ("ن", "no_letters"),
        ("who opened the museum?", "not_arabic"),
        ("что случилось?", "not_arabic"),
        ("ما iPhone؟", None),
        ("https://news.example/1", "link"),
        ("www.news.example t.me/news/1", "link"),
        ("ما صحة هذا؟ https://news.example/1", None),
        ("س" * MAX_QUESTION, None),
        ("س" * (MAX_QUESTION + 1), "too_long"),
    ],
)
def test_what_is_no_question(question: str, problem: str | None) -> None:
    """Nothing, no letters, or a pasted article."""
    assert problem_of(question) == problem
    if problem:
        assert getattr(AR, problem)


def test_a_line_that_begins_with_latin_is_marked() -> None:
    """The first strong character outside isolates and tags gives a line its direction."""
    assert lead("خبر BBC", "ar") == "خبر BBC"
    assert lead("BBC خبر", "ar") == "\u200fBBC خبر"
    assert lead("• 12", "ar") == "\u200f• 12"
    assert lead(f'{FSI}<a href="x">خبر</a>{PDI}', "ar").startswith("\u200f")
    # a browser aligns a line by what is first in an isolate, too
    assert lead(f"{FSI}BBC{PDI} · الخميس", "ar").startswith("\u200f")
    assert lead(f"{FSI}الأفق{PDI} · الخميس", "ar").startswith(FSI)
    assert lead(f"{FSI}الأفق{PDI} · Thursday", "en").startswith("\u200e")
    assert lead("<b>News</b> خبر", "en") == "<b>News</b> خبر"
    assert lead("خبر", "en") == "\u200eخبر"


def test_shortening_cuts_at_a_word() -> None:
    """Within the limit by UTF-16 units, at a space, with an ellipsis, no dangling comma."""
    assert shorten("كلمة ثانية، ثالثة", 100) == "كلمة ثانية، ثالثة"
    assert shorten("كلمة ثانية، ثالثة", 14) == "كلمة ثانية…"
    assert units(shorten("😀" * 50, 21)) <= 21
    assert shorten("abc", 2) == "a…"


def test_shortening_keeps_letters_with_their_marks() -> None:
    """Not even one endless word is cut between a letter and its vowel."""
    word = "ب\u064e" * 20
    for limit in (11, 12):
        cut = shorten(word, limit)
        assert word.startswith(cut[:-1])
        assert word[len(cut) - 1] == "ب"


def test_tidy_leaves_one_plain_line() -> None:
    """No controls, direction marks, line breaks or lone surrogates; joiners stay."""
    assert tidy(" a\u202e\nb\x00\u2067c \ud800 ") == "a b c"
    assert tidy("می\u200cرود 👨\u200d👩") == "می\u200cرود 👨\u200d👩"
    assert tidy("\u200d\u00ad ") == ""  # nothing to see, and no name for a button


@pytest.mark.parametrize(
    ("url", "sane"),
    [
        ("https://example.org/a?b=1&c=2", True),
        ("http://example.org:8080/خبر", True),
        ("javascript:alert(1)", False),
        ("https://", False),
        ("https://bank.example@evil.example/", False),
        ("https://example.org/a b", False),
        ("https://example.org:port/", False),
        ("http://[::1", False),
        ("file:///etc/passwd", False),
        ("https://example.org/" + "a" * 2048, False),
        (None, False),
    ],
)
def test_only_sane_urls_become_links(url: str | None, sane: bool) -> None:
    """http and https, with a host, short enough, hiding nothing."""
    assert sane_url(url) == (url if sane else None)


def test_measure_counts_what_telegram_counts() -> None:
    """UTF-16 units of the parsed text, tags opened, bytes of links."""
    size = measure('<b>a&amp;😀</b> <a href="https://e.org/?a&amp;b">x</a>')
    assert (size.units, size.entities, size.href_bytes) == (6, 2, 18)


def test_a_command_is_called_by_its_own_names() -> None:
    """No word stands for two commands; «ask» alone asks nothing."""
    for one in COMMANDS:
        for word in (one.name, *one.words.split()):
            expected = None if one.name == "ask" else one.name
            assert command_of(word.replace("_", " ")) == expected


@pytest.mark.parametrize("words", [AR, EN])
def test_help_names_what_can_be_done(words: Texts) -> None:
    """And how long a question may be."""
    told = " ".join(words.help)
    for named in ("/follow", "/topics", "/digest", str(MAX_QUESTION)):
        assert named in told
