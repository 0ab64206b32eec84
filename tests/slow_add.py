"""`add` with a slow fake model, to be killed: `python slow_add.py HOME DELAY FILE...`.

Prints a line when the archive is open and one when everything is in.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fake_embedder import HashEmbedder

from index import caches
from index.engine import Engine
from index.settings import Settings


def main(home: str, delay: str, *files: str) -> None:
    """Add the files."""
    caches.EMBED_BATCH = 5  # several commits, so that a kill falls between some of them
    caches.INDEX_BATCH = 4
    with Engine(Settings(home=Path(home)), HashEmbedder(delay=float(delay))) as engine:
        sys.stdout.write("open\n")
        sys.stdout.flush()
        engine.add(files)
        sys.stdout.write("done\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
