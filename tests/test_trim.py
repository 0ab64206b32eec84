"""Free memory goes back to the system."""

from __future__ import annotations

import asyncio
import platform
import subprocess
import sys

import pytest

from bot.trim import give_back, trimming

EIGHT_THREADS = """
import ctypes, sys, threading
from bot.trim import share
if "few" in sys.argv:
    share()
together = threading.Barrier(9)
def hold():
    kept = bytes(100_000)  # Python's own allocator has smaller things
    together.wait()
    together.wait()
for _ in range(8):
    threading.Thread(target=hold).start()
together.wait()
c = ctypes.CDLL(None)
c.fdopen.restype = ctypes.c_void_p
c.malloc_info(0, ctypes.c_void_p(c.fdopen(1, b"w")))
c.fflush(None)
together.wait()
"""


async def test_it_is_given_back_once_an_hour_until_the_bot_stops() -> None:
    """A simulation's hour is shorter."""
    stop, hours = asyncio.Event(), []

    def trim() -> None:
        hours.append(len(hours))
        if len(hours) == 3:
            loop.call_soon_threadsafe(stop.set)

    loop = asyncio.get_running_loop()
    await asyncio.wait_for(trimming(0.0001, trim)(stop), 5)
    assert hours == [0, 1, 2]


def test_giving_back_is_no_error_anywhere() -> None:
    """Where the C library has no such function nothing happens."""
    give_back()


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library has other heaps")
def test_threads_share_few_heaps() -> None:
    """Where each would have its own."""

    def heaps(*how: str) -> int:
        command = [sys.executable, "-c", EIGHT_THREADS, *how]
        told = subprocess.run(command, capture_output=True, text=True, check=True)
        return told.stdout.count("<heap")

    assert heaps() > 2
    assert heaps("few") == 2
