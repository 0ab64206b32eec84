"""An ASGI application served inside an event loop that is somebody else's."""

from __future__ import annotations

import asyncio
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import uvicorn

from index.model import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.types import ASGIApp


def bind(host: str, port: int, setting: str) -> socket.socket:
    """A socket at an address of this machine, named by `setting`. Raises `InputError`."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InputError(setting, f"cannot listen on {host} port {port} ({reason})") from error


class _Quiet(uvicorn.Server):
    """uvicorn inside somebody else's process: the signals are theirs."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()
        self.leaving = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so."""
        await super().startup(sockets=sockets)
        self.ready.set()

    async def main_loop(self) -> None:
        """Sleep until told to stop, where uvicorn looks ten times a second."""
        await self.leaving.wait()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave every signal alone."""
        yield


class HttpServer:
    """An ASGI application on a socket that is already bound; `options` are uvicorn's."""

    def __init__(
        self, app: ASGIApp, listener: socket.socket, *, stop_within: int, **options: Any
    ) -> None:
        config = uvicorn.Config(
            app,
            lifespan="off",
            log_config=None,
            access_log=False,
            http="h11",
            ws="none",
            proxy_headers=False,
            server_header=False,
            date_header=False,
            timeout_graceful_shutdown=stop_within,
            **options,
        )
        self._listener = listener
        self._server = _Quiet(config)
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Return once connections are accepted."""
        self._task = asyncio.create_task(self._server.serve(sockets=[self._listener]))
        await self._server.ready.wait()

    async def stop(self) -> None:
        """Close the socket and return when the last answer has gone out, or time is up."""
        if self._task is not None:
            self._server.leaving.set()
            await self._task
            self._task = None
        self._listener.close()
