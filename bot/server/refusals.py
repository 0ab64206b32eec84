"""What is refused, told in a line each: nothing of what was sent, and no more than a few lines."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.logs import private_traceback

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send

log = logging.getLogger(__name__)

EVERY = 10.0
"""Seconds between two lines about the same kind of refusal; the next says how many there were."""


class Refusals:
    """Answers what is raised as an `HTTPException`, whose `detail` is for the log."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._told: dict[int, tuple[float, int]] = {}  # by status: when last, how many since

    async def answer(self, _request: Request, refusal: Exception) -> Response:
        """See `starlette.applications.Starlette`, `exception_handlers`."""
        assert isinstance(refusal, HTTPException)
        self._tell(refusal)
        # What it still sends is not read.
        headers = {**(refusal.headers or {}), "connection": "close"}
        return Response(status_code=refusal.status_code, headers=headers)

    def _tell(self, refusal: HTTPException) -> None:
        status, now = refusal.status_code, self._clock()
        last, untold = self._told.get(status, (-EVERY, 0))
        if now - last < EVERY:
            self._told[status] = last, untold + 1
            return
        self._told[status] = now, 0
        more = f", and {untold} more since the last line" if untold else ""
        log.warning("a request was refused: %d, %s%s", status, refusal.detail, more)


def contained(app: ASGIApp) -> ASGIApp:
    """`app`, of whose failures the log has the place and not what somebody wrote."""

    async def run(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await app(scope, receive, send)
        except Exception as error:  # noqa: BLE001  the server would log its message
            log.error("a request failed:\n%s", private_traceback(error))

    return run
