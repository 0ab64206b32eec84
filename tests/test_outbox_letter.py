"""Letters: as JSON and back, which message holds a quote, a line written under a message."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.message import Button, Message
from bot.outbox.letter import Letter, QuoteRef, under

_texts = st.text(max_size=20)
_buttons = st.builds(
    Button,
    _texts,
    data=st.none() | _texts,
    url=st.none() | _texts,
    inline=st.none() | _texts,
)
_rows = st.lists(st.lists(_buttons, max_size=2).map(tuple), max_size=2).map(tuple)
_messages = st.lists(st.builds(Message, _texts, _rows), min_size=1, max_size=3).map(tuple)
_quotes = st.lists(st.builds(QuoteRef, st.integers(1, 9), _texts, _texts), max_size=3).map(tuple)
_numbers = st.none() | st.integers(0, 3)


@given(st.builds(Letter, _messages, _quotes, st.booleans(), _numbers, _numbers))
def test_a_letter_is_kept_as_it_is(letter: Letter) -> None:
    """Through the database's JSON."""
    assert Letter.from_json(json.loads(json.dumps(letter.to_json()))) == letter


def test_a_letter_is_never_empty() -> None:
    """There would be nothing to send."""
    with pytest.raises(ValueError):
        Letter(())


def test_a_quote_is_found_in_its_message() -> None:
    """Whatever is bold in it and however it is escaped."""
    quote = QuoteRef(1, "عنوان", "قال: «5 < 6» & مضى")
    html = "<blockquote>قال: <b>«5 &lt; 6»</b> &amp; مضى</blockquote>"
    letter = Letter((Message("أخبار"), Message(html)), (quote,))
    assert letter.part_of(quote) == 1
    assert letter.part_of(QuoteRef(2, "عنوان", "غيره")) == 0


def test_a_line_is_written_under_a_message() -> None:
    """Whose buttons stay."""
    keyboard = ((Button("كتم", "k:1"),),)
    assert under(Message("<b>خبر</b>", keyboard), Message("تصحيح")) == Message(
        "<b>خبر</b>\n\nتصحيح", keyboard
    )


def test_a_line_that_does_not_fit_is_not_written_under() -> None:
    """Telegram takes 4096 units of text; tags are none."""
    assert under(Message("م" * 4089), Message("تصحيح")) is not None
    assert under(Message("م" * 4090), Message("تصحيح")) is None
    assert under(Message("<b>م</b>" * 99), Message("<b>ت</b>")) is not None
    assert under(Message("<b>م</b>" * 100), Message("<b>ت</b>")) is None
