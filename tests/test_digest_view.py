"""A digest as it is shown: within Telegram's limits, its quotes untouched."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser

import pytest
from fakes import article, quote
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import anything

from bot.digest import Held, Item, Pick
from bot.texts.digest import AR, EN, DigestTexts
from bot.typography import FSI, PDI, RLM, measure
from bot.views.digest import MESSAGES, digest_view, quiet_day_view
from bot.views.layout import fits

DAY = date(2026, 3, 6)
NOW = datetime(2026, 3, 6, 5, tzinfo=UTC)


class Quotes(HTMLParser):
    """The texts of the blockquotes, as a client reads them."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._inside = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        if tag == "blockquote":
            self._inside = True
            self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "blockquote"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.found[-1] += data


def pick(number: int, *, topic: str | None = None, title: str | None = None) -> Pick:
    """A story of one article."""
    ref = article(number, **({} if title is None else {"title": title}))
    held = () if topic is None else (Held(1, topic, number, number),)
    return Pick(number, 1, (number,), (ref,), held)


def item(number: int = 1, text: str = "افتتحت البلدية السوق أمس.", **changes: object) -> Item:
    others = tuple(article(100 + n, source=f"صحيفة {n}") for n in range(5))
    said = quote(text, (0, 0), of=article(number, **changes), also_in=others)
    return Item(Pick(number, 6, (number,)), said)


def test_a_digest_with_all_that_may_be_in_it() -> None:
    """Topics first, why each is there, what has grown, and who else tells it."""
    follows = Item(
        Pick(1, 1, (1,), held=(Held(4, "أسواق <الواحة>", 1, 1), Held(5, "ترميم", 1, 1))),
        quote("افتتحت البلدية السوق أمس.", (0, 0), of=article(1, url=None)),
    )
    grown = Item(Pick(2, 6, (2,), before=3), item(2).quote)
    messages, shown = digest_view([follows], [grown], day=DAY, lang="ar", digits="latin", now=NOW)
    assert shown == [follows, grown]
    assert [message.html for message in messages] == [
        "<b>موجز الجمعة 6 مارس 2026</b>\n\n"
        "<b>ما تتابعه</b>\n\n"
        f"{RLM}<b>{FSI}عنوان المقال رقم 1{PDI}</b>\n"
        "<blockquote>افتتحت البلدية السوق أمس.</blockquote>\n"
        f"{FSI}وكالة الأنباء{PDI} · الخميس 16 مارس 2023\n"
        f"<i>لأنك تتابع: {FSI}أسواق &lt;الواحة&gt;{PDI}، {FSI}ترميم{PDI}</i>\n\n"
        "<b>أبرز الأخبار</b>\n\n"
        f'{RLM}<b>{FSI}<a href="https://example.org/news/2">عنوان المقال رقم 2</a>{PDI}</b>\n'
        "<blockquote>افتتحت البلدية السوق أمس.</blockquote>\n"
        f"{FSI}وكالة الأنباء{PDI} · الخميس 16 مارس 2023\n"
        f'ذُكر أيضًا في: {FSI}<a href="https://example.org/news/100">صحيفة 0</a>{PDI}، '
        f'{FSI}<a href="https://example.org/news/101">صحيفة 1</a>{PDI}، '
        f'{FSI}<a href="https://example.org/news/102">صحيفة 2</a>{PDI} ومصدرين آخرين\n'
        "<i>عاد لأنه اتسع: رواه 3 مصادر ثم 6 مصادر</i>"
    ]
    assert [[button.data for button in row] for row in messages[-1].keyboard] == [["d:open"]]


