"""The chat page: its files, a snapshot, a stream of events, and the door for what visitors do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.playground.acts import Acts
from bot.playground.guard import refusal
from bot.playground.profile import commands_for

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from starlette.requests import Request

    from bot.playground.model import Chat, Event, JsonDict
    from bot.playground.people import User
    from bot.playground.polling import Poller, Signal
    from bot.playground.state import World

STATIC = Path(__file__).parent / "static"
MAX_BODY = 64 * 1024
HEARTBEAT_S = 2.0  # how soon the page learns that the bot went away


class Page:
    """What a visitor's browser asks for. `?user=2` is the second of `visitors`."""

    def __init__(
        self,
        world: World,
        signal: Signal,
        poller: Poller,
        visitors: Sequence[User],
        examples: tuple[str, ...],
    ) -> None:
        self._world = world
        self._signal = signal
        self._poller = poller
        self._visitors = visitors
        self._acts = Acts(world, visitors)
        self._examples = examples
        self._closed = False

    def routes(self) -> list[Route]:
        """The page's addresses."""
        assets = sorted(path.name for path in STATIC.iterdir() if path.suffix in (".css", ".js"))
        return [
            Route("/", _file("index.html")),
            Route("/both", _file("both.html")),
            *(Route(f"/{name}", _file(name)) for name in assets),
            Route("/api/state", self._state),
            Route("/api/events", self._events),
            Route("/api/file", self._document),
            *(
                Route(f"/api/{name}", self._acting(name), methods=["POST"])
                for name in self._acts.table
            ),
        ]

    def close(self) -> None:
        """Ends the streams, so that the server can stop."""
        self._closed = True
        self._signal.fire()

    def _visitor(self, request: Request) -> User:
        number = request.query_params.get("user", "1")
        return self._acts.visitor(int(number) if number.isdecimal() else 0)

    async def _state(self, request: Request) -> JSONResponse:
        """Everything the page needs to draw itself; `seq` says where the stream goes on."""
        try:
            user = self._visitor(request)
        except ValueError as error:
            return JSONResponse({"error": str(error)}, 400)
        world = self._world
        return JSONResponse(
            {
                "seq": world.seq,
                "now": world.now,
                "online": self._poller.online,
                "me": world.me.to_json(),
                "visitor": user.person.to_json(),
                "visitors": [visitor.person.first_name for visitor in self._visitors],
                "description": world.profile.get(("description", "ar"))
                or world.profile.get(("description", ""), ""),
                "examples": self._examples,
                "chats": [self._chat(chat, user) for chat in self._acts.chats(user)],
            }
        )

    def _chat(self, chat: Chat, user: User) -> JsonDict:
        return chat.to_json() | {
            "bot": chat.status,
            "topics": {number: topic.name for number, topic in chat.topics.items()},
            "commands": commands_for(self._world, chat, user.person),
            "messages": [m.to_json() for m in chat.messages.values() if not m.deleted],
        }

    async def _document(self, request: Request) -> Response:
        """A file that the bot sent to a chat of the visitor's, to be kept by the browser."""
        try:
            seen = self._acts.chats(self._visitor(request))
        except ValueError as error:
            return JSONResponse({"error": str(error)}, 400)
        wanted = request.query_params.get("id")
        sent = {
            m.extra.get("document", {}).get("file_id") for c in seen for m in c.messages.values()
        }
        if wanted is None or wanted not in sent:
            return JSONResponse({"error": "there is no such file"}, 404)
        upload = self._world.files[wanted]
        name = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(upload.name)}"}
        return Response(upload.content, headers=name, media_type="application/octet-stream")

    async def _events(self, request: Request) -> Response:
        since = request.headers.get("last-event-id") or request.query_params.get("since", "")
        try:
            user = self._visitor(request)
        except ValueError as error:
            return JSONResponse({"error": str(error)}, 400)
        if not since.isdecimal():
            return JSONResponse({"error": "since must be a number"}, 400)
        return StreamingResponse(self._stream(int(since), user), media_type="text/event-stream")

    async def _stream(self, since: int, user: User) -> AsyncIterator[str]:
        """Server-sent events (html.spec.whatwg.org/multipage/server-sent-events.html)."""
        yield "retry: 1000\n\n"
        told, online = False, self._poller.online
        while not self._closed:
            if self._missed(since):
                yield "event: reset\ndata: {}\n\n"
                return
            seen = {0, *(chat.id for chat in self._acts.chats(user))}
            for event in [e for e in self._world.events if e.seq > since]:
                since = event.seq
                if event.chat_id in seen and event.to in (None, user.id):
                    yield _sse(event)
            if not told or self._poller.online is not online:
                told, online = True, self._poller.online
                yield f"event: status\ndata: {json.dumps({'online': online})}\n\n"
            else:
                yield ": here\n\n"
            await self._signal.wait(HEARTBEAT_S)

    def _missed(self, since: int) -> bool:
        """Whether events after `since` are forgotten, or `since` is of an earlier server."""
        events = self._world.events
        return since > self._world.seq or bool(events and events[0].seq > since + 1)

    def _acting(self, name: str) -> Callable[[Request], object]:
        """An endpoint for something a visitor does: guarded, JSON in, JSON out."""

        async def endpoint(request: Request) -> JSONResponse:
            if (refused := refusal(request)) is not None:
                return refused
            body = await request.body()
            try:
                asked = json.loads(body)
                if len(body) > MAX_BODY or not isinstance(asked, dict):
                    raise ValueError("expected a JSON object")
                return JSONResponse(await self._acts.run(name, asked))
            except ValueError as error:
                return JSONResponse({"error": str(error)}, 400)

        return endpoint


def _sse(event: Event) -> str:
    data = json.dumps({"chat_id": event.chat_id, **event.data}, ensure_ascii=False)
    return f"id: {event.seq}\nevent: {event.kind}\ndata: {data}\n\n"


def _file(name: str) -> Callable[[Request], object]:
    async def endpoint(_request: Request) -> FileResponse:
        return FileResponse(STATIC / name)

    return endpoint
