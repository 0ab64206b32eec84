"""The webhook's requests: an update is stored before Telegram is told that we have it.

Whatever is not answered with 2xx Telegram sends again, for a while. So 503 is for what may go
better next time, and 400 for a body that is damaged: the next copy may be whole. An update that
is whole and that this version cannot read is stored, as when polling; and one without a number,
which no copy of it will have either, is left aside.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from index.model import StoreError

if TYPE_CHECKING:
    from starlette.requests import Request

    from bot.intake import Intake

log = logging.getLogger(__name__)

HEADER = "X-Telegram-Bot-Api-Secret-Token"

LONGEST = 1 << 20
"""Bytes of a request: an update is a few thousand, and a hundred times that with every entity."""

WITHIN = 10.0
"""Seconds in which a request has to have arrived: Telegram's is one packet or two."""

_LARGEST = 2**63 - 1  # the update's number is a 64-bit column


class Updates:
    """Takes what Telegram posts, while it is open; at other times Telegram is to come again."""

    def __init__(self, intake: Intake, secret: str) -> None:
        self._intake = intake
        self._secret = secret.encode()
        self.open = False

    async def post(self, request: Request) -> Response:
        """Store the update of a request. Raises `HTTPException` with what is wrong with it."""
        self._check(request)
        if not self.open:
            raise HTTPException(503, "the bot is starting or stopping")
        update = _read(await _body(request))
        if update is not None:
            try:
                await self._intake.accept(update)
            except StoreError as error:
                raise HTTPException(503, f"an update was not stored: {error}") from None
        return Response()

    def _check(self, request: Request) -> None:
        """See that it is Telegram's, by what costs nothing to look at."""
        given = request.headers.getlist(HEADER)
        secret = given[0].encode("latin-1") if len(given) == 1 else b""
        if not hmac.compare_digest(secret, self._secret):
            raise HTTPException(403, "a wrong secret" if given else "no secret")
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != (
            "application/json"
        ):
            raise HTTPException(415, "not JSON by its type")


async def _body(request: Request) -> bytes:
    """The body, given up as soon as it is too long, or takes too long."""
    if int(request.headers.get("content-length", 0)) > LONGEST:
        raise HTTPException(413, "too large")
    body = bytearray()
    try:
        async with asyncio.timeout(WITHIN):
            async for chunk in request.stream():
                body += chunk
                if len(body) > LONGEST:
                    raise HTTPException(413, "too large")
    except TimeoutError:
        raise HTTPException(408, "too slow") from None
    except ClientDisconnect:
        raise HTTPException(400, "cut off") from None
    return bytes(body)


def _read(body: bytes) -> dict[str, Any] | None:
    """The update; None where it is whole and none that we could ever keep."""
    try:
        update: Any = json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise HTTPException(400, "no readable JSON") from None
    if isinstance(update, dict):
        number = update.get("update_id")
        if type(number) is int and 0 <= number <= _LARGEST:
            return update
    log.error("what was posted under our secret has no update's number; it is left aside")
    return None


def _no_number(_name: str) -> float:
    raise ValueError("no JSON: NaN and Infinity are JavaScript")
