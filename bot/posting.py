"""One request to Telegram: a message is posted or rewritten; and what it means where that fails."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest, NetworkError

if TYPE_CHECKING:
    from telegram import Bot
    from telegram import Message as TelegramMessage
    from telegram.error import RetryAfter

    from bot.message import Message

NO_CONNECTION = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""Causes of a `NetworkError` with which nothing can have left this machine."""
GONE = re.compile("chat not found|deactivated|was deleted|PEER_ID_INVALID", re.IGNORECASE)
"""What the Bot API says of a chat that is there no more."""
# What the Bot API says of an edit that changes nothing, and of one that has nothing to change.
SAME = "essage is not modified"
NOTHING_TO_EDIT = ("essage to edit not found", "essage can't be edited", "MESSAGE_ID_INVALID")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a reply goes: a chat, a topic of a forum, the message it answers (in groups)."""

    chat: int
    thread: int | None = None
    reply_to: int | None = None

    @classmethod
    def of(cls, message: TelegramMessage) -> Target:
        """The place to answer `message`: in a group as a reply to it, so it is seen to whom."""
        private = message.chat.type == message.chat.PRIVATE
        return cls(
            message.chat.id,
            message.message_thread_id if message.is_topic_message else None,
            None if private else message.message_id,
        )

    @property
    def reply(self) -> ReplyParameters | None:
        """The message it answers, as Telegram's library wants it; one that is gone is no harm."""
        if self.reply_to is None:
            return None
        return ReplyParameters(self.reply_to, allow_sending_without_reply=True)


def may_have_arrived(err: BaseException) -> bool:
    """Whether it leaves open if the message was sent: all but a refusal, to Telegram's library."""
    return isinstance(err, NetworkError) and not isinstance(err, BadRequest)


def seconds_of(err: RetryAfter) -> float:
    """How long Telegram asks to wait; by an environment variable of the library a timedelta."""
    after = err.retry_after
    return float(after) if isinstance(after, int | float) else after.total_seconds()


def markup(message: Message) -> InlineKeyboardMarkup | None:
    """The buttons of `message` as Telegram's library wants them."""
    rows = [
        [
            InlineKeyboardButton(
                button.label,
                url=button.url,
                callback_data=button.data,
                switch_inline_query=button.inline,
            )
            for button in row
        ]
        for row in message.keyboard
    ]
    return InlineKeyboardMarkup(rows) if rows else None


async def post(bot: Bot, target: Target, message: Message, *, silent: bool = False) -> int:
    """Send a message, once; its number in the chat. Raises `TelegramError`."""
    sent = await bot.send_message(
        target.chat,
        message.html,
        parse_mode=ParseMode.HTML,
        disable_notification=silent or None,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        message_thread_id=target.thread,
        reply_markup=markup(message),
        reply_parameters=target.reply,
    )
    return sent.message_id


async def rewrite(bot: Bot, chat: int, number: int, message: Message) -> None:
    """Put `message` in the place of an earlier one of ours, once. Raises `TelegramError`."""
    await bot.edit_message_text(
        message.html,
        chat,
        number,
        parse_mode=ParseMode.HTML,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        reply_markup=markup(message),
    )
