"""Updates are stored before they are handled, so that a kill at any moment loses none.

Telegram gives an update out once: it is confirmed by polling on, or by the 200 of a webhook.
`Intake.accept` has stored it by then, once however often it comes, and hands it on; `done` is told
when its handler has ended. What was not done when the process died is handed on at the next start.

The promise: no question is answered twice, and none is left without a word. Telegram knows no key
by which to see that a message was sent already; so it is noted before an answer leaves
(`NotingRequest`), and again when its handler has ended. Killed between the two notes, we cannot
know whether the reader has the answer: at the next start such a question is not answered again,
but told so, with a button that asks once more. What is no question is simply handled again.

Inline queries are not stored: they are answered within seconds or not at all, and they are what
somebody types in other chats.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from contextvars import ContextVar
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

from bot.metrics.calls import CountedRequest, method_of
from bot.pulse import Pulse
from bot.store import updates

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from bot.metrics import Metrics
    from bot.store import Store

Payload: TypeAlias = "Mapping[str, Any]"
"""An update as Telegram writes it in JSON."""

AT_HAND: ContextVar[int | None] = ContextVar("update at hand", default=None)
"""The number of the update that is being handled, in its task and those it begins."""

KEPT = timedelta(days=2)
"""How long the number of a handled update is known; Telegram repeats one for a day."""

_PRUNE_EVERY = 3600.0
_FLEETING = "inline_query"


class Intake:
    """The one way in for updates, whether polled or pushed. One process a bot."""

    def __init__(
        self, store: Store, hand_on: Callable[[Payload, bool], None], now: Callable[[], datetime]
    ) -> None:
        """`hand_on` begins to handle an update and returns at once.

        It is also told whether an answer was about to leave when the last process ended.
        """
        self.pulse = Pulse()
        self._store = store
        self._hand_on = hand_on
        self._now = now
        self._sending: set[int] = set()
        self._unnoted: set[tuple[str, int]] = set()
        self._noting = asyncio.Lock()

    async def accept(self, *payloads: Payload) -> None:
        """Store updates and hand on those that are new; then they may be confirmed to Telegram.

        Raises `StoreError`, having handed on none.
        """
        lasting = {one["update_id"]: one for one in payloads if _FLEETING not in one}
        new: set[int] = set()
        if lasting:
            new = await self._store.write_first(updates.keep, lasting, now=_text(self._now()))
        for payload in payloads:
            self.pulse.came()
            if _FLEETING in payload or payload["update_id"] in new:
                self._hand_on(payload, False)

    async def resume(self) -> int:
        """Hand on what was not done when the last process ended; how many that is."""
        left = await self._store.read(updates.waiting)
        for payload, sending in left:
            self._hand_on(payload, sending)
        return len(left)

    async def sending(self) -> None:
        """Note that the answer to the update at hand (`AT_HAND`) leaves. Raises `StoreError`."""
        number = AT_HAND.get()
        if number is not None and number not in self._sending:
            self._sending.add(number)
            await self._note("sending", number)

    async def done(self, number: int) -> None:
        """Note that update `number` was handled; what it said is erased. Raises `StoreError`."""
        self._sending.discard(number)
        await self._note("done", number)

    async def _note(self, what: str, number: int) -> None:
        """Those that come while one note is being written share the next."""
        mine = what, number
        self._unnoted.add(mine)
        async with self._noting:
            if mine not in self._unnoted:
                return
            batch, self._unnoted = self._unnoted, set()
            notes = {kind: {n for k, n in batch if k == kind} for kind in ("sending", "done")}
            try:
                await self._store.write_first(updates.note, **notes)
            except BaseException:
                self._unnoted |= batch
                raise

    async def tidy(self, stop: asyncio.Event) -> None:
        """Work beside the answers: forget old numbers."""
        while not stop.is_set():
            await self._store.write(updates.prune, before=_text(self._now() - KEPT))
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), _PRUNE_EVERY)


class NotingRequest(CountedRequest):
    """How the bot talks to Telegram: what it is about to send is noted first, and each answer."""

    def __init__(self, intake: Intake, metrics: Metrics, **options: Any) -> None:
        super().__init__(metrics, **options)
        self._intake = intake

    async def do_request(self, url: str, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """See `telegram.request.BaseRequest`."""
        method = method_of(url)
        if method.startswith("send") and method != "sendChatAction":
            await self._intake.sending()
        status, body = await super().do_request(url, *args, **kwargs)
        if status < 500:
            self._intake.pulse.answered()
        return status, body


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
