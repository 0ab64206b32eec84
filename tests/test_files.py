"""Files written whole or not at all, and locks between processes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from index.files import locked, read_manifest, write_atomically, write_json


def test_json_comes_back(tmp_path: Path) -> None:
    """The counts, where the identity is the one asked for."""
    write_json(tmp_path / "a.json", {"model": "نموذج", "size": 3})
    assert read_manifest(tmp_path / "a.json", {"model": "نموذج"}) == {"size": 3}
    assert read_manifest(tmp_path / "a.json", {"model": "آخر"}) == {}
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


@pytest.mark.parametrize("content", [None, b"", b"{", b"\xff\xfe\x00", b"[1]", b'{"a": null}'])
def test_a_missing_or_damaged_file_reads_as_nothing(tmp_path: Path, content: bytes | None) -> None:
    """The caller makes it again."""
    if content is not None:
        (tmp_path / "a.json").write_bytes(content)
    assert read_manifest(tmp_path / "a.json", {}) == {}


def test_a_failed_write_leaves_the_earlier_file(tmp_path: Path) -> None:
    """No half of a file is ever in its place, and no rest of one beside it."""
    path = tmp_path / "a"
    path.write_text("earlier")

    def half(target: Path) -> None:
        target.write_text("hal")
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        write_atomically(path, half)
    assert path.read_text() == "earlier"
    assert [found.name for found in tmp_path.iterdir()] == ["a"]


HOLD = """
import sys
from pathlib import Path
from index.files import locked
with locked(Path(sys.argv[1]), wait=True) as mine:
    print(mine, flush=True)
    sys.stdin.read()
"""


def test_one_process_holds_a_lock_until_it_dies(tmp_path: Path) -> None:
    """Another is told so at once, and has it as soon as the first is killed."""
    path = tmp_path / "lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[1],
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "True\n"
        with locked(path, wait=False) as mine:
            assert not mine
        process.kill()
        process.wait()
    with locked(path, wait=False) as mine:
        assert mine


def test_threads_exclude_one_another_too(tmp_path: Path) -> None:
    """A lock held once is not had again, until it is let go."""
    with locked(tmp_path / "lock", wait=True) as first:
        assert first
        with locked(tmp_path / "lock", wait=False) as second:
            assert not second
    with locked(tmp_path / "lock", wait=False) as third:
        assert third
