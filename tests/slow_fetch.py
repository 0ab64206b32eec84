"""`fetch --once` with a slow fake model, to be killed: `python slow_fetch.py HOME PORT DELAY`.

Prints a line when the archive is open and one when everything is in.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fake_embedder import HashEmbedder
from web_server import policy

from index import caches
from index.engine import Engine
from index.feeds import Feeds
from index.settings import Settings
from index.web import Client, Turns


def main(home: str, port: str, delay: str) -> None:
    """Read what is due of the feeds that the test's server plays."""
    caches.EMBED_BATCH = 5  # several commits, so that a kill falls between some of them
    caches.INDEX_BATCH = 4
    with Engine(Settings(home=Path(home)), HashEmbedder(delay=float(delay))) as engine:
        client = Client(policy(int(port)), Turns(0))
        lock = Path(home) / "fetch.lock"
        feeds = Feeds(engine.db, sync=engine.sync, lock=lock, client=client)
        sys.stdout.write("open\n")
        sys.stdout.flush()
        feeds.fetcher().run_once()
        sys.stdout.write("done\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
