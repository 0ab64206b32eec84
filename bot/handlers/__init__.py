"""Telegram handlers: thin functions between an update and the views."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telegram.ext import CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot.handlers.ask import Asking
from bot.handlers.commands import Commands
from bot.handlers.errors import Failures

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
    """Tell `app` who handles what. The first that matches does; edits are ignored for now."""
    commands = Commands(services)
    asking = Asking(services, commands)
    # Neither an edit, nor a channel's post, nor what somebody sent by way of an inline bot.
    new = filters.UpdateType.MESSAGE & ~filters.VIA_BOT
    app.add_handlers(
        [
            CommandHandler("start", commands.start, new),
            CommandHandler("help", commands.help, new),
            CommandHandler("ask", asking.command, new),
            MessageHandler(new & filters.COMMAND, commands.unknown),
            MessageHandler(new & filters.TEXT, asking.text),
            MessageHandler(new & _NOT_TEXT, commands.not_text),
            CallbackQueryHandler(asking.pressed, r"^q:\d{1,3}$"),
        ]
    )
    app.add_error_handler(Failures(services).handle)
