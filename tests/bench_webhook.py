"""A webhook under kill -9: `python -m tests.bench_webhook [--updates 1000] [--kills 10]`.

The bot runs as a process of its own against the local Bot API server, which posts updates as
Telegram does: each again until it gets 200. At most `AT_ONCE` readers wait for an answer at a
time, so that none is told that the bot is busy. Exit code 1 where an update was lost, or answered
twice.
"""

# ruff: noqa: T201  (printing is what it is for)

from __future__ import annotations

import argparse
import asyncio
import logging
import random
import signal
import socket
import sys
import tempfile
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parent))  # as pytest's `pythonpath` does

from botapi import playground
from telegram_posts import posting
from test_bot_killed import WORKER, Watch

from bot.texts.crowd import crowd

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import AsyncIterator

    from bot.playground.server import PlaygroundServer

AT_ONCE = 100
"""Readers who wait for an answer at a time."""

PATIENCE = 600.0
"""Seconds after which a run that does not get on is given up."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What became of a run."""

    updates: int
    posted: int
    statuses: Counter[int]
    kills: int
    answered: int
    unsure: int  # told that the answer may be there already, and asked again with the button
    twice: int
    took_p50: float
    took_p95: float
    seconds: float
    ended: float  # seconds from SIGTERM to the end of the last process


def free_port() -> int:
    """One that nobody listens at; taken again by each new process of the bot."""
    with socket.socket() as any_free:
        any_free.bind(("127.0.0.1", 0))
        port: int = any_free.getsockname()[1]
        return port


@asynccontextmanager
async def pushed_bot(
    server: PlaygroundServer, folder: Path, port: int
) -> AsyncIterator[asyncio.subprocess.Process]:
    """The bot with a webhook, in a process of its own; killed on leaving."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(WORKER), server.base_url, server.token, str(folder), str(port)
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def storm(folder: Path, updates: int, kills: int, seed: int = 7) -> Figures:
    """Ask so many questions of a bot that is killed so many times meanwhile."""
    chance, port, began = random.Random(seed), free_port(), time.perf_counter()
    async with (
        playground() as server,
        posting(server, f"http://127.0.0.1:{port}/telegram") as posts,
    ):
        watch = Watch(server)
        readers = [server.user(f"قارئ {number}") for number in range(updates)]

        async def ask() -> None:
            for number, reader in enumerate(readers):
                await server.wait_until(
                    lambda number=number: number - watch.settled() < AT_ONCE, within=PATIENCE
                )
                reader.send(f"سؤال {number}")

        asking = asyncio.create_task(ask())
        for kill in range(kills):
            async with pushed_bot(server, folder, port) as process:
                share = updates * (kill + 1) // (kills + 2)
                goal = max(watch.settled(), share) + chance.randrange(3, 9)
                await server.wait_until(lambda goal=goal: watch.settled() >= goal, within=PATIENCE)
                await asyncio.sleep(chance.random() / 10)  # a kill keeps no time with the answers
                process.kill()
        async with pushed_bot(server, folder, port) as process:
            await asking
            await server.wait_until(lambda: watch.settled() == updates, within=PATIENCE)
            unsure = watch.asked_again
            for note in unsure:
                next(one for one in readers if one.chat is note.chat).press(note, crowd("ar").again)
            await server.wait_until(lambda: len(watch.answers) == updates, within=PATIENCE)
            stopping = time.perf_counter()
            process.send_signal(signal.SIGTERM)
            await asyncio.wait_for(process.wait(), 20)
            ended = time.perf_counter() - stopping
    took = sorted(posts.seconds)
    return Figures(
        updates=updates,
        posted=posts.updates,
        statuses=posts.statuses,
        kills=kills,
        answered=len(watch.answers),
        unsure=len(unsure),
        twice=sum(len(times) > 1 for times in watch.answers.values()),
        took_p50=took[len(took) // 2],
        took_p95=took[int(len(took) * 0.95)],
        seconds=time.perf_counter() - began,
        ended=ended,
    )


def main() -> int:
    """Run it and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--updates", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    # Of each kill the local server says that its client has gone.
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as folder:
        told = asyncio.run(storm(Path(folder), given.updates, given.kills, given.seed))
    answers = ", ".join(f"{count} × {status or 'none'}" for status, count in told.statuses.items())
    print(f"{told.updates} questions asked, {told.kills} times kill -9, {told.seconds:.0f} s")
    print(f"posts: {told.posted} updates (presses too), answers to the posts: {answers}")
    print(f"a post that was taken took p50 {1000 * told.took_p50:.0f} ms", end=", ")
    print(f"p95 {1000 * told.took_p95:.0f} ms")
    print(f"answered: {told.answered}; of these asked again by the button: {told.unsure}")
    print(f"lost: {told.updates - told.answered}; answered twice: {told.twice}")
    print(f"SIGTERM to the end: {told.ended:.1f} s")
    return 0 if told.answered == told.updates and not told.twice else 1


if __name__ == "__main__":
    sys.exit(main())
