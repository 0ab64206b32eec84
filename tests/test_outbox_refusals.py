"""What Telegram's errors say about a message."""

from __future__ import annotations

import httpx
import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.outbox.outcome import Lost, Moved, Refused, Unknown, Unsent, Wait
from bot.outbox.refusals import outcome_of, reason_of

pytestmark = pytest.mark.filterwarnings("ignore:.*attribute `retry_after`")


def caused(error: TelegramError, cause: Exception) -> TelegramError:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (TimedOut(), Unknown),
        (caused(TimedOut(), httpx.ReadTimeout("")), Unknown),
        (NetworkError("Bad Gateway"), Unknown),
        (caused(NetworkError(""), httpx.RemoteProtocolError("")), Unknown),
        (TelegramError("Invalid server response"), Unknown),
        (caused(NetworkError(""), httpx.ConnectError("")), Unsent),
        (caused(TimedOut(), httpx.ConnectTimeout("")), Unsent),
        (caused(TimedOut(), httpx.PoolTimeout("")), Unsent),
        (InvalidToken("1:secret"), Unsent),
        (Conflict("terminated by other getUpdates request"), Unsent),
        (BadRequest("Can't parse entities: unsupported start tag"), Refused),
        (BadRequest("Message is too long"), Refused),
    ],
)
def test_what_may_have_arrived_is_told_from_what_cannot_have(
    error: TelegramError, kind: type
) -> None:
    """To the library half of these are network errors, a bad request among them."""
    assert isinstance(outcome_of(error), kind)


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (Forbidden("Forbidden: bot was blocked by the user"), "blocked"),
        (Forbidden("Forbidden: bot was kicked from the supergroup chat"), "blocked"),
        (Forbidden("Forbidden: user is deactivated"), "gone"),
        (Forbidden("Forbidden: the group chat was deleted"), "gone"),
        (BadRequest("Chat not found"), "gone"),
        (BadRequest("Not enough rights to send text messages to the chat"), "blocked"),
        (BadRequest("CHAT_WRITE_FORBIDDEN"), "blocked"),
    ],
)
def test_a_chat_that_cannot_be_written_to_is_known(error: TelegramError, state: str) -> None:
    """Whether it may come back or not."""
    outcome = outcome_of(error)
    assert isinstance(outcome, Lost)
    assert outcome.state == state


def test_waits_and_moves_are_read_out() -> None:
    """With their figures."""
    assert outcome_of(RetryAfter(17)) == Wait(17.0)
    assert outcome_of(ChatMigrated(-1009)) == Moved(-1009)


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        (BadRequest('Can\'t find end tag corresponding to "سر" at 1234567'), "سر"),
        (BadRequest("Wrong chat -1001234567890"), "1234567890"),
        (InvalidToken("The token `1:secret` was rejected"), "secret"),
        (ChatMigrated(-1001234567890), "1234567890"),
    ],
)
def test_a_reason_repeats_no_words_and_no_ids(error: TelegramError, shown: str) -> None:
    """It stands in a list that operators pass around."""
    assert shown not in reason_of(error)
    assert reason_of(error).startswith(type(error).__name__)
