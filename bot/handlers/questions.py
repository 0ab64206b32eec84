"""Which question a message asks or answers, found in the message itself: nothing is kept for it."""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from telegram.constants import MessageEntityType

from bot.texts import AR, EN, command_of, problem_of
from bot.typography import unmarked
from index.conversation import begins_asking

if TYPE_CHECKING:
    from telegram import Bot, Message

_LONGEST_NAME = 4  # words of a city or an hour; what is longer is a sentence
_ASK = re.compile(r"/ask(?:@(\w+))?(?:\s+|$)", re.IGNORECASE)


def question_of(message: Message) -> str | None:
    """The question that an answer of ours is to, or None where there is none to be found.

    It stands above the answer where the reader did not write it so (a pressed example, a
    fragment); else the answer is Telegram's reply to it.
    """
    if heading := heading_of(message):
        return heading
    asked = message.reply_to_message
    if asked is None or not text_of(asked) or (asked.from_user and asked.from_user.is_bot):
        return None
    question = question_in(asked, message.get_bot().username)
    if question.startswith("/") or command_of(question) or problem_of(question):
        return None
    return question


def heading_of(message: Message) -> str | None:
    """The question in the heading of an answer of ours, or None where it has none."""
    text = unmarked(message.text or "")
    if not text.startswith((AR.question, EN.question)):
        return None
    italics = message.parse_entities([MessageEntityType.ITALIC])
    first = min(italics, key=lambda entity: entity.offset, default=None)
    return unmarked(italics[first]).strip() or None if first else None


def text_of(message: Message) -> str:
    """What is written in `message`, or under its picture."""
    return message.text or message.caption or ""


def question_in(message: Message, username: str) -> str:
    """What somebody's `message` asks: its text without a mention of us, and without /ask."""
    text = _ASK.sub("", text_of(message).strip(), count=1)
    mention = re.compile(rf"(?<!\w)@{re.escape(username)}(?!\w)", re.IGNORECASE)
    return " ".join(mention.sub(" ", text).split()) if mention.search(text) else text.strip()


def addressed(message: Message, bot: Bot) -> str | None:
    """What `message` says to the bot, or None where it does not speak to it.

    In a private chat all do; in a group one that mentions the bot or replies to a message of its.
    """
    if message.chat.type == message.chat.PRIVATE:
        return text_of(message).strip()
    of = message.parse_entities if message.text else message.parse_caption_entities
    mentions = of([MessageEntityType.MENTION]).values()
    name = f"@{bot.username}".casefold()
    if name in (mention.casefold() for mention in mentions):
        return question_in(message, bot.username)
    replied = message.reply_to_message
    if replied and replied.from_user and replied.from_user.id == bot.id:
        return text_of(message).strip()
    return None


def asked_in(message: Message, bot: Bot) -> str | None:
    """What `message` asks the bot, by /ask or by speaking to it; None where it asks nothing."""
    command = _ASK.match(text_of(message))
    if command and command[1] in (None, bot.username):
        return question_in(message, bot.username)
    question = addressed(message, bot)
    if question is None or question.startswith("/") or command_of(question):
        return None
    return question


def asks(text: str) -> bool:
    """Whether `text`, where a city or an hour is waited for, is rather a question."""
    return asks_clearly(text) or len(text.split()) > _LONGEST_NAME


def asks_clearly(text: str) -> bool:
    """Whether `text` is a question by its mark or its first word, however long it is."""
    return bool({"؟", "?"} & set(text)) or begins_asking(text)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was put to the archive, and the message that asked it (none: a button)."""

    question: str
    by: int | None
    text: str


class Recent:
    """The last questions and which messages answer them, in memory only: gone with the process.

    For what Telegram does not tell: which question a reply to an answer goes on from, and which
    answer an edited question has.
    """

    def __init__(self, most: int = 1000) -> None:
        self._most = most
        self._asked: OrderedDict[tuple[int, int], Asked] = OrderedDict()

    def note(self, chat: int, answer: int, asked: Asked) -> None:
        """Remember that the message `answer` of a chat answers `asked`; it is the last there."""
        self._asked[chat, answer] = asked
        self._asked.move_to_end((chat, answer))
        if len(self._asked) > self._most:
            self._asked.popitem(last=False)

    def answered_by(self, chat: int, answer: int) -> Asked | None:
        """What the message `answer` answers."""
        return self._asked.get((chat, answer))

    def answer_to(self, chat: int, question: int) -> tuple[int, Asked] | None:
        """The message that answers the message `question`, and what was asked."""
        return next(
            (
                (answer, asked)
                for (where, answer), asked in reversed(self._asked.items())
                if (where, asked.by) == (chat, question)
            ),
            None,
        )

    def last(self, chat: int) -> Asked | None:
        """The last question of a chat."""
        return next(
            (asked for (where, _), asked in reversed(self._asked.items()) if where == chat), None
        )

    def forget(self, chat: int) -> None:
        """Forget all of a chat."""
        for key in [key for key in self._asked if key[0] == chat]:
            del self._asked[key]
