"""What a supervisor is told, over a socket as systemd gives one."""

from __future__ import annotations

import asyncio
import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from bot.notify import Notifier
from bot.settings import Supervisor

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("abstract", [False, True])
def test_each_word_is_a_datagram(tmp_path: Path, abstract: bool) -> None:
    """To a path, or to a name that is in no folder."""
    name = f"@isnad-test-{tmp_path.name}-{id(tmp_path)}" if abstract else str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as supervisor:
        supervisor.bind("\0" + name[1:] if abstract else name)
        supervisor.settimeout(5)
        told = Notifier(name)
        told.status("opening the archive")
        told.ready("@bot is listening")
        told.stopping()
        assert [supervisor.recv(200).decode() for _ in range(3)] == [
            "STATUS=opening the archive",
            "READY=1\nSTATUS=@bot is listening",
            "STOPPING=1\nSTATUS=stopping",
        ]


async def test_it_beats_twice_in_the_time_until_the_end(tmp_path: Path) -> None:
    """As long as the event loop turns: a blocked one is silent."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as supervisor:
        supervisor.bind(str(tmp_path / "notify"))
        supervisor.setblocking(False)
        loop, stop = asyncio.get_running_loop(), asyncio.Event()
        beating = asyncio.create_task(Notifier(str(tmp_path / "notify"), 0.1).beat(stop))
        began = loop.time()
        for _ in range(5):
            assert await asyncio.wait_for(loop.sock_recv(supervisor, 200), 5) == b"WATCHDOG=1"
        assert loop.time() - began >= 0.15
        stop.set()
        await asyncio.wait_for(beating, 5)


async def test_without_a_supervisor_nothing_is_said(caplog: pytest.LogCaptureFixture) -> None:
    """On a terminal, in a container."""
    told = Notifier(None, 30.0)
    told.ready("at work")
    await asyncio.wait_for(told.beat(asyncio.Event()), 5)
    await asyncio.wait_for(Notifier("/nowhere").beat(asyncio.Event()), 5)
    assert not caplog.records


def test_a_supervisor_that_has_gone_is_no_error(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A line in the log, and on."""
    Notifier(str(tmp_path / "nobody")).ready("at work")
    assert "was not told" in caplog.text


def test_the_watchdog_is_for_the_process_that_systemd_means(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """sd_watchdog_enabled(3): another process of the unit inherits the variables."""
    for name in ("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"):
        monkeypatch.delenv(name, raising=False)
    assert Supervisor().watchdog(7) is None
    monkeypatch.setenv("NOTIFY_SOCKET", "@/org/freedesktop/systemd1/notify")
    monkeypatch.setenv("WATCHDOG_USEC", "120000000")
    assert Supervisor().notify_socket == "@/org/freedesktop/systemd1/notify"
    assert Supervisor().watchdog(7) == 120.0
    monkeypatch.setenv("WATCHDOG_PID", "7")
    assert Supervisor().watchdog(7) == 120.0
    assert Supervisor().watchdog(8) is None


def test_the_end_comes_whatever_a_thread_does() -> None:
    """A thread that never ends would keep the interpreter."""
    code = (
        "import threading; from bot.stopping import end_within; end_within(0.2);"
        "threading.Thread(target=threading.Event().wait).start()"
    )
    done = subprocess.run([sys.executable, "-c", code], timeout=60, check=False)
    assert done.returncode == -signal.SIGALRM
