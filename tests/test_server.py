"""The bot with a webhook, over HTTP: what Telegram posts is answered, what others send is not."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from contextlib import asynccontextmanager, closing
from typing import TYPE_CHECKING

import httpx
import pytest
from botapi import playground
from bots import running_with
from fakes import FakeAsker, a_store
from telegram_posts import HEADER, PUBLIC, posting, secret_set

from bot.app import build_bot
from bot.connecting import TokenError, WebhookError
from bot.server import Serving, Webhook
from bot.server.listener import bind
from index.model import InputError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.playground.server import PlaygroundServer
    from bot.store import Store

SECRET = "the-secret"


def free_port() -> int:
    listener = bind("127.0.0.1", 0, "a test")
    with listener:
        port: int = listener.getsockname()[1]
        return port


def serving(port: int, webhook: bool = True) -> Serving:
    return Serving("127.0.0.1", port, Webhook(PUBLIC, SECRET) if webhook else None)


@asynccontextmanager
async def client(port: int) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as one:
        yield one


@pytest.fixture
async def server() -> AsyncIterator[PlaygroundServer]:
    async with playground() as server:
        yield server


async def test_a_posted_question_is_answered(server: PlaygroundServer, store: Store) -> None:
    """Telegram is told where and with what secret, and to keep what waits."""
    port = free_port()
    reader = server.user("سلمى")
    asked = reader.send("سؤال من قبل")
    async with (
        running_with(store, server, FakeAsker(), serving=serving(port)),
        posting(server, f"http://127.0.0.1:{port}/telegram") as posts,
    ):
        await server.wait_message(reader.chat, after=asked, within=20)
    [told] = [call.values for call in server.calls if call.method == "setWebhook"]
    assert (told["url"], secret_set(server)) == (PUBLIC, SECRET)
    assert "message" in told["allowed_updates"]
    assert str(told["drop_pending_updates"]).lower() == "false"
    assert posts.statuses.keys() == {200}
    assert server.world.webhook is not None, "it stays when the bot stops"
    assert "getUpdates" not in {call.method for call in server.calls}


async def test_strangers_are_refused_over_http_too(
    server: PlaygroundServer, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    """And told nothing: not what serves it, nor what it is for."""
    port, asker = free_port(), FakeAsker()
    caplog.set_level(logging.DEBUG)
    async with running_with(store, server, asker, serving=serving(port)), client(port) as http:
        update = {"update_id": 1, "message": {"text": "سؤال سري"}}
        wrong = await http.post("/telegram", json=update, headers={HEADER: "guess-work"})
        missing = await http.post("/telegram", json=update)
        large = await http.post(
            "/telegram",
            content=b" " * (1 << 21),
            headers={HEADER: SECRET, "content-type": "application/json"},
        )
        elsewhere = await http.get("/")
    assert [one.status_code for one in (wrong, missing, large, elsewhere)] == [403, 403, 413, 404]
    for one in (wrong, missing, large, elsewhere):
        assert not one.content
        assert "server" not in one.headers
    assert not asker.asked
    ours = "\n".join(r.getMessage() for r in caplog.records if r.name.startswith(("bot", "uvi")))
    for private in ("guess-work", SECRET, "سري", "/telegram"):
        assert private not in ours


async def test_it_lives_before_telegram_answers_and_is_ready_after(
    server: PlaygroundServer, store: Store
) -> None:
    """A supervisor that asks early is told the truth; what Telegram posts then it keeps."""
    port = free_port()
    server.fail_next("getMe", 502, "Bad Gateway")
    stop, ready = asyncio.Event(), asyncio.Event()
    bot = build_bot(
        server.token,
        archive=FakeAsker(),
        store=store,
        base_url=server.base_url,
        serving=serving(port),
    )
    task = asyncio.create_task(
        bot.run(stop, handle_signals=False, on_ready=lambda _name: ready.set())
    )
    async with client(port) as http:
        await server.wait_until(lambda: bool(server.calls), within=20)
        assert (await http.get("/health/live")).status_code == 200
        early = await http.get("/health/ready")
        assert (early.status_code, early.json()["checks"]["telegram"]["ok"]) == (503, False)
        headers = {HEADER: SECRET}
        assert (await http.post("/telegram", json={"update_id": 1}, headers=headers)).is_error
        await asyncio.wait_for(ready.wait(), 20)
        await asyncio.sleep(2.1)  # what was told is told for two seconds
        assert (await http.get("/health")).json()["ok"]
        assert (await http.get("/metrics")).status_code == 200
    stop.set()
    await asyncio.wait_for(task, 9)
    async with client(port) as http:
        with pytest.raises(httpx.ConnectError):
            await http.get("/health/live")


async def test_polling_can_be_watched_too(server: PlaygroundServer, store: Store) -> None:
    """There is no path for Telegram then."""
    port = free_port()
    async with (
        running_with(store, server, FakeAsker(), serving=serving(port, webhook=False)),
        client(port) as http,
    ):
        reader = server.user("سلمى")
        await server.wait_message(reader.chat, after=reader.start(), within=20)
        page = (await http.get("/health")).json()
        assert page["ok"]
        assert "webhook" not in page["checks"]
        assert (await http.post("/telegram", json={})).status_code == 404


async def test_polling_deletes_the_webhook_of_before(
    server: PlaygroundServer, store: Store
) -> None:
    """Beside it polling is refused; what waits is kept."""
    server.world.webhook = {"url": PUBLIC, "has_custom_certificate": False}
    server.fail_next("deleteWebhook", 502, "Bad Gateway")
    reader = server.user("سلمى")
    asked = reader.start()
    async with running_with(store, server, FakeAsker()):
        await server.wait_message(reader.chat, after=asked, within=20)


async def test_a_webhook_that_somebody_took_is_set_again(
    server: PlaygroundServer,
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """As by another process that polls; and what Telegram could not post is told, once."""
    monkeypatch.setattr("bot.server.hook.LOOK_EVERY", 0.05)
    port = free_port()
    async with (
        running_with(store, server, FakeAsker(), serving=serving(port)),
        client(port) as http,
    ):
        server.world.webhook = None
        await server.wait_until(lambda: server.world.webhook is not None, within=20)
        server.world.webhook["last_error_date"] = 1_700_000_100
        server.world.webhook["last_error_message"] = "Wrong response:\n502 Bad Gateway \u202e"
        looks = len([call for call in server.calls if call.method == "getWebhookInfo"])
        server.user("سلمى").send("ينتظر")  # nobody posts it
        await server.wait_until(
            lambda: len([c for c in server.calls if c.method == "getWebhookInfo"]) > looks + 3,
            within=20,
        )
        assert (await http.get("/health/ready")).status_code == 200
        page = (await http.get("/health")).json()
        assert page["checks"]["webhook"] == {"ok": False}
    assert "changed by somebody else" in caplog.text
    assert caplog.text.count("Wrong response: 502 Bad Gateway") == 1


async def test_a_webhook_that_telegram_refuses_ends_the_start(
    server: PlaygroundServer, store: Store
) -> None:
    """The operator reads which setting it is, and what Telegram said."""
    server.fail_next("setWebhook", 400, "Bad Request: bad webhook: Failed to resolve host")
    with pytest.raises(WebhookError, match=r"resolve host.*ISNAD_WEBHOOK_URL"):
        async with running_with(store, server, FakeAsker(), serving=serving(free_port())):
            pass


async def test_a_webhook_that_was_good_before_is_tried_again(
    server: PlaygroundServer, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Telegram's resolver may have a bad moment just when we start again."""
    monkeypatch.setattr("bot.server.hook.LOOK_EVERY", 0.05)
    server.world.webhook = {"url": PUBLIC, "has_custom_certificate": False}
    server.fail_next("setWebhook", 400, "Bad Request: bad webhook: Failed to resolve host")
    async with running_with(store, server, FakeAsker(), serving=serving(free_port())):
        await server.wait_until(
            lambda: ("setWebhook", 200) in [(c.method, c.status) for c in server.calls], within=20
        )


