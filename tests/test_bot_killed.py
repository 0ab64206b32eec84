"""kill -9 in the middle of the load, again and again: no question is lost."""

from __future__ import annotations

import asyncio
import random
import sys
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from botapi import playground

from bot.texts.crowd import crowd

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.playground.model import Message
    from bot.playground.server import PlaygroundServer

WORKER = Path(__file__).parent / "bot_to_kill.py"


@asynccontextmanager
async def bot(server: PlaygroundServer, folder: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """The bot in a process of its own, killed on leaving."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(WORKER), server.base_url, server.token, str(folder)
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


class Watch:
    """When the bot answered which question, and which it could not be sure of."""

    def __init__(self, server: PlaygroundServer) -> None:
        self._server = server
        self._seen = 0
        self.answers: dict[str, list[float]] = {}
        self.unsure: list[Message] = []
        server.world.observers.append(self._look)

    def _look(self) -> None:
        world = self._server.world
        for event in [e for e in world.events if e.seq > self._seen]:
            self._seen = event.seq
            text = event.data.get("text", "")
            if event.kind in ("message", "edit") and "جواب س" in text:
                question = text.partition("جواب ")[2].partition(".")[0]
                self.answers.setdefault(question, []).append(asyncio.get_running_loop().time())
            elif event.kind == "message" and crowd("ar").interrupted in text:
                note = world.message(world.chats[event.chat_id], event.data["message_id"])
                assert note is not None
                self.unsure.append(note)

    @property
    def asked_again(self) -> list[Message]:
        """A note below each question that has no answer; a kill may leave it two."""
        notes = {note.reply_to.text: note for note in self.unsure if note.reply_to is not None}
        return [note for question, note in notes.items() if question not in self.answers]

    def settled(self) -> int:
        """How many questions are answered, or below a note that asks whether they are."""
        return len(self.answers) + len(self.asked_again)


async def test_a_bot_killed_under_load_answers_each_question_once(tmp_path: Path) -> None:
    """What it cannot know to have answered it says, with a button that asks again."""
    chance = random.Random(7)
    async with playground() as server:
        watch = Watch(server)
        readers = [server.user(f"قارئ {number}") for number in range(30)]
        asked: dict[int, list[str]] = {reader.id: [] for reader in readers}
        for wave in range(3):
            async with bot(server, tmp_path) as process:
                for reader in readers:
                    asked[reader.id].append(f"سؤال {reader.id} رقم {wave}")
                    reader.send(asked[reader.id][-1])
                goal = watch.settled() + chance.randrange(3, 15)
                await server.wait_until(lambda goal=goal: watch.settled() >= goal, within=60)
                await asyncio.sleep(chance.random() / 10)  # a kill keeps no time with the answers
                process.kill()
        questions = {question for own in asked.values() for question in own}
        async with bot(server, tmp_path) as process:
            await server.wait_until(lambda: watch.settled() == len(questions), within=60)
            lost = watch.asked_again
            for note in lost:
                reader = next(one for one in readers if one.chat is note.chat)
                reader.press(note, crowd("ar").again)
            await server.wait_until(lambda: len(watch.answers) == len(questions), within=60)
            process.terminate()
            await asyncio.wait_for(process.wait(), 10)
    assert set(watch.answers) == questions
    assert max(map(len, watch.answers.values())) == 1
    pressed = {note.reply_to.text for note in lost if note.reply_to}
    for own in asked.values():
        times = [watch.answers[question][0] for question in own if question not in pressed]
        assert times == sorted(times)
