"""Who talks to the bot, where, and what is said; each knows its own Bot API form."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from bot.playground.entities import Entity, utf16_slice

JsonDict: TypeAlias = dict[str, Any]
ChatType = Literal["private", "group", "supergroup", "channel"]
Status = Literal["member", "administrator", "left", "kicked"]

# What a message says that nobody wrote; the bot is told of these whatever its privacy mode.
SERVICE = frozenset(
    {
        "new_chat_members",
        "left_chat_member",
        "migrate_to_chat_id",
        "migrate_from_chat_id",
        "forum_topic_created",
        "forum_topic_closed",
        "forum_topic_reopened",
    }
)
_WITH_CAPTION = frozenset({"document", "photo", "voice"})


@dataclass(slots=True)
class Person:
    """A user, or the bot itself. `hides_forwards`: what is forwarded of them tells only a name."""

    id: int
    first_name: str
    username: str | None = None
    language_code: str | None = None
    is_bot: bool = False
    hides_forwards: bool = False

    def to_json(self) -> JsonDict:
        """As core.telegram.org/bots/api#user."""
        body: JsonDict = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        for name in ("username", "language_code"):
            if (value := getattr(self, name)) is not None:
                body[name] = value
        return body


@dataclass(slots=True)
class Message:
    """A message as it stands now. `extra` holds what a kind of message adds (document, sticker).

    `thread` is the topic in a forum; in other supergroups the message that a chain of replies
    began with, which is no topic. `inline_id` names to the bot what was sent by way of it.
    """

    id: int
    chat: Chat
    sender: Person
    date: int
    text: str = ""
    entities: tuple[Entity, ...] = ()
    markup: JsonDict | None = None
    reply_to: Message | None = None
    edit_date: int | None = None
    extra: JsonDict = field(default_factory=dict)
    thread: int | None = None
    via_bot: Person | None = None
    inline_id: str | None = None
    deleted: bool = False

    @property
    def keyboard(self) -> list[list[JsonDict]]:
        """The inline buttons, row by row."""
        return list((self.markup or {}).get("inline_keyboard", []))

    @property
    def buttons(self) -> list[str]:
        """The labels of the inline buttons, in reading order."""
        return [button["text"] for row in self.keyboard for button in row]

    @property
    def is_caption(self) -> bool:
        """Whether the text stands under a file."""
        return not _WITH_CAPTION.isdisjoint(self.extra)

    @property
    def is_service(self) -> bool:
        """Whether it tells of the chat itself, and nobody wrote it."""
        return not SERVICE.isdisjoint(self.extra)

    def pieces(self, kind: str) -> list[str]:
        """The stretches of text of one entity type: `pieces("blockquote")`."""
        return [utf16_slice(self.text, e) for e in self.entities if e.type == kind]

    def to_json(self, *, with_reply: bool = True) -> JsonDict:
        """As core.telegram.org/bots/api#message; replies are one level deep there too."""
        body: JsonDict = {
            "message_id": self.id,
            "chat": self.chat.to_json(),
            "date": self.date,
            **self.extra,
        }
        if self.chat.type == "channel":  # who wrote a post is not told
            body["sender_chat"] = self.chat.to_json()
        else:
            body["from"] = self.sender.to_json()
        if self.thread is not None:
            body["message_thread_id"] = self.thread
            if self.chat.is_forum:
                body["is_topic_message"] = True
        if self.via_bot is not None:
            body["via_bot"] = self.via_bot.to_json()
        if self.text:
            body["caption" if self.is_caption else "text"] = self.text
        if self.entities:
            name = "caption_entities" if self.is_caption else "entities"
            body[name] = [entity.to_json() for entity in self.entities]
        if self.keyboard:
            body["reply_markup"] = {"inline_keyboard": self.keyboard}
        if self.edit_date is not None:
            body["edit_date"] = self.edit_date
        if with_reply and self.reply_to is not None:
            body["reply_to_message"] = self.reply_to.to_json(with_reply=False)
        return body


@dataclass(slots=True)
class Topic:
    """A topic of a forum."""

    name: str
    closed: bool = False


@dataclass(slots=True)
class Chat:
    """A conversation. `status` is the bot's own: `kicked` from a private chat is blocked.

    `started` and `deactivated` are about private ones: whether the user ever wrote, and whether
    the account is gone. `admins` and `members` are users' ids; `topics` are a forum's.
    """

    id: int
    type: ChatType
    title: str
    username: str | None = None
    messages: dict[int, Message] = field(default_factory=dict)
    started: bool = False
    status: Status = "member"
    deactivated: bool = False
    is_forum: bool = False
    topics: dict[int, Topic] = field(default_factory=dict)
    admins: set[int] = field(default_factory=set)
    members: set[int] = field(default_factory=set)
    migrated_to: int | None = None

    @property
    def bot_is_out(self) -> bool:
        """Whether the bot was blocked, removed, or never there."""
        return self.status in ("left", "kicked")

    def to_json(self) -> JsonDict:
        """As core.telegram.org/bots/api#chat."""
        name = "first_name" if self.type == "private" else "title"
        body: JsonDict = {"id": self.id, "type": self.type, name: self.title}
        if self.username is not None:
            body["username"] = self.username
        if self.is_forum:
            body["is_forum"] = True
        return body

    def to_full_json(self) -> JsonDict:
        """As core.telegram.org/bots/api#chatfullinfo, its required fields."""
        gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription")
        return self.to_json() | {
            "accent_color_id": 0,
            "max_reaction_count": 11,
            "accepted_gift_types": {**dict.fromkeys(gifts, False), "gifts_from_channels": False},
        }


@dataclass(slots=True)
class Callback:
    """A press on a button that waits for the bot to answer it."""

    id: str
    person: Person
    message: Message
    data: str
    at: float
    answer: JsonDict | None = None


@dataclass(slots=True)
class InlineQuery:
    """A question typed after the bot's name in any chat."""

    id: str
    person: Person
    query: str
    offset: str
    at: float
    answer: JsonDict | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in a chat (`chat_id` 0: to the bot itself), numbered without gaps.

    `kind` is one of message, edit, delete, action, answer, inline, member, refused, commands; `to`
    is the user whose alone it is, if it is somebody's.
    """

    seq: int
    kind: str
    chat_id: int
    data: JsonDict
    to: int | None = None
