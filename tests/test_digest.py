"""What goes into a digest."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.digest import Held, Item, Known, Pick, choose, ranked, with_others
from index.model import ArticleRef, Quote, Story


def story(number: int, sources: int, *, title: str | None = None) -> Story:
    """One that so many sources tell, an article each, its number times ten the first."""
    refs = tuple(
        ArticleRef(number * 10 + place, f"خبر {number}-{place}", f"صحيفة {place}", None, None)
        for place in range(sources)
    )
    return Story(number, title or refs[0].title, refs, "2026-03-01", "2026-03-02", sources)


def held(topic: int, number: int, article: int) -> Held:
    return Held(topic, f"موضوع {topic}", number, article)


def chosen(stories: list[Story], known: Known = Known()) -> tuple[list[int], list[int]]:  # noqa: B008
    topics, day = choose(ranked(stories), known)
    return [pick.story for pick in topics], [pick.story for pick in day]


def test_the_story_that_most_sources_tell_comes_first() -> None:
    """Whatever the archive's order."""
    assert chosen([story(1, 2), story(2, 5), story(3, 3)]) == ([], [2, 3, 1])


def test_what_was_told_or_alerted_is_not_told_again() -> None:
    """Not for one source more, and not because it fell back."""
    known = Known(told={1: 4, 2: 3}, alerted=frozenset({3}))
    assert chosen([story(1, 5), story(2, 2), story(3, 9), story(4, 1)], known) == ([], [4])


def test_a_story_that_twice_as_many_tell_comes_back_with_its_newest() -> None:
    """The reader is told how many there were."""
    _, (pick,) = choose([story(1, 6)], Known(told={1: 3}))
    assert (pick.before, pick.sources) == (3, 6)
    assert pick.candidates == (15, 14, 13, 12, 11, 10)


def test_a_story_is_quoted_from_the_article_of_its_title() -> None:
    """Then from the earliest ones, where that cannot be."""
    _, (pick,) = choose([story(1, 6, title="خبر 1-3")], Known())
    assert pick.candidates == (13, 10, 11, 12, 14, 15)


def test_what_topics_matched_comes_once_and_from_the_matching_article() -> None:
    """With the other sources, though two topics matched; and not among the day's stories."""
    known = Known(held=(held(1, 5, 52), held(2, 5, 51), held(1, 6, 60), held(1, 9, 93)))
    topics, day = choose(ranked([story(5, 3), story(6, 4), story(7, 1)]), known)
    assert [(pick.story, pick.candidates) for pick in topics] == [
        (6, (60,)),
        (5, (52, 51)),
        (9, (93,)),  # of an earlier time: its story is not known any more
    ]
    assert [row.topic_id for row in topics[1].held] == [1, 2]
    assert [pick.story for pick in day] == [7]


def test_a_match_that_was_told_already_is_still_owed() -> None:
    """It was held because it says something new."""
    assert chosen([story(1, 2)], Known(held=(held(1, 1, 11),), told={1: 2})) == ([1], [])


def test_each_other_source_is_named_once() -> None:
    """And the quoted one is not."""
    refs = [ArticleRef(n, "خبر", name, None, None) for n, name in enumerate(["أ", "ب", "أ", "ب"])]
    refs.append(ArticleRef(9, "خبر", None, None, None))
    _, (pick,) = choose([Story(1, "خبر", tuple(refs), None, None, 3)], Known())
    item = with_others(pick, Quote("نص", 0, 2, (), 0.0, refs[0]))
    assert [ref.id for ref in item.quote.also_in] == [1]


def of_event(first: int, *others: int) -> list[Story]:
    """Stories of one event, and one of another."""
    told = [story(first, 9), *(replace(story(n, n), event=first) for n in others), story(20, 1)]
    return ranked(told)


def beside(picks: list[Pick]) -> dict[int, list[int]]:
    return {pick.story: [other.story for other in pick.beside] for pick in picks}


def test_stories_of_one_event_stand_together() -> None:
    """Beneath the first of them, those that most tell first."""
    topics, day = choose(of_event(1, 5, 7, 6), Known())
    assert (topics, beside(day)) == ([], {1: [7, 6, 5], 20: []})
    assert [pick.ref.title for pick in day[0].beside] == ["خبر 7-0", "خبر 6-0", "خبر 5-0"]


def test_an_event_goes_on_without_the_story_that_is_known() -> None:
    """What is new of it is told by its next story."""
    _, day = choose(of_event(1, 5, 7, 6), Known(told={1: 9}, alerted=frozenset({7})))
    assert beside(day) == {6: [5], 20: []}


def test_what_a_topic_matched_leads_its_event() -> None:
    """Whatever is told of it elsewhere; other matches come before stories of the day."""
    known = Known(held=(held(1, 5, 50), held(2, 6, 63)))
    topics, day = choose(of_event(1, 5, 7, 6), known)
    assert beside(topics) == {6: [5, 1, 7]}
    assert beside(day) == {20: []}
    assert [pick.story for pick in topics[0].owed] == [6, 5]
    assert topics[0].beside[0].ref.id == 50


def test_what_is_told_of_an_event_is_all_but_what_is_owed() -> None:
    """A match counts as told only where it is named."""
    known = Known(held=(held(1, 5, 50), held(2, 6, 63), held(2, 7, 70)))
    (pick,), _ = choose(of_event(1, 5, 7, 6), known)
    assert beside([pick]) == {7: [6, 5, 1]}
    item = Item(pick, Quote("نص", 0, 2, (), 0.0, pick.articles[0]))
    assert [other.story for other in item.told] == [7, 1]
    item = replace(item, named=pick.beside[:1])
    assert [other.story for other in item.left] == [5]
    assert [other.story for other in item.told] == [7, 6, 1]


@given(
    st.lists(st.tuples(st.integers(1, 30), st.integers(1, 6)), unique_by=lambda one: one[0]),
    st.lists(st.tuples(st.integers(1, 3), st.integers(1, 35)), unique=True),
    st.dictionaries(st.integers(1, 35), st.integers(1, 5)),
    st.frozensets(st.integers(1, 35)),
    st.dictionaries(st.integers(11, 30), st.integers(1, 10)),
)
def test_no_story_comes_twice_and_no_match_is_forgotten(
    stories: list[tuple[int, int]],
    matches: list[tuple[int, int]],
    told: dict[int, int],
    alerted: frozenset[int],
    events: dict[int, int],
) -> None:
    """Whatever the reader knows, and whatever is of one event."""
    known = Known(tuple(held(topic, n, n * 10) for topic, n in matches), told, alerted)
    given = [replace(story(*one), event=events.get(one[0])) for one in stories]
    events = {one.id: one.event for one in given if one.event is not None}
    topics, day = choose(ranked(given), known)
    heads = [*topics, *day]
    picked = [pick for head in heads for pick in (head, *head.beside)]
    numbers = [pick.story for pick in picked]
    assert len(set(numbers)) == len(numbers)
    assert {row for head in topics for pick in head.owed for row in pick.held} == set(known.held)
    assert not {pick.story for pick in picked if not pick.held} & alerted
    assert not [pick for head in day for pick in (head, *head.beside) if pick.held]
    leaders = [events.get(head.story, head.story) for head in heads]
    assert len(set(leaders)) == len(leaders)
