"""The playground: a Bot API server on this machine that refuses what Telegram refuses.

    server = PlaygroundServer()
    await server.start()                  # python-telegram-bot: .base_url(server.base_url)
    reader = server.user("سلمى")
    asked = reader.send("متى افتتح المتحف؟")
    answer = await server.wait_message(reader.chat, after=asked)

One event loop owns everything: call it from the loop it was started on.
"""

from __future__ import annotations

import asyncio
import secrets
import socket
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from starlette.applications import Starlette

from bot.playground.errors import ApiError
from bot.playground.faults import Fault, Faults
from bot.playground.guard import guarded
from bot.playground.http import Endpoint, bot_route
from bot.playground.limits import FloodGate, FloodRules
from bot.playground.methods import BotApi
from bot.playground.model import Callback, Chat, InlineQuery, Message, Person
from bot.playground.page import Page
from bot.playground.people import User
from bot.playground.polling import Poller, Signal
from bot.playground.state import World
from bot.server.listener import HttpServer
from index.model import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.types import ASGIApp

    from bot.playground.http import Call
    from bot.playground.model import ChatType

LOOPBACK = "127.0.0.1"
BOT_ID = 110_201_543
WITHIN_S = 5.0
_STOP_WITHIN_S = 2


class PlaygroundServer:
    """A Bot API server, the people who use it, and a chat page.

    `examples` are questions the page offers, `visitors` the people it can be used as. `rules` are
    the flood limits; `clock` is the time that messages, floods and old queries go by. `token` is
    random unless given. `inline_feedback` tells the bot which inline results were sent.
    """

    def __init__(
        self,
        *,
        host: str = LOOPBACK,
        port: int = 0,
        token: str | None = None,
        examples: Sequence[str] = (),
        rules: FloodRules | None = None,
        clock: Callable[[], float] = time.time,
        privacy: bool = True,
        inline_feedback: bool = False,
        visitors: Sequence[str] = ("زائر",),
        name: str = "إسناد",
        username: str = "isnad_demo_bot",
    ) -> None:
        if host != LOOPBACK:
            # It has no users and no passwords: whoever reaches it reads and writes every chat.
            raise InputError(f"host {host}", f"the playground listens on {LOOPBACK} only")
        self._port = port
        self.token = token or f"{BOT_ID}:{secrets.token_urlsafe(26)}"
        me = Person(int(self.token.split(":")[0]), name, username, is_bot=True)
        self.world = World(me, clock, privacy=privacy, inline_feedback=inline_feedback)
        self.faults = Faults()
        self.gate = FloodGate(rules or FloodRules())
        self._signal = Signal()
        self.world.observers.append(self._signal.fire)
        self.poller = Poller(self.world, self._signal)
        self._endpoint = Endpoint(
            self.token, self.world, BotApi(self.world, self.gate), self.poller, self.faults
        )
        self.visitors = tuple(self.user(visitor) for visitor in visitors)
        self._page = Page(self.world, self._signal, self.poller, self.visitors, tuple(examples))
        self._http: HttpServer | None = None

    async def start(self) -> str:
        """Listens, and gives the address of the chat page.

        Raises `InputError` where the port is taken.
        """
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((LOOPBACK, self._port))
        except OSError as error:
            listener.close()
            raise InputError(f"port {self._port}", "is taken or not permitted") from error
        self._port = listener.getsockname()[1]
        self._http = HttpServer(self.app, listener, stop_within=_STOP_WITHIN_S)
        await self._http.start()
        return self.page_url

    async def stop(self) -> None:
        """Ends waiting requests and stops listening. Safe to call twice."""
        self.poller.close()
        self._page.close()
        if self._http is not None:
            await self._http.stop()
            self._http = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    def now(self) -> datetime:
        """The playground's time, which a visitor can put forward; for the bot's own clock."""
        return datetime.fromtimestamp(self.world.clock(), UTC)

    @property
    def app(self) -> ASGIApp:
        """All that is served, for a test that needs no socket."""
        app = Starlette(routes=[bot_route(self._endpoint), *self._page.routes()])
        return guarded(app, self._port)

    @property
    def port(self) -> int:
        """The port, once started."""
        return self._port

    @property
    def page_url(self) -> str:
        """The address of the chat page."""
        return f"http://{LOOPBACK}:{self._port}/"

    @property
    def base_url(self) -> str:
        """For `ApplicationBuilder.base_url`: the token is appended to it."""
        return f"{self.page_url}bot"

    @property
    def base_file_url(self) -> str:
        """For `ApplicationBuilder.base_file_url`; nothing can be downloaded from it."""
        return f"{self.page_url}file/bot"

    @property
    def calls(self) -> tuple[Call, ...]:
        """The last thousand requests of the bot and the status each got, oldest first."""
        return tuple(self._endpoint.calls)

    @property
    def visitor(self) -> User:
        """The person whose chats the page shows unless told otherwise."""
        return self.visitors[0]

    def user(
        self,
        name: str,
        *,
        id: int | None = None,  # noqa: A002
        username: str | None = None,
        language: str | None = "ar",
    ) -> User:
        """A new person. The bot may write to them only after they have written to it."""
        person = self.world.add_person(name, id=id, username=username, language=language)
        return User(self.world, person)

    def group(
        self,
        title: str,
        type: ChatType = "supergroup",  # noqa: A002
        *,
        admins: Sequence[User] = (),
        with_bot: bool = True,
        is_forum: bool = False,
    ) -> Chat:
        """A new group, as a rule with the bot in it; everybody may write there."""
        chat = self.world.add_group(title, type, is_forum=is_forum)
        return self._founded(chat, admins, with_bot)

    def channel(
        self,
        title: str,
        *,
        username: str | None = None,
        admins: Sequence[User] = (),
        with_bot: bool = True,
    ) -> Chat:
        """A new channel, as a rule with the bot as an administrator; everybody may post there."""
        chat = self.world.add_group(title, "channel", username=username)
        return self._founded(chat, admins, with_bot)

    def _founded(self, chat: Chat, admins: Sequence[User], with_bot: bool) -> Chat:
        chat.admins |= {user.id for user in admins}
        chat.members |= chat.admins
        if not with_bot:
            chat.status = "left"
        return chat

    def block(self, chat: Chat) -> None:
        """The bot may not write there from now on; it is not told (`User.block` tells it)."""
        chat.status = "kicked"

    def fail_next(
        self,
        method: str,
        status: int,
        description: str,
        *,
        retry_after: int | None = None,
        migrate_to_chat_id: int | None = None,
        times: int = 1,
        chat: Chat | None = None,
        after: bool = False,
    ) -> None:
        """The next `times` requests of `method` (to `chat`, if given) are answered with an error.

        With `after` they are carried out all the same: the sender cannot know that they were.
        """
        error = ApiError(
            status, description, retry_after=retry_after, migrate_to_chat_id=migrate_to_chat_id
        )
        chat_id = None if chat is None else chat.id
        self.faults.add(Fault(method.lower(), error, times, after, chat_id))

    def delay(self, method: str, seconds: float) -> None:
        """Every answer to `method` comes this late, until told otherwise."""
        self.faults.delay(method, seconds)

    def messages(self, chat: Chat) -> list[Message]:
        """The bot's messages in a chat as they stand now, oldest first, without deleted ones."""
        return [m for m in chat.messages.values() if m.sender is self.world.me and not m.deleted]

    def actions(self, chat: Chat) -> list[str]:
        """The chat actions the bot showed, oldest first."""
        events = [e for e in self.world.events if e.kind == "action" and e.chat_id == chat.id]
        return [event.data["action"] for event in events]

    async def wait_until(self, condition: Callable[[], bool], *, within: float = WITHIN_S) -> None:
        """Returns once `condition` holds; raises `TimeoutError` after `within` seconds."""
        async with asyncio.timeout(within):
            while not condition():
                await self._signal.wait(within)

    async def wait_message(
        self, chat: Chat, *, after: Message | int = 0, within: float = WITHIN_S
    ) -> Message:
        """The bot's first message in `chat` that comes after another one.

        Raises `TimeoutError` after `within` seconds.
        """
        last = after if isinstance(after, int) else after.id

        def new() -> list[Message]:
            return [message for message in self.messages(chat) if message.id > last]

        await self.wait_until(lambda: bool(new()), within=within)
        return new()[0]

    async def wait_edit(
        self, message: Message, *, since: int | None = None, within: float = WITHIN_S
    ) -> Message:
        """Returns once the bot edits `message` after the event numbered `since` (now)."""
        start = self.world.seq if since is None else since

        def edited() -> bool:
            return any(
                event.kind == "edit"
                and event.seq > start
                and (event.chat_id, event.data["message_id"]) == (message.chat.id, message.id)
                for event in self.world.events
            )

        await self.wait_until(edited, within=within)
        return message

    async def wait_answer(
        self, query: Callback | InlineQuery, *, within: float = WITHIN_S
    ) -> dict[str, object]:
        """What the bot answered to a press or an inline query."""
        await self.wait_until(lambda: query.answer is not None, within=within)
        return dict(query.answer or {})