def test_other_stories_of_an_event_are_named_beneath_it() -> None:
    """Two of them at most, by their titles; all of it counts as told."""
    beside = (pick(2, title="تشييع <الضحايا>"), pick(3, title="لجنة تحقق"), pick(4))
    told = Item(replace(pick(1), beside=beside), quote("انهار الجسر فجرًا.", (0, 0), of=article(1)))
    (message,), (shown,) = digest_view([], [told], day=DAY, lang="ar", digits="latin", now=NOW)
    assert message.html == (
        "<b>موجز الجمعة 6 مارس 2026</b>\n\n"
        "<b>أبرز الأخبار</b>\n\n"
        f'{RLM}<b>{FSI}<a href="https://example.org/news/1">عنوان المقال رقم 1</a>{PDI}</b>\n'
        "<blockquote>انهار الجسر فجرًا.</blockquote>\n"
        f"{FSI}وكالة الأنباء{PDI} · الخميس 16 مارس 2023\n"
        f'في السياق نفسه: {FSI}<a href="https://example.org/news/2">تشييع &lt;الضحايا&gt;</a>{PDI}'
        f' · {FSI}<a href="https://example.org/news/3">لجنة تحقق</a>{PDI}'
    )
    assert [one.story for one in shown.named] == [2, 3]
    assert [one.story for one in shown.told] == [1, 2, 3, 4]


def test_an_event_that_topics_matched_in_english() -> None:
    """All that was matched is named, with the topics of all."""
    beside = (*(pick(n, topic=f"Topic {n % 2}") for n in range(2, 5)), pick(5))
    told = Item(replace(pick(1, topic="Bridges"), beside=beside), item(1).quote)
    told = replace(told, quote=replace(told.quote, also_in=()))
    (message,), (shown,) = digest_view([told], [], day=DAY, lang="en", digits="latin", now=NOW)
    lines = message.html.split("\n")
    assert "<b>Digest of Friday 6 March 2026</b>" in lines[0]
    assert lines[-2].startswith("Related: ")
    assert [f'/news/{n}"' in lines[-2] for n in range(2, 6)] == [True, True, True, False]
    because = f"{FSI}Bridges{PDI}, {FSI}Topic 0{PDI}, {FSI}Topic 1{PDI}"
    assert lines[-1] == f"<i>Because you follow: {because}</i>"
    assert [one.story for one in shown.told] == [1, 2, 3, 4, 5]


def test_the_stories_of_a_day_are_one_message() -> None:
    """What does not fit is left out, the last first."""
    many = [item(n, "ب" * 390) for n in range(1, 31)]
    (message,), shown = digest_view([], many, day=DAY, lang="ar", digits="latin", now=NOW)
    assert shown == many[: len(shown)]
    assert 5 < len(shown) < 30
    assert message.keyboard


def test_names_are_left_out_before_a_story_is() -> None:
    """Where there is room for it without them."""
    many = [item(n, "ب" * 390) for n in range(1, 31)]
    (message,), alone = digest_view([], many, day=DAY, lang="ar", digits="latin", now=NOW)
    room = 4000 - measure(message.html).units
    others = tuple(pick(n, title="ع" * 88) for n in (50, 51))
    last = item(len(alone), "ب" * (390 + room - 120))
    many[len(alone) - 1] = Item(replace(last.pick, beside=others), last.quote)
    (message,), shown = digest_view([], many, day=DAY, lang="ar", digits="latin", now=NOW)
    assert len(shown) == len(alone)
    assert shown[-1].named == others[:1]


def test_what_is_followed_goes_on_in_a_second_message() -> None:
    """Stories of the day do not."""
    followed = [
        Item(replace(one.pick, held=(Held(1, "جسور", n, n),)), one.quote)
        for n in range(1, 11)
        for one in [item(n, "ب" * 390)]
    ]
    daily = [item(n) for n in range(11, 15)]
    messages, shown = digest_view(followed, daily, day=DAY, lang="ar", digits="latin", now=NOW)
    assert len(messages) == MESSAGES
    assert shown == followed
    assert [bool(message.keyboard) for message in messages] == [False, True]
    few, shown = digest_view(followed[:3], daily, day=DAY, lang="ar", digits="latin", now=NOW)
    assert len(few) == 1
    assert shown == followed[:3] + daily


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("ar", "<i>وللموجز القادم مما تتابعه: {n} خبرًا</i>"),
        ("en", "<i>Of what you follow, for the next digest: {n} stories</i>"),
    ],
)
def test_what_is_followed_and_does_not_fit_is_said_to_come_later(lang: str, line: str) -> None:
    """None of it is told, and no story of the day takes its place."""
    followed = [
        Item(pick(n, topic="جسور"), quote("ب" * 390, (0, 0), of=article(n))) for n in range(1, 31)
    ]
    messages, shown = digest_view(
        followed,
        [item(99)],
        later=3,
        day=DAY,
        lang=lang,  # type: ignore[arg-type]
        digits="latin",
        now=NOW,
    )
    assert shown == followed[: len(shown)]
    assert messages[-1].html.endswith(line.format(n=30 - len(shown) + 3))
    assert all(fits(message.html) for message in messages)
    assert not any("/news/99" in message.html for message in messages)


