"""How a handler answers: a message beside the one that came, or in the place of a pressed one."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from telegram import Message as TelegramMessage
from telegram.error import BadRequest

from bot.handlers.reader import is_private, reader_of
from bot.message import Button
from bot.posting import Target
from bot.texts import texts
from bot.texts.crowd import crowd
from bot.views import notice_view

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from telegram import CallbackQuery, Update
    from telegram.ext import ContextTypes

    from bot.message import Message
    from bot.services import Services

SPINS = 10.0
"""Seconds that a pressed button spins at most; Telegram gives it up after about 15."""


async def say(
    services: Services, update: Update, context: ContextTypes.DEFAULT_TYPE, message: Message
) -> None:
    """Answer the message of `update`."""
    if update.message is not None:
        await services.courier.send(context.bot, Target.of(update.message), [message])


async def show(
    services: Services,
    context: ContextTypes.DEFAULT_TYPE,
    instead_of: TelegramMessage,
    message: Message,
) -> None:
    """Put `message` in the place of one of ours."""
    chat, number = instead_of.chat.id, instead_of.message_id
    await services.courier.edit(context.bot, chat, number, message)


async def interrupted(services: Services, update: Update) -> None:
    """Tell whose answer we lost sight of that it may be there; a button asks again, in its place.

    Nothing to who wrote no message. Fails as `Courier.insist` does.
    """
    message = update.message or update.edited_message
    if message is None:
        return
    lang = (await reader_of(update, services)).lang
    words = crowd(lang)
    view = replace(notice_view(words.interrupted, lang), keyboard=((Button(words.again, "m:0"),),))
    target = replace(Target.of(message), reply_to=message.message_id)
    await services.courier.insist(message.get_bot(), target, view)


async def acknowledge(query: CallbackQuery, text: str | None = None) -> None:
    """End a button's spinner, with a line where there is one to say. Too late is no harm."""
    with suppress(BadRequest):
        await query.answer(text)


@asynccontextmanager
async def spinning(query: CallbackQuery | None) -> AsyncIterator[None]:
    """End the spinner while the block still runs, where that takes long."""
    if query is None:
        yield
        return

    async def end() -> None:
        await asyncio.sleep(SPINS)
        await acknowledge(query)

    task = asyncio.create_task(end())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)  # it is no loss where Telegram failed


def pressed(update: Update) -> tuple[CallbackQuery, TelegramMessage] | None:
    """The button of `update` and the message it hangs on.

    None where Telegram holds the message too old to show.
    """
    query = update.callback_query
    if query is None or not isinstance(query.message, TelegramMessage):
        return None
    return query, query.message


def beside(message: TelegramMessage) -> Target:
    """Where to answer a button of `message`: its chat, in the same topic."""
    thread = message.message_thread_id if message.is_topic_message else None
    return Target(message.chat.id, thread)


async def in_private(
    services: Services, update: Update, context: ContextTypes.DEFAULT_TYPE
) -> bool:
    """Whether the message of `update` is in a private chat; says so where it is not."""
    if update.message is None:
        return False
    if not is_private(update.message):
        lang = (await reader_of(update, services)).lang
        await say(services, update, context, notice_view(texts(lang).private_only, lang))
        return False
    return True
