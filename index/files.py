"""Files that survive a crash: written whole or not at all, and locked between processes."""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path


def write_atomically(path: Path, write: Callable[[Path], None]) -> None:
    """Let `write` fill a temporary file, then put it in the place of `path` in one step."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        write(temporary)
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_json(path: Path, value: Any) -> None:
    """Write a small JSON file atomically."""
    write_atomically(path, lambda target: _dump(target, value))


def read_manifest(path: Path, identity: Mapping[str, object]) -> dict[str, int]:
    """Return the counts of a manifest written for what `identity` names.

    Empty where the file is missing, damaged, or of another identity: then nothing vouches for
    what lies beside it.
    """
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        if not manifest.items() >= identity.items():
            return {}
        return {k: int(v) for k, v in manifest.items() if k not in identity}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


@contextmanager
def locked(path: Path, *, wait: bool) -> Iterator[bool]:
    """Hold a lock file; yields whether it was had (always, with `wait`).

    The operating system frees it when the process dies, however it dies.
    """
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True


def _dump(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
