"""The webhook: stored before it is confirmed, and only what Telegram sends."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.exceptions import HTTPException
from telegram_posts import HEADER

from bot.intake import Intake
from bot.schema import updates as table
from bot.server import Serving, Webhook, secret_of
from bot.server.app import build_app
from bot.server.health import Health
from bot.server.updates import LONGEST, Updates, _read
from index.model import StoreError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from bot.store import Store

NOW = datetime(2026, 3, 1, 7, tzinfo=UTC)
SECRET = "a-secret_of-ours"
SAID = "سؤال سري"


class Desk:
    """An app with a webhook, what came out of it, and a client."""

    def __init__(self, store: Store) -> None:
        self.handed: list[Mapping[str, Any]] = []
        self.intake = Intake(store, lambda payload, _: self.handed.append(payload), lambda: NOW)
        self.updates = Updates(self.intake, SECRET)
        self.updates.open = True
        serving = Serving("127.0.0.1", 0, Webhook("https://news.example/telegram/x", SECRET))
        health = Health(self.intake.pulse, store, dict, lambda: NOW)
        app = build_app(serving, health, self.updates, lambda: (b"isnad_up 1\n", "text/plain"))
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app), base_url="http://bot.example"
        )

    async def post(self, body: object = None, **changes: Any) -> int:
        """The status that a request gets, Telegram's unless changed."""
        given = {HEADER: SECRET, "content-type": "application/json", **changes.pop("headers", {})}
        headers = {name: value for name, value in given.items() if value is not None}
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        request = {"method": "POST", "url": "/telegram/x", "content": content, **changes}
        return (await self.client.request(headers=headers, **request)).status_code


@pytest.fixture
async def desk(store: Store) -> AsyncIterator[Desk]:
    desk = Desk(store)
    async with desk.client:
        yield desk


def update(number: int = 1) -> dict[str, Any]:
    return {"update_id": number, "message": {"text": SAID}}


def numbers(connection: sa.Connection) -> list[int]:
    return list(connection.execute(sa.select(table.c.update_id)).scalars())


async def test_an_update_is_stored_before_it_is_confirmed(desk: Desk, store: Store) -> None:
    """Once, however often it comes; and handed on."""
    assert [await desk.post(update(5)) for _ in range(3)] == [200, 200, 200]
    assert await store.read(numbers) == [5]
    assert desk.handed == [update(5)]
    assert desk.intake.pulse.update_age is not None


async def test_what_cannot_be_stored_is_to_come_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """503: Telegram keeps it."""

    async def full(*_: object, **__: object) -> None:
        raise StoreError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(desk.intake._store, "write_first", full)
        assert await desk.post(update()) == 503
    assert not desk.handed
    assert "the disk is full" in caplog.text
    assert await desk.post(update()) == 200
    assert desk.handed == [update()]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"headers": {HEADER: None}}, 403),
        ({"headers": {HEADER: "another"}}, 403),
        ({"headers": {HEADER: ""}}, 403),
        ({"headers": {HEADER: SECRET + "x"}}, 403),
        ({"headers": {HEADER: SECRET[:-1]}}, 403),
        ({"headers": {HEADER: "سر".encode()}}, 403),
        ({"headers": {"content-type": "text/plain"}}, 415),
        ({"headers": {"content-type": None}}, 415),
        ({"method": "GET"}, 405),
        ({"method": "PUT"}, 405),
        ({"method": "DELETE"}, 405),
        ({"url": "/"}, 404),
        ({"url": "/telegram"}, 404),
        ({"url": "/telegram/x/"}, 404),
        ({"url": "/telegram/X"}, 404),
        ({"url": "/telegram/x/../../docs"}, 404),
        ({"url": "/docs"}, 404),
        ({"url": "/openapi.json"}, 404),
        ({"url": "/health", "method": "POST"}, 405),
    ],
)
async def test_what_is_not_telegram_s_is_refused(
    desk: Desk,
    store: Store,
    caplog: pytest.LogCaptureFixture,
    change: dict[str, Any],
    status: int,
) -> None:
    """Nothing is stored; the log has a line, and in it nothing of what was sent."""
    assert await desk.post(update(), **change) == status
    assert await store.read(numbers) == []
    assert not desk.handed
    [record] = [one for one in caplog.records if one.name.startswith("bot.")]
    assert f"refused: {status}" in record.getMessage()
    for private in (SAID, SECRET, "another", "telegram/x", "docs"):
        assert private not in record.getMessage()


