"""The bytes of an input, and the files of a zip, within limits."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import TYPE_CHECKING

from index import inputs
from index.model import InputError

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def packed(**files: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return held.getvalue()


def unpacked(data: bytes) -> dict[str, str]:
    """What comes of each file: its text, or the reason why not."""
    return {
        name: part.reason if isinstance(part, InputError) else part.decode()
        for name, part in inputs.files("a.zip", data)
    }


def test_the_files_of_a_zip_are_named_inside_it() -> None:
    """Without what a system put beside them, and without folders."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.mkdir("day")
        archive.writestr("day/1.json", "واحد")
        archive.writestr("day/2.json", "اثنان")
        archive.writestr("__MACOSX/day/1.json", "x")
        archive.writestr("day/.DS_Store", "x")
    assert unpacked(held.getvalue()) == {"a.zip, day/1.json": "واحد", "a.zip, day/2.json": "اثنان"}


def test_what_is_no_zip_is_itself() -> None:
    """Whatever its name."""
    assert list(inputs.files("a.zip", b"text")) == [("a.zip", b"text")]


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file stops at the limit of one, whatever the zip says of its size; the others come."""
    monkeypatch.setattr(inputs, "SIZE_LIMIT", 1000)
    data = packed(bomb=b"0" * 10**6, good="نص".encode())
    # the zip claims that the bomb is small, in both places where it says so
    claimed = zlib.crc32(b"0" * 10**6).to_bytes(4, "little")
    assert data.count(claimed) == 2
    assert unpacked(data)["a.zip, good"] == "نص"
    assert "larger than" in unpacked(data)["a.zip, bomb"]


def test_all_files_together_have_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """And a number; what is beyond is named once."""
    monkeypatch.setattr(inputs, "ZIP_TOTAL", 150)
    found = unpacked(packed(a=b"x" * 100, b=b"x" * 100, c=b"x", d=b"x"))
    assert list(found) == ["a.zip, a", "a.zip, b", "a.zip, c"]
    assert "left out" in found["a.zip, c"]
    monkeypatch.setattr(inputs, "ZIP_FILES", 1)
    assert len(unpacked(packed(a=b"1", b=b"2", c=b"3"))) == 2


def test_broken_zips_are_told() -> None:
    """Cut short, with a damaged file, or an office document."""
    good = packed(a="نص طويل".encode() * 50)
    assert "cannot be read" in unpacked(good[: len(good) // 2])["a.zip"]
    damaged = bytearray(good)
    damaged[40:45] = b"\xff" * 5
    assert "cannot be unpacked" in unpacked(bytes(damaged))["a.zip, a"]
    assert "office document" in unpacked(packed(**{"[Content_Types].xml": b"<x/>"}))["a.zip"]
    assert "no file" in unpacked(packed(**{"__MACOSX/a": b"x"}))["a.zip"]


def test_a_locked_zip_is_told() -> None:
    """It asks for a password that we do not have."""
    data = bytearray(packed(a=b"secret"))
    data[6] |= 1  # encrypted, says the file's own header
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1  # and the list of files
    assert "password" in unpacked(bytes(data))["a.zip, a"]


def test_a_zip_of_articles_is_one_input(tmp_path: Path) -> None:
    """Read like its files would be."""
    path = tmp_path / "a.zip"
    path.write_bytes(packed(a=b"1"))
    data, url = inputs.read(str(path))
    assert (data, url) == (path.read_bytes(), None)
