"""What a visitor of the chat page does, each as a JSON object in and another out.

Anything that is not as the page would send it raises `ValueError`.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.playground.model import Chat, JsonDict
    from bot.playground.people import User
    from bot.playground.state import World


class Acts:
    """The people whom the page can be used as, what they see, and what they can do."""

    def __init__(self, world: World, visitors: Sequence[User]) -> None:
        self._world = world
        self._visitors = visitors
        self.table: dict[str, Callable[[User, Chat, JsonDict], JsonDict | Awaitable[JsonDict]]] = {
            "send": _send,
            "start": _start,
            "edit": _edit,
            "press": _press,
            "block": _block,
            "member": _member,
            "location": _location,
            "attach": _attach,
            "forward": self._forward,
            "later": self._later,
            "inline": _inline,
            "choose": self._choose,
        }

    def visitor(self, number: object) -> User:
        """The person with this number, counted from 1."""
        if not isinstance(number, int) or not 1 <= number <= len(self._visitors):
            raise ValueError("there is no such user")
        return self._visitors[number - 1]

    def chats(self, user: User) -> list[Chat]:
        """What a person sees: the chat with the bot, then every group and channel."""
        others = [c for c in self._world.chats.values() if c.type != "private"]
        return [user.chat, *(chat for chat in others if chat.migrated_to is None)]

    async def run(self, name: str, asked: JsonDict) -> JsonDict:
        """Does what is asked, as the `user` and in the `chat` that it names."""
        user = self.visitor(asked.get("user", 1))
        done = self.table[name](user, self._chat(user, asked.get("chat", user.id)), asked)
        return await done if isinstance(done, Awaitable) else done

    def _chat(self, user: User, wanted: object) -> Chat:
        for chat in self.chats(user):
            if chat.id == wanted:
                return chat
        raise ValueError("there is no such chat")

    def _choose(self, user: User, chat: Chat, asked: JsonDict) -> JsonDict:
        query = self._world.inline_queries.get(_string(asked, "query_id"))
        if query is None or query.person is not user.person:
            raise ValueError("there is no such query")
        return {"message_id": user.choose(query, _string(asked, "result_id"), chat=chat).id}

    def _forward(self, user: User, chat: Chat, asked: JsonDict) -> JsonDict:
        message = self._world.message(chat, _integer(asked, "message_id"))
        if message is None or message.is_service:
            raise ValueError("there is no such message")
        return {"message_id": user.forward(message, chat=self._chat(user, asked.get("to"))).id}

    async def _later(self, _user: User, _chat: Chat, asked: JsonDict) -> JsonDict:
        """Puts the clock forward, for everybody: what is due by then is due now."""
        world = self._world
        until = world.clock() + 3600 * max(0, min(_integer(asked, "hours"), 24 * 7))
        if world.before_leap is not None:
            await world.before_leap(until)
        world.put_forward(until)
        return {"now": world.now}


def _send(user: User, chat: Chat, asked: JsonDict) -> JsonDict:
    reply_to = None if asked.get("reply_to") is None else _integer(asked, "reply_to")
    return {"message_id": user.send(_string(asked, "text"), chat=chat, reply_to=reply_to).id}


def _start(user: User, _chat: Chat, asked: JsonDict) -> JsonDict:
    payload = _string(asked, "payload") if "payload" in asked else None
    return {"message_id": user.start(payload).id}


def _edit(user: User, chat: Chat, asked: JsonDict) -> JsonDict:
    message_id, text = _integer(asked, "message_id"), _string(asked, "text")
    return {"message_id": user.edit(message_id, text, chat=chat).id}


def _press(user: User, chat: Chat, asked: JsonDict) -> JsonDict:
    message_id, data = _integer(asked, "message_id"), _string(asked, "data")
    return {"query_id": user.press(message_id, data, chat=chat).id}


def _block(user: User, _chat: Chat, asked: JsonDict) -> JsonDict:
    (user.block if asked.get("blocked") else user.unblock)()
    return {"blocked": user.chat.bot_is_out}


def _member(user: User, chat: Chat, asked: JsonDict) -> JsonDict:
    if chat.type == "private":
        raise ValueError("the bot is no member of a private chat")
    (user.add_bot if asked.get("present") else user.remove_bot)(chat)
    return {"status": chat.status}


def _location(user: User, chat: Chat, asked: JsonDict) -> JsonDict:
    place = asked.get("latitude"), asked.get("longitude")
    latitude, longitude = (float(x) if isinstance(x, int | float) else 999.0 for x in place)
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise ValueError("that is no place on Earth")
    return {"message_id": user.send_location(latitude, longitude, chat=chat).id}


def _attach(user: User, chat: Chat, asked: JsonDict) -> JsonDict:
    kinds = {"sticker": user.send_sticker, "photo": user.send_photo, "voice": user.send_voice}
    if (send := kinds.get(_string(asked, "kind"))) is None:
        raise ValueError("there is nothing of that kind")
    return {"message_id": send(chat=chat).id}


def _inline(user: User, chat: Chat, asked: JsonDict) -> JsonDict:
    return {"query_id": user.inline(_string(asked, "query"), chat=chat).id}


def _integer(asked: JsonDict, name: str) -> int:
    if not isinstance(value := asked.get(name), int):
        raise ValueError(f"{name} must be a number")
    return value


def _string(asked: JsonDict, name: str) -> str:
    if not isinstance(value := asked.get(name), str):
        raise ValueError(f"{name} must be a string")
    return value
