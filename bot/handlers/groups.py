"""Where the bot is: brought into a group or out of it, blocked by a reader, and groups that move.

What is said to it in a group is `bot.handlers.ask`'s; see there for when it answers.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from telegram import ChatMember, ChatMemberRestricted, Update
from telegram.ext import ChatMemberHandler, MessageHandler, filters

from bot.handlers.reader import Reader
from bot.posting import Target
from bot.store import chats
from bot.texts.crowd import crowd
from bot.typography import isolate
from bot.views import notice_view

if TYPE_CHECKING:
    from telegram.ext import BaseHandler, ContextTypes

    from bot.services import Services

log = logging.getLogger(__name__)

_PRESENT = (ChatMember.MEMBER, ChatMember.ADMINISTRATOR, ChatMember.OWNER)


class Groups:
    """Keeps the readers' states with what Telegram tells of them."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def handlers(self) -> list[BaseHandler[Any, Any, Any]]:
        """What they handle. A channel's membership is `bot.handlers.channel`'s."""
        return [
            _Membership(self.membership, ChatMemberHandler.MY_CHAT_MEMBER),
            MessageHandler(filters.StatusUpdate.MIGRATE, self.migrated),
        ]

    async def membership(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """We were blocked or let in again, brought into a group or taken out of it.

        Who brings us into a group is greeted there, once.
        """
        change = update.my_chat_member
        if change is None:
            return
        store, chat = self._services.store, change.chat
        was, now = _present(change.old_chat_member), _present(change.new_chat_member)
        private = chat.type == chat.PRIVATE
        if not now:
            await store.write(chats.change, chat.id, state="blocked" if private else "gone")
        elif private:
            await store.write(chats.change, chat.id, state="active")
        elif not was:
            moment = self._services.now().isoformat(timespec="seconds")
            known = await store.write(chats.meet, chat.id, kind=chat.type, now=moment)
            lang = Reader.of(known, change.from_user.language_code).lang
            text = crowd(lang).hello.format(name=isolate(f"@{context.bot.username}"))
            await self._services.courier.send(
                context.bot, Target(chat.id), [notice_view(text, lang)]
            )

    async def migrated(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A group became a supergroup, under another number; both of them tell so."""
        message = update.message
        if message is None:
            return
        here = message.chat.id
        old, new = message.migrate_from_chat_id or here, message.migrate_to_chat_id or here
        await self._services.store.write(chats.migrate, old, new)


class _Membership(ChatMemberHandler[Any, Any]):
    def check_update(self, update: object) -> bool:
        chat = update.effective_chat if isinstance(update, Update) else None
        return chat is not None and chat.type != chat.CHANNEL and super().check_update(update)


def _present(member: ChatMember) -> bool:
    if isinstance(member, ChatMemberRestricted):
        return member.is_member
    return member.status in _PRESENT
