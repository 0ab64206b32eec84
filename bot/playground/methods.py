"""Which Bot API methods there are, and the one place that runs them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from bot.playground.errors import ApiError
from bot.playground.membership import get_chat_member
from bot.playground.messages import Messages
from bot.playground.profile import PROFILE_LIMITS, Profile
from bot.playground.queries import Queries
from bot.playground.webhook import Webhooks

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.playground.limits import FloodGate
    from bot.playground.model import JsonDict
    from bot.playground.params import Params
    from bot.playground.state import World

    Method: TypeAlias = Callable[[Params], object]


class BotApi:
    """The Bot API without its HTTP, and without getUpdates, which waits and so lives apart."""

    def __init__(self, world: World, gate: FloodGate) -> None:
        self._world = world
        self._methods = self._table(world, gate)

    def _table(self, world: World, gate: FloodGate) -> dict[str, Method]:
        """Methods by name in lower case: Telegram ignores the case."""
        messages, queries = Messages(world, gate), Queries(world)
        profile, webhooks = Profile(world), Webhooks(world)
        table: dict[str, Method] = {
            "getme": self._get_me,
            "logout": lambda _params: True,
            "close": lambda _params: True,
            "sendmessage": messages.send_message,
            "senddocument": messages.send_document,
            "editmessagetext": messages.edit_message_text,
            "editmessagereplymarkup": messages.edit_message_reply_markup,
            "deletemessage": messages.delete_message,
            "sendchataction": messages.send_chat_action,
            "getchat": messages.get_chat,
            "getchatmember": partial(get_chat_member, world),
            "answercallbackquery": queries.answer_callback_query,
            "answerinlinequery": queries.answer_inline_query,
            "setmycommands": profile.set_my_commands,
            "getmycommands": profile.get_my_commands,
            "deletemycommands": profile.delete_my_commands,
            "setchatmenubutton": profile.set_chat_menu_button,
            "getchatmenubutton": profile.get_chat_menu_button,
            "setwebhook": webhooks.set_webhook,
            "deletewebhook": webhooks.delete_webhook,
            "getwebhookinfo": webhooks.get_webhook_info,
        }
        for name in PROFILE_LIMITS:
            camel = name.replace("_", "")
            table[f"setmy{camel}"] = partial(profile.set_profile, name)
            table[f"getmy{camel}"] = partial(profile.get_profile, name)
        return table

    def call(self, method: str, params: Params) -> object:
        """Runs a method and gives its result; raises `ApiError` for a refusal."""
        if (run := self._methods.get(method.lower())) is None:
            raise ApiError(404, "Not Found")
        return run(params)

    def _get_me(self, _params: Params) -> JsonDict:
        """core.telegram.org/bots/api#getme"""
        return self._world.me.to_json() | {
            "can_join_groups": True,
            "can_read_all_group_messages": not self._world.privacy,
            "supports_inline_queries": True,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }
