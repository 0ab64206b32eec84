"""What a chat is owed: one or more Telegram messages in order, and the quotes that stand in them.

Pure. A letter is stored as JSON in the outbox, and read back when its turn comes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from html import unescape
from typing import Any

from bot.message import Button, Message
from bot.typography import measure

_TAG = re.compile(r"<[^>]*>")

# Telegram's own limits: what was within those of `bot.views` has room for a line more.
_UNITS, _ENTITIES = 4096, 100


@dataclass(frozen=True, slots=True)
class QuoteRef:
    """A quote in a message of ours: which article it is of, under which title it was shown."""

    article: int
    title: str
    quote: str


@dataclass(frozen=True, slots=True)
class Letter:
    """Messages that are owed as one.

    `quotes` are kept, once sent, to correct them when their article changes. `silent` messages
    make no sound. `reply_to` is the message of ours that the first one answers, where it is
    known by its number and not by the letter that it `follows`. `amends` makes it a correction
    of that part (0 for the first message) of the letter it follows: written under its text where
    Telegram allows, else sent as a reply to it.
    """

    messages: tuple[Message, ...]
    quotes: tuple[QuoteRef, ...] = ()
    silent: bool = False
    reply_to: int | None = None
    amends: int | None = None

    def __post_init__(self) -> None:
        if not self.messages:
            raise ValueError("a letter holds at least one message")

    def part_of(self, quote: QuoteRef) -> int:
        """Which of the messages shows `quote`; the first where none does word for word."""
        for part, message in enumerate(self.messages):
            if quote.quote in unescape(_TAG.sub("", message.html)):
                return part
        return 0

    def with_messages(self, messages: tuple[Message, ...]) -> Letter:
        """The letter with other words."""
        return replace(self, messages=messages)

    def to_json(self) -> dict[str, Any]:
        """As the outbox keeps it; what is not set is left out."""
        kept: dict[str, Any] = {
            "messages": [
                {
                    "html": message.html,
                    "keyboard": [[_button(button) for button in row] for row in message.keyboard],
                }
                for message in self.messages
            ]
        }
        if self.quotes:
            kept["quotes"] = [[quote.article, quote.title, quote.quote] for quote in self.quotes]
        if self.silent:
            kept["silent"] = True
        if self.reply_to is not None:
            kept["reply_to"] = self.reply_to
        if self.amends is not None:
            kept["amends"] = self.amends
        return kept

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Letter:
        """The letter that `to_json` wrote."""
        return cls(
            messages=tuple(
                Message(
                    message["html"],
                    tuple(tuple(Button(**button) for button in row) for row in message["keyboard"]),
                )
                for message in kept["messages"]
            ),
            quotes=tuple(QuoteRef(*quote) for quote in kept.get("quotes", ())),
            silent=kept.get("silent", False),
            reply_to=kept.get("reply_to"),
            amends=kept.get("amends"),
        )


def under(above: Message, line: Message) -> Message | None:
    """`above` with `line` written under it and its own buttons; None where they do not fit."""
    html = f"{above.html}\n\n{line.html}"
    size = measure(html)
    if size.units > _UNITS or size.entities > _ENTITIES:
        return None
    return Message(html, above.keyboard)


def _button(button: Button) -> dict[str, str]:
    fields = {
        "label": button.label,
        "data": button.data,
        "url": button.url,
        "inline": button.inline,
    }
    return {name: value for name, value in fields.items() if value is not None}
