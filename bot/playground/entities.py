"""What a stretch of a message's text is: bold, a link, a quotation, a command.

Telegram counts `offset` and `length` in UTF-16 code units
(core.telegram.org/bots/api#messageentity); everything here that takes or gives an `Entity`
outside this package uses those units.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

STYLES = frozenset({"bold", "italic", "underline", "strikethrough", "spoiler"})
QUOTES = frozenset({"blockquote", "expandable_blockquote"})
VERBATIM = frozenset({"code", "pre"})
_PLAIN_TYPES = STYLES | QUOTES | VERBATIM | {"mention", "hashtag", "url", "bot_command", "email"}
TYPES = _PLAIN_TYPES | {"text_link", "text_mention", "custom_emoji", "cashtag", "phone_number"}

MAX_ENTITIES = 100  # "the rest are ignored": PTB's MessageLimit.MESSAGE_ENTITIES
_SCHEMES = frozenset({"http", "https", "tg", "ton", "tonsite"})
# Outer before inner where two share a stretch; Telegram's own order for the types it lists.
_RANK = {"blockquote": 0, "expandable_blockquote": 0, "pre": 11, "code": 20, "text_link": 49}


@dataclass(frozen=True, slots=True)
class Entity:
    """A stretch of text that is something; `url` is a text_link's, `user_id` a text_mention's."""

    type: str
    offset: int
    length: int
    url: str | None = None
    language: str | None = None
    custom_emoji_id: str | None = None
    user_id: int | None = None

    @property
    def end(self) -> int:
        """Where the stretch ends."""
        return self.offset + self.length

    def to_json(self) -> dict[str, object]:
        """As core.telegram.org/bots/api#messageentity."""
        body: dict[str, object] = {"type": self.type, "offset": self.offset, "length": self.length}
        for name in ("url", "language", "custom_emoji_id"):
            if (value := getattr(self, name)) is not None:
                body[name] = value
        if self.user_id is not None:
            body["user"] = {"id": self.user_id, "is_bot": False, "first_name": str(self.user_id)}
        return body


def utf16_len(text: str) -> int:
    """The length of `text` as Telegram counts it."""
    return len(text) + sum(char > "\uffff" for char in text)


def utf16_slice(text: str, entity: Entity) -> str:
    """The stretch of `text` that `entity` covers."""
    units = text.encode("utf-16-le")
    return units[2 * entity.offset : 2 * entity.end].decode("utf-16-le")


def in_order(entities: list[Entity]) -> list[Entity]:
    """By start, the longer (outer) first."""
    return sorted(entities, key=lambda e: (e.offset, -e.length, _RANK.get(e.type, 90)))


def checked_link(url: str) -> str | None:
    """`url` as Telegram stores it, or None for what it does not take as a link.

    A bare host gets a scheme, an empty path a slash; a host needs a dot, so `localhost` is no
    link (Telegram: "Wrong HTTP URL").
    """
    url = url.strip()
    if not url or any(char.isspace() or char < " " for char in url):
        return None
    if "://" not in url:
        url = f"http://{url}"
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    if parts.scheme not in _SCHEMES or not host:
        return None
    if parts.scheme in {"tg", "ton", "tonsite"}:
        return url
    if ("." not in host.strip(".") and ":" not in host) or port == 0:
        return None
    return parts._replace(path=parts.path or "/").geturl()


_AUTO = (
    # Names of commands are Latin (core.telegram.org/bots/api#botcommand): «/بحث» is plain text.
    ("bot_command", r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/@])"),
    ("url", r"(?<!\w)(?:https?://|t\.me/)[^\s<>\"«»]+[^\s<>\"«».,:;!?)،؛؟]"),
    ("mention", r"(?<![\w/])@[A-Za-z][A-Za-z0-9_]{3,31}(?!\w)"),
    ("hashtag", r"(?<!\w)#(?!\d+\b)\w{1,256}"),
)
_AUTO_PATTERN = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _AUTO))


def detect(text: str) -> list[Entity]:
    """The commands, links, mentions and hashtags that Telegram finds by itself in plain text."""
    found = []
    for match in _AUTO_PATTERN.finditer(text):
        kind = match.lastgroup or ""
        found.append(Entity(kind, utf16_len(text[: match.start()]), utf16_len(match.group())))
    return found


def with_detected(text: str, entities: list[Entity]) -> tuple[Entity, ...]:
    """`entities` and those found in `text` outside links and verbatim stretches; at most 100."""
    taken = [e for e in entities if e.type not in STYLES | QUOTES]
    extra = [
        new
        for new in detect(text)
        if all(new.end <= e.offset or e.end <= new.offset for e in taken)
    ]
    return tuple(in_order(entities + extra)[:MAX_ENTITIES])


def to_code_points(text: str, entities: list[Entity]) -> list[Entity]:
    """The same entities counted in code points.

    Raises `ValueError` for one that begins or ends outside the text or inside a character.
    """
    index = {0: 0}
    position = 0
    for count, char in enumerate(text, 1):
        position += 1 + (char > "\uffff")
        index[position] = count
    converted = []
    for entity in entities:
        if entity.offset not in index or entity.end not in index:
            raise ValueError(entity.offset if entity.offset not in index else entity.end)
        start = index[entity.offset]
        converted.append(replace(entity, offset=start, length=index[entity.end] - start))
    return converted


def to_utf16(text: str, entities: list[Entity]) -> list[Entity]:
    """The inverse of `to_code_points`."""
    position = [0]
    for char in text:
        position.append(position[-1] + 1 + (char > "\uffff"))
    return [
        replace(e, offset=position[e.offset], length=position[e.end] - position[e.offset])
        for e in entities
    ]
