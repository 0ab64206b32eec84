"""Two hundred chats that ask at once: `python -m tests.bench_chat [--chats 200] [--rounds 2]`.

The sample archive with the real models (ISNAD_READER=off leaves the reader out). In each round the
same questions are asked one at a time, each alone on two threads as the bot did before, and
together as it does now; first all different, then as people ask when something happens: a few
questions by many. Shared machines change speed, so what counts is the ratio within a round. Then
the whole bot, against the local Bot API server in this same process: each chat asks when the one
before has its answer, and all ask at once while new readers press /start. CPU is the whole
process's: the bot, its local server and the readers.
"""

# ruff: noqa: T201  (printing is what it is for)

from __future__ import annotations

import argparse
import asyncio
import itertools
import random
import statistics
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parent))  # as pytest's `pythonpath` does

from botapi import playground
from fakes import a_store

from bot.app import build_bot
from bot.bridge import Bridge
from bot.demo import fill
from bot.texts import AR
from index import sentences, store
from index.bench import ask_about
from index.engine import Engine, open_engine
from index.recent import Recent
from index.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Awaitable, Sequence

    from bot.playground.people import User
    from bot.playground.server import PlaygroundServer


def questions(engine: Engine, count: int) -> list[str]:
    """So many questions about what stands in the archive's sentences."""
    with engine.db.read() as connection:
        rows = store.passage_rows(connection, ids=store.passage_ids(connection))
    return ask_about(rows, count)


async def asked_at_once(engine: Engine, asked: Sequence[str], **options: int) -> list[float]:
    """How long each waited for its answer, in seconds."""
    bridge = Bridge(engine, waiting=len(asked), **options)

    async def wait(question: str) -> float:
        started = time.perf_counter()
        await bridge.ask(question)
        return time.perf_counter() - started

    waits = await asyncio.gather(*map(wait, asked))
    await bridge.close(10)
    return waits


async def one_at_a_time(engine: Engine, asked: Sequence[str]) -> list[float]:
    """The same, one after the other and nothing shared."""
    started, waits = time.perf_counter(), []
    for question in asked:
        await asyncio.to_thread(engine.ask, question)
        waits.append(time.perf_counter() - started)
    return waits


async def line(
    name: str, engine: Engine, asking: Awaitable[list[float]], base: float | None = None
) -> float:
    """Print how fast answers come, with nothing remembered of the last run; the rate a second."""
    engine._recent = Recent()
    sentences.read.cache_clear()
    used = time.process_time()
    waits = await asking
    used = 1000 * (time.process_time() - used) / len(waits)
    rate = len(waits) / max(waits)
    times = "" if base is None else f", {rate / base:.2f} times one at a time"
    print(
        f"  {name:<14} {rate:6.1f} answers/s, {used:4.0f} ms of CPU each, "
        f"p50 {statistics.median(waits):5.1f} s, p95 {p95(waits):5.1f} s{times}"
    )
    return rate


def p95(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


async def compare(engine: Engine, name: str, asked: Sequence[str]) -> None:
    print(f"{name}: {len(asked)} chats, {len(set(asked))} questions")
    base = await line("one at a time", engine, one_at_a_time(engine, asked))
    await line("alone, 2 by 2", engine, asked_at_once(engine, asked, together=1), base)
    await line("together", engine, asked_at_once(engine, asked), base)


async def whole_bot(engine: Engine, asked: Sequence[str], folder: Path) -> None:
    """Chats write one after the other, then all at once while newcomers press /start."""
    print(f"the whole bot: {len(asked)} chats")
    async with playground() as server:
        with closing(a_store(folder)) as readers:
            bot = build_bot(server.token, archive=engine, store=readers, base_url=server.base_url)
            stop, ready = asyncio.Event(), asyncio.Event()
            running = asyncio.create_task(
                bot.run(stop, handle_signals=False, on_ready=lambda _: ready.set())
            )
            await ready.wait()
            base = await line("one at a time", engine, in_turn(server, asked))
            greeted: list[float] = []
            starting = asyncio.create_task(greetings(server, greeted))
            await line("together", engine, at_once(server, asked), base)
            starting.cancel()
            stop.set()
            await running
    print(f"  {len(greeted)} times /start meanwhile: p95 {p95(greeted):.2f} s")


async def in_turn(server: PlaygroundServer, asked: Sequence[str]) -> list[float]:
    """Each chat asks when the one before has its answer; when each had it, in seconds."""
    started, waits = time.perf_counter(), []
    for number, question in enumerate(asked):
        person = server.user(f"قارئ متأن {number}")
        person.send(question)
        await server.wait_message(person.chat, within=60)
        waits.append(time.perf_counter() - started)
    return waits


async def at_once(server: PlaygroundServer, asked: Sequence[str]) -> list[float]:
    """All chats ask; how long each waited for its one answer, in seconds."""
    people = [server.user(f"قارئ {number}") for number in range(len(asked))]
    chats = [person.chat for person in people]
    started = time.perf_counter()
    waits: list[float] = []

    def all_answered() -> bool:
        now, had = time.perf_counter() - started, sum(map(bool, map(server.messages, chats)))
        waits.extend(now for _ in range(had - len(waits)))
        return had == len(people)

    for person, question in zip(people, asked, strict=True):
        person.send(question)
    # one looks out for all: two hundred that wake at every message would take the bot's time
    await server.wait_until(all_answered, within=900)
    said = [[message.text for message in server.messages(one.chat)] for one in people]
    failed = AR.failed.partition("{")[0]
    wrong = sum(len(own) != 1 or failed in own[0] for own in said)
    print(f"  {wrong} without exactly one answer")
    return waits


async def greetings(server: PlaygroundServer, greeted: list[float]) -> None:
    """Somebody new presses /start four times a second; how long each waited goes to `greeted`."""

    async def greet(newcomer: User) -> None:
        before = time.perf_counter()
        await server.wait_message(newcomer.chat, after=newcomer.start(), within=60)
        greeted.append(time.perf_counter() - before)

    async with asyncio.TaskGroup() as group:  # nobody waits for the one before
        for number in itertools.count():
            group.create_task(greet(server.user(f"جديد {number}")))
            await asyncio.sleep(0.25)


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chats", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=2)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(Path(folder) / "archive")
        with open_engine(settings=settings) as engine:
            fill(engine)
            engine.load()
            asked = questions(engine, arguments.chats)
            for question in asked[:5]:  # the first few compile the shapes of their texts
                engine.ask(question)
            print("with the reader" if engine.reader else "without the reader")
            # The n-th most frequent is asked 1/n as often as the first (Zipf).
            weights = [1 / n for n in range(1, arguments.chats + 1)]
            burst = random.Random(8).choices(asked, weights, k=arguments.chats)
            for _ in range(arguments.rounds):
                await compare(engine, "all different", asked)
                await compare(engine, "a burst", burst)
            await whole_bot(engine, asked, Path(folder))


if __name__ == "__main__":
    asyncio.run(main())
