"""The queue of updates a bot has not confirmed yet (core.telegram.org/bots/api#getupdates)."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bot.playground.model import JsonDict

KEPT_S = 24 * 3600  # "updates will not be kept longer than 24 hours"
KINDS = frozenset(
    {
        "message",
        "edited_message",
        "channel_post",
        "edited_channel_post",
        "inline_query",
        "chosen_inline_result",
        "callback_query",
        "poll",
        "poll_answer",
        "my_chat_member",
        "chat_member",
        "chat_join_request",
        "message_reaction",
        "message_reaction_count",
    }
)
# "Specify an empty list to receive all update types except …" these.
OPT_IN = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(frozen=True, slots=True)
class _Waiting:
    id: int
    at: float
    body: JsonDict


class UpdateQueue:
    """Updates in order, each kept until an offset beyond it confirms it, or for 24 hours."""

    def __init__(self, clock: Callable[[], float], first_id: int) -> None:
        self._clock = clock
        self._next_id = first_id
        self._waiting: deque[_Waiting] = deque()
        self.allowed = KINDS - OPT_IN

    def __len__(self) -> int:
        self._expire()
        return len(self._waiting)

    def allow(self, kinds: Iterable[str]) -> None:
        """Remembers which kinds to queue from now on; what is queued already stays.

        Unknown names are ignored and an empty list means the default, as Telegram does.
        """
        self.allowed = (KINDS & frozenset(kinds)) or (KINDS - OPT_IN)

    def put(self, kind: str, body: JsonDict) -> int | None:
        """Queues an update and gives its id, or None for a kind the bot did not ask for."""
        if kind not in self.allowed:
            return None
        update_id = self._next_id
        self._next_id += 1
        self._waiting.append(
            _Waiting(update_id, self._clock(), {"update_id": update_id, kind: body})
        )
        return update_id

    def confirm(self, offset: int) -> None:
        """Forgets what `offset` confirms: all before it, or all but the last `-offset`."""
        if offset < 0:
            while len(self._waiting) > -offset:
                self._waiting.popleft()
        while offset > 0 and self._waiting and self._waiting[0].id < offset:
            self._waiting.popleft()

    def peek(self, limit: int = 100) -> list[JsonDict]:
        """The oldest unconfirmed updates; they are delivered again until confirmed."""
        self._expire()
        return [waiting.body for waiting, _ in zip(self._waiting, range(limit), strict=False)]

    def clear(self) -> None:
        """Forgets everything (drop_pending_updates)."""
        self._waiting.clear()

    def _expire(self) -> None:
        while self._waiting and self._waiting[0].at <= self._clock() - KEPT_S:
            self._waiting.popleft()
