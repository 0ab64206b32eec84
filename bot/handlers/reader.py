"""Whom we speak to: how a chat wants to be spoken to, and where its updates come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.store import chats
from bot.texts import lang_of
from bot.views.answer import QUOTES

if TYPE_CHECKING:
    from telegram import Message, Update

    from bot.services import Services
    from bot.store.chats import Chat
    from bot.typography import Digits, Lang


@dataclass(frozen=True, slots=True)
class Reader:
    """What a chat chose, with what is taken where it did not choose."""

    lang: Lang
    digits: Digits = "latin"
    quotes: int = QUOTES

    @classmethod
    def of(cls, chat: Chat | None, language_code: str | None) -> Reader:
        """The reader of a chat, or a stranger whose Telegram speaks that language."""
        lang = (chat.lang if chat else None) or lang_of(language_code)
        if chat is None:
            return cls(lang)
        digits = "latin" if lang == "en" else chat.digits or "latin"
        return cls(lang, digits, chat.quotes or QUOTES)


async def reader_of(update: Update, services: Services, *, meet: bool = False) -> Reader:
    """The reader who sent `update`. Raises `StoreError`.

    A private chat is stored where it is new; with `meet` a group is, too.
    """
    user = update.effective_user
    chat = await known_chat(update, services, meet=meet)
    return Reader.of(chat, user.language_code if user else None)


async def known_chat(update: Update, services: Services, *, meet: bool = False) -> Chat | None:
    """What is kept of the chat of `update`; see `reader_of`."""
    here = update.effective_chat
    if here is None:
        return None
    known = await services.store.read(chats.get, here.id)
    stranger = known is None or known.state != "active"
    if stranger and (meet or here.type == here.PRIVATE):
        now = services.now().isoformat(timespec="seconds")
        return await services.store.write(chats.meet, here.id, kind=here.type, now=now)
    return known


def lang_for(update: Update) -> Lang:
    """The language of whoever sent `update`, by Telegram alone: for when the store fails."""
    user = update.effective_user
    return lang_of(user.language_code if user else None)


def is_private(message: Message) -> bool:
    """Whether `message` is in a chat of one person with the bot."""
    return message.chat.type == message.chat.PRIVATE
