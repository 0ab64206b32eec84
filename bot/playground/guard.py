"""The walls around the chat page.

It has no password, so the browser's own walls guard it: the Host must be this machine (a foreign
name that resolves here is DNS rebinding), and what changes anything must be JSON from this
origin, which no other site can send without being asked first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, PlainTextResponse

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Frames are for two people side by side, and hold this very page.
_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; frame-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)
_HEADERS = {
    "content-security-policy": _CSP,
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}


def refusal(request: Request) -> JSONResponse | None:
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
            wrong = PlainTextResponse("This server answers to its own address only.", 421)
            await wrong(scope, receive, send)

    return guard
