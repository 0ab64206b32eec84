"""Which question a message asks or answers, as far as the message itself tells."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from fakes import answered
from telegram import Chat, Message, MessageEntity, User

from bot.handlers.questions import (
    Asked,
    Recent,
    addressed,
    asked_in,
    heading_of,
    question_in,
    question_of,
)
from bot.playground.formatting import read_text
from bot.playground.params import Params
from bot.views import answer_view

NOW = datetime(2024, 5, 1, tzinfo=UTC)
BOT = SimpleNamespace(id=1, username="isnad_bot")
SALMA = User(5, "سلمى", is_bot=False)
US = User(1, "إسناد", is_bot=True)


def message(text: str, *, by: User = SALMA, kind: str = "private", **more: Any) -> Message:
    """A message with the entities that Telegram finds in it."""
    stored, found = read_text(Params({"text": text, "parse_mode": "HTML"}))
    entities = [MessageEntity(e.type, e.offset, e.length) for e in found]
    made = Message(1, NOW, Chat(7, kind), from_user=by, text=stored, entities=entities, **more)
    made.set_bot(BOT)  # type: ignore[arg-type]
    for each in (made.reply_to_message,):
        if each is not None:
            each.set_bot(BOT)  # type: ignore[arg-type]
    return made


@pytest.mark.parametrize(
    ("asked", "question"),
    [
        ("متى وقع؟", "متى وقع؟"),
        ("@isnad_bot متى وقع؟", "متى وقع؟"),
        ("متى @Isnad_Bot وقع؟", "متى وقع؟"),
        ("/ask متى وقع؟", "متى وقع؟"),
        ("/ask@isnad_bot\nمتى وقع؟", "متى وقع؟"),
        ("/start p_1_2", None),
        ("/ask", None),
        ("مساعدة", None),
        ("؟؟", None),
    ],
)
def test_an_answer_is_the_reply_to_its_question(asked: str, question: str | None) -> None:
    """Without what it takes to speak to us; a command is no question."""
    answer = message("جواب", by=US, reply_to_message=message(asked))
    assert question_of(answer) == question


def test_a_reply_to_a_bot_answers_no_question() -> None:
    """Nor does what replies to nothing."""
    assert question_of(message("جواب", by=US, reply_to_message=message("متى؟", by=US))) is None
    assert question_of(message("جواب", by=US)) is None


@pytest.mark.parametrize("lang", ["ar", "en"])
@pytest.mark.parametrize("question", ["متى وقع الزلزال؟", "من هو <b>BBC</b>؟", "س" * 300])
def test_the_question_above_an_answer_goes_before_the_one_replied_to(
    lang: str, question: str
) -> None:
    """Whole, and without the marks around it."""
    html = answer_view(answered(), lang, NOW, heading=question).html
    answer = message(html, by=US, reply_to_message=message("ومتى؟"))
    assert heading_of(answer) == question
    assert question_of(answer) == question


def test_italics_that_are_no_heading_are_none() -> None:
    """They stand where no question is announced."""
    assert heading_of(message("قال <i>كذا</i>", by=US)) is None
    assert heading_of(message("السؤال: بلا ميل", by=US)) is None


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("متى؟", "private", "متى؟"),
        ("متى؟", "group", None),
        ("@isnad_bot متى؟", "group", "متى؟"),
        ("@isnad_bot_other متى؟", "group", None),
    ],
)
def test_in_a_group_only_a_mention_or_a_reply_speaks_to_us(
    text: str, kind: str, said: str | None
) -> None:
    """In private everything does."""
    assert addressed(message(text, kind=kind), BOT) == said  # type: ignore[arg-type]
    ours = message("جواب", by=US, kind=kind)
    assert addressed(message("ومتى؟", kind=kind, reply_to_message=ours), BOT) == "ومتى؟"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("/ask متى؟", "متى؟"),
        ("/ask@isnad_bot متى؟", "متى؟"),
        ("/ask@other_bot متى؟", None),
        ("@isnad_bot متى؟", "متى؟"),
        ("@isnad_bot مساعدة", None),
        ("/help", None),
    ],
)
def test_an_edit_asks_only_what_asks_us(text: str, asked: str | None) -> None:
    """Not another bot, and no command."""
    assert asked_in(message(text, kind="supergroup"), BOT) == asked  # type: ignore[arg-type]


def test_the_lines_of_a_question_stay() -> None:
    """Where there is no mention to take out of them."""
    assert question_in(message("متى؟\nأين؟"), "isnad_bot") == "متى؟\nأين؟"


def test_the_last_questions_are_remembered_and_no_more() -> None:
    """By answer, by question, by chat; the oldest go first, a chat's all at once."""
    recent = Recent(most=3)
    for number in range(1, 5):
        recent.note(number % 2, number * 10, Asked(f"سؤال {number}", number, ""))
    assert recent.answered_by(1, 10) is None
    assert recent.answered_by(1, 30) == Asked("سؤال 3", 3, "")
    assert recent.answer_to(0, 4) == (40, Asked("سؤال 4", 4, ""))
    assert recent.answer_to(1, 4) is None
    last = recent.last(0)
    assert last is not None
    assert last.question == "سؤال 4"
    recent.forget(0)
    assert recent.last(0) is None
    assert recent.last(1) is not None
