"""What is promised of each kind of message, in one table.

Telegram has no way to ask whether a message arrived. After a time-out, a server's error (5xx) or a
crash in the middle of sending, nobody knows. Such a message is either sent once more, and may then
have come twice, or it is left, and may then never have come:

| kind       | after such a failure        | so it comes    | why                                  |
|------------|-----------------------------|----------------|--------------------------------------|
| notice     | left, `unconfirmed`         | at most once   | stale when late, odd when twice      |
| alert      | left, `unconfirmed`         | at most once   | the digest holds what it told        |
| correction | left, `unconfirmed`         | at most once   | a second one reads as another change |
| digest     | sent again, up to 8 times   | at least once  | the one thing a reader waits for     |
| broadcast  | left, `unconfirmed`         | at most once   | one call repeated to all is spam     |

Everything else is the same for all: a refusal (429), or a connection that was never made, repeats
nothing, and the message goes later; one that Telegram will never take is `failed` and set aside.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal["notice", "alert", "correction", "digest", "broadcast"]
"""What is sent unasked, most urgent first: the order of the table above, and of sending."""

KINDS: tuple[Kind, ...] = get_args(Kind)

State = Literal["pending", "sending", "sent", "unconfirmed", "failed", "gone", "cancelled"]
"""Where a letter is; from `sent` on it is done with. `unconfirmed`: it may have arrived."""

STATES: tuple[State, ...] = get_args(State)

TRIES = 8
"""Times a message is begun before it is set aside; with `backoff`, over some ten minutes."""


@dataclass(frozen=True, slots=True)
class Promise:
    """`rank`: its place in the order of sending, after the answers' 0. `again`: at least once."""

    rank: int
    again: bool


PROMISES: dict[Kind, Promise] = {
    kind: Promise(rank=place, again=kind == "digest") for place, kind in enumerate(KINDS, 1)
}


def backoff(attempts: int) -> int:
    """Seconds before a message that was begun `attempts` times is begun again."""
    return int(min(5 * 2 ** (attempts - 1), 900))
