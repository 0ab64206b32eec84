"""Fetching what a stranger wrote: only public addresses, only so much, every failure named."""

from __future__ import annotations

import gzip
import ssl
import threading
from typing import TYPE_CHECKING

import httpcore
import pytest
from web_server import Reply, Request, Web, resolve, serving

from index.model import InputError
from index.web import Client, Policy, Turns, is_public, unpack
from index.web import client as module
from index.web.client import REDIRECTS
from index.web.guard import Deadline

if TYPE_CHECKING:
    from collections.abc import Iterator

LIMIT = 2**20


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as web:
        yield web


def refused(client: Client, url: str, limit: int = LIMIT) -> str:
    with pytest.raises(InputError) as error:
        client.page(url, limit=limit)
    assert error.value.where == url
    return error.value.reason


# --- where it may go ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.7",
        "192.168.1.1",
        "172.16.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "255.255.255.255",
        "224.0.0.1",
        "192.0.2.1",
        "::",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fec0::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "2002:7f00:1::",  # 6to4 of 127.0.0.1
        "64:ff9b::7f00:1",  # NAT64 of 127.0.0.1
        "64:ff9b::a9fe:a9fe",
        "not an address",
    ],
)
def test_what_is_not_public(address: str) -> None:
    """Private, loopback, link-local, multicast, reserved, and IPv4 of these inside IPv6."""
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "2606:4700:4700::1111"])
def test_what_is_public(address: str) -> None:
    """The rest of the internet."""
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8000/",
        "http://127.1:8000/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://localhost:8000/",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/",
        "http://[::ffff:7f00:1]/",
        "http://0.0.0.0/",
    ],
)
def test_an_address_inside_is_refused_without_a_connection(url: str) -> None:
    """However it is written; by the default policy and the system's own resolver."""
    assert "not a public address" in refused(Client(turns=Turns(0)), url)


def test_one_address_inside_among_public_ones_is_enough_to_refuse() -> None:
    """A name that has both would reach the inside by chance."""
    client = Client(Policy(lambda *_: ["93.184.216.34", "10.0.0.7"]), Turns(0))
    assert "not a public address" in refused(client, "http://both.example/")


def test_the_address_that_was_checked_is_the_one_connected_to(web: Web) -> None:
    """A name that resolves to another address a moment later (DNS rebinding) gains nothing."""
    answers = [["127.0.0.1"], ["10.0.0.7"]]
    asked = []

    def rebinding(host: str, _port: int) -> list[str]:
        asked.append(host)
        return answers[len(asked) - 1]

    client = Client(Policy(rebinding, web.policy.allow), Turns(0))
    web.put("/", "صفحة", host="rebinding.example")
    url = web.url("/", "rebinding.example")
    assert client.page(url, limit=LIMIT)[0].decode() == "صفحة"
    assert asked == ["rebinding.example"]  # looked up once, and that answer used
    assert "not a public address" in refused(client, url)  # the next request looks again


def test_redirects_are_followed_to_the_final_address(web: Web) -> None:
    """Relative ones and Arabic ones too; the article's address is where it was found."""
    to = "/خبر?x=1".encode().decode("latin-1")  # as servers send it: raw UTF-8
    short = web.put("/short", Reply(status=302, headers={"Location": to}))
    web.put("/%D8%AE%D8%A8%D8%B1?x=1", "مقال")
    body, url = web.client().page(short, limit=LIMIT)
    assert body.decode() == "مقال"
    assert url == web.url("/%D8%AE%D8%A8%D8%B1?x=1")


def test_a_redirect_to_another_port_of_this_machine_is_refused(web: Web) -> None:
    """Every hop is checked, also where a test lets one port through."""
    with serving() as inside:
        inside.put("/", "سر", host="127.0.0.1")
        inside.put("/", "سر", host="inside.example")
        for host in ("127.0.0.1", "inside.example"):
            to = inside.url("/", host)
            url = web.put(f"/{host}", Reply(status=302, headers={"Location": to}))
            assert f"{host} is not a public address" in refused(web.client(), url)
        assert inside.asked == []


