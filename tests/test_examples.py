"""The questions that /start offers."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from fakes import FakeAsker, Stored, answered, article, quote, refused

from bot.bridge import Bridge
from bot.examples import OFFERED, Examples, candidates
from index.model import Article, Story


def stored(*titles: str) -> Stored:
    """Articles of these titles, each a day newer than the one before."""
    return Stored(
        {
            n: Article(n, title, "نص", "وكالة", None, f"2024-05-{n:02}", None)
            for n, title in enumerate(titles, 1)
        }
    )


def answering(number: int) -> object:
    return answered(quote(of=article(number)))


@pytest.fixture
async def asker() -> FakeAsker:
    return FakeAsker()


async def test_what_the_operator_gave_is_offered_as_it_is(asker: FakeAsker) -> None:
    """And nothing is drawn."""
    examples = Examples(Bridge(asker), ["متى؟", "أين؟"])
    await examples.keep_drawn(asyncio.Event())
    assert list(examples) == ["متى؟", "أين؟"]
    assert not asker.asked


async def test_only_what_the_archive_answers_is_drawn(asker: FakeAsker) -> None:
    """With a quote of the article the question was drawn from; the newest first."""
    asker.articles = stored(
        "إغلاق ميناء الصدف",
        "زلزال في شرق السودان",
        "وفاة الشاعر",
        "احتجاجات في غزة",
        "افتتاح المتحف",
    )
    asker.answers = {
        "ما قصة «افتتاح المتحف»؟": refused(article(5)),
        "ماذا حدث في غزة؟": answering(1),  # of another article
        "ما قصة «وفاة الشاعر»؟": answered(quote(of=article(9), also_in=(article(3),))),
        "ماذا حدث في شرق السودان؟": answering(2),
        "ما قصة «إغلاق ميناء الصدف»؟": replace(answering(1), answered=False),
    }
    examples = Examples(Bridge(asker))
    assert list(examples) == []
    assert await examples.draw() == ("ما قصة «وفاة الشاعر»؟", "ماذا حدث في شرق السودان؟")


async def test_what_many_sources_told_comes_first(asker: FakeAsker) -> None:
    """Of the last days; the first headline of a story that makes a question."""
    asker.articles = stored("قصيدة", "سيرة شاعر", "كلمة " * 20, "افتتاح المتحف", "عمود يومي")
    refs = {ref.id: ref for ref in asker.articles()}

    def story(sources: int, *numbers: int) -> Story:
        told = tuple(refs[n] for n in numbers)
        return Story(
            numbers[0], told[0].title, told, told[0].published, told[-1].published, sources
        )

    asker.told = [story(3, 3, 4), story(1, 5), story(4, 1)]  # the last is too old
    asker.answers = {
        "ما قصة «افتتاح المتحف»؟": answering(3),  # the story's other article
        "ما قصة «عمود يومي»؟": answering(5),
    }
    drawn = await Examples(Bridge(asker)).draw()
    assert drawn[:2] == ("ما قصة «افتتاح المتحف»؟", "ما قصة «عمود يومي»؟")


async def test_no_more_than_three_are_drawn_and_none_twice(asker: FakeAsker) -> None:
    """Two articles about a place are one question."""
    asker.articles = stored(*("زلزال في غزة",) * 3, *(f"خبر {n}" for n in range(9)))
    asker.answers = {question: answering(ref.id) for ref, question in candidates(asker.articles())}
    drawn = await Examples(Bridge(asker)).draw()
    assert len(drawn) == len(set(drawn)) == OFFERED


async def test_drawing_goes_on_in_the_background(asker: FakeAsker) -> None:
    """What was drawn is offered until the next time; it ends when it is told to."""
    asker.articles = stored("خبر")
    asker.answers = {"ما قصة «خبر»؟": answering(1)}
    examples, stop = Examples(Bridge(asker)), asyncio.Event()
    work = asyncio.create_task(examples.keep_drawn(stop))
    await asyncio.to_thread(asker.started.wait, 5)
    stop.set()
    await asyncio.wait_for(work, 5)
    assert examples[:3] == ("ما قصة «خبر»؟",)


def test_a_headline_that_would_be_cut_or_quotes_makes_no_question() -> None:
    """A button shows the whole question or none."""
    refs = [article(1, title="كلمة " * 20), article(2, title="قال «لا»"), article(3, title="")]
    assert list(candidates(refs)) == []
