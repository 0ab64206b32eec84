"""`isnad feeds` and `isnad fetch`: what they print, and how they end."""

from __future__ import annotations

import io
import json
import os
import signal
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from fake_embedder import HashEmbedder
from feed_samples import item, page, rss
from web_server import Reply, Request, Web, serving

from bot import cli
from index import feeds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


class Done(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one document on stdout."""
        assert self.out.count("\n") == 1
        return json.loads(self.out)


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as web:
        web.put("/feed", rss(item("/1", "خبر")))
        web.put("/1", page(1))
        yield web


@pytest.fixture
def isnad(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], web: Web
) -> Iterator[Callable[..., Done]]:
    """Run the command line in this process, with a model of no weight and the test's web."""
    monkeypatch.setenv("ISNAD_READER", "off")
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr("index.engine.load_embedder", lambda *_, **__: HashEmbedder())
    monkeypatch.setattr(feeds, "Client", web.client)
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def run(*arguments: object, stdin: bytes = b"") -> Done:
        monkeypatch.setattr(sys, "argv", ["isnad", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        try:
            cli.main()
            code: Any = 0
        except SystemExit as end:
            code = end.code
        return Done(code or 0, *capsys.readouterr())

    yield run
    for number, handler in before.items():
        signal.signal(number, handler)


def test_a_feed_is_added_listed_and_removed(isnad: Callable[..., Done], web: Web) -> None:
    """In words and as JSON."""
    added = isnad("feeds", "add", web.url("/feed"), "--source", "صدى", "--json")
    assert added.code == 0
    assert added.json["url"] == web.url("/feed")
    assert added.json["source"] == "صدى"
    assert "known" in isnad("feeds", "add", web.url("/feed")).out
    (listed,) = isnad("feeds", "list", "--json").json
    assert set(listed) == {
        "id",
        "url",
        "kind",
        "title",
        "source",
        "state",
        "last_success",
        "next_try",
        "last_error",
        "failures",
        "items_a_day",
    }
    assert (listed["state"], listed["last_success"]) == ("new", None)
    assert "صدى" in isnad("feeds", "list").out
    assert isnad("feeds", "remove", listed["id"], "--json").json == {"removed": listed["id"]}
    assert isnad("feeds", "list", "--json").json == []


def test_what_cannot_be_followed_is_one_line(isnad: Callable[..., Done], web: Web) -> None:
    """Never a traceback."""
    done = isnad("feeds", "add", web.url("/nothing"))
    assert (done.code, done.out) == (1, "")
    assert done.err == f"isnad: {web.url('/nothing')}: the server answered 404\n"
    for what in ("localhost", "not-a-url"):
        done = isnad("feeds", "add", what)
        assert done.code == 1
        assert "begins with http:// or https://" in done.err
        assert done.err.count("\n") == 1
    assert isnad("feeds", "remove", "7").err == "isnad: no feed 7\n"
    assert isnad("feeds", "import", "/no/such/file").err.count("\n") == 1


def test_lists_go_in_and_out(isnad: Callable[..., Done], web: Web, tmp_path: Path) -> None:
    """By a file or a pipe."""
    isnad("feeds", "add", web.url("/feed"))
    told = isnad("feeds", "export").out
    path = tmp_path / "list.opml"
    path.write_text(told, encoding="utf-8")
    assert isnad("feeds", "import", path, "--json").json == {"added": 0, "known": 1}
    other = told.replace("/feed", "/other").encode()
    assert isnad("feeds", "import", "-", stdin=other).out == "1 added, 0 known\n"


def test_fetch_once_tells_what_it_did(isnad: Callable[..., Done], web: Web) -> None:
    """What was added, rejected and why, and what failed; exit 1 where something did."""
    isnad("feeds", "add", web.url("/feed"))
    done = isnad("fetch", "--once")
    assert done.code == 0
    assert "بلدية الواحة رقم 1" in done.out
    assert "1 feeds and 1 pages read: 1 added" in done.out
    web.put("/bad", rss(item("/2")))
    web.put("/2", "<html></html>")
    isnad("feeds", "add", web.url("/bad"))
    web.put("/gone", rss(item("/3")))
    isnad("feeds", "add", web.url("/gone"))
    web.put("/gone", Reply(status=410))
    done = isnad("fetch", "--once")
    assert done.code == 1
    assert f"rejected: {web.url('/2')}: " in done.err
    assert f"failed: {web.url('/gone')}: the server answered 410" in done.err
    assert "gone" in isnad("feeds", "list").out


def test_fetch_once_as_json_is_one_document(isnad: Callable[..., Done], web: Web) -> None:
    """With the counts of `add` and its own."""
    isnad("feeds", "add", web.url("/feed"))
    report = isnad("fetch", "--once", "--json").json
    assert (report["added"], report["feeds"], report["pages"]) == (1, 1, 1)
    assert [a["url"] for a in report["articles"]] == [web.url("/1")]
    assert report["failed"] == report["rejections"] == report["notices"] == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_fetch_goes_on_until_it_is_told_to_stop(
    isnad: Callable[..., Done], web: Web, number: signal.Signals
) -> None:
    """Then it ends by itself, with what it had begun stored."""
    isnad("feeds", "add", web.url("/feed"))

    def interrupting(_: Request) -> Reply:
        os.kill(os.getpid(), number)
        return Reply(page(1))

    web.put("/1", interrupting)
    done = isnad("fetch")
    assert done.code == 0
    assert "1 added" in done.out
    assert len(isnad("articles", "--json").json) == 1
