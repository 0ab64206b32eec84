"""Following something: what it would have brought, seen before it is followed."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from telegram.constants import ChatMemberStatus, MessageEntityType
from telegram.error import TelegramError
from telegram.ext import CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot.handlers.questions import addressed, asks_clearly, question_of
from bot.handlers.reader import is_private, reader_of
from bot.handlers.replies import acknowledge, beside, pressed, say, show
from bot.handlers.spoken import NEW
from bot.posting import Target
from bot.store import dialogs, topics
from bot.store.digests import stamp
from bot.texts import problem_of
from bot.texts.topics import topic_texts
from bot.typography import isolate, tidy, unmarked
from bot.views import notice_view
from bot.views.layout import label
from bot.views.topics import KINDS, ask_view, named, preview_view
from index.dates import sort_key
from index.topics.score import WIDTHS
from index.topics.subject import followable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from telegram import Message as TelegramMessage
    from telegram import Update
    from telegram.ext import BaseHandler, ContextTypes

    from bot.handlers.reader import Reader
    from bot.message import Message
    from bot.services import Services
    from bot.store.topics import Kind
    from index.model import ArticleRef

TOPIC = "topic"
"""What the dialog is for in which a topic is written."""

_PRESSED = r"^t:(f|no|[py]:[xs]:-?[012]|q:\d{1,6})$"

_SAID = re.compile(r"/?(?:تابع|اتبع|تابعي|نبهني عن|نبّهني عن)\s+(?P<topic>\S.*)", re.DOTALL)

MOST_LETTERS = 100

_WEEK = timedelta(days=7)
_WAIT = timedelta(minutes=10)


class _Says(filters.MessageFilter):
    """Messages to the bot that begin with «تابع», which needs no command."""

    def filter(self, message: TelegramMessage) -> bool:
        said = addressed(message, message.get_bot())
        return said is not None and _SAID.fullmatch(said) is not None


class Following:
    """Takes a topic from a command, an answer, a button or what is written, and previews it."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def handlers(self) -> list[BaseHandler[Any, Any, None]]:
        """What is handled here, but for the dialog."""
        return [
            CommandHandler("follow", self.command, NEW),
            MessageHandler(NEW & filters.TEXT & _Says(), self.command),
            CallbackQueryHandler(self.ask, r"^t:a$"),
            CallbackQueryHandler(self.pressed, _PRESSED),
        ]

    async def command(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """/follow TOPIC, or «تابع …»; alone it asks for one."""
        message = update.message
        if message is None:
            return
        said = _SAID.fullmatch(addressed(message, context.bot) or "")
        written = said["topic"] if said else " ".join((message.text or "").split()[1:])
        await self._written(update, context, written)

    async def written(
        self, update: Update, context: ContextTypes.DEFAULT_TYPE, _state: Mapping[str, Any]
    ) -> bool:
        """A topic, which the dialog asked for.

        Whoever asks a question instead has thought better of it.
        """
        if update.message is None:
            return False
        written = update.message.text or ""
        if asks_clearly(written):
            await self._services.store.write(dialogs.end, update.message.chat.id)
            return False
        await self._written(update, context, written)
        return True

    async def pressed(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """`t:f` from an answer, `t:q:<n>` a source; `t:p` another width, `t:y` yes, `t:no`."""
        if (found := pressed(update)) is None:
            return
        query, message = found
        reader = await reader_of(update, self._services)
        words = topic_texts(reader.lang)
        if not await may_choose(update, context):
            await acknowledge(query, words.admins_only)
            return
        _, what, *values = (query.data or "").split(":")
        if what == "f":
            question = question_of(message)
            await acknowledge(query, None if question else words.no_question)
            if question:
                await self._offer(context, beside(message), followable(question), reader)
        elif what == "q":
            await acknowledge(query)
            await self._source(context, message, query.data or "", reader)
        elif what == "no":
            await acknowledge(query)
            view = notice_view(words.cancelled, reader.lang)
            await show(self._services, context, message, view)
        else:
            kind, width, text = KINDS[values[0]], int(values[1]), topic_in(message)
            await acknowledge(query, None if text else words.no_question)
            if text and what == "p":
                view = await self._preview(kind, text, width, reader)
                await show(self._services, context, message, view)
            elif text:
                view = await self._follow(update, message, kind, text, width)
                await show(self._services, context, message, view)

    async def _written(
        self, update: Update, context: ContextTypes.DEFAULT_TYPE, written: str
    ) -> None:
        message = update.message
        assert message is not None  # who calls has it
        reader = await reader_of(update, self._services, meet=True)
        words, text = topic_texts(reader.lang), " ".join(tidy(written).split())
        if not await may_choose(update, context):
            view = notice_view(words.admins_only, reader.lang)
        elif problem_of(text) in ("empty", "no_letters"):
            if is_private(message):
                await self._await(message.chat.id)
            view = ask_view(words.ask_again if text else words.ask, reader.lang)
        elif len(text) > MOST_LETTERS:
            view = notice_view(words.too_long.format(n=MOST_LETTERS), reader.lang)
        else:
            await self._services.store.write(dialogs.end, message.chat.id)  # it was told what
            await self._offer(context, Target.of(message), text, reader)
            return
        await say(self._services, update, context, view)

    async def _await(self, chat: int) -> None:
        """Take what the chat writes next as a topic."""
        expires = stamp(self._services.now() + _WAIT)
        state = {"for": TOPIC}
        await self._services.store.write(dialogs.begin, chat, state=state, expires_at=expires)

    async def ask(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """`t:a`: asks for a topic in the place of the list."""
        if (found := pressed(update)) is None:
            return
        query, message = found
        reader = await reader_of(update, self._services, meet=True)
        await acknowledge(query)
        words = topic_texts(reader.lang)
        if is_private(message):
            await self._await(message.chat.id)
            view = ask_view(words.ask, reader.lang)
        else:  # where not all that is written is for us
            view = ask_view(words.none, reader.lang)
        await show(self._services, context, message, view)

    async def _offer(
        self, context: ContextTypes.DEFAULT_TYPE, target: Target, text: str, reader: Reader
    ) -> None:
        """Preview a topic, or the source that the text names."""
        bridge, courier = self._services.bridge, self._services.courier
        async with courier.typing(context.bot, target):
            source = await bridge.call(bridge.archive.topics.source, text)
            kind: Kind = "text" if source is None else "source"
            view = await self._preview(kind, source or text, 0, reader)
        await courier.send(context.bot, target, [view])

    async def _source(
        self,
        context: ContextTypes.DEFAULT_TYPE,
        message: TelegramMessage,
        data: str,
        reader: Reader,
    ) -> None:
        """The preview of a source, found by what stands on the button that was pressed."""
        bridge = self._services.bridge
        keyboard = message.reply_markup.inline_keyboard if message.reply_markup else ()
        said = next((b.text for row in keyboard for b in row if b.callback_data == data), None)
        names = await bridge.call(bridge.archive.topics.sources)
        name = next((name for name in names if label(name, reader.lang) == said), None)
        if name is None:
            view = notice_view(topic_texts(reader.lang).gone, reader.lang)
        else:
            view = await self._preview("source", name, 0, reader)
        await show(self._services, context, message, view)

    async def _preview(self, kind: Kind, text: str, width: int, reader: Reader) -> Message:
        now = self._services.now()
        found = await self._week(kind, text, width)
        return preview_view(kind, text, width, found, reader.lang, now, reader.digits)

    async def _week(self, kind: Kind, text: str, width: int) -> list[ArticleRef]:
        """What the topic would have brought in the last week: an article a story."""
        bridge, since = self._services.bridge, stamp(self._services.now() - _WEEK)
        if kind == "source":
            refs = await bridge.call(bridge.archive.articles)
            own = (ref for ref in refs if ref.source == text)
            return [ref for ref in own if (sort_key(ref.published) or "") >= since][::-1]
        matches = await bridge.call(bridge.archive.topics.preview, text, since=since)
        stories = {
            match.story or -match.article.id: match.article
            for match in reversed(matches)  # so that the likeliest of each is kept
            if match.score >= WIDTHS[width]
        }
        return list(stories.values())[::-1]

    async def _follow(
        self, update: Update, message: TelegramMessage, kind: Kind, text: str, width: int
    ) -> Message:
        reader = await reader_of(update, self._services, meet=True)
        words, now = topic_texts(reader.lang), stamp(self._services.now())
        topic = await self._services.store.write(
            topics.add, message.chat.id, kind=kind, text=text, width=width, now=now
        )
        if topic is None:
            return notice_view(words.full.format(n=topics.MOST), reader.lang)
        name = isolate(named(kind, text, reader.lang))
        return notice_view(words.followed.format(topic=name), reader.lang)


async def may_choose(update: Update, context: ContextTypes.DEFAULT_TYPE) -> bool:
    """Whether who sent `update` may choose what its chat follows: in a group only its admins."""
    chat, user = update.effective_chat, update.effective_user
    if chat is None or chat.type == chat.PRIVATE:
        return chat is not None
    sender = update.message.sender_chat if update.message else None
    if sender is not None and sender.id == chat.id:
        return True  # an admin who stays anonymous
    if user is None:
        return False
    try:
        member = await context.bot.get_chat_member(chat.id, user.id)
    except TelegramError:
        return False
    return member.status in (ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.OWNER)


def topic_in(message: TelegramMessage) -> str | None:
    """The topic that a message of ours is about: the first that is bold in it."""
    bold = message.parse_entities([MessageEntityType.BOLD])
    first = min(bold, key=lambda entity: entity.offset, default=None)
    return unmarked(bold[first]).strip() or None if first else None
