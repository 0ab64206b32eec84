"""One page from the web: only public addresses, only so much, every failure named."""

from __future__ import annotations

import gzip
import socket
from functools import partial
from typing import TYPE_CHECKING

import httpx
import pytest

from index import fetch as module
from index.fetch import REDIRECTS, fetch
from index.model import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    Web = Callable[[httpx.Request], httpx.Response]

LIMIT = 2**20
HOSTS = {"news.example": "93.184.216.34", "inside.example": "10.0.0.7", "metadata.example": "::1"}


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Callable[[Web], None]:
    """Put a web of hosts in the place of the real one."""

    def resolve(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        try:
            address = HOSTS.get(host) or socket.inet_ntoa(socket.inet_aton(host))
        except OSError:
            if ":" not in host:
                raise socket.gaierror(-2, "Name or service not known") from None
            address = host
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    def put(web: Web) -> None:
        client = partial(httpx.Client, transport=httpx.MockTransport(web))
        monkeypatch.setattr(module.httpx, "Client", client)

    monkeypatch.setattr(module.socket, "getaddrinfo", resolve)
    put(lambda _: httpx.Response(200, text="صفحة"))
    return put


def refused(url: str) -> str:
    with pytest.raises(InputError) as error:
        fetch(url, limit=LIMIT)
    assert error.value.where == url
    return error.value.reason


@pytest.mark.usefixtures("serve")
def test_a_page_comes_with_its_address() -> None:
    """The bytes are the server's."""
    body, url = fetch("https://news.example/a", limit=LIMIT)
    assert body.decode() == "صفحة"
    assert url == "https://news.example/a"


def test_redirects_are_followed_to_the_final_address(serve: Callable[[Web], None]) -> None:
    """Relative ones too; the article's address is where it was found."""

    def web(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/short":
            return httpx.Response(301, headers={"location": "/news/7?x=1"})
        return httpx.Response(200, text="مقال")

    serve(web)
    assert fetch("http://news.example/short", limit=LIMIT)[1] == "http://news.example/news/7?x=1"


def test_endless_redirects_end(serve: Callable[[Web], None]) -> None:
    """After a few, whatever the server says."""
    asked = []

    def web(request: httpx.Request) -> httpx.Response:
        asked.append(request.url)
        return httpx.Response(302, headers={"location": "/again"})

    serve(web)
    assert "redirects" in refused("http://news.example/")
    assert len(asked) == REDIRECTS + 1


@pytest.mark.parametrize(
    "url",
    [
        "http://inside.example/",
        "http://metadata.example/",
        "http://127.0.0.1:8000/",
        "http://169.254.169.254/latest/meta-data",
        "http://192.168.1.1/",
        "http://[::1]/",
        "http://0.0.0.0/",
    ],
)
@pytest.mark.usefixtures("serve")
def test_an_address_inside_is_refused(url: str) -> None:
    """What an operator names may come from a stranger."""
    assert "not a public address" in refused(url)


def test_a_redirect_inside_is_refused(serve: Callable[[Web], None]) -> None:
    """Every hop is looked up."""
    serve(lambda _: httpx.Response(302, headers={"location": "http://inside.example/secret"}))
    assert "inside.example is not a public address" in refused("http://news.example/")


def test_a_redirect_to_a_file_is_refused(serve: Callable[[Web], None]) -> None:
    """Only the web is read from the web."""
    serve(lambda _: httpx.Response(302, headers={"location": "file:///etc/passwd"}))
    assert "only http and https" in refused("http://news.example/")


@pytest.mark.parametrize("status", [404, 403, 500, 204])
def test_an_error_page_is_no_article(serve: Callable[[Web], None], status: int) -> None:
    """The status is told."""
    serve(lambda _: httpx.Response(status, text="Not here"))
    assert str(status) in refused("http://news.example/")


def test_a_page_too_large_is_refused_even_compressed(serve: Callable[[Web], None]) -> None:
    """The limit is on what it unpacks to."""
    packed = gzip.compress(bytes(LIMIT + 1))
    assert len(packed) < 10_000
    serve(lambda _: httpx.Response(200, content=packed, headers={"content-encoding": "gzip"}))
    assert "larger than 1 MB" in refused("http://news.example/")


def test_a_host_that_is_not_there(serve: Callable[[Web], None]) -> None:
    """Said plainly."""
    serve(lambda _: httpx.Response(200))
    assert "no such host" in refused("http://nowhere.example/")


@pytest.mark.parametrize(
    "error", [httpx.ConnectTimeout(""), httpx.ReadError("reset"), httpx.DecodingError("bad gzip")]
)
def test_a_broken_connection_is_named(serve: Callable[[Web], None], error: Exception) -> None:
    """With the input, and never as a traceback."""

    def web(_: httpx.Request) -> httpx.Response:
        raise error

    serve(web)
    assert "cannot be fetched" in refused("http://news.example/")


@pytest.mark.parametrize("status", [301, 304])
def test_a_redirect_to_nowhere_is_named(serve: Callable[[Web], None], status: int) -> None:
    """A server's mistake fails this input only."""
    serve(lambda _: httpx.Response(status))
    assert str(status) in refused("http://news.example/")


@pytest.mark.parametrize("url", ["http://news.example:99999/", "http://[news/"])
@pytest.mark.usefixtures("serve")
def test_an_address_that_is_none_is_named(url: str) -> None:
    """A slip of the keyboard fails this input only."""
    refused(url)
