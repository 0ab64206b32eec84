"""Everything the playground remembers: chats, messages, presses, updates. No HTTP, no waiting.

Time comes from a clock, and observers are told of each event, so the whole is a state machine
that tests can step.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, TypeAlias

from bot.playground.model import (
    Callback,
    Chat,
    Event,
    InlineQuery,
    JsonDict,
    Message,
    Person,
    Topic,
)
from bot.playground.updates import UpdateQueue

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.playground.entities import Entity
    from bot.playground.model import ChatType, Status
    from bot.playground.params import Upload

Scope: TypeAlias = tuple[str, str]  # a scope of commands and a language code

EVENTS_KEPT = 2000  # a page that lost touch for longer reloads the whole chat
# Not documented; bots report about 15 seconds before "query is too old".
CALLBACK_TTL_S = 15.0
FIRST_UPDATE_ID = 700_000_001
FIRST_USER_ID = 500_000_001
FIRST_GROUP_ID = -4_000_000_001
FIRST_SUPERGROUP_ID = -1_002_000_000_001  # core.telegram.org/bots/api#chat: -100 and the id


class World:
    """The state of one bot's Telegram. Every change goes through a method and leaves an `Event`."""

    def __init__(
        self,
        me: Person,
        clock: Callable[[], float],
        *,
        privacy: bool = True,
        inline_feedback: bool = False,
    ) -> None:
        self.me = me
        self._clock = clock
        self.ahead = 0.0  # seconds, by which a visitor has put the clock forward
        # What is awaited before the clock is put to that moment; it may go part of the way itself.
        self.before_leap: Callable[[float], Awaitable[None]] | None = None
        self.privacy = privacy
        self.inline_feedback = inline_feedback
        self.updates = UpdateQueue(self.clock, FIRST_UPDATE_ID)
        self.chats: dict[int, Chat] = {}
        self.people: dict[int, Person] = {}
        self.callbacks: dict[str, Callback] = {}
        self.inline_queries: dict[str, InlineQuery] = {}
        self.commands: dict[Scope, list[JsonDict]] = {}
        self.profile: dict[tuple[str, str], str] = {}
        self.menu_buttons: dict[int, JsonDict] = {}
        self.webhook: JsonDict | None = None
        self.events: deque[Event] = deque(maxlen=EVENTS_KEPT)
        self.observers: list[Callable[[], None]] = []
        self.inline_messages: dict[str, Message] = {}
        self.files: dict[str, Upload] = {}
        self._seq = 0
        self._message_id = 0
        self._query_id = 8_000_000_000

    def clock(self) -> float:
        """Unix seconds, as this world has them."""
        return self._clock() + self.ahead

    def put_forward(self, until: float) -> None:
        """Puts the clock to that moment, for everybody; never back."""
        self.ahead += max(0.0, until - self.clock())
        self.emit("clock", 0, {"now": self.now})

    @property
    def now(self) -> int:
        """The clock as the Bot API writes time: Unix seconds."""
        return int(self.clock())

    @property
    def seq(self) -> int:
        """The number of the last event."""
        return self._seq

    def emit(self, kind: str, chat_id: int, data: JsonDict, *, to: int | None = None) -> None:
        """Records an event and wakes whoever waits for one."""
        self._seq += 1
        self.events.append(Event(self._seq, kind, chat_id, data, to))
        self.wake()

    def wake(self) -> None:
        """Tells the observers that something may have changed."""
        for observer in tuple(self.observers):
            observer()

    def add_person(
        self,
        name: str,
        *,
        id: int | None = None,  # noqa: A002
        username: str | None,
        language: str | None,
    ) -> Person:
        """A new user and the private chat they share with the bot."""
        person_id = id if id is not None else FIRST_USER_ID + len(self.people)
        person = Person(person_id, name, username, language)
        self.people[person.id] = person
        self.chats[person.id] = Chat(person.id, "private", name, username)
        return person

    def add_group(
        self,
        title: str,
        type: ChatType,  # noqa: A002
        *,
        username: str | None = None,
        is_forum: bool = False,
    ) -> Chat:
        """A new group or channel, with the bot as a member or, in a channel, an administrator."""
        first = FIRST_GROUP_ID if type == "group" else FIRST_SUPERGROUP_ID
        status: Status = "administrator" if type == "channel" else "member"
        chat = Chat(first - len(self.chats), type, title, username, started=True, status=status)
        chat.is_forum = is_forum
        self.chats[chat.id] = chat
        return chat

    def add_topic(self, forum: Chat, name: str, creator: Person) -> int:
        """A new topic; its id is that of the message which tells of it."""
        number = self._next_message_id(forum)
        told: JsonDict = {"forum_topic_created": {"name": name, "icon_color": 7322096}}
        self.add_message(forum, creator, extra=told, topic=number)
        forum.topics[number] = Topic(name)
        return number

    def upgrade(self, group: Chat, by: Person) -> tuple[Message, Message]:
        """Makes a group a supergroup with another id; the messages that tell of it, old and new."""
        new = self.add_group(group.title, "supergroup")
        new.status, new.admins, new.members = group.status, group.admins, group.members
        group.migrated_to = new.id
        return (
            self.add_message(group, by, extra={"migrate_to_chat_id": new.id}),
            self.add_message(new, by, extra={"migrate_from_chat_id": group.id}),
        )

    def add_message(
        self,
        chat: Chat,
        sender: Person,
        *,
        text: str = "",
        entities: tuple[Entity, ...] = (),
        markup: JsonDict | None = None,
        reply_to: Message | None = None,
        extra: JsonDict | None = None,
        topic: int | None = None,
        via_bot: Person | None = None,
    ) -> Message:
        """Puts a message into a chat. Whether it may be sent was decided before."""
        message = Message(
            self._next_message_id(chat),
            chat,
            sender,
            self.now,
            text,
            entities,
            markup,
            reply_to,
            extra=extra or {},
            thread=_thread(chat, topic, reply_to),
            via_bot=via_bot,
        )
        if via_bot is not None and markup is not None:
            message.inline_id = f"inline-{self.new_query_id()}"
            self.inline_messages[message.inline_id] = message
        chat.members.add(sender.id)
        chat.messages[message.id] = message
        self.emit("message", chat.id, message.to_json())
        return message

    def _next_message_id(self, chat: Chat) -> int:
        """Supergroups and channels number their own; all other chats of a bot share a sequence."""
        if chat.type in ("supergroup", "channel"):
            # In a forum 1 is the topic that all begin with.
            return max(chat.messages, default=int(chat.is_forum)) + 1
        self._message_id += 1
        return self._message_id

    def change_message(
        self,
        message: Message,
        *,
        text: str,
        entities: tuple[Entity, ...],
        markup: JsonDict | None,
    ) -> None:
        """Edits a message in place; only a change of text counts as an edit to the reader."""
        if (text, entities) != (message.text, message.entities):
            message.edit_date = self.now
        message.text, message.entities, message.markup = text, entities, markup
        self.emit("edit", message.chat.id, message.to_json())

    def remove_message(self, message: Message) -> None:
        """Deletes a message: it can be neither edited nor replied to any more."""
        message.deleted = True
        self.emit("delete", message.chat.id, {"message_id": message.id})

    def message(self, chat: Chat, message_id: int) -> Message | None:
        """A message that is there to be seen."""
        found = chat.messages.get(message_id)
        return None if found is None or found.deleted else found

    def new_query_id(self) -> str:
        """An id for a callback or inline query."""
        self._query_id += 1
        return str(self._query_id)

    def open_callback(self, query_id: str) -> Callback | None:
        """A press that still waits for its answer: not too old, and not answered."""
        found = self.callbacks.get(query_id)
        fresh = found is not None and self.clock() - found.at <= CALLBACK_TTL_S
        return found if found is not None and fresh and found.answer is None else None

    def open_inline_query(self, query_id: str) -> InlineQuery | None:
        """An inline query that still waits for its answer."""
        found = self.inline_queries.get(query_id)
        fresh = found is not None and self.clock() - found.at <= CALLBACK_TTL_S
        return found if found is not None and fresh and found.answer is None else None

    def hears(self, message: Message) -> bool:
        """Whether the bot is told of a message: in groups, privacy mode hides ordinary talk.

        core.telegram.org/bots/features#privacy-mode: commands, mentions, replies, what was sent
        by way of the bot and what nobody wrote pass; an administrator is told everything.
        """
        chat = message.chat
        if chat.type == "private":
            return True
        if chat.bot_is_out:
            return False
        if chat.type == "channel" or chat.status == "administrator" or not self.privacy:
            return True
        if message.is_service or message.via_bot is self.me:
            return True
        if message.reply_to is not None and message.reply_to.sender is self.me:
            return True
        name = f"@{self.me.username}".lower()
        commands = message.pieces("bot_command")
        meant = [c for c in commands if "@" not in c or c.lower().endswith(name)]
        return bool(meant) or name in (m.lower() for m in message.pieces("mention"))


def _thread(chat: Chat, topic: int | None, reply_to: Message | None) -> int | None:
    """The thread of a new message: a reply in a forum stays in its topic."""
    if chat.is_forum:
        return topic if topic is not None or reply_to is None else reply_to.thread
    if chat.type == "supergroup" and reply_to is not None:
        return reply_to.thread or reply_to.id
    return None
