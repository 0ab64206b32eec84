"""/digest: the hour, the days, the city of a reader's digest, and what it would be now."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from bot import cities
from bot.clock import EVERY_DAY, local, zone_of
from bot.handlers.questions import asks
from bot.handlers.reader import Reader, is_private, known_chat
from bot.handlers.replies import acknowledge, beside, in_private, pressed, say, show
from bot.handlers.settings import CITY as SETTINGS_CITY
from bot.hours import parse_hour
from bot.message import Message
from bot.press import preview
from bot.schedule import Schedule
from bot.store import dialogs, digests
from bot.texts.digest import digest_texts, is_off
from bot.typography import isolate, shorten, tidy
from bot.views import notice_view, settings_view
from bot.views.digest_menu import city_view, days_view, digest_menu, hours_view

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import time

    from telegram import Message as TelegramMessage
    from telegram import Update
    from telegram.ext import ContextTypes

    from bot.services import Services
    from bot.store.chats import Chat
    from bot.typography import Lang

HOUR, CITY = "digest-hour", "digest-city"
"""What the dialogs are for in which an hour, or a city's name, is written."""

PRESSED = (
    r"^d:(open|menu|preview|hour|days|city|stop|done|at:([01]\d|2[0-3]):[0-5]\d|day:(all|[0-6])"
    r"|quiet:(say|skip)|zone:[\w/+-]{1,50})$"
)
"""What the data of our buttons may be."""

_WAIT = timedelta(minutes=10)
_SAID_LIMIT = 40
_OFFERED = "القاهرة الرياض بغداد الجزائر الخرطوم دبي عمّان دمشق".split()


