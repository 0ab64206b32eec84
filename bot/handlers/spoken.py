"""Commands, said either way: «/help» or «مساعدة»."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telegram.ext import CommandHandler, MessageHandler, filters

from bot.handlers.questions import addressed
from bot.texts import command_of

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from telegram import Message, Update
    from telegram.ext import BaseHandler, ContextTypes

    Callback = Callable[[Update, ContextTypes.DEFAULT_TYPE], Coroutine[Any, Any, None]]

NEW = filters.UpdateType.MESSAGE & ~filters.VIA_BOT
"""Neither an edit, nor a channel's post, nor what somebody sent by way of an inline bot."""


class Said(filters.MessageFilter):
    """Messages to the bot that are a command in so many words (see `bot.texts.COMMANDS`)."""

    def __init__(self, command: str) -> None:
        super().__init__(name=f"Said({command})")
        self._command = command

    def filter(self, message: Message) -> bool:
        """Whether `message` says the command, and in a group says it to us."""
        said = addressed(message, message.get_bot())
        return said is not None and command_of(said) == self._command


def spoken(command: str, callback: Callback) -> tuple[BaseHandler[Any, Any, None], ...]:
    """The handlers of a command, for both ways of saying it."""
    return (
        CommandHandler(command, callback, NEW),
        MessageHandler(NEW & filters.TEXT & Said(command), callback),
    )
