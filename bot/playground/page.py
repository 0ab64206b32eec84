"""The chat page: three static files, a snapshot, a stream of events, and what the visitor does.

It has no password, so the browser's own walls guard it: the Host must be this machine (a foreign
name that resolves here is DNS rebinding), and what changes anything must be JSON from this
origin, which no other site can send without being asked first.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, StreamingResponse
from starlette.routing import Route

from bot.playground.profile import commands_for

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from bot.playground.model import Event, JsonDict
    from bot.playground.people import User
    from bot.playground.polling import Poller, Signal
    from bot.playground.state import World

STATIC = Path(__file__).parent / "static"
_ASSETS = ("theme.css", "chat.css", "chat.js", "api.js", "composer.js", "render.js")
MAX_BODY = 64 * 1024
HEARTBEAT_S = 2.0  # how soon the page learns that the bot went away
_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": _CSP,
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}


class Page:
    """What the visitor's browser asks for."""

    def __init__(
        self,
        world: World,
        signal: Signal,
        poller: Poller,
        visitor: User,
        examples: tuple[str, ...],
    ) -> None:
        self._world = world
        self._signal = signal
        self._poller = poller
        self._visitor = visitor
        self._examples = examples
        self._closed = False

    def routes(self) -> list[Route]:
        """The page's addresses."""
        return [
            Route("/", _file("index.html")),
            *(Route(f"/{name}", _file(name)) for name in _ASSETS),
            Route("/api/state", self._state),
            Route("/api/events", self._events),
            Route("/api/send", self._acting(self._send), methods=["POST"]),
            Route("/api/start", self._acting(self._start), methods=["POST"]),
            Route("/api/edit", self._acting(self._edit), methods=["POST"]),
            Route("/api/press", self._acting(self._press), methods=["POST"]),
            Route("/api/block", self._acting(self._block), methods=["POST"]),
        ]

    def close(self) -> None:
        """Ends the streams, so that the server can stop."""
        self._closed = True
        self._signal.fire()

    async def _state(self, _request: Request) -> JSONResponse:
        """Everything the page needs to draw itself; `seq` says where the stream goes on."""
        chat = self._visitor.chat
        world = self._world
        return JSONResponse(
            {
                "seq": world.seq,
                "online": self._poller.online,
                "blocked": chat.blocked,
                "me": world.me.to_json(),
                "visitor": self._visitor.person.to_json(),
                "description": world.profile.get(("description", "ar"))
                or world.profile.get(("description", ""), ""),
                "commands": commands_for(world, chat.id, self._visitor.person.language_code),
                "examples": self._examples,
                "messages": [m.to_json() for m in chat.messages.values() if not m.deleted],
            }
        )

    async def _events(self, request: Request) -> Response:
        since = request.headers.get("last-event-id") or request.query_params.get("since", "")
        if not since.isdecimal():
            return JSONResponse({"error": "since must be a number"}, 400)
        return StreamingResponse(self._stream(int(since)), media_type="text/event-stream")

    async def _stream(self, since: int) -> AsyncIterator[str]:
        """Server-sent events (html.spec.whatwg.org/multipage/server-sent-events.html)."""
        yield "retry: 1000\n\n"
        told, online = False, self._poller.online
        while not self._closed:
            if self._missed(since):
                yield "event: reset\ndata: {}\n\n"
                return
            for event in [e for e in self._world.events if e.seq > since]:
                since = event.seq
                if event.chat_id in (0, self._visitor.chat.id):
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

    def _acting(self, act: Callable[[JsonDict], JsonDict]) -> Callable[[Request], object]:
        """An endpoint for something the visitor does: guarded, JSON in, JSON out."""

        async def endpoint(request: Request) -> JSONResponse:
            if (refusal := _refusal(request)) is not None:
                return refusal
            body = await request.body()
            try:
                asked = json.loads(body)
                if len(body) > MAX_BODY or not isinstance(asked, dict):
                    raise ValueError("expected a JSON object")
                return JSONResponse(act(asked))
            except ValueError as error:
                return JSONResponse({"error": str(error)}, 400)

        return endpoint

    def _send(self, asked: JsonDict) -> JsonDict:
        text, reply_to = _string(asked, "text"), asked.get("reply_to")
        if reply_to is not None and not isinstance(reply_to, int):
            raise ValueError("reply_to must be a number")
        return {"message_id": self._visitor.send(text, reply_to=reply_to).id}

    def _start(self, asked: JsonDict) -> JsonDict:
        payload = _string(asked, "payload") if "payload" in asked else None
        return {"message_id": self._visitor.start(payload).id}

    def _edit(self, asked: JsonDict) -> JsonDict:
        message_id = asked.get("message_id")
        if not isinstance(message_id, int):
            raise ValueError("message_id must be a number")
        return {"message_id": self._visitor.edit(message_id, _string(asked, "text")).id}

    def _press(self, asked: JsonDict) -> JsonDict:
        message_id = asked.get("message_id")
        if not isinstance(message_id, int):
            raise ValueError("message_id must be a number")
        return {"query_id": self._visitor.press(message_id, _string(asked, "data")).id}

    def _block(self, asked: JsonDict) -> JsonDict:
        (self._visitor.block if asked.get("blocked") else self._visitor.unblock)()
        return {"blocked": self._visitor.chat.blocked}


def _string(asked: JsonDict, name: str) -> str:
    if not isinstance(value := asked.get(name), str):
        raise ValueError(f"{name} must be a string")
    return value


def _sse(event: Event) -> str:
    data = json.dumps(event.data, ensure_ascii=False)
    return f"id: {event.seq}\nevent: {event.kind}\ndata: {data}\n\n"


def _file(name: str) -> Callable[[Request], object]:
    async def endpoint(_request: Request) -> FileResponse:
        return FileResponse(STATIC / name)

    return endpoint


def _refusal(request: Request) -> JSONResponse | None:
    """Why a request that changes something is not from our own page; None where it is."""
    own = f"http://{request.headers.get('host', '')}"
    if request.headers.get("origin") != own:
        return JSONResponse({"error": "cross-origin request"}, 403)
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return JSONResponse({"error": "cross-site request"}, 403)
    content_type = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if content_type != "application/json":
        return JSONResponse({"error": "expected application/json"}, 415)
    return None


def guarded(app: ASGIApp, port: int) -> ASGIApp:
    """`app` for this machine's own names only, with the headers that keep a page to itself."""
    names = {f"{host}:{port}".encode() for host in ("127.0.0.1", "localhost")}
    extra = [(name.encode(), value.encode()) for name, value in _HEADERS.items()]

    async def guard(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                taken = {name for name, _ in extra}
                kept = [pair for pair in message.get("headers", []) if pair[0] not in taken]
                message["headers"] = [*kept, *extra]
            await send(message)

        hosts = [value for name, value in scope.get("headers", []) if name == b"host"]
        if len(hosts) == 1 and hosts[0].lower() in names:
            await app(scope, receive, send_with_headers)
        else:
            refusal = PlainTextResponse("This server answers to its own address only.", 421)
            await refusal(scope, receive, send)

    return guard
