"""`make audit`: whoever can be asked for advisories is, and what they say is not hidden."""

from __future__ import annotations

import os
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]


class Knows(BaseHTTPRequestHandler):
    """Says of every package that nothing is known against it."""

    said = b"{}"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.said)

    def log_message(self, *_: object) -> None:
        """Nothing."""


class Portal(Knows):
    """What a network shows whoever has not paid."""

    said = b"<html>Welcome</html>"


@pytest.fixture(params=[Knows])
def address(request: pytest.FixtureRequest) -> Iterator[str]:
    """Where one of them answers."""
    with HTTPServer(("127.0.0.1", 0), request.param) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/v1/query"
        server.shutdown()
        thread.join()


def audit(folder: Path, address: str, tool: str) -> subprocess.CompletedProcess[str]:
    """Run it with a tool that is a line of shell, and nothing installed."""
    programs = {"venv/bin/python": f'exec {sys.executable} "$@"', "tools/bin/pip-audit": tool}
    for name, does in programs.items():
        path = folder / name
        path.parent.mkdir(parents=True)
        path.write_text(f"#!/bin/sh\n{does}\n")
        path.chmod(0o755)
        (path.parents[1] / "installed").touch()
    given = [f"VENV={folder / 'venv'}", f"TOOLS={folder / 'tools'}", f"ADVISORIES={address}"]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(
        ["make", "audit", *given], cwd=ROOT, env=clean, capture_output=True, text=True, check=False
    )


def test_where_nobody_answers_it_says_so_and_passes(tmp_path: Path) -> None:
    """A machine without a network builds too."""
    done = audit(tmp_path, "http://127.0.0.1:1/v1/query", "echo asked; exit 1")
    assert done.returncode == 0
    assert "not audited: http://127.0.0.1:1/v1/query cannot be asked" in done.stderr
    assert "asked" not in done.stdout


@pytest.mark.parametrize("address", [Portal], indirect=True)
def test_a_page_in_the_way_is_no_answer(tmp_path: Path, address: str) -> None:
    """As of a hotel, or of a proxy that refuses."""
    done = audit(tmp_path, address, "echo asked; exit 1")
    assert done.returncode == 0
    assert "not audited" in done.stderr


def test_what_is_found_is_named_and_fails(tmp_path: Path, address: str) -> None:
    """The tool is given that address, and what is installed; its word is the last."""
    done = audit(tmp_path, address, 'echo "starlette 0.1 PYSEC-1 $@"; exit 1')
    assert done.returncode != 0
    assert "starlette 0.1 PYSEC-1" in done.stdout
    assert f"--osv-url {address}" in done.stdout
    assert "site-packages" in done.stdout


def test_nothing_found_passes(tmp_path: Path, address: str) -> None:
    """And says what was done."""
    done = audit(tmp_path, address, "echo No known vulnerabilities found")
    assert (done.returncode, done.stderr) == (0, "")
    assert "No known vulnerabilities" in done.stdout