@pytest.mark.parametrize(
    ("to", "reason"),
    [
        ("file:///etc/passwd", "only http and https"),
        ("gopher://site.example/", "only http and https"),
        ("http://user:secret@site.example/", "user name"),
        ("//user@site.example/", "user name"),
    ],
)
def test_a_redirect_out_of_the_web_is_refused(web: Web, to: str, reason: str) -> None:
    """Only the web is read from the web, and no password is sent."""
    url = web.put("/", Reply(status=302, headers={"Location": to}))
    assert reason in refused(web.client(), url)


def test_an_address_with_a_password_is_refused(web: Web) -> None:
    """It would be stored and shown beside quotes."""
    assert "user name" in refused(web.client(), f"http://me:secret@site.example:{web.port}/")
    assert web.asked == []


def test_endless_redirects_end(web: Web) -> None:
    """After a few, whatever the server says."""
    url = web.put("/", Reply(status=301, headers={"Location": "/"}))
    assert "redirects" in refused(web.client(), url)
    assert len(web.asked) == REDIRECTS + 1


def test_no_proxy_of_the_environment_is_used(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind one, it is the proxy that would look names up."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert web.client().page(web.put("/", "صفحة"), limit=LIMIT)[0].decode() == "صفحة"


def test_a_move_for_good_is_told_from_a_detour(web: Web) -> None:
    """The new address is where the redirects that are for good lead, up to the first other one."""

    def hop(path: str, status: int, to: str) -> str:
        return web.put(path, Reply(status=status, headers={"Location": to}))

    web.put("/end", "نهاية")
    hop("/c", 302, "/end")
    client = web.client()
    for first, second, moved in [
        (301, 308, web.url("/c")),
        (308, 302, web.url("/b")),
        (302, 301, None),
    ]:
        start = hop("/a", first, "/b")
        hop("/b", second, "/c")
        assert client.get(start, limit=LIMIT).moved == moved


# --- how much, how long -------------------------------------------------------------------------


def test_fifty_megabytes_are_refused(web: Web) -> None:
    """Whether the server says how many they are or not, no more than the limit is read."""
    sent = []

    def endless(request: Request) -> None:
        request.write(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(50):
            request.write(bytes(2**20))
            sent.append(1)

    assert "larger than 1 MB" in refused(web.client(), web.put("/", endless))
    assert len(sent) < 50


def test_a_bomb_is_not_unpacked(web: Web) -> None:
    """The limit is on what it unpacks to, and no more than that is ever made."""
    packed = gzip.compress(bytes(50 * 2**20))
    assert len(packed) < 60_000
    url = web.put("/", Reply(packed, headers={"Content-Encoding": "gzip"}))
    assert "larger than 1 MB" in refused(web.client(), url)
    assert len(unpack([packed], 1000)) == 1001


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, gzip", "deflate"])
def test_packing_that_was_not_asked_for_is_refused(web: Web, coding: str) -> None:
    """Each way to unpack needs its own limit; gzip is enough."""
    url = web.put("/", Reply(b"\x00", headers={"Content-Encoding": coding}))
    assert "compressed" in refused(web.client(), url)


def test_gzip_comes_unpacked(web: Web) -> None:
    """In several members too, and whatever pads the end."""
    body = gzip.compress("صفحة ".encode()) + gzip.compress("ثانية".encode()) + b"\x00\x00"
    url = web.put("/", Reply(body, headers={"Content-Encoding": "gzip"}))
    assert web.client().page(url, limit=LIMIT)[0].decode() == "صفحة ثانية"


def test_damaged_gzip_is_named(web: Web) -> None:
    """With the input, and never as a traceback."""
    url = web.put("/", Reply(b"\x1f\x8bxx", headers={"Content-Encoding": "gzip"}))
    assert "damaged gzip" in refused(web.client(), url)


def test_a_server_that_drips_is_given_up_in_time(web: Web) -> None:
    """The limit is on the whole, headers included: each byte is in time, their sum is not."""

    def drip(request: Request) -> None:
        request.write(b"HTTP/1.1 200 OK\r\n")
        for n in range(10_000):
            request.write(f"X-{n}: 1\r\n".encode())
            if web.over.wait(0.02):
                return

    url = web.put("/", drip)
    reason = refused(web.client(timeout=0.3), url)
    assert "took longer than 0.3 s" in reason or "no answer in time" in reason


def test_a_server_that_says_nothing_is_given_up_in_time(web: Web) -> None:
    """It holds the connection open and never answers."""

    def hang(_: Request) -> None:
        web.over.wait()

    assert "no answer in time" in refused(web.client(timeout=0.2), web.put("/", hang))


def test_waiting_for_a_turn_takes_nothing_from_the_deadline() -> None:
    """A host that wants pauses is not slow."""
    clock = iter([0.0, 5.0, 9.0])
    deadline = Deadline("x", 4, lambda: next(clock))
    deadline.extend(4)
    assert deadline.left() == 3.0
    with pytest.raises(InputError, match="took longer than 4 s"):
        deadline.left()


# --- failures are named -------------------------------------------------------------------------


@pytest.mark.parametrize("status", [404, 403, 500, 304])
def test_an_error_page_is_no_article(web: Web, status: int) -> None:
    """The status is told."""
    assert str(status) in refused(web.client(), web.put("/", Reply("Not here", status)))


def test_a_host_that_is_not_there(web: Web) -> None:
    """Said plainly."""
    assert "no such host" in refused(web.client(), "http://nowhere.example/")


def test_a_port_where_nobody_listens(web: Web) -> None:
    """A refused connection is named."""
    with serving() as gone:
        url = gone.url("/")
        client = gone.client()
    assert "cannot be fetched" in refused(client, url)


def test_a_connection_that_is_cut_is_named(web: Web) -> None:
    """In the middle of the body."""

    def cut(request: Request) -> None:
        request.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort")

    assert "cannot be fetched" in refused(web.client(), web.put("/", cut))


@pytest.mark.parametrize(
    "url",
    [
        "http://news.example:99999/",
        "http://[news/",
        "http://",
        "ftp://x.example/",
        "http://\udcff.example/",
        "http://a..example/",
    ],
)
def test_an_address_that_is_none_is_named(url: str) -> None:
    """A slip of the keyboard fails this input only."""
    refused(Client(Policy(resolve), Turns(0)), url)


# --- TLS ----------------------------------------------------------------------------------------


def test_tls_is_asked_for_by_name_though_the_address_was_checked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """SNI and the certificate's name are the host's, never the address."""
    asked: list[str | None] = []

    class Stream(httpcore.NetworkStream):
        def start_tls(
            self,
            ssl_context: ssl.SSLContext,
            server_hostname: str | None = None,
            timeout: float | None = None,
        ) -> httpcore.NetworkStream:
            asked.append(server_hostname)
            raise httpcore.ConnectError("enough seen")

    def connect(_self: object, host: str, *_: object) -> httpcore.NetworkStream:
        asked.append(host)
        return Stream()

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect)
    monkeypatch.setattr(module, "_tls", lambda: ssl.create_default_context())
    client = Client(Policy(lambda *_: ["93.184.216.34"]), Turns(0))
    assert "enough seen" in refused(client, "https://news.example/")
    assert asked == ["93.184.216.34", "news.example"]


# --- politeness ---------------------------------------------------------------------------------


def test_a_host_is_asked_with_pauses_and_others_meanwhile() -> None:
    """The pause counts from the end of a request; another host need not wait."""
    clock, waited = [100.0], []

    def wait(seconds: float) -> None:
        waited.append(seconds)
        clock[0] += seconds

    turns = Turns(2.0, clock=lambda: clock[0], wait=wait)
    with turns.turn("a.example"):
        clock[0] += 1
    with turns.turn("b.example"):
        pass
    assert waited == []
    clock[0] += 0.5
    with turns.turn("A.example") as early:
        assert early == 1.5
    turns.slow_down("a.example", 3600)
    with turns.turn("a.example"):
        pass
    with turns.turn("a.example"):
        pass
    assert waited == [1.5, 2.0, 30.0]  # a pause asked for is honoured within reason


def test_a_host_sees_one_connection_at_a_time(web: Web) -> None:
    """However many threads want it."""
    lock, most, now = threading.Lock(), [0], [0]

    def count(_: Request) -> Reply:
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        web.over.wait(0.01)
        with lock:
            now[0] -= 1
        return Reply("صفحة")

    url, client = web.put("/", count), web.client()
    threads = [
        threading.Thread(target=client.page, args=(url,), kwargs={"limit": LIMIT}) for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (most[0], len(web.asked)) == (1, 6)
