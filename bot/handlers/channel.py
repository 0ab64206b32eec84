"""Posts into the archive: from channels the bot is in, and what an administrator hands on.

Only an administrator decides what is archived: a channel counts where one of them brought the bot
into it, and only they can forward a post or send a link to be added.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Any

from telegram import (
    ChatMember,
    MessageOriginChannel,
    MessageOriginHiddenUser,
    MessageOriginUser,
    Update,
)
from telegram.ext import ChatMemberHandler, MessageHandler, filters

from bot.handlers.reader import reader_of
from bot.posting import Target
from bot.store import chats
from bot.texts.feeding import FEEDING
from bot.typography import isolate, shorten, tidy
from bot.views import notice_view
from index.model import Post

if TYPE_CHECKING:
    from telegram import Chat, Message, MessageOrigin
    from telegram.ext import BaseHandler, ContextTypes

    from bot.services import Services
    from bot.typography import Lang
    from index.model import AddReport

log = logging.getLogger(__name__)

_LINK = re.compile(r"https?://\S+", re.IGNORECASE)
_TITLE_LIMIT = 120
_PRESENT = (ChatMember.ADMINISTRATOR, ChatMember.MEMBER, ChatMember.OWNER)


class Channels:
    """Feeds the archive from Telegram itself."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def handlers(self) -> list[BaseHandler[Any, Any, Any]]:
        """What they handle; before whatever takes any text as a question."""
        posts = filters.UpdateType.CHANNEL_POST | filters.UpdateType.EDITED_CHANNEL_POST
        admins = (
            filters.UpdateType.MESSAGE
            & filters.ChatType.PRIVATE
            & filters.User(user_id=self._services.admins)
        )
        return [
            _Membership(self.membership, ChatMemberHandler.MY_CHAT_MEMBER),
            MessageHandler(posts, self.post),
            MessageHandler(admins & _FROM_CHANNEL, self.forwarded),
            MessageHandler(admins & filters.Regex(rf"^\s*{_LINK.pattern}\s*$"), self.link),
        ]

    async def membership(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """The bot was brought into a channel, or taken out of it."""
        change = update.my_chat_member
        if change is None:
            return
        channel = change.chat.id
        present = change.new_chat_member.status in _PRESENT
        if present and change.from_user.id in self._services.admins:
            now = self._services.now().isoformat(timespec="seconds")
            await self._services.store.write(chats.meet, channel, kind="channel", now=now)
        elif not present:
            await self._services.store.write(chats.change, channel, state="gone")
        else:
            log.warning("somebody who is no administrator added the bot to a channel; not archived")

    async def post(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """A channel published or edited a post."""
        message = update.effective_message
        if message is None:
            return
        known = await self._services.store.read(chats.get, message.chat.id)
        if known is None or known.kind != "channel" or known.state != "active":
            return
        await self._add(_post(message, message.chat, message.message_id))

    async def forwarded(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """An administrator forwards a channel's post."""
        message = update.message
        if message is None or not isinstance(message.forward_origin, MessageOriginChannel):
            return
        origin = message.forward_origin
        report = await self._add(_post(message, origin.chat, origin.message_id))
        await self._tell(update, context, report)

    async def link(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """An administrator sends a link and nothing else."""
        if update.message is None:
            return
        link = (update.message.text or "").strip()
        bridge = self._services.bridge
        async with self._services.courier.typing(context.bot, Target.of(update.message)):
            report = await bridge.call(bridge.archive.add, [link])
        self._services.metrics.ingested(report)
        await self._tell(update, context, report)

    async def _add(self, post: Post) -> AddReport:
        bridge = self._services.bridge
        report = await bridge.call(bridge.archive.add_posts, [post])
        self._services.metrics.ingested(report)
        return report

    async def _tell(
        self, update: Update, context: ContextTypes.DEFAULT_TYPE, report: AddReport
    ) -> None:
        assert update.message is not None
        lang = (await reader_of(update, self._services)).lang
        text = outcome(report, lang)
        target = Target.of(update.message)
        await self._services.courier.send(context.bot, target, [notice_view(text, lang)])


def outcome(report: AddReport, lang: Lang) -> str:
    """One line that says what became of one input."""
    words = FEEDING[lang]
    if report.failed:
        return words.failed.format(reason=isolate(report.failed[0].error))
    if not report.articles:
        return words.nothing
    title = isolate(shorten(tidy(report.articles[0].title), _TITLE_LIMIT))
    if report.added:
        return words.added.format(title=title)
    if report.updated:
        return words.updated.format(title=title)
    if report.duplicates:
        return words.reprint.format(title=title)
    return words.unchanged.format(title=title)


class _Membership(ChatMemberHandler[Any, Any]):
    def check_update(self, update: object) -> bool:
        chat = update.effective_chat if isinstance(update, Update) else None
        return chat is not None and chat.type == chat.CHANNEL and super().check_update(update)


class _ForwardedFromChannel(filters.MessageFilter):
    """A message forwarded from a channel, whose origin is told."""

    def filter(self, message: Message) -> bool:
        return isinstance(message.forward_origin, MessageOriginChannel)


_FROM_CHANNEL = _ForwardedFromChannel()


def _post(message: Message, channel: Chat, number: int) -> Post:
    """A message as a post of `channel`, of which it may be a forwarded copy."""
    # A private channel's address, as clients write it, leaves out the -100 of its id.
    base = channel.username or f"c/{str(channel.id).removeprefix('-100')}"
    own = message.chat.id == channel.id
    origin = message.forward_origin
    date = message.date if own or origin is None else origin.date
    return Post(
        number=number,
        text=message.text or message.caption or "",
        base=f"https://t.me/{base.lower()}",
        channel=channel.title,
        published=date.isoformat(),
        teller=_teller(origin) if own else None,
    )


def _teller(origin: MessageOrigin | None) -> str | None:
    """Who first said what a channel forwards."""
    if isinstance(origin, MessageOriginChannel):
        return origin.chat.title
    if isinstance(origin, MessageOriginUser):
        return origin.sender_user.full_name
    if isinstance(origin, MessageOriginHiddenUser):
        return origin.sender_user_name
    return None