async def test_a_token_revoked_beside_a_webhook_ends_the_run(
    server: PlaygroundServer, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bot that hears nothing any more must not look alive."""
    monkeypatch.setattr("bot.server.hook.LOOK_EVERY", 0.05)

    async def work() -> None:
        async with running_with(store, server, FakeAsker(), serving=serving(free_port())):
            server.fail_next("getWebhookInfo", 401, "Unauthorized")
            await server.wait_until(
                lambda: ("getWebhookInfo", 401) in [(c.method, c.status) for c in server.calls],
                within=20,
            )

    with pytest.raises(TokenError):
        await work()


async def test_an_address_that_is_taken_is_said(server: PlaygroundServer, store: Store) -> None:
    """With the setting, before anything else is done."""
    with bind("127.0.0.1", 0, "a test") as taken:
        bot = build_bot(
            server.token,
            archive=FakeAsker(),
            store=store,
            base_url=server.base_url,
            serving=serving(taken.getsockname()[1]),
        )
        with pytest.raises(InputError, match="ISNAD_LISTEN: cannot listen on"):
            await bot.run(handle_signals=False)
    assert not server.calls


async def test_what_comes_while_it_stops_waits_for_the_next_start(
    server: PlaygroundServer, tmp_path: Path
) -> None:
    """A question under way is answered; one posted meanwhile is kept by Telegram."""
    port, asker = free_port(), FakeAsker()
    asker.holds["بطيء"] = threading.Event()
    slow, late = server.user("سلمى"), server.user("نورة")
    with closing(a_store(tmp_path)) as store:
        async with posting(server, f"http://127.0.0.1:{port}/telegram") as posts:
            async with running_with(store, server, asker, serving=serving(port)) as stop:
                slow.send("بطيء")
                await server.wait_until(asker.started.is_set, within=20)
                stop.set()
                await asyncio.sleep(0.1)
                late.send("متأخر")
                await server.wait_until(lambda: bool(posts.statuses.keys() - {200}), within=20)
            assert len(server.messages(slow.chat)) == 1
            assert not server.messages(late.chat)
            async with running_with(store, server, FakeAsker(), serving=serving(port)):
                await server.wait_message(late.chat, within=20)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_hosts_by_name_and_of_both_kinds(host: str) -> None:
    """Where this machine has them."""
    if host == "::1" and not socket.has_dualstack_ipv6():
        pytest.skip("no IPv6 here")
    with bind(host, 0, "ISNAD_LISTEN") as listener:
        assert listener.getsockname()[1]


def test_a_host_that_is_not_ours_is_said() -> None:
    """Not by a traceback."""
    with pytest.raises(InputError, match="ISNAD_LISTEN"):
        bind("192.0.2.1", 0, "ISNAD_LISTEN")
