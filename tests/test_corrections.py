"""«تصحيح»: which changes touch what a reader was quoted, and how they are told."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from fakes import FakeAsker
from hypothesis import given
from hypothesis import strategies as st
from outbox_world import NOW, START, FakeTelegram, QuickClock, a_letter, owe, states, work

from bot.bridge import Bridge
from bot.corrections import Correction, Corrections, correction_view, corrections, matter_of
from bot.message import Message
from bot.outbox.letter import Letter, QuoteRef
from bot.store import chats, quoted
from bot.store.quoted import Seen
from bot.words import stand_in, words
from index.model import Article, Change

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.store import Store

TITLE = "افتتاح جسر الوادي"
QUOTE = "افتُتح الجسر صباح الأحد، وبلغت كلفته 7.5 ملايين."
TEXT = f"قالت البلدية إن العمل انتهى. {QUOTE} ويصل بين الضفتين."


def an_article(title: str = TITLE, text: str = TEXT, status: str = "live") -> Article:
    return Article(
        id=1,
        title=title,
        text=text,
        source="وكالة",
        url="https://example.org/1",
        published=None,
        byline=None,
        status=status,
    )


def seen(**changes: object) -> Seen:
    """Chat 7 was answered with the quote, in message 40."""
    given: dict[str, object] = {
        "chat_id": 7,
        "lang": None,
        "message_id": 40,
        "outbox_id": None,
        "part": None,
        "kind": None,
        "article": 1,
        "title": TITLE,
        "quote": QUOTE,
    }
    return Seen(**{**given, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("article", "matter"),
    [
        (an_article(), None),
        (an_article(text="مقدمة جديدة. " + TEXT + " وخاتمة."), None),
        (an_article(text=TEXT.replace("ويصل بين", "وهو يربط")), None),
        (
            an_article(text=TEXT.replace("افتُتح", "افتتح").replace("،", " ,").replace(" ", "\n")),
            None,
        ),
        (an_article(text=TEXT.replace("7.5", "٧٫٥").replace("الأحد", "الأحـــد")), None),
        (an_article(title="«افتتاح» جسر الوادي!"), None),
        (an_article(text=TEXT.replace("7.5", "9.5")), "quote"),
        (an_article(text=TEXT.replace("7.5", "75")), "quote"),
        (an_article(text=TEXT.replace("صباح", "مساء")), "quote"),
        (an_article(text=TEXT.replace("الجسر صباح", "الجسر الجديد صباح")), "quote"),
        (an_article(title="تأجيل افتتاح جسر الوادي"), "title"),
        (an_article(title="غيره", text="غيره"), "quote"),
        (an_article(status="withdrawn"), "withdrawn"),
    ],
)
def test_only_what_touches_the_quote_or_the_title_counts(
    article: Article, matter: str | None
) -> None:
    """And never spaces, vowels, punctuation or the kind of digits."""
    assert matter_of(TITLE, QUOTE, article) == matter


@given(st.text("بتسم ُّـ،.؟!«»\u200f\n7٧", max_size=40))
def test_marks_spaces_and_punctuation_are_no_words(text: str) -> None:
    """Whatever stands between the words, they stay the same."""
    noisy = "".join(f"{char}\u064e" if char.isalpha() else char for char in text)
    assert words(noisy.replace("،", " ؛ ").replace("«", " \u2067")) == words(text)
    assert stand_in(words(text), words(f"قبل {text} بعد"))


def test_a_message_is_corrected_once_for_an_article() -> None:
    """For the gravest of what changed in it."""
    standing = seen(quote="قالت البلدية إن العمل انتهى.")
    changed = an_article("غيره", text=TEXT.replace("صباح", "مساء"))
    (found,) = corrections([standing, seen()], changed)
    assert (found.matter, found.seen) == ("quote", seen())


@pytest.mark.parametrize("lang", [None, "ar", "en"])
@pytest.mark.parametrize("matter", ["withdrawn", "quote", "title"])
def test_a_correction_names_the_article(lang: str | None, matter: str) -> None:
    """Escaped, in the reader's language, with its link where there is one to read on."""
    title = "<b>{title}</b> & {now}"
    correction = Correction(matter, seen(lang=lang, title=title), an_article("صار {title}"))  # type: ignore[arg-type]
    html = correction_view(correction).html
    assert "&lt;b&gt;{title}&lt;/b&gt; &amp; {now}" in html
    assert ("Correction" in html) == (lang == "en")
    assert html.count("https://example.org/1") == 1
    assert ("صار {title}</a>" in html) == (matter == "title")


