"""Telegram handlers: thin functions between an update and the views."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telegram.ext import CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot.handlers.ask import Asking
from bot.handlers.broadcast import Broadcast
from bot.handlers.channel import Channels
from bot.handlers.commands import Commands
from bot.handlers.context import Context
from bot.handlers.digest import CITY as DIGEST_CITY
from bot.handlers.digest import HOUR, PRESSED, DigestMenu
from bot.handlers.errors import Failures
from bot.handlers.follow import TOPIC, Following
from bot.handlers.groups import Groups
from bot.handlers.inline import Inline
from bot.handlers.privacy import Privacy
from bot.handlers.questions import Recent
from bot.handlers.settings import CITY, VALUES, Settings
from bot.handlers.spoken import NEW, spoken
from bot.handlers.topics import Topics
from bot.handlers.votes import Votes

if TYPE_CHECKING:
    from telegram.ext import Application

    from bot.services import Services

__all__ = ["add_handlers"]

# What a person may send that holds no question. Not filters.ALL: a group's "… joined" and the
# like are messages too, and nobody wants them answered.
_NOT_TEXT = (
    filters.PHOTO
    | filters.VIDEO
    | filters.VIDEO_NOTE
    | filters.VOICE
    | filters.AUDIO
    | filters.ANIMATION
    | filters.Sticker.ALL
    | filters.Document.ALL
    | filters.LOCATION
    | filters.VENUE
    | filters.CONTACT
    | filters.POLL
    | filters.Dice.ALL
    | filters.STORY
)


def add_handlers(app: Application[Any, Any, Any, Any, Any, Any], services: Services) -> None:
    """Tell `app` who handles what. The first that matches does."""
    recent = Recent()
    context = Context(services)
    settings = Settings(services)
    privacy = Privacy(services, recent)
    votes = Votes(services)
    digest = DigestMenu(services)
    following = Following(services)
    opened = {  # deep links, by what is before the first "_" of their payload
        "p": context.opened,
    }
    told = {  # dialogs, by the "for" of their state
        CITY: settings.city_written,
        HOUR: digest.hour_written,
        DIGEST_CITY: digest.city_written,
        TOPIC: following.written,
    }
    asking = Asking(services, recent, told)
    commands = Commands(services, opened, asking.text)
    app.add_handlers(
        [
            *spoken("start", commands.start),
            *spoken("help", commands.help),
            *spoken("sources", commands.sources),
            *spoken("stats", commands.stats),
            *spoken("settings", settings.command),
            *spoken("digest", digest.command),
            *spoken("privacy", privacy.privacy),
            *spoken("mydata", privacy.mydata),
            *spoken("forget", privacy.forget),
            *spoken("cancel", commands.cancel),
            CommandHandler("ask", asking.command, NEW),
            CallbackQueryHandler(asking.example, r"^q:\d{1,3}$"),
            CallbackQueryHandler(asking.more, r"^m:\d{1,3}$"),
            CallbackQueryHandler(context.turn, r"^c:\d{1,12}(:\d{1,9}){3}$"),
            CallbackQueryHandler(context.nearest, r"^n:\d{1,12}$"),
            CallbackQueryHandler(votes.pressed, r"^v:-?1$"),
            CallbackQueryHandler(commands.turn_sources, r"^s:sources:\d{1,6}$"),
            CallbackQueryHandler(settings.pressed, rf"^s:({VALUES})$"),
            CallbackQueryHandler(privacy.decided, r"^x:(yes|no)$"),
            CallbackQueryHandler(digest.pressed, PRESSED),
            MessageHandler(NEW & filters.LOCATION & filters.ChatType.PRIVATE, digest.located),
            MessageHandler(
                filters.UpdateType.EDITED_MESSAGE & (filters.TEXT | filters.CAPTION), asking.edited
            ),
            *following.handlers(),
            *Topics(services).handlers(),
            *Channels(services).handlers(),
            *Groups(services).handlers(),
            *Inline(services).handlers(),
            *Broadcast(services).handlers(),
            # What is left: first all that is no question, last every text.
            MessageHandler(NEW & filters.Regex(r"^\s*/"), commands.unknown),
            MessageHandler(NEW & _NOT_TEXT, commands.not_text),
            MessageHandler(NEW & filters.TEXT, asking.text),
        ]
    )
    app.add_error_handler(Failures(services).handle)
