"""Fragments of questions, what was understood of one, and places in headlines."""

from __future__ import annotations

import pytest
from hypothesis import given
from strategies import texts, words

from index.conversation import begins_asking, follow_up, is_bare, place_in, understood

EARLIER = "متى افتتح متحف الفلك في القمرية؟"


@pytest.mark.parametrize(
    ("fragment", "whole"),
    [
        ("ومتى؟", "متى افتتح متحف الفلك في القمرية؟"),
        ("وأين؟", "أين افتتح متحف الفلك في القمرية؟"),
        ("فلماذا", "لماذا افتتح متحف الفلك في القمرية؟"),
        ("ليش؟؟", "ليش افتتح متحف الفلك في القمرية؟"),
        ("طيب ليش؟", "طيب ليش افتتح متحف الفلك في القمرية؟"),
        ("وين؟", "وين افتتح متحف الفلك في القمرية؟"),
        ("وفين بالضبط؟", "فين بالضبط افتتح متحف الفلك في القمرية؟"),
        ("مين كمان؟", "مين كمان افتتح متحف الفلك في القمرية؟"),
        ("في أي عام؟", "في أي عام افتتح متحف الفلك في القمرية؟"),
        ("كم عددهم؟", "كم عددهم؟ (متحف الفلك في القمرية)"),
        ("أين كانت؟", "أين كانت؟ (افتتح متحف الفلك في القمرية)"),
        ("ومنذ متى؟", "منذ متى افتتح متحف الفلك في القمرية؟"),
        ("ولماذا افتتح؟", "لماذا افتتح؟ (متحف الفلك في القمرية)"),
        ("ومع مين اجتمعت هناك؟", "مع مين اجتمعت هناك؟ (متحف الفلك في القمرية)"),
        ("وكم بلغت الكلفة؟", "كم بلغت الكلفة؟ (متحف الفلك في القمرية)"),
        ("كم زائرا؟", "كم زائرا؟ (متحف الفلك في القمرية)"),
        ("طب وهو عنده كام سنة؟", "طب وهو عنده كام سنة؟ (متحف الفلك في القمرية)"),
        ("كم كلف هذا المشروع؟", "كم كلف هذا المشروع؟ (متحف الفلك في القمرية)"),
        ("وفي دمشق؟", "متى افتتح متحف الفلك في القمرية وفي دمشق؟"),
        ("وماذا عن الأردن؟", "متى افتتح متحف الفلك في القمرية الأردن؟"),
    ],
)
def test_a_fragment_goes_on_from_the_earlier_question(fragment: str, whole: str) -> None:
    """Its question word takes the place of the earlier one; its own words are added."""
    assert follow_up(fragment, EARLIER) == whole


@pytest.mark.parametrize(
    ("earlier", "fragment", "whole"),
    [
        ("كم عدد ضحايا حريق السوق؟", "ومتى وقع؟", "متى وقع؟ (حريق السوق)"),
        ("كم عدد الضحايا في الحريق؟", "ومن السبب؟", "من السبب؟ (الضحايا في الحريق)"),
        ("كم عدد ضحايا حريق السوق؟", "وكم أصيب؟", "كم أصيب؟ (عدد ضحايا حريق السوق)"),
        ("كم عدد الضحايا؟", "ومتى وقع؟", "متى وقع؟ (عدد الضحايا)"),
    ],
)
def test_what_was_counted_is_no_subject_of_another_question(
    earlier: str, fragment: str, whole: str
) -> None:
    """But it is of one that counts, too."""
    assert follow_up(fragment, earlier) == whole


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("ومتى؟", True),
        ("طيب ليش؟", True),
        ("مين كمان؟", True),
        ("كم؟", True),
        ("متى وقع الزلزال؟", False),
        ("كم قتيلا؟", False),
        ("الزلزال", False),
        ("هناك", False),
        ("", False),
    ],
)
def test_what_asks_and_says_not_of_what(text: str, bare: bool) -> None:
    """A question word, and words that only point."""
    assert is_bare(text) == bare


def test_a_reply_says_what_a_short_question_is_about() -> None:
    """It would be a whole question elsewhere; a longer one is, in a reply too."""
    assert follow_up("مين المدير؟", EARLIER) is None
    whole = "مين المدير؟ (متحف الفلك في القمرية)"
    assert follow_up("مين المدير؟", EARLIER, replied=True) == whole
    assert follow_up("متى وقع الزلزال؟", EARLIER, replied=True) is None


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("وين وقع الزلزال", True),
        ("كم الساعة", True),
        ("القاهرة", False),
        ("متى", False),
        ("بورت أو برنس", False),
        ("", False),
    ],
)
def test_what_begins_with_a_question_word(text: str, asks: bool) -> None:
    """And goes on."""
    assert begins_asking(text) == asks


