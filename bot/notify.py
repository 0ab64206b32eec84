"""What a supervisor is told: systemd's protocol for `Type=notify` (sd_notify(3)).

A datagram of `NAME=value` lines to the socket that systemd names. Where there is none, as on a
terminal or in a container, nothing is said.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from contextlib import suppress

log = logging.getLogger(__name__)


class Notifier:
    """Tells that we are ready, that we are alive, that we are about to end."""

    def __init__(self, address: str | None, watchdog: float | None = None) -> None:
        """`address` is a path, or a name after `@` (an abstract socket).

        `watchdog` is how many seconds of silence the supervisor takes for death.
        """
        self._address = address
        self._watchdog = watchdog

    def ready(self, status: str) -> None:
        """We are at work."""
        self._say("READY=1", f"STATUS={status}")

    def status(self, text: str) -> None:
        """What we are doing, in a line."""
        self._say(f"STATUS={text}")

    def stopping(self) -> None:
        """We are about to end."""
        self._say("STOPPING=1", "STATUS=stopping")

    async def beat(self, stop: asyncio.Event) -> None:
        """Work beside the answers: as long as the event loop turns, say so twice in time."""
        if self._address is None or self._watchdog is None:
            return
        while not stop.is_set():
            self._say("WATCHDOG=1")
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), self._watchdog / 2)

    def _say(self, *lines: str) -> None:
        if self._address is None:
            return
        name = self._address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
                out.setblocking(False)
                out.connect("\0" + name[1:] if name.startswith("@") else name)
                out.send("\n".join(lines).encode())
        except OSError as error:  # no reason to end: the supervisor decides what silence means
            log.warning("the supervisor was not told: %s", error.strerror or type(error).__name__)
