"""The lock that readers share: who waits for whom."""

from __future__ import annotations

from threading import Event, Thread
from typing import TYPE_CHECKING

from index.sharing import SharedLock

if TYPE_CHECKING:
    from collections.abc import Callable

WITHIN = 30.0
"""Seconds after which a thread that should go on hangs."""

SOON = 0.1
"""Seconds in which a thread that need not wait would have gone on."""


def begun(work: Callable[[], None]) -> Thread:
    thread = Thread(target=work, daemon=True)
    thread.start()
    return thread


def test_readers_read_beside_one_another() -> None:
    """Neither waits for the other."""
    lock, met = SharedLock(), [Event(), Event()]

    def read(mine: int) -> None:
        with lock.reading():
            met[mine].set()
            assert met[1 - mine].wait(WITHIN)

    threads = [begun(lambda mine=mine: read(mine)) for mine in (0, 1)]
    for thread in threads:
        thread.join(WITHIN)
        assert not thread.is_alive()


def test_a_writer_waits_for_readers_and_goes_before_later_ones() -> None:
    """And nobody reads while it writes."""
    lock, done = SharedLock(), list[str]()

    def write() -> None:
        with lock.writing():
            done.append("written")

    def read() -> None:
        with lock.reading():
            done.append("read")

    with lock.reading():
        writer = begun(write)
        writer.join(SOON)
        late = begun(read)
        late.join(SOON)
        assert done == []
    for thread in (writer, late):
        thread.join(WITHIN)
    assert done == ["written", "read"]


def test_writers_write_one_after_the_other() -> None:
    """The second begins when the first has ended."""
    lock, done = SharedLock(), list[str]()

    def write() -> None:
        with lock.writing():
            done.append("second")

    with lock.writing():
        second = begun(write)
        second.join(SOON)
        done.append("first")
    second.join(WITHIN)
    assert done == ["first", "second"]


def test_an_error_lets_go() -> None:
    """Of whoever held it."""
    lock = SharedLock()
    for holding in (lock.reading, lock.writing):
        try:
            with holding():
                raise KeyError
        except KeyError:
            pass
    with lock.writing():
        pass
