"""Logging as a running command sets it up, for the length of a block."""

from __future__ import annotations

import logging
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from bot import logs
from bot.settings import BotSettings

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def logging_as_set(**settings: Any) -> Iterator[None]:
    """To stderr, with these settings; afterwards as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        with warnings.catch_warnings():
            logs.set_up(BotSettings(**settings))
            yield
    finally:
        logging.captureWarnings(False)
        root.handlers[:] = handlers
        root.setLevel(level)
        for name in ("bot", "index"):
            logging.getLogger(name).setLevel(logging.NOTSET)
