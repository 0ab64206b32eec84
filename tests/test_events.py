"""Stories of one event, told from stories of one kind by the words that surge."""

from __future__ import annotations

import random
from itertools import count

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.dedupe import Words
from index.stories.events import COMPARED, FEWEST, PART, PARTS, Content, events
from index.stories.terms import Terms, terms

KINDS = "جمارك رياضة طقس أسهم تعليم صحة مرور سياحة زراعة محاكم".split()
DIMENSION = 64


def said(text: str) -> Terms:
    return Terms.of(terms(Words(text, "")))


def vector(number: int, near: str = "", *, share: float = 0.0) -> np.ndarray:
    """Of a lead of its own; one that shares much with others of the same `near` is near them."""
    own = np.random.default_rng(number).standard_normal(DIMENSION)
    both = np.random.default_rng(sum(map(ord, near))).standard_normal(DIMENSION)
    mixed = (1 - share) * own / np.linalg.norm(own) + share * both / np.linalg.norm(both)
    return (mixed / np.linalg.norm(mixed)).astype(np.float32)


def everyday(seed: int, size: int) -> list[Terms]:
    """What is told on any day: each kind has words of its own, and each article some more."""
    dice = random.Random(seed)
    found = []
    for _ in range(size):
        kind = dice.choice(KINDS)
        usual = " ".join(f"{kind}{dice.randrange(12)}" for _ in range(6))
        found.append(said(f"{kind} {usual} خاص{dice.randrange(10**6)}"))
    return found


BEFORE = everyday(1, PARTS * PART)
numbers = count(1)


def unrelated(size: int = FEWEST + 5) -> list[Content]:
    """Stories of a quiet day."""
    return [Content(1000 + n, [one], [vector(1000 + n)]) for n, one in enumerate(everyday(2, size))]


def story(number: int, *texts: str, near: str = "x", share: float = 0.8) -> Content:
    vectors = [vector(next(numbers), near, share=share) for _ in texts]
    return Content(number, [said(text) for text in texts], vectors)


def found(*stories: Content, before: list[Terms] = BEFORE) -> dict[int, int]:
    """What is found among these and a quiet day's."""
    contents = [*stories, *unrelated()]
    return events(contents, [one for content in contents for one in content.terms], before)


FALL = story(1, *["انهيار جسر النخيل في بلدة الرمان وسقوط شاحنتين"] * 6)
MOURNED = story(2, *["وزير النقل يعزي أسر ضحايا انهيار جسر النخيل في الرمان"] * 4)
HEALED = story(3, *["مستشفى الرمان يستقبل جرحى انهيار جسر النخيل"] * 3)


def test_what_is_told_of_one_event_is_found() -> None:
    """Its first story leads; who condemns, who mourns and who heals are beside it."""
    assert found(FALL, MOURNED, HEALED) == {2: 1, 3: 1}


def test_news_of_one_kind_is_not_one_event() -> None:
    """However alike: its words are there every day."""
    seizure = "الجمارك تضبط شحنة مهربة في {} وتحيل السائق إلى النيابة"
    one = story(1, *[seizure.format("ميناء الصدف")] * 3)
    two = story(2, *[seizure.format("مطار الهضبة")] * 3)
    daily = [said(seizure.format(f"منفذ{n}")) if n % 6 == 0 else b for n, b in enumerate(BEFORE)]
    assert found(one, two, before=daily) == {}
    assert found(one, two) == {2: 1}  # where that is news


def test_a_word_that_two_events_share_is_not_enough() -> None:
    """What their leads say is far apart: a town may have two stories in a day."""
    fall = story(1, *["انهيار جسر في بلدة الرمان"] * 4, near="جسر")
    feast = story(2, *["مهرجان العسل في بلدة الرمان"] * 4, near="عسل")
    assert found(fall, feast) == {}


def test_what_has_been_told_for_days_is_still_an_event() -> None:
    """As long as it is not most of the time before."""
    days = PARTS // 2
    known = BEFORE[: -days * PART] + [said("انهيار جسر النخيل في بلدة الرمان")] * (days * PART)
    assert found(FALL, MOURNED, before=known) == {2: 1}
    always = [said("انهيار جسر النخيل في بلدة الرمان ضحايا شاحنتين أسر")] * len(BEFORE)
    assert found(FALL, MOURNED, before=always) == {}


def test_who_is_like_one_of_many_stays_out() -> None:
    """An event does not grow link by link."""
    last = story(9, *["مستشفى الرمان يستقبل جرحى"] * 3)
    assert 9 not in found(FALL, MOURNED, story(4, *["لجنة تحقق في انهيار جسر النخيل"] * 4), last)


def test_where_little_is_known_nothing_is_found() -> None:
    """Neither what is usual, nor how near unrelated stories are."""
    now = [*FALL.terms, *MOURNED.terms]
    assert events([FALL, MOURNED], now, BEFORE) == {}
    assert found(FALL, MOURNED, before=BEFORE[1:]) == {}
    assert events([], [], []) == {}


def test_stories_without_words_are_passed_over() -> None:
    """As where a page holds a picture alone, or a time tells nothing but reprints."""
    silent = Content(7, [said("")] * 2, [vector(7)] * 2)
    nothing = Content(8, [], [])
    assert found(FALL, nothing, silent, MOURNED) == {2: 1}


def test_only_what_most_told_is_compared() -> None:
    """A day has a thousand stories; nobody is told the last of them."""
    contents = [FALL, *unrelated(COMPARED), MOURNED]
    now = [one for content in contents for one in content.terms]
    assert events(contents, now, BEFORE) == {}


@settings(deadline=None, max_examples=25)
@given(st.randoms(use_true_random=False), st.lists(st.integers(0, 3), max_size=12))
def test_the_same_comes_out_and_leaders_lead(dice: random.Random, which: list[int]) -> None:
    """Whatever the order of articles; none that stands beside another has others beside it."""
    texts = "انهيار جسر النخيل|احتراق سفينة الأمل|فوز المرجان بالكأس|ثوران بركان الوادي".split("|")
    contents = [
        story(n, *[f"{texts[event]} رواية{n}"] * 3, near=texts[event])
        for n, event in enumerate(which)
    ] + unrelated()
    now = [one for content in contents for one in content.terms]
    event = events(contents, now, BEFORE)
    mixed = [Content(c.story, dice.sample(c.terms, len(c.terms)), c.vectors) for c in contents]
    assert events(mixed, dice.sample(now, len(now)), BEFORE) == event
    assert not event.keys() & set(event.values())
    places = {content.story: at for at, content in enumerate(contents)}
    assert all(places[first] < places[other] for other, first in event.items())
    assert all(which[first] == which[other] for other, first in event.items())


@pytest.mark.parametrize("seed", [3, 4])
def test_a_quiet_day_has_no_event(seed: int) -> None:
    """Of stories that are all unrelated."""
    contents = [Content(n, [one], [vector(n)]) for n, one in enumerate(everyday(seed, COMPARED))]
    now = [one for content in contents for one in content.terms]
    assert events(contents, now, BEFORE) == {}
