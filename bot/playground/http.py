"""The HTTP of the Bot API: a request in, Telegram's envelope out."""

from __future__ import annotations

import asyncio
import hmac
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse
from starlette.routing import Route

from bot.playground.errors import ApiError
from bot.playground.params import Params, read_params

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from starlette.requests import Request

    from bot.playground.faults import Fault, Faults
    from bot.playground.methods import BotApi
    from bot.playground.model import JsonDict
    from bot.playground.polling import Poller
    from bot.playground.state import World

CALLS_KEPT = 1000


@dataclass(frozen=True, slots=True)
class Call:
    """A request of the bot and the status it got."""

    method: str
    values: JsonDict
    status: int


class Endpoint:
    """`/bot<token>/<method>`."""

    def __init__(
        self, token: str, world: World, api: BotApi, poller: Poller, faults: Faults
    ) -> None:
        self._token = token
        self._world = world
        self._api = api
        self._poller = poller
        self._faults = faults
        self.calls: deque[Call] = deque(maxlen=CALLS_KEPT)

    async def __call__(self, request: Request) -> JSONResponse:
        """Answers one request; a refusal is shown on the chat page too."""
        method = request.path_params["method"]
        params = Params({})
        try:
            self._check_token(request.path_params["token"])
            params = await _params(request)
            body: JsonDict = {"ok": True, "result": await self._run(request, method, params)}
            status = 200
        except ApiError as error:
            body, status = error.to_json(), error.code
            if method.lower() != "getupdates":
                self._report(method, params, error)
        self.calls.append(Call(method, params.values, status))
        self._world.wake()
        headers = {"Retry-After": str(body["parameters"]["retry_after"])} if status == 429 else None
        return JSONResponse(body, status, headers)

    def _check_token(self, token: str) -> None:
        if not hmac.compare_digest(token.encode(), self._token.encode()):
            # What Telegram answers to a well-formed token of no bot.
            raise ApiError(401, "Unauthorized")

    async def _run(self, request: Request, method: str, params: Params) -> object:
        fault = self._faults.take(method, params.integer("chat_id"))
        if (late := self._faults.delay_of(method)) > 0:
            await asyncio.sleep(late)
        if fault is not None and not fault.after:
            raise fault.error
        if method.lower() == "getupdates":
            result: object = await _unless_gone(request, self._poller.get_updates(params))
        else:
            result = self._api.call(method, params)
        _raise_after(fault)
        return result

    def _report(self, method: str, params: Params, error: ApiError) -> None:
        chat_id = params.integer("chat_id")
        data = {"method": method, "code": error.code, "description": error.description}
        self._world.emit("refused", chat_id if chat_id in self._world.chats else 0, data)


def _raise_after(fault: Fault | None) -> None:
    if fault is not None:
        raise fault.error


async def _params(request: Request) -> Params:
    query = request.scope.get("query_string", b"")
    return read_params(query, request.headers.get("content-type", ""), await request.body())


async def _unless_gone(request: Request, work: Coroutine[object, object, object]) -> object:
    """The result of `work`, which is given up when the client hangs up.

    Otherwise a bot that died in a long poll would look alive until the poll's end.
    """
    task = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(_disconnected(request))
    try:
        await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
        return await task if task.done() else []
    finally:
        for pending in (task, gone):
            pending.cancel()
        await asyncio.gather(task, gone, return_exceptions=True)


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def bot_route(endpoint: Endpoint) -> Route:
    """The one route of the Bot API."""

    async def answer(request: Request) -> JSONResponse:
        return await endpoint(request)

    return Route("/bot{token}/{method}", answer, methods=["GET", "POST"])
