"""👍 and 👎 under an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.handlers.reader import reader_of
from bot.handlers.replies import acknowledge, pressed
from bot.store import votes
from bot.texts import texts

if TYPE_CHECKING:
    from telegram import Update
    from telegram.ext import ContextTypes

    from bot.services import Services


class Votes:
    """Keeps them; in a group the last one counts."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def pressed(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """`v:1` or `v:-1`."""
        if (found := pressed(update)) is None:
            return
        query, message = found
        reader = await reader_of(update, self._services, meet=True)
        changed = await self._services.store.write(
            votes.cast,
            message.chat.id,
            message.message_id,
            vote=1 if query.data == "v:1" else -1,
            now=self._services.now().isoformat(timespec="seconds"),
        )
        words = texts(reader.lang)
        await acknowledge(query, words.vote_changed if changed else words.voted)
