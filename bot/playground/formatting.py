"""From the text parameters of a request to what is stored: parsed, tidied, measured."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.playground.entities import TYPES, Entity, utf16_len, with_detected
from bot.playground.errors import bad_request
from bot.playground.htmlparse import HtmlError, parse_html
from bot.playground.tidy import tidy

if TYPE_CHECKING:
    from bot.playground.params import Params

MAX_TEXT = 4096  # core.telegram.org/bots/api#sendmessage, after entity parsing
MAX_CAPTION = 1024  # core.telegram.org/bots/api#senddocument
# Measured, not documented (tdlib/telegram-bot-api#165): about 9,500 bytes of entities.
MAX_ENTITY_BYTES = 9500
_ENTITY_BYTES = 12  # the constructor, offset and length of an entity on the wire

Formatted = tuple[str, tuple[Entity, ...]]


def read_text(params: Params) -> Formatted:
    """The `text` of a message; raises 400 for an empty, long or unreadable one."""
    if not params.text("text"):
        raise bad_request("message text is empty")
    text, entities = _read(params, "text", "entities")
    if not text:
        raise bad_request("text must be non-empty")
    if utf16_len(text) > MAX_TEXT:
        raise bad_request("message is too long")
    return text, entities


def read_caption(params: Params) -> Formatted:
    """The `caption` of a file, which may be empty."""
    text, entities = _read(params, "caption", "caption_entities")
    if utf16_len(text) > MAX_CAPTION:
        raise bad_request("message caption is too long")
    return text, entities


def _read(params: Params, name: str, entities_name: str) -> Formatted:
    source, mode = params.text(name), params.text("parse_mode").lower()
    if mode == "html":
        try:
            text, found = parse_html(source)
        except HtmlError as error:
            raise bad_request(f"can't parse entities: {error}") from error
    elif mode in {"", "none"}:
        text, found = source, _given(params.nested(entities_name))
    else:  # Markdown: Telegram reads it, this server does not, and the bot does not write it
        raise bad_request("unsupported parse_mode")
    try:
        text, found = tidy(text, found)
    except ValueError as error:
        raise bad_request(f"entity out of the text at UTF-16 offset {error}") from error
    entities = with_detected(text, found)
    size = sum(_ENTITY_BYTES + len((e.url or "").encode()) for e in entities)
    if size > MAX_ENTITY_BYTES:
        raise bad_request("ENTITIES_TOO_LONG")
    return text, entities


def _given(raw: Any) -> list[Entity]:
    """Entities that came as JSON instead of markup."""
    if raw is None:
        return []
    if not isinstance(raw, list) or not all(isinstance(item, dict) for item in raw):
        raise bad_request("expected an Array of MessageEntity")
    return [_entity(item) for item in raw]


def _entity(item: dict[str, Any]) -> Entity:
    kind, offset, length = item.get("type"), item.get("offset"), item.get("length")
    if kind not in TYPES or not isinstance(offset, int) or not isinstance(length, int):
        raise bad_request("can't parse MessageEntity")
    user = item.get("user") or {}
    return Entity(
        kind,
        offset,
        length,
        url=item.get("url"),
        language=item.get("language"),
        custom_emoji_id=item.get("custom_emoji_id"),
        user_id=user.get("id"),
    )
