"""A digest as it is shown: within Telegram's limits, its quotes untouched."""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import UTC, date, datetime
from html.parser import HTMLParser

import pytest
from fakes import article, quote
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import anything

from bot.digest import Held, Item, Pick
from bot.texts.digest import AR, EN, DigestTexts
from bot.typography import FSI, PDI, RLM
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


def test_what_does_not_fit_in_two_messages_is_left_out() -> None:
    """The last first; the button is under the last message."""
    many = [item(n, "ب" * 390) for n in range(1, 31)]
    messages, shown = digest_view(many[:10], many[10:], day=DAY, lang="ar", digits="latin", now=NOW)
    assert len(messages) == MESSAGES
    assert 10 < len(shown) < 30
    assert shown == many[: len(shown)]
    assert [bool(message.keyboard) for message in messages] == [False, True]


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
            Pick(n, 1, (n,), held=(Held(1, topic, n, n),)),
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
    assert "A quiet day" in message.html
    assert [button.data for row in message.keyboard for button in row] == ["d:open"]


@pytest.mark.parametrize("name", [field.name for field in fields(DigestTexts)])
def test_both_languages_say_everything(name: str) -> None:
    """In as many words."""
    arabic, english = getattr(AR, name), getattr(EN, name)
    assert arabic
    assert english
    assert len(AR.weekdays) == len(EN.weekdays) == 7
