"""The people's side: what a user of Telegram can do, for tests and for the chat page.

A `User` acts in a chat (its private chat with the bot unless told otherwise) and every act
becomes the update that Telegram would send. What no Telegram client could do (pressing a button
that is not there, a bad start payload) raises `ValueError`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.playground.entities import detect
from bot.playground.model import Callback, Chat, InlineQuery, JsonDict, Message, Person
from bot.playground.tidy import tidy

if TYPE_CHECKING:
    from bot.playground.state import World

# core.telegram.org/bots/features#deep-linking: "up to 64 base64url characters"
START_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
MAX_INLINE_QUERY = 256  # core.telegram.org/bots/api#inlinequery


class User:
    """A person with a Telegram client. Made by `PlaygroundServer.user`."""

    def __init__(self, world: World, person: Person) -> None:
        self._world = world
        self.person = person

    @property
    def id(self) -> int:
        """The user's id, which is also the id of the private chat with the bot."""
        return self.person.id

    @property
    def chat(self) -> Chat:
        """The private chat with the bot."""
        return self._world.chats[self.person.id]

    def send(
        self, text: str, *, chat: Chat | None = None, reply_to: Message | int | None = None
    ) -> Message:
        """Writes a message. Raises `ValueError` for an empty one, which no client sends."""
        text, _ = tidy(text, [])
        if not text:
            raise ValueError("nothing to send")
        target = self._enter(chat)
        return self._say(target, text=text, reply_to=self._find(target, reply_to))

    def start(self, payload: str | None = None) -> Message:
        """Opens the bot, by its button or by a deep link with a payload."""
        if payload is not None and not START_PAYLOAD.fullmatch(payload):
            raise ValueError(f"not a start payload: {payload!r}")
        return self.send("/start" if payload is None else f"/start {payload}")

    def edit(self, message: Message | int, text: str, *, chat: Chat | None = None) -> Message:
        """Edits one of the user's own messages."""
        found = self._find(chat or self.chat, message)
        if found is None or found.sender is not self.person:
            raise ValueError("only one's own message can be edited")
        text, _ = tidy(text, [])
        self._world.change_message(
            found, text=text, entities=tuple(detect(text)), markup=found.markup
        )
        self._tell("edited_message", found)
        return found

    def press(self, message: Message | int, button: str, *, chat: Chat | None = None) -> Callback:
        """Presses a button, named by its label or its callback data."""
        found = self._find(chat or self.chat, message)
        buttons = [b for row in (found.keyboard if found else []) for b in row]
        for wanted in buttons:
            if button in (wanted["text"], wanted.get("callback_data")) and found is not None:
                return self._press(found, wanted)
        raise ValueError(f"no button {button!r} among {[b['text'] for b in buttons]}")

    def _press(self, message: Message, button: JsonDict) -> Callback:
        if "callback_data" not in button:
            raise ValueError(f"{button['text']!r} is a link, the bot is not told of it")
        world = self._world
        callback = Callback(
            world.new_query_id(), self.person, message, button["callback_data"], world.clock()
        )
        world.callbacks[callback.id] = callback
        body = {
            "id": callback.id,
            "from": self.person.to_json(),
            "message": message.to_json(),
            "chat_instance": str(message.chat.id * 7919),
            "data": callback.data,
        }
        world.updates.put("callback_query", body)
        world.wake()
        return callback

    def inline(self, query: str, *, offset: str = "") -> InlineQuery:
        """Types a question after the bot's name; at most 256 characters reach the bot."""
        world = self._world
        asked = InlineQuery(
            world.new_query_id(), self.person, query[:MAX_INLINE_QUERY], offset, world.clock()
        )
        world.inline_queries[asked.id] = asked
        body = {"id": asked.id, "from": self.person.to_json(), "query": asked.query}
        world.updates.put("inline_query", body | {"offset": offset, "chat_type": "sender"})
        world.wake()
        return asked

    def send_sticker(self, *, chat: Chat | None = None) -> Message:
        """Sends a sticker."""
        sticker = _file("sticker") | {"type": "regular", "width": 512, "height": 512}
        sticker |= {"is_animated": False, "is_video": False, "emoji": "👍"}
        return self._say(self._enter(chat), extra={"sticker": sticker})

    def send_photo(self, *, chat: Chat | None = None) -> Message:
        """Sends a photograph."""
        sizes = [_file(f"photo{side}") | {"width": side, "height": side} for side in (90, 800)]
        return self._say(self._enter(chat), extra={"photo": sizes})

    def send_voice(self, *, chat: Chat | None = None) -> Message:
        """Sends a voice note."""
        voice = _file("voice") | {"duration": 3, "mime_type": "audio/ogg"}
        return self._say(self._enter(chat), extra={"voice": voice})

    def block(self) -> None:
        """Blocks the bot: it is told so, and may not write any more."""
        self._change_membership(blocked=True)

    def unblock(self) -> None:
        """Lets the bot write again."""
        self._change_membership(blocked=False)

    def _change_membership(self, *, blocked: bool) -> None:
        """Private chats report only this (core.telegram.org/bots/api#update, my_chat_member)."""
        world, chat = self._world, self.chat
        if chat.blocked == blocked:
            return
        chat.blocked = blocked
        before, now = _membership(world.me, not blocked), _membership(world.me, blocked)
        body = {
            "chat": chat.to_json(),
            "from": self.person.to_json(),
            "date": world.now,
            "old_chat_member": before,
            "new_chat_member": now,
        }
        world.updates.put("my_chat_member", body)
        world.wake()

    def _enter(self, chat: Chat | None) -> Chat:
        """The chat to write in; writing to the bot starts the chat, and unblocks it."""
        target = chat or self.chat
        target.started = True
        if target is self.chat:
            self.unblock()
        return target

    def _find(self, chat: Chat, message: Message | int | None) -> Message | None:
        if message is None:
            return None
        message_id = message if isinstance(message, int) else message.id
        if (found := self._world.message(chat, message_id)) is None:
            raise ValueError(f"no message {message_id} in this chat")
        return found

    def _say(
        self,
        chat: Chat,
        *,
        text: str = "",
        reply_to: Message | None = None,
        extra: JsonDict | None = None,
    ) -> Message:
        message = self._world.add_message(
            chat,
            self.person,
            text=text,
            entities=tuple(detect(text)),
            reply_to=reply_to,
            extra=extra,
        )
        self._tell("message", message)
        return message

    def _tell(self, kind: str, message: Message) -> None:
        if self._world.hears(message):
            self._world.updates.put(kind, message.to_json())
            self._world.wake()


def _membership(bot: Person, blocked: bool) -> JsonDict:
    """As core.telegram.org/bots/api#chatmember."""
    if blocked:
        return {"user": bot.to_json(), "status": "kicked", "until_date": 0}
    return {"user": bot.to_json(), "status": "member"}


def _file(name: str) -> JsonDict:
    """The fields every file has (core.telegram.org/bots/api#photosize); there is no content."""
    return {"file_id": f"playground-{name}", "file_unique_id": name, "file_size": 1024}
