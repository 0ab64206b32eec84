"""The sentence that stands for an article."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.lead import lead
from index.model import Article


def article(text: str, title: str = "افتتاح سوق الواحة بعد ترميمها") -> Article:
    return Article(1, title, text, "وكالة الواحة", None, None, None)


SAID = "افتتحت بلدية الواحة سوقها القديمة أمس بعد ترميم دام عامين كاملين."


@pytest.mark.parametrize(
    "text",
    [
        f"{SAID} وحضر الافتتاح كثيرون من أهل المدينة.",
        f"الواحة - وكالات:\n{SAID}\nوحضر كثيرون.",
        f"كتب: سالم المرجي\n\n{SAID}",
        f"افتتاح سوق الواحة بعد ترميمها.\n{SAID}",  # the title over again
        f"وأضاف أنه سعيد بما تحقق هذا العام.\n{SAID}",
    ],
)
def test_the_lead_is_the_first_sentence_that_can_stand_alone(text: str) -> None:
    """Not a dateline, a byline, the title, or what somebody added."""
    found = lead(article(text))
    assert found is not None
    assert (found.quote.text, found.whole) == (SAID, True)


def test_a_name_in_brackets_ends_no_sentence() -> None:
    """Not even one with full stops in it."""
    text = "يرعى أمير الواحة يوم الاثنين حفل افتتاح معرض (الواحة.. أرض ونخيل) في قصر البلدية."
    found = lead(article(f"{text} ويستمر أسبوعًا."))
    assert found is not None
    assert found.quote.text == text
    never = lead(
        article("يرعى أمير الواحة اليوم حفل افتتاح معرض (الواحة.. أرض ونخيل.\nوالدخول حر.")
    )
    assert never is not None
    assert not never.whole


def test_a_lead_that_is_too_long_is_cut_at_a_clause() -> None:
    """Rather than passed over for the middle of the story; it is no whole sentence then."""
    long = "، ".join(["قالت بلدية الواحة إن أعمال الترميم شملت الأبواب والسقوف"] * 9) + "."
    found = lead(article(f"{long} {SAID}"))
    assert found is not None
    assert long.startswith(found.quote.text)
    assert found.quote.text.endswith("،")
    assert not found.whole


def test_an_article_of_nothing_but_a_cry_is_quoted_as_it_is() -> None:
    """And one without a word is not."""
    found = lead(article("عاجل!"))
    assert found is not None
    assert (found.quote.text, found.whole) == ("عاجل!", False)
    assert lead(article(" \n …")) is None


@given(st.text(max_size=900), st.text(max_size=60))
def test_a_lead_is_in_its_article_byte_for_byte(text: str, title: str) -> None:
    """Whatever was archived."""
    found = lead(article(text, title))
    if found is not None:
        quote = found.quote
        assert quote.text == text[quote.start : quote.end]
        assert 0 < len(quote.text) <= 400
