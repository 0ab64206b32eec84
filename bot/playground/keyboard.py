"""Which reply markups Telegram takes.

Limits: core.telegram.org/bots/api#inlinekeyboardbutton (callback_data 1-64 bytes, exactly one
action); 100 buttons and 8 a row are undocumented and are PTB's InlineKeyboardMarkupLimit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.playground.entities import checked_link
from bot.playground.errors import bad_request

if TYPE_CHECKING:
    from bot.playground.model import JsonDict

MAX_BUTTONS = 100
MAX_ROW = 8
MAX_CALLBACK_BYTES = 64
MAX_COPY_TEXT = 256  # core.telegram.org/bots/api#copytextbutton

ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)
_DECORATION = frozenset({"text", "style", "icon_custom_emoji_id"})
_OTHER_MARKUPS = ("keyboard", "remove_keyboard", "force_reply")


def check_markup(markup: Any, *, inline_only: bool = False) -> JsonDict | None:
    """The markup as it is stored; None for none, or for an inline keyboard without buttons.

    Raises 400 for what Telegram refuses. `inline_only` is an edit, which takes nothing else.
    """
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" not in markup:
        if inline_only or not any(name in markup for name in _OTHER_MARKUPS):
            raise bad_request("inline keyboard expected")
        return markup
    rows = markup["inline_keyboard"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" must be of type Array of Arrays')
    kept = [[_button(button) for button in row] for row in rows if row]
    if any(len(row) > MAX_ROW for row in kept) or sum(map(len, kept)) > MAX_BUTTONS:
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    return {"inline_keyboard": kept} if kept else None


def _button(button: Any) -> JsonDict:
    """One inline button, checked."""
    if not isinstance(button, dict):
        raise _cannot_parse("expected an Object")
    label = button.get("text")
    if not isinstance(label, str):
        raise _cannot_parse('Field "text" must be of type String')
    if not label.strip():
        raise _cannot_parse("text must be non-empty")
    actions = [name for name in ACTIONS if name in button]
    if not actions:
        raise _cannot_parse("Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1 or button.keys() - _DECORATION - set(ACTIONS):
        # Telegram takes the first action and forgets the rest; its manual says "exactly one".
        raise _cannot_parse("exactly one of the optional fields must be used")
    return button | _action(actions[0], button[actions[0]], label)


def _action(name: str, value: Any, label: str) -> JsonDict:
    """The action's field in the form it is stored in."""
    if name == "callback_data":
        if not isinstance(value, str) or not 1 <= len(value.encode()) <= MAX_CALLBACK_BYTES:
            raise bad_request("BUTTON_DATA_INVALID")
    elif name == "url":
        if not isinstance(value, str) or not value:
            raise bad_request("BUTTON_URL_INVALID")
        if (url := checked_link(value)) is None:
            raise bad_request(f"inline keyboard button URL '{value}' is invalid: Wrong HTTP URL")
        return {name: url}
    elif name == "copy_text":
        text = value.get("text") if isinstance(value, dict) else None
        if not isinstance(text, str) or not 1 <= len(text) <= MAX_COPY_TEXT:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")
    elif name in {"web_app", "login_url"}:
        url = value.get("url") if isinstance(value, dict) else None
        if not isinstance(url, str) or not url.startswith("https://"):
            raise bad_request(f"inline keyboard button {label!r} needs an HTTPS URL")
    elif name.startswith("switch_inline_query") and not isinstance(value, str | dict):
        raise _cannot_parse(f'Field "{name}" must be of type String')
    return {name: value}


def _cannot_parse(why: str) -> Exception:
    return bad_request(f"can't parse inline keyboard button: {why}")