@asynccontextmanager
async def following(store: Store, asker: FakeAsker) -> AsyncIterator[Corrections]:
    bridge = Bridge(asker)
    try:
        yield Corrections(bridge, asker, store, lambda: START)
    finally:
        await bridge.close(5)


async def told(store: Store, asker: FakeAsker, article: Article, kind: str = "revised") -> None:
    """The article changes, and whoever follows the log hears of it."""
    asker.articles[1] = article
    asker.log.append(Change(len(asker.log) + 1, 1, kind))
    async with following(store, asker) as corrections:
        while await corrections.step():
            pass


@pytest.fixture
def telegram() -> FakeTelegram:
    return FakeTelegram(QuickClock())


@pytest.fixture
def asker() -> FakeAsker:
    return FakeAsker()


async def test_an_answer_is_corrected_by_a_reply(
    store: Store, asker: FakeAsker, telegram: FakeTelegram
) -> None:
    """Once, however often the article changes in that way."""
    await store.write(chats.meet, 7, kind="private", now=NOW)
    await store.write(quoted.record, 7, 40, [QuoteRef(1, TITLE, QUOTE)], NOW)
    for clock in ("ظهر", "مساء"):
        await told(store, asker, an_article(text=TEXT.replace("صباح", clock)))
    await work(telegram, store)
    ((chat, text),) = telegram.arrived
    assert chat == 7
    assert text.startswith("<b>تصحيح:</b>")
    assert telegram.replies == {1: 40}


async def test_an_alert_is_corrected_where_it_stands(
    store: Store, asker: FakeAsker, telegram: FakeTelegram
) -> None:
    """First its sentence, then its withdrawal, one under the other."""
    letter = Letter((Message(f"<blockquote>{QUOTE}</blockquote>"),), (QuoteRef(1, TITLE, QUOTE),))
    await owe(store, 7, letter)
    await work(telegram, store)
    await told(store, asker, an_article(text=TEXT.replace("صباح", "مساء")))
    await work(telegram, store)
    await told(store, asker, an_article(status="withdrawn"), "withdrawn")
    await work(telegram, store)
    assert len(telegram.arrived) == 1
    assert [html.count("تصحيح") for _, _, html in telegram.edited] == [1, 2]
    assert telegram.edited[-1][2].startswith(letter.messages[0].html)


async def test_a_change_before_an_alert_is_sent_is_not_missed(
    store: Store, asker: FakeAsker, telegram: FakeTelegram
) -> None:
    """It waits for its hour: a withdrawn article is not told of, a changed one is corrected."""
    refs = (QuoteRef(1, TITLE, QUOTE),)
    await owe(store, 7, a_letter(QUOTE, quotes=refs))
    await owe(store, 7, a_letter(QUOTE, quotes=refs), kind="digest")
    await told(store, asker, an_article(status="withdrawn"), "withdrawn")
    await work(telegram, store)
    assert [text for _, text in telegram.arrived] == [QUOTE]
    assert len(telegram.edited) == 1
    assert [state for _, state, _ in await states(store)] == ["cancelled", "sent", "sent"]


async def test_the_log_is_followed_from_where_it_was_left(store: Store, asker: FakeAsker) -> None:
    """What is removed, added or quoted by nobody is passed over."""
    await store.write(chats.meet, 7, kind="private", now=NOW)
    await store.write(quoted.record, 7, 40, [QuoteRef(1, TITLE, QUOTE)], NOW)
    asker.log = [Change(1, 5, "added"), Change(2, 1, "revised"), Change(3, 1, "removed")]
    async with following(store, asker) as corrections:
        assert await corrections.step()
        assert not await corrections.step()
    assert await states(store) == []


async def test_following_ends_when_it_is_told_to(store: Store, asker: FakeAsker) -> None:
    """At once, though nothing changes."""
    stop = asyncio.Event()
    async with (
        following(store, asker) as corrections,
        asyncio.timeout(timedelta(seconds=3).seconds),
    ):
        task = asyncio.create_task(corrections.run(stop))
        await asyncio.sleep(0)
        stop.set()
        await task


async def test_of_a_forgotten_chat_nothing_is_noted(store: Store) -> None:
    """Its answer was on its way when it was forgotten."""
    await store.write(quoted.record, 7, 40, [QuoteRef(1, TITLE, QUOTE)], NOW)
    assert await store.read(quoted.seen, {1}) == []
