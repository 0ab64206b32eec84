"""A bot to be killed: `python tests/bot_to_kill.py BASE_URL TOKEN FOLDER [PORT]`.

Its archive is a fake that takes its time over each question and quotes it. With a port it takes
updates there, from a webhook.
"""

from __future__ import annotations

import asyncio
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from fakes import FakeAsker, a_store, answered, quote
from telegram_posts import PUBLIC

from bot.app import build_bot
from bot.server import Serving, Webhook, secret_of
from bot.stopping import WITHIN, end_within

if TYPE_CHECKING:
    from index.model import Answer


class Slow(FakeAsker):
    """20 ms a question: a batch of several is under way when the kill comes. One hangs."""

    def ask(self, question: str, *, limit: int = 3) -> Answer:
        time.sleep(60 if question == "سؤال بلا نهاية" else 0.02)
        return answered(quote(f"جواب {question}."))


def main() -> None:
    base_url, token, folder, *port = sys.argv[1:]
    serving = None
    if port:
        serving = Serving("127.0.0.1", int(port[0]), Webhook(PUBLIC, secret_of(token)))
    with closing(a_store(Path(folder))) as store:
        bot = build_bot(token, archive=Slow(), store=store, base_url=base_url, serving=serving)
        asyncio.run(bot.run(on_stop=lambda: end_within(WITHIN)))


if __name__ == "__main__":
    main()