async def test_two_secrets_are_none(desk: Desk) -> None:
    """The right one beside another: some proxies would take the first, others the last."""
    headers = [(HEADER, SECRET), (HEADER, "x"), ("content-type", "application/json")]
    done = await desk.client.post("/telegram/x", content=b'{"update_id": 1}', headers=headers)
    assert done.status_code == 403


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b'{"update_id": 1, "x": NaN}', 400),
        (b'{"update_id": 1, "message": "\xff"}', 400),
        (b"[" * 200_000, 400),
        (b"null", 200),
        (b"[1]", 200),
        (b"{}", 200),
        (b'{"update_id": "1"}', 200),
        (b'{"update_id": true}', 200),
        (b'{"update_id": -1}', 200),
        (b'{"update_id": 99999999999999999999}', 200),
    ],
)
async def test_a_damaged_body_comes_again_and_what_is_no_update_does_not(
    desk: Desk, store: Store, caplog: pytest.LogCaptureFixture, body: bytes, status: int
) -> None:
    """A second copy of a cut-off body may be whole; one of a body without a number will not be."""
    assert await desk.post(body) == status
    assert await store.read(numbers) == []
    assert len([one for one in caplog.records if one.name.startswith("bot.")]) == 1


async def test_an_update_of_a_kind_we_do_not_know_is_kept(desk: Desk, store: Store) -> None:
    """As when polling: for a later version."""
    assert await desk.post({"update_id": 3, "thought_transfer": {}}) == 200
    assert await store.read(numbers) == [3]


async def test_too_much_is_refused_before_it_is_read(desk: Desk) -> None:
    """By what its length says, or where that is not said, as soon as it is too long."""
    sent = 0

    async def drip() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(100):
            sent += 1
            yield b" " * (LONGEST // 4)

    assert await desk.post(b" " * (LONGEST + 1)) == 413
    headers = {HEADER: SECRET, "content-type": "application/json"}
    done = await desk.client.post("/telegram/x", content=drip(), headers=headers)
    assert done.status_code == 413
    assert done.headers["connection"] == "close"


async def test_a_body_that_drips_is_given_up(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """However little it keeps."""
    monkeypatch.setattr("bot.server.updates.WITHIN", 0.05)
    ended: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(0.01)
        return {"type": "http.request", "body": b" ", "more_body": True}

    async def send(message: dict[str, Any]) -> None:
        ended.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/telegram/x",
        "query_string": b"",
        "headers": [
            (HEADER.lower().encode(), SECRET.encode()),
            (b"content-type", b"application/json"),
        ],
    }
    app: Any = desk.client._transport.app  # type: ignore[attr-defined]
    await app(scope, receive, send)
    assert ended[0]["status"] == 408


async def test_before_the_start_and_after_the_end_telegram_is_to_wait(desk: Desk) -> None:
    """What was left from before is handled first; what comes then is the next process's."""
    desk.updates.open = False
    assert await desk.post(update()) == 503
    assert not desk.handed


async def test_a_flood_of_refusals_is_a_line_or_two(
    desk: Desk, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next line says how many there were."""
    for _ in range(500):
        await desk.post(update(), headers={HEADER: "x"})
    assert len(caplog.records) - _http(caplog) == 1
    monkeypatch.setattr("bot.server.refusals.EVERY", 0.0)
    await desk.post(update(), headers={HEADER: "x"})
    assert "and 499 more" in caplog.text


def _http(caplog: pytest.LogCaptureFixture) -> int:
    """The client's own lines."""
    return len([one for one in caplog.records if not one.name.startswith("bot.")])


async def test_a_failure_is_logged_by_its_place_only(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Not by a message, which may be a question."""

    async def fail(*_: object) -> None:
        raise KeyError(SAID)

    monkeypatch.setattr(desk.intake, "accept", fail)
    assert await desk.post(update()) == 500
    assert "KeyError" in caplog.text
    assert SAID not in caplog.text


async def test_the_metrics_are_served_as_they_are(desk: Desk) -> None:
    """The page and its type."""
    done = await desk.client.get("/metrics")
    assert (done.text, done.headers["content-type"]) == ("isnad_up 1\n", "text/plain")


def test_the_secret_is_the_token_s_own() -> None:
    """The same at every start, of what Telegram allows, and the token cannot be seen in it."""
    secret = secret_of("123:abc")
    assert secret == secret_of("123:abc") != secret_of("123:abd")
    assert len(secret) == 64
    assert secret.isalnum()
    assert SECRET not in repr(Webhook("https://a.example/", SECRET))


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=80)
    | st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False)
        | st.text(max_size=9),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
        ),
    ).map(lambda value: json.dumps(value).encode())
)
def test_no_body_breaks_it(body: bytes) -> None:
    """It is an update, or left aside, or refused."""
    with suppress(HTTPException):
        read = _read(body)
        assert read is None or isinstance(read["update_id"], int)
