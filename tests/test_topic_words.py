"""What counts as the same word, for a topic and an article."""

from __future__ import annotations

import pytest
from hypothesis import given
from strategies import anything

from index.arabic import tokens
from index.topics.words import INFLECTED, RESPELT, SAME, keys, offered, wanted


def alike(topic: str, article: str) -> float:
    """How well a topic of one word is found in a text of one word."""
    (word,) = wanted(topic).words
    (token,) = tokens(article)
    return max((offered(token.form).get(key, 0.0) for key in keys(word)), default=0.0)


@pytest.mark.parametrize(
    ("topic", "article"),
    [
        ("المترو", "للمترو"),
        ("لمصر", "مصر"),
        ("بالمترو", "مترو"),
        ("مترو", "والمترو"),
        ("فلسطين", "وفلسطين"),
        ("إيران", "ايران"),
    ],
)
def test_a_word_is_found_with_article_and_particles(topic: str, article: str) -> None:
    """However they are attached."""
    assert alike(topic, article) == SAME


@pytest.mark.parametrize(
    ("topic", "article"),
    [
        ("سوريا", "السوريين"),
        ("اللاجئين", "لاجئة"),
        ("إيران", "الإيرانيون"),
        ("تركيا", "التركية"),
        ("عودة", "عودتهم"),
    ],
)
def test_a_word_is_found_in_its_other_forms(topic: str, article: str) -> None:
    """A country by its people, a number by its plural."""
    assert alike(topic, article) == INFLECTED
    assert alike(article, topic) == INFLECTED


@pytest.mark.parametrize(
    ("topic", "article"),
    [
        ("لافرنتييف", "لافرنتيف"),
        ("نتنياهو", "لنتانياهو"),
        ("ترامب", "ترمب"),
        ("غوتيريش", "جوتيريش"),
        ("كريستيانو", "كرستيانو"),
    ],
)
def test_a_foreign_name_is_found_in_any_spelling(topic: str, article: str) -> None:
    """Newspapers differ in the vowels, and in what they make of g."""
    assert alike(topic, article) == RESPELT


@pytest.mark.parametrize(
    ("topic", "article"),
    [("مقاتل", "مقتل"), ("منظمة", "منظومة"), ("محكمة", "محاكمة"), ("دمشق", "دمنهور")],
)
def test_other_words_are_not_taken_for_it(topic: str, article: str) -> None:
    """The vowels between three letters of meaning make another word."""
    assert alike(topic, article) == 0


def test_what_only_asks_for_news_is_no_word_of_a_topic() -> None:
    """Unless nothing else is there."""
    assert [word.bare for word in wanted("آخر أخبار المترو").words] == ["مترو"]
    assert [word.bare for word in wanted("أخبار").words] == ["اخبار"]


@pytest.mark.parametrize(
    ("topic", "optional"),
    [
        ("عودة اللاجئين السوريين", True),
        ("أسعار القمح", False),
        ("المترو الجديد المعلق", False),
        ("سالم بن ناصر الحارثي", False),
        ("جامعة الملك ناصر", False),
        ("مطار الملك ناصر الدولي", False),
        ("زيارة الملك ناصر لعمان", True),
    ],
)
def test_only_the_head_of_a_longer_topic_may_be_missing(topic: str, *, optional: bool) -> None:
    """Never the last words, nor any part of a name with «بن»."""
    assert wanted(topic).optional == optional


@pytest.mark.parametrize(
    ("topic", "names"),
    [
        ("سالم بن ناصر", ((0, 3, 3),)),
        ("زيارة سالم بن ناصر إلى عمان", ((1, 4, 3),)),
        ("عبد السلام الحارثي", ((0, 2, 2),)),
        ("جامعة الملك ناصر", ((0, 3, 4),)),
        ("جامعة الأميرة سلمى", ((0, 3, 4),)),
        ("خطاب الملك ناصر", ((1, 3, 3),)),
        ("الأمير سالم بن ناصر", ((0, 4, 5),)),
        ("الرئيس ونائبه", ()),
        ("سالم ناصر", ()),
        ("المترو", ()),
    ],
)
def test_the_words_of_a_name_are_known(topic: str, names: tuple[tuple[int, int, int], ...]) -> None:
    """Round «بن», and after a title, from which one word may part it, with what is named so."""
    assert wanted(topic).names == names


@pytest.mark.parametrize(
    ("topic", "phrase"),
    [
        ("محطة المترو", True),
        ("عودة اللاجئين السوريين", True),
        ("المترو", False),
        ("المترو في مرسى الياسمين", False),
        ("المترو والترام", False),
        ("الحرب ضد الفساد", False),
        ("محطة، مترو", False),
    ],
)
def test_a_phrase_has_nothing_between_its_words(topic: str, *, phrase: bool) -> None:
    """What links two things, or parts them, makes none."""
    assert wanted(topic).phrase == phrase


@given(anything)
def test_any_text_gives_words_that_it_holds_itself(text: str) -> None:
    """A topic matches its own words, whatever they are."""
    heard = {key for token in tokens(text) for key in offered(token.form)}
    for word in wanted(text).words:
        assert not heard.isdisjoint(keys(word))