def test_a_match_is_left_for_later_rather_than_told_unnamed() -> None:
    """An event of more stories than can be named; the others are still owed."""
    beside = tuple(pick(n, topic=f"جسر {n}", title=f"{n} " + "ع" * 85) for n in range(2, 30))
    told = Item(replace(pick(1, topic="جسور"), beside=beside), item(1).quote)
    messages, (shown,) = digest_view([told], [], day=DAY, lang="ar", digits="latin", now=NOW)
    assert len(messages) == 1
    assert shown.named == beside[:10]
    assert shown.told == (told.pick, *shown.named)
    assert shown.left == beside[10:]
    assert "للموجز القادم مما تتابعه: 18 خبرًا" in messages[0].html


def test_a_match_is_named_in_a_second_message_rather_than_left() -> None:
    """Where the first has room for its story and not for the others of its event."""
    beside = tuple(pick(n, topic="جسور", title=f"{n} " + "ع" * 85) for n in range(20, 28))
    first = [Item(pick(n, topic="جسور"), item(n, "ب" * 390).quote) for n in range(1, 7)]
    last = Item(replace(pick(7, topic="جسور"), beside=beside), item(7, "ب" * 300).quote)
    messages, shown = digest_view([*first, last], [], day=DAY, lang="ar", digits="latin", now=NOW)
    assert len(messages) == 2
    assert shown[-1].named == beside


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(anything, anything, anything, anything), max_size=8),
    st.sampled_from(("ar", "en")),
    st.sampled_from(("latin", "arabic")),
)
def test_whatever_is_told_is_within_limits_and_exact(
    given: list[tuple[str, str, str, str]], lang: str, digits: str
) -> None:
    """Every item that is counted as shown stands in the messages, character for character."""
    items = [
        Item(
            replace(pick(n, topic=topic), beside=(pick(n + 50, title=source, topic=title),)),
            quote(text or "نص", (0, 0), of=article(n, title=title, source=source, url=title)),
        )
        for n, (text, title, source, topic) in enumerate(given)
    ]
    messages, shown = digest_view(items[:3], items[3:], day=DAY, lang=lang, digits=digits, now=NOW)  # type: ignore[arg-type]
    assert 1 <= len(messages) <= MESSAGES
    assert all(fits(message.html) for message in messages)
    assert [q for m in messages for q in Quotes(m.html).found] == [i.quote.text for i in shown]
    for message in messages:
        ours = re.sub("<blockquote>.*?</blockquote>", "", message.html, flags=re.DOTALL)
        assert ours.count(FSI) == ours.count(PDI)


def test_a_quiet_day_is_one_line() -> None:
    """With the way to have it otherwise."""
    message = quiet_day_view(DAY, "en", "latin")
    assert "A quiet day: nothing new in the archive for this digest." in message.html
    # True of a first digest and of a preview, too: no earlier one is spoken of.
    assert "لا خبر جديد في الأرشيف لهذا الموجز" in quiet_day_view(DAY, "ar", "latin").html
    assert [button.data for row in message.keyboard for button in row] == ["d:open"]


@pytest.mark.parametrize("name", [field.name for field in fields(DigestTexts)])
def test_both_languages_say_everything(name: str) -> None:
    """In as many words."""
    arabic, english = getattr(AR, name), getattr(EN, name)
    assert arabic
    assert english
    assert len(AR.weekdays) == len(EN.weekdays) == 7
