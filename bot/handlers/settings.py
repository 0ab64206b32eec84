"""/settings: language, digits, city, quiet hours, quotes an answer; all by buttons but the city."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from telegram import BotCommand, BotCommandScopeChat
from telegram.error import TelegramError

from bot import cities
from bot.handlers.questions import asks
from bot.handlers.reader import Reader, known_chat, reader_of
from bot.handlers.replies import acknowledge, in_private, pressed, say, show
from bot.store import chats, dialogs, digests
from bot.texts import lang_of, menu
from bot.texts.settings import SETTINGS
from bot.typography import isolate, shorten, tidy
from bot.views import (
    cities_view,
    city_view,
    lang_view,
    notice_view,
    quiet_view,
    quotes_view,
    settings_view,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from telegram import CallbackQuery, Update
    from telegram import Message as TelegramMessage
    from telegram.ext import ContextTypes

    from bot.message import Message
    from bot.services import Services
    from bot.typography import Lang

log = logging.getLogger(__name__)

CITY = "city"
"""What the dialog is for in which a city's name is written."""

_HOUR = r"(?:1?\d|2[0-3])"
VALUES = (
    "show|done|lang|city|quotes|quiet|lang:(?:ar|en)|digits:(?:latin|arabic)|quotes:[1-5]"
    rf"|quiet:(?:off|{_HOUR}(?::{_HOUR})?)|zone:[\w+/-]{{1,40}}"
)
"""A regular expression of what a button's data may say after `s:`."""

_WAIT = timedelta(minutes=10)


class Settings:
    """Shows what is chosen and takes what is chosen anew; in private chats."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def command(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """/settings."""
        if await in_private(self._services, update, context):
            await say(self._services, update, context, await self._all(update))

    async def pressed(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """`s:<setting>` asks for a value, `s:<setting>:<value>` sets it."""
        if (found := pressed(update)) is None:
            return
        query, message = found
        reader = await reader_of(update, self._services)  # it knows the chat from here on
        _, setting, *values = (query.data or "").split(":", 2)
        view = await self._ask(message.chat.id, setting, values, reader)
        if view is None:
            await self._set(context, query, message, setting, values, reader)
            done = setting == "done"
            words = SETTINGS[(await reader_of(update, self._services)).lang]
            await acknowledge(query, words.saved if values else None)
            view = notice_view(words.closed, reader.lang) if done else await self._all(update)
        else:
            await acknowledge(query)
        await show(self._services, context, message, view)

    async def city_written(
        self, update: Update, context: ContextTypes.DEFAULT_TYPE, state: Mapping[str, Any]
    ) -> bool:
        """A city's name, which the dialog asked for: taken where it is clear which one is meant.

        Whoever asks a question instead has thought better of it.
        """
        if update.message is None:
            return False
        written, chat = update.message.text or "", update.message.chat.id
        lang = (await reader_of(update, self._services)).lang
        found = cities.find(written)
        if not found and asks(written):
            await self._services.store.write(dialogs.end, chat)
            return False
        if not found:
            name = isolate(shorten(tidy(written), 40))
            text = SETTINGS[lang].unknown_city.replace("{name}", name)
            await say(self._services, update, context, notice_view(text, lang))
        elif len(found) > 1 or not cities.called(found[0], written):
            names = cities.told_apart(found, lang)
            named = [(name, city.zone) for name, city in zip(names, found, strict=True)]
            await say(self._services, update, context, cities_view(named, lang))
        else:
            await self._move(chat, _name(found[0], lang), found[0].zone)
            await say(self._services, update, context, await self._all(update))
        return True

    async def _ask(
        self, chat: int, setting: str, values: list[str], reader: Reader
    ) -> Message | None:
        """The view that asks for a value; None where one is given already."""
        lang = reader.lang
        match setting, values:
            case "city", []:
                expires = self._services.now() + _WAIT
                await self._services.store.write(
                    dialogs.begin,
                    chat,
                    state={"for": CITY},
                    expires_at=expires.isoformat(timespec="seconds"),
                )
                return city_view(lang)
            case "lang", []:
                return lang_view(lang)
            case "quotes", []:
                return quotes_view(lang, reader.digits)
            case "quiet", []:
                return quiet_view(lang, reader.digits)
            case "quiet", [hour] if hour.isdecimal():
                return quiet_view(lang, reader.digits, int(hour))
        return None

    async def _set(
        self,
        context: ContextTypes.DEFAULT_TYPE,
        query: CallbackQuery,
        message: TelegramMessage,
        setting: str,
        values: list[str],
        reader: Reader,
    ) -> None:
        """Store a value; «تم» and «رجوع» have none."""
        chat, change = message.chat.id, dict[str, str | int | None]()
        match setting, values:
            case "lang", [lang]:
                change = {"lang": lang}
            case "digits", [digits]:
                change = {"digits": digits}
            case "quotes", [count]:
                change = {"quotes": int(count)}
            case "quiet", ["off"]:
                change = {"quiet_from": None, "quiet_until": None}
            case "quiet", [hours]:
                start, end = (f"{int(hour):02}:00" for hour in hours.split(":"))
                change = {"quiet_from": start, "quiet_until": end}
            case "zone", [zone]:
                named = cities.plain(_label(message, query.data) or zone)
                await self._move(chat, named, zone)
            case _:
                await self._services.store.write(dialogs.end, chat)
        if change:
            await self._services.store.write(chats.change, chat, **change)
        if setting == "lang":
            await self._set_menu(context, chat, lang_of(values[0]))

    async def _move(self, chat: int, city: str, zone: str) -> None:
        """Store a city with its time zone, which the chat's digest goes by from now on."""
        store = self._services.store
        await store.write(dialogs.end, chat)
        now, default = self._services.now(), self._services.zone
        await store.write(digests.change, chat, now=now, default=default, city=city, zone=zone)

    async def _set_menu(self, context: ContextTypes.DEFAULT_TYPE, chat: int, lang: Lang) -> None:
        """The menu of commands in the language chosen; Telegram's goes by the reader's client."""
        commands = [BotCommand(*command) for command in menu(lang)]
        try:
            await context.bot.set_my_commands(commands, scope=BotCommandScopeChat(chat))
        except TelegramError as err:
            log.warning("a chat's own menu was not set: %s", type(err).__name__)

    async def _all(self, update: Update) -> Message:
        chat = await known_chat(update, self._services, meet=True)
        assert chat is not None  # settings are a chat's
        user = update.effective_user
        reader = Reader.of(chat, user.language_code if user else None)
        return settings_view(chat, reader.lang, reader.digits)


def _name(city: cities.City, lang: Lang) -> str:
    return city.name_en if lang == "en" else city.name_ar


def _label(message: TelegramMessage, data: str | None) -> str | None:
    """What stands on the button of `message` with that data: the name of the city."""
    keyboard = message.reply_markup.inline_keyboard if message.reply_markup else ()
    return next((b.text for row in keyboard for b in row if b.callback_data == data), None)
