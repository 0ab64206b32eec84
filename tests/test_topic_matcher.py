"""Many topics at once: the same as one by one, and what each sign is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from fake_embedder import word_vector
from hypothesis import given, settings
from hypothesis import strategies as st
from topic_reference import chances

from index.arabic import sentences, tokens
from index.topics import matcher
from index.topics.matcher import Background, TopicIndex
from index.topics.page import Page

if TYPE_CHECKING:
    from numpy.typing import NDArray

WORDS = (
    "افتتح الوزير محطة المترو الجديدة في مرسى الياسمين ثم زار سوريا والسوريين برفقة سالم بن ناصر "
    "وناصر بن سالم لافرنتييف لافرنتيف إيران الإيرانية لاجئ اللاجئين عودة عودتهم و 12 قال"
).split()


def vector(text: str) -> NDArray[np.float32]:
    total = sum((word_vector(token.form) for token in tokens(text)), np.zeros(64, np.float32))
    return (total / max(float(np.linalg.norm(total)), 1e-6)).astype(np.float32)


def page(title: str, *told: str) -> Page:
    said = [text[a:b] for text in told for a, b in sentences(text)]
    vectors = np.array([vector(f"{title} {text}") for text in said], np.float32).reshape(-1, 64)
    return Page(tokens(title), [tokens(text) for text in said], vectors)


ORDINARY = np.array([vector(f"{a} {b}") for a in WORDS for b in WORDS[:6]], np.float32)

lines = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join)


def index_of(*texts: str) -> TopicIndex:
    index = TopicIndex(Background.of(ORDINARY))
    for text in texts:
        index.add(text, text, vector(text).astype(np.float16))
    return index


@settings(max_examples=60)
@given(st.sets(lines, max_size=12), lines, st.lists(lines, max_size=4))
def test_all_at_once_is_the_same_as_one_by_one(
    topics: set[str], title: str, told: list[str]
) -> None:
    """For any topics and any article, at any chance."""
    article = page(title, *told)
    together = {
        str(match.topic): match.score for match in index_of(*topics).match(article, at_least=0.0001)
    }
    given_ = [(text, vector(text).astype(np.float16)) for text in topics]
    alone = chances(given_, article, ORDINARY) if article.sentences else {}
    sure = {text: score for text, score in alone.items() if score >= 0.0002}
    assert sure.keys() <= together.keys() <= alone.keys()
    for text, score in together.items():
        assert score == pytest.approx(alone[text], abs=0.01)


def test_an_article_without_the_name_is_no_match() -> None:
    """However near its meaning."""
    article = page("افتتاح محطة جديدة", "افتتح الوزير محطة جديدة في المدينة.")
    index = TopicIndex(Background.of(ORDINARY))
    for text in ("محطة المترو", "محطة"):
        index.add(text, text, vector("افتتح الوزير محطة جديدة").astype(np.float16))
    assert [match.topic for match in index.match(article)] == ["محطة"]


def test_a_name_with_bin_matches_only_side_by_side() -> None:
    """Not the son for the father."""
    topic = "سالم بن ناصر"
    index = index_of(topic)
    assert index.match(page("سالم بن ناصر يزور المترو", "زار سالم بن ناصر المترو."))
    assert not index.match(page("ناصر بن سالم يزور المترو", "زار ناصر بن سالم المترو."))


def test_a_title_stays_with_its_name_and_with_what_is_named_so() -> None:
    """Not the university of one king for another's, because the words are in the article."""
    index = index_of("جامعة الملك ناصر", "الرئيس سالم")
    university = page("جامعة الملك ناصر تحتفل", "احتفلت جامعة الملك ناصر بالعيد.")
    assert [match.topic for match in index.match(university)] == ["جامعة الملك ناصر"]
    president = page("الرئيس السوري سالم يزور عمان", "وصل الرئيس السوري سالم أمس.")
    assert [match.topic for match in index.match(president)] == ["الرئيس سالم"]
    for title, told in (
        ("جامعة الملك سالم تحتفل", "احتفلت جامعة الملك سالم بالطالب ناصر."),
        ("الملك ناصر في الجامعة", "زار الملك ناصر الجامعة."),
        ("الرئيس ناصر يستقبل سالم", "استقبل الرئيس ناصر بن سالم."),
    ):
        assert index.match(page(title, told), at_least=0.0001) == []


def test_a_title_is_enough_that_has_the_words_close_together() -> None:
    """Those of a phrase in their order; words that are linked may stand apart."""
    texts = "محطة المترو", "سوريا في إيران"
    index = TopicIndex(Background.of(ORDINARY))
    for text in texts:
        index.add(text, text, -vector(text).astype(np.float16))  # of another meaning
    told = "زار الوزير."
    (close,) = index.match(page("افتتاح محطة المترو", told))
    assert (close.topic, close.score) == (texts[0], 0.9)
    assert index.match(page("المترو يغير الطريق إلى محطة", told)) == []
    (linked,) = index.match(page("إيران قال الوزير في عودة سوريا", told))
    assert linked.topic == texts[1]


def test_the_sentence_that_tells_is_found() -> None:
    """Counting from 0, without the title."""
    article = page("أخبار", "قال الوزير 12.", "افتتح الوزير محطة المترو الجديدة.", "ثم زار سوريا.")
    (match,) = index_of("محطة المترو").match(article, at_least=0.001)
    assert match.sentence == 1


def test_a_dropped_topic_matches_no_more_and_may_come_back() -> None:
    """Whoever follows it again."""
    article = page("محطة المترو", "افتتح الوزير محطة المترو.")
    index = index_of("محطة المترو", "المترو")
    index.drop("محطة المترو")
    index.drop("ما لم يكن")
    assert [match.topic for match in index.match(article)] == ["المترو"]
    assert "محطة المترو" not in index
    index.add("محطة المترو", "محطة المترو", vector("محطة المترو").astype(np.float16))
    assert len(index.match(article)) == len(index) == 2


def test_a_topic_without_words_matches_nothing() -> None:
    """And an index without topics no article, nor an article without sentences a topic."""
    empty = index_of("!!")
    assert len(empty) == 0
    assert empty.match(page("المترو", "افتتح المترو.")) == []
    assert index_of("المترو").match(page("المترو")) == []


def test_the_index_grows_as_it_must() -> None:
    """Past its first tables."""
    texts = [f"محطة {number}" for number in range(200)]
    index = index_of(*texts)
    (match,) = index.match(page("محطة 177", "افتتحت محطة 177 اليوم."), at_least=0.3)
    assert match.topic == "محطة 177"


def test_what_is_remembered_of_words_stays_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """And forgetting it changes nothing."""
    monkeypatch.setattr(matcher, "_FORMS", 2)
    index = index_of("محطة المترو")
    article = page("محطة المترو", "افتتح الوزير محطة المترو الجديدة.")
    assert index.match(article) == index.match(article) == index_of("محطة المترو").match(article)
    assert len(index._heard) <= 2
