"""Messages: the quote untouched, everything around it escaped, within Telegram's limits."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from fakes import answered, article, quote, refused
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.typography import FSI, PDI, RLM, measure, units
from bot.views import (
    answer_view,
    city_view,
    failed_view,
    forget_view,
    help_view,
    notice_view,
    privacy_view,
    start_view,
)
from bot.views.layout import BUTTON_LIMIT
from bot.views.plain import noted

if TYPE_CHECKING:
    from bot.message import Message
    from index.model import Answer

NOW = datetime(2024, 5, 1, tzinfo=UTC)

# Whatever a careless page can hold: markup, entities, bidi controls, astral and combining marks.
nasty = st.lists(
    st.one_of(
        st.text(max_size=20),
        st.sampled_from(
            [
                "<b>&amp;\"'</b>",
                "</blockquote>",
                "&lt;",
                "&#x202E;",
                "&nbsp",
                "<!-- ",
                "]]>",
                "\u202e",
                "\u2067",
                "\u2068\u2069",
                "\u200f",
                "👨\u200d👩\u200d👧",
                "𝕳𐤀",
                "بِسْمِ",
                "e\u0301",
                "\n\n",
                "\r\n",
                "\x00",
                "؟،",
            ]
        ),
    ),
    min_size=1,
    max_size=12,
).map("".join)


class Reading(HTMLParser):
    """What a client shows: the text, and which stretches are quote, bold, link."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.spans: list[tuple[str, str]] = []
        self.hrefs: list[str | None] = []
        self._open: list[tuple[str, int]] = []
        self.feed(html)
        self.close()
        assert not self._open

    @classmethod
    def of(cls, message: Message) -> Reading:
        return cls(message.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open.append((tag, len(self.text)))
        self.hrefs += [value for name, value in attrs if name == "href"]

    def handle_endtag(self, tag: str) -> None:
        opened, start = self._open.pop()
        assert opened == tag
        self.spans.append((tag, self.text[start:]))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[str]:
        return [text for opened, text in self.spans if opened == tag]


def shown(message: Message) -> str:
    return Reading(message.html).text


def data(message: Message) -> list[list[str | None]]:
    return [[button.data for button in row] for row in message.keyboard]


def without_marks(text: str) -> str:
    return re.sub("[\u200e\u200f\u2066-\u2069]", "", text)


def test_a_quote_with_everything_under_it() -> None:
    """Quote, bold answer sentence, linked title, source and date, in that order."""
    message = answer_view(answered(), "ar", NOW)
    assert message.html == (
        "<blockquote>وقع الزلزال فجرًا. <b>كانت قوته 7.8 درجات.</b> وشعر به السكان.</blockquote>\n"
        f'{RLM}{FSI}<a href="https://example.org/news/1">عنوان المقال رقم 1</a>{PDI}\n'
        f"{FSI}وكالة الأنباء{PDI} · الخميس 16 مارس 2023"
    )
    assert data(message) == [["c:1:0:0:55"], ["t:f"], ["v:-1", "v:1"]]  # read from the right
    assert message.keyboard[0][0].label == "في سياقه"


@settings(deadline=None)
@given(text=nasty)
def test_the_quoted_characters_are_exact(text: str) -> None:
    """Read back by another parser, the blockquote is the quote and nothing but the quote."""
    reading = Reading.of(answer_view(answered(quote(text, (0, 9))), "ar", NOW))
    assert reading.all("blockquote") == [text]


@settings(deadline=None)
@given(title=nasty, source=nasty, url=nasty)
def test_nasty_titles_do_no_harm(title: str, source: str, url: str) -> None:
    """Markup in a title, a source or an address changes neither the tags nor the direction."""
    ref = article(title=title, source=source, url=f"https://example.org/{url}")
    for answer in (answered(quote(of=ref, also_in=(ref,))), refused(ref)):
        reading = Reading.of(answer_view(answer, "ar", NOW))
        assert {tag for tag, _ in reading.spans} <= {"blockquote", "b", "a"}
        assert reading.text.count(FSI) == reading.text.count(PDI)
        assert not re.search("[\u202a-\u202e]", reading.text)
        for line in reading.text.split("\n"):
            assert line.count(FSI) == line.count(PDI)


@settings(deadline=None)
@given(
    texts=st.lists(st.text(alphabet="<&😀ب ", min_size=300, max_size=400), min_size=1, max_size=5)
)
def test_never_over_the_limits(texts: list[str]) -> None:
    """However long titles and addresses are, no message is too long and no quote is cut.

    What does not fit is behind «المزيد», nothing between is passed over.
    """
    refs = [
        article(i, title="كلمة طويلة " * 300, url="https://e.org/" + "a" * 2000, source="س" * 500)
        for i in range(9)
    ]
    asked = answered(*(quote(text, (0, 100), of=refs[0], also_in=tuple(refs)) for text in texts))
    pages, offset = [answer_view(refused(*refs), "ar", NOW)], 0
    quoted: list[str] = []
    while offset < len(texts):
        page = answer_view(asked, "ar", NOW, offset=offset)
        pages.append(page)
        quoted += Reading.of(page).all("blockquote")
        offset = len(quoted)
        following = {int(d[2:]) for row in data(page) for d in row if d and d.startswith("m:")}
        assert offset in following or offset == len(texts)
    assert quoted == texts
    for message in pages:
        size = measure(message.html)
        assert size.units == units(Reading(message.html).text) <= 4096
        assert size.entities <= 100
        assert size.href_bytes <= 9000


def test_three_quotes_are_one_message() -> None:
    """The usual answer does not come in pieces."""
    quotes = [quote("كلمة " * 79 + "آخر.", of=article(i)) for i in range(3)]
    message = answer_view(answered(*quotes), "ar", NOW)
    assert message.html.count("<blockquote") == 3
    # The first is open, so that the answer is read without a tap.
    assert message.html.count("<blockquote expandable>") == 2
    assert message.html.startswith("<blockquote>")


def test_also_in_names_other_sources_and_counts_the_rest() -> None:
    """Other sources by name, the same source's articles by title, the rest by number."""
    also = (
        article(2, source="BBC News"),
        article(3, title="مقال ثان"),
        article(4, source=None, title="مقال ثالث", url=None),
        article(5),
    )
    reading = Reading.of(answer_view(answered(quote(also_in=also)), "ar", NOW))
    last = without_marks(reading.text.split("\n")[-1])
    assert last == "ذُكر أيضًا في: BBC News، مقال ثان، مقال ثالث ومقال آخر"
    assert reading.all("a")[1:] == ["BBC News", "مقال ثان"]
    assert f"{FSI}BBC News{PDI}" in reading.text


def test_also_in_names_nothing_twice() -> None:
    """Two articles of a source are one name, and the quote's own title says nothing."""
    of = article(1, title="خبر")
    same = article(2, title="خبر")
    also = (same, article(3, source="الأفق"), article(4, source="الأفق"), article(5, source="BBC"))
    last = shown(answer_view(answered(quote(of=of, also_in=also)), "ar", NOW)).split("\n")[-1]
    assert without_marks(last) == "ذُكر أيضًا في: الأفق، BBC"
    alone = shown(answer_view(answered(quote(of=of, also_in=(same,))), "ar", NOW))
    assert "ذُكر أيضًا" not in alone


def timeline(*dates: str | None) -> Answer:
    refs = [article(i, published=date) for i, date in enumerate(dates, 1)]
    return replace(answered(*(quote(of=ref) for ref in refs)), timeline=True)


def test_a_timeline_says_so_and_dates_each_quote() -> None:
    """Why the quotes differ, then each under its date; what is under a quote stays."""
    message = answer_view(timeline("2023-03-16", "--01-28"), "ar", NOW)
    bare = without_marks(message.html)
    said = "وقع الزلزال فجرًا. <b>كانت قوته 7.8 درجات.</b> وشعر به السكان."
    assert bare == (
        "تختلف المصادر باختلاف التاريخ، والأحدث أولًا:\n\n"
        f"<b>الخميس 16 مارس 2023</b>\n<blockquote>{said}</blockquote>\n"
        '1. <a href="https://example.org/news/1">عنوان المقال رقم 1</a>\n'
        "وكالة الأنباء · الخميس 16 مارس 2023\n\n"
        f"<b>28 يناير</b>\n<blockquote>{said}</blockquote>\n"
        '2. <a href="https://example.org/news/2">عنوان المقال رقم 2</a>\n'
        "وكالة الأنباء · 28 يناير"
    )


def test_a_timeline_in_english_stands_under_the_question() -> None:
    """The question first, then the line about dates."""
    reading = Reading.of(answer_view(timeline("2023-03-16", None), "en", NOW, heading="متى؟"))
    lines = without_marks(reading.text).split("\n")
    assert lines[:5] == [
        "Question: متى؟",
        "",
        "Sources differ by date; newest first:",
        "",
        "Thursday 16 March 2023",
    ]
    assert "no date" in reading.all("b")


def test_nothing_is_said_of_dates_where_there_is_nothing_to_compare() -> None:
    """Without a timeline, or with one quote left of it, which keeps its own date."""
    plain = replace(timeline("2023-03-16", "2023-03-15"), timeline=False)
    assert answer_view(plain, "ar", NOW).html.startswith("<blockquote>")
    bad = quote("نص \ud83d مكسور", of=article(7))
    alone = answer_view(replace(answered(bad, quote()), timeline=True), "ar", NOW)
    assert alone.html.startswith("<b>الخميس 16 مارس 2023</b>\n<blockquote")


def test_a_refusal_says_what_was_looked_for_and_offers_what_is_nearest() -> None:
    """What was understood; the nearest articles and an alert as buttons, one a row."""
    asked = replace(refused(article(5), article(6, title="")), question="متى افتتح متحف الفلك؟")
    message = answer_view(asked, "ar", NOW)
    assert without_marks(shown(message)) == (
        "لا أجد جوابًا في الأرشيف\n"
        "فهمت أنك تسأل عن زمان، وبحثت عن: افتتح، متحف، الفلك\n\n"
        "أقرب ما عندي، اضغط عنوانًا لتقرأ أوله:"
    )
    assert data(message) == [["n:5"], ["n:6"], ["t:f"]]
    labels = [button.label for row in message.keyboard for button in row]
    assert labels == ["عنوان المقال رقم 5", "بلا عنوان", "نبّهني إن ظهر"]
    english = answer_view(asked, "en", NOW)
    assert without_marks(shown(english)) == (
        "I find no answer in the archive\n"
        "I took you to ask about a time, and searched for: افتتح, متحف, الفلك\n\n"
        "The nearest I have; tap a title to read how it begins:"
    )


def test_a_refusal_of_whether_something_is_so_says_only_what_was_looked_for() -> None:
    """That it was asked whether it is so, the reader knows."""
    asked = replace(refused(), question="هل أغلق ميناء الصدف؟")
    said = without_marks(shown(answer_view(asked, "ar", NOW)))
    assert said == "لا أجد جوابًا في الأرشيف\nبحثت عن: أغلق، ميناء، الصدف"


def test_a_line_under_an_answer_needs_room() -> None:
    """And takes nothing from it."""
    message = answer_view(answered(), "ar", NOW)
    under = noted(message, "سطر", "ar")
    assert under.html.startswith(message.html)
    assert under.keyboard == message.keyboard
    assert "سطر" in under.html
    full = replace(message, html="س" * 4096)
    assert noted(full, "سطر", "ar") == full


def test_refusal_of_an_empty_archive_offers_an_alert() -> None:
    """Nothing near, nothing listed."""
    message = answer_view(replace(refused(), question="الزلزال"), "ar", NOW)
    assert without_marks(shown(message)) == "لا أجد جوابًا في الأرشيف\nبحثت عن: الزلزال"
    assert data(message) == [["t:f"]]


def test_a_post_s_opening_is_not_told_again_whole_under_each_of_its_quotes() -> None:
    """It stands for the title that a post does not have, and the quotes say it."""
    opening = "أطلقت بلدية الواحة برنامجًا جديدًا في تسع مدارس لتقليل وزن الحقائب"
    post = article(title=f"{opening}…")
    quotes = (
        quote(f"🗓 {opening} كل صباح. وشكرت الأهالي.", of=post),
        quote("بلغ وزنها 6 كيلو.", of=post),
    )
    reading = Reading.of(answer_view(answered(*quotes), "ar", NOW, quotes=2))
    assert reading.all("a") == ["أطلقت بلدية الواحة برنامجًا جديدًا في…"] * 2
    english = Reading.of(answer_view(answered(*quotes), "en", NOW, quotes=1, offset=1))
    assert english.all("a") == ["أطلقت بلدية الواحة برنامجًا جديدًا في…"]


@pytest.mark.parametrize(
    "title",
    [
        "برنامج للحقائب الخفيفة في مدارس الواحة كلها هذا العام",  # its own
        "أطلقت بلدية الواحة برنامجًا",  # short enough
    ],
)
def test_a_title_that_is_its_own_or_short_stays_whole(title: str) -> None:
    """Whatever is quoted."""
    told = quote("أطلقت بلدية الواحة برنامجًا جديدًا في تسع مدارس.", of=article(title=title))
    assert Reading.of(answer_view(answered(told), "ar", NOW)).all("a") == [title]


def test_a_title_on_a_button_is_cut_between_words() -> None:
    """And no longer than what a phone shows, which would cut it anywhere."""
    words = "وزير الأشغال يتفقد سير العمل في مشروع الجسر المعلق فوق وادي الرمان"
    message = answer_view(refused(article(title=words)), "ar", NOW)
    label = message.keyboard[0][0].label
    assert label == "وزير الأشغال يتفقد سير العمل في مشروع الجسر…"
    assert units(label) <= BUTTON_LIMIT


def test_an_unanswered_answer_shows_no_quote() -> None:
    """`answered` decides, whatever else the answer holds."""
    doubtful = replace(answered(), answered=False)
    assert "<blockquote" not in answer_view(doubtful, "ar", NOW).html


def test_english_readers_get_english_around_the_arabic_quote() -> None:
    """The quote stays as it is; the words around it change."""
    also = (article(2, source="صحيفة"),)
    reading = Reading.of(answer_view(answered(quote(also_in=also)), "en", NOW))
    assert "Thursday 16 March 2023" in reading.text
    assert "Also in: " in reading.text
    assert reading.all("blockquote") == [quote().text]
    message = answer_view(answered(quote(), quote("آخر"), quote("ثالث")), "en", NOW, quotes=2)
    labels = [[button.label for button in row] for row in message.keyboard]
    assert labels == [
        ["In context 1", "In context 2"],
        ["More"],
        ["Follow this topic"],
        ["👍", "👎"],
    ]


def test_a_pressed_example_is_repeated_above_its_answer() -> None:
    """The reader sees what was asked; markup in it is text."""
    reading = Reading.of(answer_view(answered(), "ar", NOW, heading="متى <b>وقع</b>؟"))
    assert without_marks(reading.text).startswith("السؤال: متى <b>وقع</b>؟\n\nوقع الزلزال")


def test_a_quote_that_fails_its_check_is_not_sent(caplog: pytest.LogCaptureFixture) -> None:
    """Half a surrogate pair cannot be sent as it is: the quote is dropped and its article named."""
    bad = quote("نص \ud83d مكسور", (0, 2), of=article(7))
    with caplog.at_level(logging.ERROR):
        message = answer_view(answered(bad, quote()), "ar", NOW)
    assert Reading.of(message).all("blockquote") == [quote().text]
    assert "article 7" in caplog.text
    assert "مكسور" not in caplog.text
    alone = shown(answer_view(answered(bad), "ar", NOW))
    assert "لا أجد جوابًا" in alone
    assert "اضغط عنوانًا" in alone


def test_a_quote_too_long_for_a_message_is_not_cut(caplog: pytest.LogCaptureFixture) -> None:
    """The archive promises 400 characters; one that broke the promise is left out whole."""
    message = answer_view(answered(quote("كلمة " * 1000)), "ar", NOW)
    assert "<blockquote" not in message.html
    assert "too long" in caplog.text


def test_start_offers_three_examples_within_64_bytes_each() -> None:
    """A button's data is an index: Arabic would not fit."""
    view = start_view("ar", ["سؤال " * 40, "متى؟", "أين؟", "كم؟"])
    buttons = [button for row in view.keyboard for button in row]
    assert [button.data for button in buttons] == ["q:0", "q:1", "q:2"]
    assert all(len(button.label) <= BUTTON_LIMIT for button in buttons)
    assert start_view("ar").keyboard == ()


def test_buttons_page_through_an_answer_from_right_to_left() -> None:
    """«التالي» stands to the left of «السابق»; digits are the reader's, but not in the quote."""
    asked = answered(*(quote(f"خبر {i}: 7 درجات.", of=article(i)) for i in range(1, 6)))
    first = answer_view(asked, "ar", NOW, quotes=2, digits="arabic")
    assert [[b.label for b in row] for row in first.keyboard] == [
        ["في سياقه ٢", "في سياقه ١"],
        ["المزيد"],
        ["تابع هذا الموضوع"],
        ["👎", "👍"],
    ]
    assert "خبر 1: 7 درجات." in first.html
    assert "١. " in first.html
    assert "الخميس ١٦ مارس ٢٠٢٣" in first.html
    assert "عنوان المقال رقم 1" in first.html
    second = answer_view(asked, "ar", NOW, quotes=2, offset=2)
    assert [(b.label, b.data) for b in second.keyboard[1]] == [
        ("التالي ◀\ufe0e", "m:4"),
        ("▶\ufe0e السابق", "m:0"),
    ]
    last = answer_view(asked, "ar", NOW, quotes=2, offset=4)
    assert [b.data for b in last.keyboard[1]] == ["m:2"]
    assert last.keyboard[0][0].label == "في سياقه 5"


def test_fewer_quotes_than_asked_for_are_all_there_are() -> None:
    """No «المزيد» that leads nowhere."""
    assert data(answer_view(answered(), "ar", NOW, quotes=2))[1:] == [["t:f"], ["v:-1", "v:1"]]
    assert data(answer_view(answered(), "ar", NOW, quotes=1))[1:] == [["t:f"], ["v:-1", "v:1"]]
    more = answered(quote(), quote("آخر"))
    assert data(answer_view(more, "ar", NOW, quotes=1))[1] == ["m:1"]


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_every_fixed_view_is_well_formed(lang: str) -> None:
    """Parses, within the limits, and each Arabic line begins right to left."""
    views = [
        *(start_view(lang), help_view(lang), notice_view("<x>", lang), failed_view(lang, "ab1")),
        *(privacy_view(lang), forget_view(lang), city_view(lang)),
    ]
    for view in views:
        reading = Reading(view.html)
        assert 0 < units(reading.text) < 4096
        assert "{" not in reading.text
