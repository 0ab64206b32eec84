"""A Bot API that does its worst: 429, time-outs, 5xx, blocked chats; and notes what arrived.

Time is the simulation's: `speed` of its seconds pass in one of ours.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import parse_qs

TIMED_OUT = "timed out"
ANSWERED = "answered"


@dataclass(frozen=True)
class Arrival:
    """A message that reached its chat; `told` is what its sender was told."""

    chat: int
    text: str
    at: float
    worker: int
    told: str


@dataclass
class Trouble:
    """How hostile it is: chances of a request, and the chats that never work."""

    flood: float = 0.10
    timeout: float = 0.05  # half of them delivered
    server_error: float = 0.03
    blocked: frozenset[int] = frozenset()
    failing: frozenset[int] = frozenset()


@dataclass
class HostileApi:
    """Answers sendMessage and getMe over HTTP on a free port of this machine."""

    trouble: Trouble
    speed: float
    seed: int = 7
    arrivals: list[Arrival] = field(default_factory=list)
    requests: list[tuple[int, float, int]] = field(default_factory=list)  # chat, when, worker
    early: list[tuple[int, float]] = field(default_factory=list)  # before retry_after had passed
    counts: dict[str, int] = field(default_factory=dict)
    worker: int = 0
    port: int = 0

    def __post_init__(self) -> None:
        self.began = time.time()
        self._random = random.Random(self.seed)
        self._until: dict[int, float] = {}
        self._number = 0
        self._connections: set[asyncio.Task[None]] = set()

    def now(self) -> float:
        """Seconds of the simulation since it began."""
        return (time.time() - self.began) * self.speed

    async def __aenter__(self) -> HostileApi:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = asyncio.current_task()
        assert connection is not None
        self._connections.add(connection)
        try:
            await self._serve(reader, writer)
        finally:
            self._connections.discard(connection)
            # Left to the garbage collector, an open socket is a warning in some later test.
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                length = next(
                    int(line.split(":")[1])
                    for line in [*head.lower().split("\r\n"), "content-length: 0"]
                    if line.startswith("content-length:")
                )
                body = parse_qs((await reader.readexactly(length)).decode())
                status, answer = 200, {"ok": True, "result": _ME}
                if "/sendMessage" in head.split("\r\n", 1)[0]:
                    status, answer = await self._send(int(body["chat_id"][0]), body["text"][0])
                payload = json.dumps(answer).encode()
                writer.write(
                    f"HTTP/1.1 {status} x\r\nContent-Type: application/json\r\n"
                    f"Content-Length: {len(payload)}\r\n\r\n".encode()
                    + payload
                )
                await writer.drain()

    async def _send(self, chat: int, text: str) -> tuple[int, dict[str, object]]:
        now, trouble = self.now(), self.trouble
        self.requests.append((chat, now, self.worker))
        if (left := self._until.get(chat, 0.0) - now) > 0:
            self.early.append((chat, now))
            return self._flood(left)
        if chat in trouble.blocked:
            return self._no(403, "Forbidden: bot was blocked by the user")
        if chat in trouble.failing:
            return self._no(502, "Bad Gateway")
        roll = self._random.random()
        if roll < trouble.flood:
            seconds = self._random.randint(1, 60)
            self._until[chat] = now + seconds
            return self._flood(seconds)
        roll -= trouble.flood
        if roll < trouble.timeout:
            if roll < trouble.timeout / 2:
                self._arrive(chat, text, TIMED_OUT)
            self._count("time-outs")
            await asyncio.sleep(30 / self.speed)
            raise ConnectionResetError
        if roll < trouble.timeout + trouble.server_error:
            return self._no(500, "Internal Server Error")
        number = self._arrive(chat, text, ANSWERED)
        await asyncio.sleep(self._random.uniform(0.05, 0.15) / self.speed)
        message = {
            "message_id": number,
            "date": int(now),
            "chat": {"id": chat, "type": "private"},
            "text": text,
        }
        return 200, {"ok": True, "result": message}

    def _arrive(self, chat: int, text: str, told: str) -> int:
        self._number += 1
        self.arrivals.append(Arrival(chat, text, self.now(), self.worker, told))
        return self._number

    def _flood(self, seconds: float) -> tuple[int, dict[str, object]]:
        whole = int(seconds) + (seconds > int(seconds))
        return self._no(
            429, f"Too Many Requests: retry after {whole}", parameters={"retry_after": whole}
        )

    def _no(self, code: int, description: str, **more: object) -> tuple[int, dict[str, object]]:
        self._count(str(code))
        return code, {"ok": False, "error_code": code, "description": description, **more}

    def _count(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1


_ME = {"id": 1, "is_bot": True, "first_name": "isnad", "username": "isnad_bot"}
