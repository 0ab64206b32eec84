"""The Bot API methods about the bot itself: its name, description, commands and menu button."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from bot.playground.addressing import chat_of
from bot.playground.errors import bad_request
from bot.playground.params import Params

if TYPE_CHECKING:
    from bot.playground.model import Chat, JsonDict, Person
    from bot.playground.state import Scope, World

COMMAND = re.compile(r"[a-z0-9_]{1,32}")  # core.telegram.org/bots/api#botcommand
MAX_COMMANDS = 100  # core.telegram.org/bots/api#setmycommands
MAX_COMMAND_DESCRIPTION = 256
# core.telegram.org/bots/api#setmyname, #setmydescription, #setmyshortdescription
PROFILE_LIMITS = {"name": 64, "description": 512, "short_description": 120}
_SCOPES = {
    "default": (),
    "all_private_chats": (),
    "all_group_chats": (),
    "all_chat_administrators": (),
    "chat": ("chat_id",),
    "chat_administrators": ("chat_id",),
    "chat_member": ("chat_id", "user_id"),
}
_LANGUAGE = re.compile(r"(?:[a-z]{2})?")
_MENU_BUTTONS = frozenset({"default", "commands", "web_app"})


class Profile:
    """What people see of the bot before they talk to it."""

    def __init__(self, world: World) -> None:
        self._world = world

    def set_my_commands(self, params: Params) -> bool:
        """core.telegram.org/bots/api#setmycommands"""
        commands = params.nested("commands")
        if not isinstance(commands, list):
            raise bad_request("can't parse bot commands: expected an Array")
        if len(commands) > MAX_COMMANDS:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        self._world.commands[self._scope(params)] = [_command(command) for command in commands]
        self._world.emit("commands", 0, {})
        return True

    def get_my_commands(self, params: Params) -> list[JsonDict]:
        """core.telegram.org/bots/api#getmycommands"""
        return self._world.commands.get(self._scope(params), [])

    def delete_my_commands(self, params: Params) -> bool:
        """core.telegram.org/bots/api#deletemycommands"""
        self._world.commands.pop(self._scope(params), None)
        self._world.emit("commands", 0, {})
        return True

    def _scope(self, params: Params) -> Scope:
        """A scope of commands as a key; the chat it names has to be one that the bot knows."""
        scope = params.nested("scope") or {"type": "default"}
        if not isinstance(scope, dict) or scope.get("type") not in _SCOPES:
            raise bad_request("can't parse BotCommandScope: unsupported type")
        needed = _SCOPES[scope["type"]]
        if missing := [name for name in needed if name not in scope]:
            raise bad_request(f"can't parse BotCommandScope: {missing[0]} is not specified")
        key = {name: scope[name] for name in ("type", *needed)}
        if "chat_id" in needed:
            chat = chat_of(self._world, Params({"chat_id": scope["chat_id"]}))
            if scope["type"] != "chat" and chat.type == "private":
                raise bad_request("can't change commands of a private chat by its members")
            key["chat_id"] = chat.id
        return _key(key), _language(params)

    def set_profile(self, name: str, params: Params) -> bool:
        """setMyName, setMyDescription and setMyShortDescription."""
        value = params.text(name)
        if len(value) > PROFILE_LIMITS[name]:
            raise bad_request(f"BOT_{name.upper()}_TOO_LONG")
        self._world.profile[name, _language(params)] = value
        return True

    def get_profile(self, name: str, params: Params) -> JsonDict:
        """getMyName, getMyDescription and getMyShortDescription; "" falls back to no language."""
        default = self._world.profile.get((name, ""), "")
        value = self._world.profile.get((name, _language(params))) or default
        return {name: value or (self._world.me.first_name if name == "name" else "")}

    def set_chat_menu_button(self, params: Params) -> bool:
        """core.telegram.org/bots/api#setchatmenubutton"""
        button = params.nested("menu_button") or {"type": "default"}
        if not isinstance(button, dict) or button.get("type") not in _MENU_BUTTONS:
            raise bad_request("can't parse menu button: unsupported type")
        self._world.menu_buttons[params.integer("chat_id")] = button
        return True

    def get_chat_menu_button(self, params: Params) -> JsonDict:
        """core.telegram.org/bots/api#getchatmenubutton"""
        default = self._world.menu_buttons.get(0, {"type": "commands"})
        return self._world.menu_buttons.get(params.integer("chat_id"), default)


def commands_for(world: World, chat: Chat, person: Person) -> list[JsonDict]:
    """The commands a person sees in a chat: the narrowest scope and language that has any.

    The order is core.telegram.org/bots/api#determining-list-of-commands.
    """
    here = {"chat_id": chat.id}
    scopes: list[JsonDict] = [{"type": "chat", **here}]
    if chat.type == "private":
        scopes.append({"type": "all_private_chats"})
    else:
        by_member: list[JsonDict] = [{"type": "chat_member", **here, "user_id": person.id}]
        general: list[JsonDict] = [{"type": "all_group_chats"}]
        if person.id in chat.admins:
            by_member.append({"type": "chat_administrators", **here})
            general.insert(0, {"type": "all_chat_administrators"})
        scopes = [*by_member, *scopes, *general]
    for scope in [*scopes, {"type": "default"}]:
        for code in (person.language_code or "", ""):
            if found := world.commands.get((_key(scope), code)):
                return found
    return []


def _key(scope: JsonDict) -> str:
    return json.dumps(scope, sort_keys=True)


def _language(params: Params) -> str:
    code = params.text("language_code")
    if not _LANGUAGE.fullmatch(code):
        raise bad_request("invalid language code specified")
    return code


def _command(command: Any) -> JsonDict:
    """One command, checked."""
    if not isinstance(command, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    name, description = command.get("command"), command.get("description")
    if not isinstance(name, str) or not COMMAND.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not isinstance(description, str) or not 1 <= len(description.strip()) <= (
        MAX_COMMAND_DESCRIPTION
    ):
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description}
