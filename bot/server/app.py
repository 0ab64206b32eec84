"""The addresses that are served, and the server that listens for them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.server.health import Health
from bot.server.hook import Hook
from bot.server.listener import HttpServer, bind
from bot.server.refusals import Refusals, contained
from bot.server.updates import Updates

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from types import TracebackType
    from typing import Self

    from starlette.requests import Request
    from starlette.types import ASGIApp

    from bot.intake import Intake
    from bot.server import Serving
    from bot.store import Store

_STOP_WITHIN = 1  # seconds: what is being stored takes milliseconds, and Telegram comes again
# Longer than proxies keep theirs (nginx: 60): whoever closes first never cuts a request off.
_KEEP_ALIVE = 75
_CONNECTIONS = 256  # several times what Telegram and a monitor need; each is an open file
_HEADERS = 16 * 1024  # bytes


log = logging.getLogger(__name__)

Metrics = Callable[[], tuple[bytes, str]]
"""Gives a page for Prometheus and its type; called in a thread."""


def build_app(
    serving: Serving, health: Health, updates: Updates | None, metrics: Metrics
) -> ASGIApp:
    """All that is served, for a test that needs no socket."""

    async def live(_request: Request) -> Response:
        return JSONResponse({"ok": True})

    async def ready(_request: Request) -> Response:
        report = await health.report()
        return JSONResponse(report.as_json(), 200 if report.ready else 503)

    async def well(_request: Request) -> Response:
        report = await health.report()
        return JSONResponse(report.as_json(), 200 if report.ok else 503)

    async def counts(_request: Request) -> Response:
        body, kind = await asyncio.to_thread(metrics)
        return Response(body, headers={"content-type": kind})

    routes = [
        Route("/health", well),
        Route("/health/live", live),
        Route("/health/ready", ready),
        Route("/metrics", counts),
    ]
    if serving.webhook is not None and updates is not None:
        path = urlsplit(serving.webhook.url).path or "/"
        routes.append(Route(path, updates.post, methods=["POST"]))
    app = Starlette(routes=routes, exception_handlers={HTTPException: Refusals().answer})
    app.router.redirect_slashes = False
    return contained(app)


class Server:
    """Listens while its block runs. Raises `InputError` where it cannot."""

    def __init__(self, app: ASGIApp, serving: Serving) -> None:
        self._app = app
        self._serving = serving
        self._http: HttpServer | None = None
        self.port = serving.port

    async def __aenter__(self) -> Self:
        listener = bind(self._serving.host, self._serving.port, "ISNAD_LISTEN")
        self.port = listener.getsockname()[1]
        self._http = HttpServer(
            self._app,
            listener,
            stop_within=_STOP_WITHIN,
            log_level="error",  # below it are lines that anyone could have written by the thousand
            timeout_keep_alive=_KEEP_ALIVE,
            limit_concurrency=_CONNECTIONS,
            h11_max_incomplete_event_size=_HEADERS,
        )
        await self._http.start()
        log.info("serving at %s port %d", self._serving.host, self.port)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._http is not None
        await self._http.stop()


def listening(
    serving: Serving,
    intake: Intake,
    store: Store,
    now: Callable[[], datetime],
    allowed: Sequence[str],
    metrics: Metrics,
) -> tuple[Server, Hook | None]:
    """Wire what is served: the server, and what keeps Telegram posting to it, where it is to."""
    updates = hook = None
    if serving.webhook is not None:
        updates = Updates(intake, serving.webhook.secret)
        hook = Hook(serving.webhook, updates, allowed, intake.pulse)
    posted = None if hook is None else lambda: not hook.failing
    health = Health(intake.pulse, store, serving.archive, now, posted)
    return Server(build_app(serving, health, updates, metrics), serving), hook
