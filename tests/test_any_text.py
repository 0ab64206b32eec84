"""Whatever is asked, cited or quoted, Telegram takes the message and the quote stays intact."""

from __future__ import annotations

from any_text import run


def test_any_text_makes_messages_that_telegram_takes() -> None:
    """A sample of the cases; `python -m tests.any_text 10000` tries more."""
    run(60)
