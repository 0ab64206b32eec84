"""A question in, its quotes out: written plainly, after /ask, or by pressing an example."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

from telegram.constants import MessageEntityType
from telegram.error import BadRequest

from bot.bridge import BusyError
from bot.handlers.commands import Commands, is_private, lang_for
from bot.handlers.delivery import Target
from bot.texts import command_of, problem_of, texts
from bot.views import answer_view, notice_view

if TYPE_CHECKING:
    from telegram import Bot, Update
    from telegram import Message as TelegramMessage
    from telegram.ext import ContextTypes

    from bot.services import Services
    from bot.typography import Lang


class Asking:
    """Carries questions over the bridge and sends back what comes."""

    def __init__(self, services: Services, commands: Commands) -> None:
        self._bridge = services.bridge
        self._courier = services.courier
        self._commands = commands
        self._examples = services.examples
        self._now = services.now

    async def text(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A plain message. In a group only one that mentions the bot or replies to it."""
        message = update.message
        if message is None:
            return
        question = (message.text or "").strip()
        if not is_private(message):
            addressed = _addressed(message, context.bot)
            if addressed is None:
                return
            question = addressed
        match command_of(question):
            case "start":
                await self._commands.start(update, context)
            case "help":
                await self._commands.help(update, context)
            case None if question.startswith("/"):  # «/بحث»: Telegram sees no command in it
                await self._commands.unknown(update, context)
            case None:
                await self._reply(context.bot, Target.of(message), question, lang_for(update))

    async def command(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """/ask QUESTION."""
        if update.message is not None:
            _, *rest = (update.message.text or "").split(maxsplit=1)
            target = Target.of(update.message)
            await self._reply(context.bot, target, "".join(rest), lang_for(update))

    async def pressed(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """An example's button, `q:<index>`: it asks that question."""
        query = update.callback_query
        if query is None:
            return
        index = int((query.data or "").removeprefix("q:"))
        gone = index >= len(self._examples)
        lang = lang_for(update)
        # Answered first: until then the button shows a spinner. Too late is no harm.
        with suppress(BadRequest):
            await query.answer(texts(lang).example_gone if gone else None)
        if gone or query.message is None:
            return
        thread = getattr(query.message, "message_thread_id", None)
        in_topic = getattr(query.message, "is_topic_message", False)
        target = Target(query.message.chat.id, thread if in_topic else None)
        question = self._examples[index]
        await self._reply(context.bot, target, question, lang, heading=question)

    async def _reply(
        self, bot: Bot, target: Target, question: str, lang: Lang, heading: str | None = None
    ) -> None:
        problem = problem_of(question)
        if problem is not None:
            text = getattr(texts(lang), problem)
            await self._courier.send(bot, target, [notice_view(text, lang)])
            return
        try:
            # The turn is taken before anything is awaited: that keeps a chat's order.
            async with self._bridge.turn(target.chat):
                async with self._courier.typing(bot, target):
                    answer = await self._bridge.ask(question)
                messages = answer_view(answer, lang, self._now(), heading=heading)
                await self._courier.send(bot, target, messages)
        except BusyError as err:
            text = texts(lang).chat_busy if err.own else texts(lang).busy
            await self._courier.send(bot, target, [notice_view(text, lang)])


def _addressed(message: TelegramMessage, bot: Bot) -> str | None:
    """What a group's `message` says to the bot, without the mention; `None` where nothing."""
    text = message.text or ""
    mentions = message.parse_entities([MessageEntityType.MENTION]).values()
    if f"@{bot.username}".casefold() in (mention.casefold() for mention in mentions):
        mention = re.compile(rf"(?<!\w)@{re.escape(bot.username)}(?!\w)", re.IGNORECASE)
        return " ".join(mention.sub(" ", text).split())
    replied = message.reply_to_message
    if replied and replied.from_user and replied.from_user.id == bot.id:
        return text.strip()
    return None
