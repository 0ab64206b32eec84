"""The bytes of what an operator names: a file, an address, standard input; the files of a zip."""

from __future__ import annotations

import io
import sys
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from index.channels import page_of_post
from index.model import ExtractError, InputError
from index.web import Client

if TYPE_CHECKING:
    from collections.abc import Iterator

SIZE_LIMIT = 32 * 2**20
"""Bytes of one input, or of one file of a zip. No article and no sane export is longer."""

ZIP_FILES = 10_000
"""Files of a zip."""

ZIP_TOTAL = 512 * 2**20
"""Bytes of all the files of a zip together, unpacked."""


def read(where: str) -> tuple[bytes, str | None]:
    """Return the bytes of an input and, where it came from the web, its final address.

    Raises `InputError`: missing, a folder, unreadable, too large.
    """
    if where == "-":
        data = sys.stdin.buffer.read(SIZE_LIMIT + 1)
        return _within_limit(where, data, len(data)), None
    if where.lower().startswith(("http://", "https://")):
        # a post's own address shows it to the app only
        return Client().page(page_of_post(where) or where, limit=SIZE_LIMIT)
    path = Path(where)
    try:
        if path.is_dir():
            raise InputError(where, "is a folder; name the files in it")
        if path.exists() and not path.is_file():
            raise InputError(where, "is no file; use - to read from a pipe")
        size = path.stat().st_size
        return _within_limit(where, path.read_bytes() if size <= SIZE_LIMIT else b"", size), None
    except FileNotFoundError:
        raise InputError(where, "there is no such file") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(where, f"cannot be read: {reason}") from error


def _within_limit(where: str, data: bytes, size: int) -> bytes:
    if size > SIZE_LIMIT:
        raise InputError(
            where,
            f"is larger than {SIZE_LIMIT // 2**20} MB; split it, if it holds many articles",
        )
    return data


def files(where: str, data: bytes) -> Iterator[tuple[str, bytes | InputError]]:
    """Yield the name and bytes of each file of a zip, one after another; else the input itself.

    A file that cannot be unpacked is an error in its place. What a zip says of its sizes is not
    believed: unpacking stops at the limits. A zip inside a zip stays packed.
    """
    if not data.startswith(b"PK\x03\x04"):
        yield where, data
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield from _unpacked(where, archive)
    except zipfile.BadZipFile as error:
        yield where, ExtractError(where, f"the zip cannot be read: {error}")


def _unpacked(where: str, archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes | InputError]]:
    held = [info for info in archive.infolist() if not info.is_dir() and _wanted(info.filename)]
    if any(info.filename == "[Content_Types].xml" for info in held):
        yield where, ExtractError(where, "this is an office document; save it as text or HTML")
        return
    if not held:
        yield where, ExtractError(where, "the zip holds no file")
    total = 0
    for number, info in enumerate(held):
        name = f"{where}, {info.filename}"
        if number >= ZIP_FILES or total >= ZIP_TOTAL:
            limits = f"{ZIP_FILES} files and {ZIP_TOTAL // 2**20} MB unpacked"
            yield name, InputError(name, f"a zip may hold {limits}; the rest is left out")
            return
        part = _unpack(name, archive, info)
        total += len(part) if isinstance(part, bytes) else SIZE_LIMIT
        yield name, part


def _wanted(name: str) -> bool:
    """Whether a file is the operator's, and none that their system put beside it."""
    return not name.startswith("__MACOSX/") and not name.rpartition("/")[2].startswith(".")


def _unpack(name: str, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes | InputError:
    try:
        with archive.open(info) as file:
            part = file.read(SIZE_LIMIT + 1)
        return _within_limit(name, part, len(part))
    except InputError as error:
        return error
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
        return ExtractError(name, f"cannot be unpacked: {error}")
    except (NotImplementedError, RuntimeError) as error:  # a method we lack; a password
        return ExtractError(name, f"cannot be unpacked: {error}")
