"""Which question a message asks that goes on from an earlier one, or puts it right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram.constants import MessageEntityType

from bot.handlers.questions import heading_of
from bot.handlers.reader import is_private
from bot.texts import problem_of
from bot.typography import unmarked
from index.amending import meant_by, put_right
from index.conversation import follow_up

if TYPE_CHECKING:
    from telegram import Bot, Message

    from bot.handlers.questions import Recent


def whole_of(message: Message, bot: Bot, question: str, recent: Recent) -> str | None:
    """The question that a fragment or a correction asks after the earlier one; None of others."""
    earlier = _earlier(message, bot, recent)
    if (meant := meant_by(question)) is not None:
        whole: str | None = put_right(meant, earlier)
    else:
        replied = message.reply_to_message is not None
        whole = follow_up(question, earlier, replied=replied) if earlier else None
    return None if whole is None or problem_of(whole) else whole


def _earlier(message: Message, bot: Bot, recent: Recent) -> str | None:
    """The question that `message` may go on from.

    That of the answer it replies to; where that was before we were last started, the title of
    the article the answer quotes. In a private chat a reply is not needed.
    """
    answer = message.reply_to_message
    if answer is not None:
        if answer.from_user is None or answer.from_user.id != bot.id:
            return None
        asked = recent.answered_by(message.chat.id, answer.message_id)
        return heading_of(answer) or (asked.question if asked else _title_in(answer))
    asked = recent.last(message.chat.id) if is_private(message) else None
    return asked.question if asked else None


def _title_in(answer: Message) -> str | None:
    """The first title in an answer."""
    links = answer.parse_entities([MessageEntityType.TEXT_LINK])
    first = min(links, key=lambda entity: entity.offset, default=None)
    return unmarked(links[first]) if first else None