class DigestMenu:
    """Shows how the digest is set and takes what is chosen anew; in private chats.

    Who told no city is asked for it before anything else: an hour without one means nothing.
    """

    def __init__(self, services: Services) -> None:
        self._services = services

    async def command(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """/digest, alone, or with an hour, a city or «إيقاف»: «/digest 7:30 صباحًا»."""
        if update.message is None or not await in_private(self._services, update, context):
            return
        chat, reader = await self._who(update)
        _, *written = (update.message.text or "").split(maxsplit=1)
        view = await self._told(chat, reader, "".join(written).strip())
        await say(self._services, update, context, view)

    async def pressed(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """`d:<what>[:<value>]`: asks for something, or sets it."""
        if (found := pressed(update)) is None:
            return
        query, message = found
        chat, reader = await self._who(update)
        words = digest_texts(reader.lang)
        _, what, *values = (query.data or "").split(":", 2)
        if what == "open":  # under a digest, which stays
            await acknowledge(query)
            view = await self._home(chat, reader)
            await self._services.courier.send(context.bot, beside(message), [view])
            return
        if what == "preview":
            await acknowledge(query)
            await self._preview(context, message, chat, reader)
            return
        if what == "day" and values != ["all"] and chat.digest_days == 1 << int(values[0]):
            await acknowledge(query, words.one_day)
            return
        view, saved = await self._chosen(message, query.data, what, values, chat, reader)
        toast = words.stopped_toast if what == "stop" else words.saved
        await acknowledge(query, toast if saved else None)
        await show(self._services, context, message, view)

    async def hour_written(
        self, update: Update, context: ContextTypes.DEFAULT_TYPE, state: Mapping[str, Any]
    ) -> bool:
        """An hour, which the dialog asked for; under the menu, which did not, all else may be said.

        So may a question, which it asks in any case.
        """
        if update.message is None:
            return False
        chat, reader = await self._who(update)
        written = update.message.text or ""
        at = parse_hour(written)
        if at is None and (state.get("menu") or asks(written)):
            await self._services.store.write(dialogs.end, chat.chat_id)
            return False
        if at is None:
            view = notice_view(digest_texts(reader.lang).ask_hour_again, reader.lang)
        else:
            view = await self._at(chat, reader, at)
        await say(self._services, update, context, view)
        return True

    async def city_written(
        self, update: Update, context: ContextTypes.DEFAULT_TYPE, _state: Mapping[str, Any]
    ) -> bool:
        """A city's name, which the dialog asked for: taken where that is what it is called.

        So is an hour. Whoever asks a question instead has thought better of it.
        """
        if update.message is None:
            return False
        chat, reader = await self._who(update)
        words, written = digest_texts(reader.lang), update.message.text or ""
        found, at = cities.find(written), parse_hour(written)
        if not found and at is None and asks(written):
            await self._services.store.write(dialogs.end, chat.chat_id)
            return False
        if len(found) == 1 and cities.called(found[0], written):
            chat = await self._move(chat, reader, found[0])
            view = await self._home(chat, reader)
        elif at is not None and not found:
            view = await self._at(chat, reader, at)
        else:
            view = _choice(found, reader.lang, words.which_city if found else words.unknown_city)
        await say(self._services, update, context, view)
        return True

    async def located(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A place shared in a private chat: only its time zone is kept."""
        message = update.message
        if message is None or message.location is None or not is_private(message):
            return
        chat, reader = await self._who(update)
        waited = await self._waiting(chat)
        city = cities.at(message.location.latitude, message.location.longitude)
        chat = await self._move(chat, reader, city)
        if waited.get("for") == SETTINGS_CITY:
            view = settings_view(chat, reader.lang, reader.digits)
        else:
            view = await self._home(chat, reader)
        await say(self._services, update, context, view)

    async def _told(self, chat: Chat, reader: Reader, written: str) -> Message:
        """What /digest answers to what is written after it."""
        words, at, found = digest_texts(reader.lang), parse_hour(written), cities.find(written)
        if not written:
            return await self._home(chat, reader)
        if is_off(written):
            await self._change(chat, reader, digest_at=None)
            return notice_view(words.stopped, reader.lang)
        if at is not None:
            return await self._at(chat, reader, at)
        if len(found) == 1 and cities.called(found[0], written):
            return await self._home(await self._move(chat, reader, found[0]), reader)
        if found:
            await self._await(chat, CITY)
            return _choice(found, reader.lang, words.which_city)
        said = isolate(shorten(tidy(written), _SAID_LIMIT))
        return notice_view(words.not_understood.replace("{said}", said), reader.lang)

    async def _at(self, chat: Chat, reader: Reader, at: time) -> Message:
        """After an hour was told: the menu, or first the question for the city it is meant in."""
        hour = at.isoformat("minutes")
        if chat.zone is None:
            return await self._ask_city(chat, reader, at=hour)
        return await self._home(await self._change(chat, reader, digest_at=hour), reader)

    async def _chosen(
        self,
        message: TelegramMessage,
        data: str | None,
        what: str,
        values: list[str],
        chat: Chat,
        reader: Reader,
    ) -> tuple[Message, bool]:
        """The view after a button, and whether it changed anything."""
        words = digest_texts(reader.lang)
        match what, values:
            case "hour", []:
                await self._await(chat, HOUR)
                return hours_view(reader.lang, reader.digits), False
            case "days", []:
                return days_view(chat.digest_days, reader.lang), False
            case "city", []:
                return await self._ask_city(chat, reader), False
            case "at", [hour]:
                chat = await self._change(chat, reader, digest_at=hour)
            case "day", [day]:
                days = EVERY_DAY if day == "all" else chat.digest_days ^ 1 << int(day)
                chat = await self._change(chat, reader, digest_days=days)
                return days_view(chat.digest_days, reader.lang), True
            case "quiet", [choice]:
                chat = await self._change(chat, reader, digest_quiet_day=choice)
            case "zone", [zone]:
                named = cities.plain(_label(message, data) or zone)
                chat = await self._move(chat, reader, cities.City(named, named, zone))
            case "stop", []:
                await self._change(chat, reader, digest_at=None)
                return notice_view(words.stopped, reader.lang), True
            case _:  # back, or done
                await self._services.store.write(dialogs.end, chat.chat_id)
                home = await self._home(chat, reader)
                if what == "done":
                    await self._services.store.write(dialogs.end, chat.chat_id)
                    home = Message(home.html)
                return home, False
        return await self._home(chat, reader), True

    async def _home(self, chat: Chat, reader: Reader) -> Message:
        """The menu, which an hour may be written to; for who told no city, the question for it."""
        if chat.zone is None:
            return await self._ask_city(chat, reader)
        await self._await(chat, HOUR, menu=True)
        default = self._services.zone
        schedule = Schedule.of(chat, default)
        following = None
        if schedule is not None and chat.digest_done is not None:
            following, _ = schedule.after(date.fromisoformat(chat.digest_done))
        now = local(self._services.now(), zone_of(chat.zone, default)).time()
        city = cities.shown(chat.city, chat.zone, reader.lang) if chat.city else chat.zone
        return digest_menu(chat, city, now, following, reader.lang, reader.digits)

    async def _ask_city(self, chat: Chat, reader: Reader, **kept: Any) -> Message:
        """Asks for the city; with `at`, an hour that was told, which is set with it."""
        await self._await(chat, CITY, **kept)
        named = []
        for name in _OFFERED:
            city = cities.find(name)[0]
            named.append((city.name_en if reader.lang == "en" else city.name_ar, city.zone))
        words = digest_texts(reader.lang)
        text = words.ask_city if chat.zone else f"{words.what_it_is} {words.ask_city}"
        return city_view(named, reader.lang, text=text)

    async def _waiting(self, chat: Chat) -> Mapping[str, Any]:
        """The state of the chat's dialog, empty where there is none."""
        now = digests.stamp(self._services.now())
        return await self._services.store.read(dialogs.waiting, chat.chat_id, now=now) or {}

    async def _await(self, chat: Chat, what: str, **more: Any) -> None:
        """Take what the chat writes next as an answer to this."""
        expires = self._services.now() + _WAIT
        await self._services.store.write(
            dialogs.begin,
            chat.chat_id,
            state={"for": what, **more},
            expires_at=digests.stamp(expires),
        )

    async def _change(self, chat: Chat, reader: Reader, **values: Any) -> Chat:
        """Store what was chosen; the language too, which a digest has nobody to learn from."""
        await self._services.store.write(dialogs.end, chat.chat_id)
        now, default = self._services.now(), self._services.zone
        values.setdefault("lang", reader.lang)
        changed = await self._services.store.write(
            digests.change, chat.chat_id, now=now, default=default, **values
        )
        return changed or chat  # forgotten in between: there is nothing to show but what was

    async def _move(self, chat: Chat, reader: Reader, city: cities.City) -> Chat:
        name = city.name_en if reader.lang == "en" else city.name_ar
        waited = await self._waiting(chat)
        hour = {"digest_at": waited["at"]} if "at" in waited else {}
        return await self._change(chat, reader, city=name, zone=city.zone, **hour)

    async def _preview(
        self,
        context: ContextTypes.DEFAULT_TYPE,
        message: TelegramMessage,
        chat: Chat,
        reader: Reader,
    ) -> None:
        """The digest as it would be now, under a line that says so."""
        target = beside(message)
        async with self._services.courier.typing(context.bot, target):
            digest = await preview(self._services, replace(chat, lang=reader.lang))
        above = notice_view(digest_texts(reader.lang).preview, reader.lang)
        await self._services.courier.send(context.bot, target, [above, *digest.messages])

    async def _who(self, update: Update) -> tuple[Chat, Reader]:
        chat = await known_chat(update, self._services, meet=True)
        assert chat is not None  # what is pressed or written is in a chat
        user = update.effective_user
        return chat, Reader.of(chat, user.language_code if user else None)


def _choice(found: Sequence[cities.City], lang: Lang, text: str) -> Message:
    """Asks which of `found` is meant."""
    names = cities.told_apart(found, lang)
    return city_view([(n, c.zone) for n, c in zip(names, found, strict=True)], lang, text=text)


def _label(message: TelegramMessage, data: str | None) -> str | None:
    """What stands on the button of `message` with that data: the name of the city."""
    keyboard = message.reply_markup.inline_keyboard if message.reply_markup else ()
    return next((b.text for row in keyboard for b in row if b.callback_data == data), None)
