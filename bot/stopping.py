"""How the process is told to end, and that it does."""

from __future__ import annotations

import asyncio
import signal
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WITHIN = 8.0
"""Seconds from SIGTERM to the end: below Docker's 10 between SIGTERM and SIGKILL."""


@contextmanager
def stop_on_signals(stop: asyncio.Event, on_stop: Callable[[], None] | None) -> Iterator[None]:
    """Set `stop` at the first SIGINT or SIGTERM, and call `on_stop`; a second one is as usual."""
    loop = asyncio.get_running_loop()
    watched = (signal.SIGINT, signal.SIGTERM)

    def forget() -> None:
        for number in watched:
            with suppress(NotImplementedError, RuntimeError, ValueError):
                loop.remove_signal_handler(number)

    def stopped() -> None:
        stop.set()
        forget()  # the next one is not ours to soften
        if on_stop is not None:
            on_stop()

    for number in watched:
        # Not on Windows, nor off the main thread; KeyboardInterrupt then cancels `run`.
        with suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(number, stopped)
    try:
        yield
    finally:
        forget()


def end_within(seconds: float) -> None:
    """Have the process ended (by SIGALRM) after so long, whatever it still does.

    By the kernel: a thread that never ends, or code that never lets another run, cannot hold it.
    Nothing is lost by it: what was promised is on the disk, as for a kill at any other moment.
    """
    signal.setitimer(signal.ITIMER_REAL, seconds)