@pytest.mark.parametrize(
    "question",
    [
        "متى وقع الزلزال؟",
        "كم كانت قوة الزلزال؟",
        "كم كلف المشروع؟",
        "وين البحر؟",
        "ومن هو سالم؟",
        "ومتى ولد سالم؟",
        "ومن رئيس الأردن؟",
        "من هو رئيس الهضبة؟",
        "أين القمة؟",
        "كم خسر الذهب هذا الأسبوع؟",
        "من فاز هذا الموسم؟",
        "كم خسر الذهب؟",
        "عدد الضحايا",
        "شكرًا",
        "نعم",
        "وقال مدير الميناء إن ثماني سفن تنتظر",
        "؟؟",
        "",
    ],
)
def test_what_says_itself_what_it_is_about_stays_as_it_is(question: str) -> None:
    """A whole question, thanks, or nothing."""
    assert follow_up(question, EARLIER) is None


@pytest.mark.parametrize(
    ("earlier", "whole"),
    [
        ("أي مخطوطة استعادت مكتبة القمرية؟", "متى؟ (مخطوطة استعادت مكتبة القمرية)"),
        ("من رئيس بلدية القمرية؟", "متى؟ (رئيس بلدية القمرية)"),
        ("من استعاد المخطوطة؟", "متى استعاد المخطوطة؟"),
        ("كم بلغ عدد ركاب المترو؟", "متى؟ (بلغ عدد ركاب المترو)"),
        ("متى كلف؟ (مترو القمرية)", "متى كلف؟ (مترو القمرية)"),
        ("أين؟ (بلغ عدد ركاب المترو)", "متى؟ (بلغ عدد ركاب المترو)"),
        ("كم كلف؟ (مترو القمرية)", "متى؟ (مترو القمرية)"),
    ],
)
def test_a_question_word_is_exchanged_only_where_the_sentence_stays_whole(
    earlier: str, whole: str
) -> None:
    """Elsewhere the fragment stays, with the subject in brackets, which is handed on."""
    assert follow_up("ومتى؟", earlier) == whole
    found = follow_up("وكم كلف؟", "متى افتتح؟ (مترو القمرية)")
    assert found == "كم كلف؟ (مترو القمرية)"


def test_what_is_about_the_same_words_alone_stays_as_it_is() -> None:
    """Nothing is left of the earlier question to be about."""
    assert follow_up("وأين وقع؟", "متى وقع؟") is None


def test_without_an_earlier_question_nothing_is_joined() -> None:
    """Marks alone are no question to go on from."""
    assert follow_up("ومتى؟", "؟!") is None


def test_a_fragment_can_follow_a_headline() -> None:
    """Which has no question word to be replaced."""
    assert follow_up("ومتى؟", "إعادة فتح جسر النخيل") == "متى إعادة فتح جسر النخيل؟"


def test_fragments_follow_one_another() -> None:
    """Each from what the one before came to."""
    second = follow_up("وأين؟", EARLIER)
    assert second is not None
    assert follow_up("ومن؟", second) == "من افتتح متحف الفلك في القمرية؟"


@given(fragment=texts, earlier=texts)
def test_any_text_may_follow_any_other(fragment: str, earlier: str) -> None:
    """And what comes of it holds something to look for."""
    whole = follow_up(fragment, earlier)
    assert whole is None or understood(whole).words


@given(word=words)
def test_a_long_text_is_no_fragment(word: str) -> None:
    """Whatever it begins with."""
    assert follow_up(f"ومتى {word} {word} {word} {word} {word}؟", EARLIER) is None


def test_what_was_understood_is_named_as_it_was_written() -> None:
    """The kind, and the words looked for; no question word, none twice."""
    found = understood("لِيش وقف المترو المترو؟")
    assert (found.kind, found.words) == ("why", ("وقف", "المترو"))


@pytest.mark.parametrize(
    ("headline", "place"),
    [
        ("زلزال قوي في شرق السودان يقتل العشرات", "شرق السودان"),
        ("قتيل في غزة والضفة", "غزة"),
        ("احتجاجات في المملكة المتحدة", "المملكة المتحدة"),
        ("متحف الفلك في بلدة القمرية", "بلدة القمرية"),
        ("ارتفاع في الأسعار", None),
        ("وزير الخارجية في", None),
        ("", None),
    ],
)
def test_a_place_is_what_a_headline_names_after_in(headline: str, place: str | None) -> None:
    """A known name, or one after the word for what it is."""
    assert place_in(headline) == place
