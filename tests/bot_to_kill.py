"""A bot to be killed: `python tests/bot_to_kill.py BASE_URL TOKEN FOLDER`.

Its archive is a fake that takes its time over each question and quotes it.
"""

from __future__ import annotations

import asyncio
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from fakes import FakeAsker, a_store, answered, quote

from bot.app import build_bot

if TYPE_CHECKING:
    from index.model import Answer


class Slow(FakeAsker):
    """20 ms a question: a batch of several is under way when the kill comes."""

    def ask(self, question: str, *, limit: int = 3) -> Answer:
        time.sleep(0.02)
        return answered(quote(f"جواب {question}."))


def main() -> None:
    base_url, token, folder = sys.argv[1:]
    with closing(a_store(Path(folder))) as store:
        bot = build_bot(token, archive=Slow(), store=store, base_url=base_url)
        asyncio.run(bot.run())


if __name__ == "__main__":
    main()
