"""What can be wrong with an installation: its settings, its archive, its readers' database."""

from __future__ import annotations

import os
import re
import stat
import tomllib
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.connecting import Heard, hear_of
from bot.settings import BotSettings
from bot.store import moments, open_store
from index import doctor
from index.doctor import SET_THE_CLOCK, TICK, Finding
from index.model import IsnadError, ModelError, SchemaError, StoreError
from index.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from index.engine import Engine
    from index.settings import Settings

LATE = timedelta(hours=1)
"""A letter this long overdue is sent by nobody: a broadcast to 50,000 readers takes half of it."""

TOKEN = re.compile(r"\d+:[\w-]{30,}", re.ASCII)
"""What @BotFather gives: the bot's number and a secret (35 characters today)."""

COPY_IT = "copy ISNAD_TELEGRAM_TOKEN again from @BotFather (/mybots, API Token)"


def _now() -> datetime:
    return datetime.now(UTC)


def examine(
    home: Path | None,
    archive: Callable[[], AbstractContextManager[Engine]],
    *,
    quick: bool = False,
    now: Callable[[], datetime] = _now,
    hear: Callable[[str | None, str], Heard] = hear_of,
) -> Iterator[Finding]:
    """Look at everything; with `quick` at what tells in a moment whether the bot is at work.

    `hear` asks Telegram of a token; with `quick` nobody is asked.
    """
    try:
        settings = load_settings(home)
        bot = BotSettings.load(settings.home)
    except (IsnadError, OSError) as error:
        advice = "correct that setting (deploy/env.example says what each may be)"
        yield Finding(False, f"the settings cannot be used: {error}", advice)
        return
    token = _token(bot)
    yield token
    if token.ok and bot.telegram_token is not None and not quick:
        heard = hear(bot.telegram_base_url, bot.telegram_token.get_secret_value())
        yield from _telegram(heard, now())
    if (exposed := _exposed(settings.home / "settings.toml")) is not None:
        yield exposed
    if (open_to_all := _open_to_all(settings.home)) is not None:
        yield open_to_all
    if settings.home.exists() and not os.access(settings.home, os.W_OK, effective_ids=True):
        yield _unwritable(settings.home)
        return
    try:
        with archive() as engine:
            yield from (doctor.glance if quick else doctor.examine)(engine, now=now)
    except IsnadError as error:
        yield from _unusable("the archive", error, settings)
    try:
        yield from _readers(settings, now(), quick=quick)
    except IsnadError as error:
        yield from _unusable("the readers' database", error, settings)


def _token(bot: BotSettings) -> Finding:
    """Whether there is one that can be one."""
    if bot.telegram_token is None:
        return Finding(True, "no token is set: the archive works, isnad bot does not start")
    if TOKEN.fullmatch(bot.telegram_token.get_secret_value()):
        return Finding(True, "the settings can be used, a token is set")
    return Finding(False, "the token is not of the form that @BotFather gives", COPY_IT)


def _telegram(heard: Heard, now: datetime) -> Iterator[Finding]:
    """What Telegram says of the token; and its clock beside ours, which may be ahead of it too."""
    if heard.trouble is not None:
        advice = "check the network, or ISNAD_TELEGRAM_BASE_URL; the archive works without it"
        yield Finding(False, f"Telegram cannot be asked: {heard.trouble}", advice)
        return
    if heard.name is None:
        yield Finding(False, "Telegram does not know the token (any more)", COPY_IT)
    else:
        yield Finding(True, f"Telegram knows the token: @{heard.name}")
    if heard.date is not None and abs(now - heard.date) > TICK:
        minutes = round(abs(now - heard.date) / timedelta(minutes=1))
        side = "ahead of" if now > heard.date else "behind"
        yield Finding(False, f"the clock is {minutes} minutes {side} Telegram's", SET_THE_CLOCK)


def _exposed(path: Path) -> Finding | None:
    """A warning where every user of the machine can read the token in a file."""
    if not path.is_file() or not path.stat().st_mode & stat.S_IROTH:
        return None
    if "telegram_token" not in tomllib.loads(path.read_text(encoding="utf-8")):
        return None
    return Finding(True, f"{path} holds the token and every user can read it", f"chmod 600 {path}")


def _open_to_all(home: Path) -> Finding | None:
    """A warning where every user of the machine can read what readers asked and follow.

    A home is made so that only its owner can; one made by other means, or long ago, may not be.
    """
    readers = home / "bot.db"
    if not readers.is_file() or not readers.stat().st_mode & stat.S_IROTH:
        return None
    if not home.stat().st_mode & stat.S_IXOTH:
        return None
    return Finding(True, f"every user of this machine can read {readers}", f"chmod 700 {home}")


def _readers(settings: Settings, now: datetime, *, quick: bool) -> Iterator[Finding]:
    """Whether the readers' database is whole, and whether anyone sends what they are owed."""
    if settings.database_url is None and not (settings.home / "bot.db").exists():
        yield Finding(True, "there are no readers yet")
        return
    with closing(open_store(settings)) as store:
        if not quick:
            damage = store.db.integrity()
            if damage is not None:
                advice = "stop the bot, then isnad restore FILE --force"
                yield Finding(False, f"the readers' database is damaged: {damage}", advice)
                return
            yield Finding(True, "the readers' database is whole")
        with store.db.read() as connection:
            late, oldest = moments.overdue(
                connection,
                before=(now - LATE).isoformat(timespec="seconds"),
                now=now.isoformat(timespec="seconds"),
            )
    if late:
        yield Finding(
            False,
            f"{late} letters to readers were due since {oldest} and have not left",
            "see that isnad bot runs and reaches Telegram; its log says why not",
        )
    else:
        yield Finding(True, "no letter to a reader is late")


def _unwritable(home: Path) -> Finding:
    """What to do about a home that is another user's, or on a disk that nobody may write to."""
    if os.statvfs(home).f_flag & os.ST_RDONLY:
        return Finding(
            False,
            f"{home} is on a disk that is mounted read-only",
            "see why (dmesg; a failing disk is made so), then mount it for writing",
        )
    advice = "make it, and what is in it, the user's that runs isnad (chown -R)"
    return Finding(False, f"{home} cannot be written", advice)


def _unusable(what: str, error: IsnadError, settings: Settings) -> Iterator[Finding]:
    """What does not open, and what to do; a full disk is behind it more often than a broken one."""
    advice = _remedy(error, settings)
    sound = isinstance(error, SchemaError) or not isinstance(error, StoreError)
    if not sound and settings.home.exists():
        room = doctor.disk(settings.home)
        if not room.ok:
            yield room
            advice = "make room first"
    yield Finding(False, f"{what} cannot be used: {error}", advice)


def _remedy(error: IsnadError, settings: Settings) -> str:
    """What to do about an archive or a database that does not open."""
    if isinstance(error, SchemaError):
        return "upgrade Isnad, or restore a backup that this version made"
    if isinstance(error, ModelError):
        return "correct ISNAD_MODEL; where it is not set, ISNAD_CACHE must be a folder to write to"
    if settings.database_url is not None:
        return "see that the server of ISNAD_DATABASE_URL runs and lets this user in"
    return (
        "see that ISNAD_HOME names a folder on a sound disk, and that its files can be written; "
        "else stop the bot, then isnad restore FILE --force"
    )
