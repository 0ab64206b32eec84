"""`python -m bot.cli`: the command `isnad`."""

from __future__ import annotations

from bot.cli import main

main()
