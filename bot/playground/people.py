"""The people's side: what a user of Telegram can do, for tests and for the chat page.

A `User` acts in a chat (its private chat with the bot unless told otherwise) and every act
becomes the update that Telegram would send. What no Telegram client could do (pressing a button
that is not there, a bad start payload) raises `ValueError`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.playground.entities import detect
from bot.playground.inline import ask_inline, place
from bot.playground.membership import move_bot
from bot.playground.model import Callback, Chat, InlineQuery, JsonDict, Message, Person
from bot.playground.tidy import tidy

if TYPE_CHECKING:
    from bot.playground.state import World

# core.telegram.org/bots/features#deep-linking: "up to 64 base64url characters"
START_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")


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
        self,
        text: str,
        *,
        chat: Chat | None = None,
        reply_to: Message | int | None = None,
        topic: int | None = None,
    ) -> Message:
        """Writes a message, in a channel a post. Raises `ValueError` for what no client sends."""
        text, _ = tidy(text, [])
        if not text:
            raise ValueError("nothing to send")
        target = self._enter(chat)
        if topic is not None and topic not in target.topics:
            raise ValueError(f"no topic {topic} in this chat")
        return self._say(target, text=text, reply_to=self._find(target, reply_to), topic=topic)

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
        self._tell(found, edited=True)
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
            "chat_instance": str(message.chat.id * 7919),
            "data": callback.data,
        }
        if message.inline_id is None:
            body["message"] = message.to_json()
        else:
            body["inline_message_id"] = message.inline_id
        world.updates.put("callback_query", body)
        world.wake()
        return callback

    def inline(self, query: str, *, offset: str = "", chat: Chat | None = None) -> InlineQuery:
        """Types a question after the bot's name in a chat; at most 256 characters reach the bot."""
        return ask_inline(self._world, self.person, query, offset, chat)

    def choose(self, query: InlineQuery, result_id: str, *, chat: Chat | None = None) -> Message:
        """Sends a result of an answered query into a chat, whether the bot is there or not."""
        message = place(self._world, query, result_id, self._enter(chat))
        self._tell(message)
        return message

    def forward(self, message: Message, *, chat: Chat | None = None) -> Message:
        """Hands a message on: its text, its file and where it comes from, but no buttons."""
        origin = message.extra.get("forward_origin") or _origin(message)
        extra = message.extra | {"forward_origin": origin}
        return self._say(self._enter(chat), text=message.text, extra=extra, of=message)

    def send_sticker(self, *, chat: Chat | None = None) -> Message:
        """Sends a sticker."""
        sticker = _file("sticker") | {"type": "regular", "width": 512, "height": 512}
        sticker |= {"is_animated": False, "is_video": False, "emoji": "👍"}
        return self._say(self._enter(chat), extra={"sticker": sticker})

    def send_photo(self, caption: str = "", *, chat: Chat | None = None) -> Message:
        """Sends a photograph."""
        sizes = [_file(f"photo{side}") | {"width": side, "height": side} for side in (90, 800)]
        return self._say(self._enter(chat), text=caption, extra={"photo": sizes})

    def send_voice(self, *, chat: Chat | None = None) -> Message:
        """Sends a voice note."""
        voice = _file("voice") | {"duration": 3, "mime_type": "audio/ogg"}
        return self._say(self._enter(chat), extra={"voice": voice})

    def send_location(
        self, latitude: float, longitude: float, *, chat: Chat | None = None
    ) -> Message:
        """Shares a place."""
        place = {"latitude": latitude, "longitude": longitude}
        return self._say(self._enter(chat), extra={"location": place})

    def block(self) -> None:
        """Blocks the bot: it is told so, and may not write any more."""
        move_bot(self._world, self.chat, "kicked", self.person)

    def unblock(self) -> None:
        """Lets the bot write again."""
        move_bot(self._world, self.chat, "member", self.person)

    def delete_account(self) -> None:
        """Leaves Telegram: the bot is not told, and may not write any more."""
        self.chat.deactivated = True

    def add_bot(self, chat: Chat, *, as_admin: bool = False) -> None:
        """Brings the bot into a group or a channel, or makes it an administrator there."""
        admin = as_admin or chat.type == "channel"  # a channel's subscribers are people
        move_bot(self._world, chat, "administrator" if admin else "member", self.person)

    def remove_bot(self, chat: Chat) -> None:
        """Takes the bot out of a group or a channel."""
        move_bot(self._world, chat, "kicked", self.person)

    def open_topic(self, forum: Chat, name: str) -> int:
        """Opens a topic in a forum; its id."""
        topic = self._world.add_topic(forum, name, self.person)
        self._tell(forum.messages[topic])
        return topic

    def close_topic(self, forum: Chat, topic: int) -> None:
        """Closes a topic: only administrators write in it any more."""
        forum.topics[topic].closed = True
        self._say(forum, extra={"forum_topic_closed": {}}, topic=topic)

    def upgrade(self, group: Chat) -> Chat:
        """Makes a group a supergroup, which has another id; both chats tell the bot of it."""
        told = self._world.upgrade(group, self.person)
        for message in told:
            self._tell(message)
        return told[1].chat

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
        topic: int | None = None,
        of: Message | None = None,
    ) -> Message:
        """Puts a message into a chat and tells the bot; `of` is the one whose entities it has."""
        message = self._world.add_message(
            chat,
            self.person,
            text=text,
            entities=tuple(detect(text)) if of is None else of.entities,
            reply_to=reply_to,
            extra=extra,
            topic=topic,
        )
        self._tell(message)
        return message

    def _tell(self, message: Message, *, edited: bool = False) -> None:
        kind = "channel_post" if message.chat.type == "channel" else "message"
        if self._world.hears(message):
            self._world.updates.put(f"edited_{kind}" if edited else kind, message.to_json())
            self._world.wake()


def _origin(message: Message) -> JsonDict:
    """As core.telegram.org/bots/api#messageorigin."""
    sender = message.sender
    if message.chat.type == "channel":
        told: JsonDict = {"chat": message.chat.to_json(), "message_id": message.id}
        return {"type": "channel", "date": message.date, **told}
    if sender.hides_forwards:
        return {"type": "hidden_user", "date": message.date, "sender_user_name": sender.first_name}
    return {"type": "user", "date": message.date, "sender_user": sender.to_json()}


def _file(name: str) -> JsonDict:
    """The fields every file has (core.telegram.org/bots/api#photosize); there is no content."""
    return {"file_id": f"playground-{name}", "file_unique_id": name, "file_size": 1024}
