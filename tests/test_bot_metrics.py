"""What the bot counts of itself: the page for Prometheus, and the files that read it."""

from __future__ import annotations

import asyncio
import json
import re
import threading
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
import yaml
from archive import MUSEUM, STORM, add
from botapi import playground
from conversing import at_work, said
from fakes import FakeAsker, a_store, answered, refused
from heard import logging_as_set
from prometheus_client.parser import text_string_to_metric_families
from telegram.error import NetworkError

from bot.bridge import BusyError
from bot.metrics import INGESTED, STAGES, Metrics, version
from bot.metrics.calls import CountedRequest, method_class, outcome_of
from bot.metrics.states import FEED_STATES
from bot.outbox.letter import Letter
from bot.store import chats, outbox
from bot.views import notice_view
from index.feeds.report import FetchReport
from index.model import StoreError
from index.store import feeds as feed_store
from index.store import record
from index.timing import STEPS

if TYPE_CHECKING:
    from bot.store import Store
    from index.engine import Engine

DEPLOY = Path(__file__).parents[1] / "deploy"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ASKED = "كم بلغت كلفة بناء متحف الفلك؟"
IN_VAIN = "من اكتشف الكوكب المجهول؟"

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def samples(metrics: Metrics) -> Samples:
    """What stands on the page, as Prometheus reads it."""
    body, _ = metrics.page()
    return {
        (one.name, frozenset(one.labels.items())): one.value
        for family in text_string_to_metric_families(body.decode())
        for one in family.samples
    }


def value(metrics: Metrics, name: str, **labels: str) -> float:
    metrics._good_until = 0.0  # a page of now
    return samples(metrics)[name, frozenset(labels.items())]


@pytest.mark.parametrize("form", ["json", "pretty"])
async def test_a_bot_counts_its_questions_and_tells_nobody_of_them(
    form: str, engine: Engine, sure: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One answered, one in vain, logged at the lowest level: no word, name, number or token."""
    metrics = Metrics()
    metrics.of_archive(engine)
    with logging_as_set(log_format=form, log_level="debug"):
        async with playground() as server, at_work(server, engine, metrics=metrics):
            reader = server.user("سلمى الفلانية")
            in_vain = reader.send(IN_VAIN)  # the archive is empty
            await server.wait_message(reader.chat, after=in_vain, within=30)
            await asyncio.to_thread(add, engine, tmp_path, MUSEUM)
            asked = reader.send(ASKED)
            answer = await server.wait_message(reader.chat, after=asked, within=30)
            assert "12 مليون" in answer.text
    assert value(metrics, "isnad_questions_total", where="private", outcome="answered") == 1
    assert value(metrics, "isnad_questions_total", where="private", outcome="refused") == 1
    assert value(metrics, "isnad_questions_total", where="private", outcome="error") == 0
    assert value(metrics, "isnad_updates_total") == 2
    for stage in STAGES:
        assert value(metrics, "isnad_answer_seconds_count", stage=stage) == 2, stage
    assert value(metrics, "isnad_telegram_calls_total", method="send", outcome="ok") >= 2
    assert value(metrics, "isnad_telegram_calls_total", method="poll", outcome="ok") >= 2
    page, log = metrics.page()[0].decode(), capsys.readouterr().err
    assert log.count("a question (private) was over") == 2
    secret = server.token.partition(":")[2]
    words = {*ASKED.rstrip("؟").split(), *IN_VAIN.rstrip("؟").split()} - {"من"}
    for private in ("سلمى", "الفلانية", str(reader.id), server.token, secret, *words):
        assert private not in page
        assert private not in log


async def test_questions_are_counted_where_they_are_asked(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a group, in any chat, and where something fails."""
    monkeypatch.setattr("bot.handlers.inline.PAUSE", 0.0)
    asker, metrics = FakeAsker(), Metrics()
    asker.answers = {"خطأ؟": ValueError("خطأ؟"), "سؤال فارغ؟": refused()}
    async with playground() as server, at_work(server, asker, store=store, metrics=metrics):
        group, reader = server.group("مجموعة"), server.user("سلمى")
        asked = reader.send(f"@{server.world.me.username} متى وقع الزلزال؟", chat=group)
        await server.wait_message(group, after=asked)
        await server.wait_answer(reader.inline("سؤال فارغ؟"))
        await said(server, reader, "خطأ؟")
        await said(server, reader, "/help")
        await said(server, reader, "شكرا")
    counts = {
        tuple(dict(labels).values()): count
        for (name, labels), count in samples(metrics).items()
        if name == "isnad_questions_total" and count
    }
    assert {frozenset(key): count for key, count in counts.items()} == {
        frozenset({"group", "answered"}): 1,
        frozenset({"inline", "refused"}): 1,
        frozenset({"private", "error"}): 1,
    }


async def test_questions_that_a_chat_has_no_room_for_are_busy(store: Store) -> None:
    """Three are answered or wait; each further one is told so, and counted."""
    asker, metrics = FakeAsker(), Metrics()
    asker.holds = {"سؤال 0؟": threading.Event()}
    async with playground() as server, at_work(server, asker, store=store, metrics=metrics):
        reader = server.user("سلمى")
        sent = [reader.send(f"سؤال {n}؟") for n in range(5)]
        await server.wait_message(reader.chat, after=sent[-1], within=30)
        asker.release()
    assert value(metrics, "isnad_questions_total", where="private", outcome="busy") == 2
    assert value(metrics, "isnad_questions_total", where="private", outcome="answered") == 3


def test_a_question_that_is_not_taken_is_busy_and_one_given_up_is_nothing() -> None:
    """`busy` is counted by whoever says so to the reader."""
    metrics = Metrics()
    with pytest.raises(BusyError), metrics.question("inline"):
        raise BusyError(own=False)
    with suppress(asyncio.CancelledError), metrics.question("inline") as question:
        question.answered(answered())
        raise asyncio.CancelledError
    metrics.busy("inline")
    assert value(metrics, "isnad_questions_total", where="inline", outcome="busy") == 1
    assert value(metrics, "isnad_questions_total", where="inline", outcome="answered") == 0
    assert value(metrics, "isnad_answer_seconds_count", stage="total") == 0


def test_the_archive_tells_of_each_step_for_each_question(
    engine: Engine, tmp_path: Path, sure: None
) -> None:
    """In order; what was just answered is looked up no more."""
    add(engine, tmp_path, MUSEUM, STORM)
    told: list[tuple[str, int]] = []
    engine.watch = lambda step, questions, seconds: told.append((step, questions))
    asked = [ASKED, "لماذا أغلق ميناء الصدف؟"]
    engine.ask_many(asked)
    assert told == [(step, 2) for step in STEPS]
    told.clear()
    engine.ask_many(asked)
    assert {step for step, questions in told if questions} == {"refresh"}


def test_the_page_tells_how_the_archive_fares(engine: Engine, tmp_path: Path) -> None:
    """Articles, passages, what the indexes lack, feeds by how they fare, the disk."""
    again = {**MUSEUM, "url": "https://copy.example/museum", "source": "وكالة أخرى"}
    add(engine, tmp_path, MUSEUM, STORM, again)
    read = "2026-03-01T11:00:00+00:00"
    for number, failures in enumerate((0, 0, 3)):
        with engine.db.write() as connection:
            feed, _ = feed_store.add_feed(
                connection,
                url=f"https://example.org/{number}",
                kind="feed",
                title=None,
                source=None,
                now=read,
            )
            feed_store.save_feed(
                connection, replace(feed, failures=failures, succeeded_at=read if number else None)
            )
    metrics = Metrics()
    metrics.of_archive(engine)
    assert value(metrics, "isnad_archive_up") == 1
    assert value(metrics, "isnad_articles", status="live") == 2
    assert value(metrics, "isnad_articles", status="reprint") == 1
    assert value(metrics, "isnad_articles", status="withdrawn") == 0
    assert value(metrics, "isnad_passages") == value(metrics, "isnad_vectors") > 1
    assert value(metrics, "isnad_index_behind_changes", index="words") == 0
    states = {state: value(metrics, "isnad_feeds", state=state) for state in FEED_STATES}
    assert states == {"new": 1, "ok": 1, "failing": 1, "dead": 0, "gone": 0}
    at = value(metrics, "isnad_feed_last_success_timestamp_seconds")
    assert at == datetime.fromisoformat(read).timestamp()
    assert value(metrics, "isnad_disk_free_bytes") > 0


def test_an_index_that_was_left_behind_is_told(engine: Engine, tmp_path: Path) -> None:
    """As by a process that was killed after it had stored."""
    add(engine, tmp_path, MUSEUM)
    with engine.db.write() as connection:
        record(connection, 1)
        record(connection, 1)
    metrics = Metrics()
    metrics.of_archive(engine)
    assert value(metrics, "isnad_index_behind_changes", index="words") == 2
    assert value(metrics, "isnad_index_behind_changes", index="vectors") == 2
    engine.refresh()
    assert value(metrics, "isnad_index_behind_changes", index="vectors") == 0


def test_an_archive_that_cannot_be_read_leaves_the_rest_of_the_page(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And says so."""

    def broken(_engine: Engine) -> None:
        raise StoreError("the database refused: disk I/O error")

    monkeypatch.setattr("index.gauges.read", broken)
    metrics = Metrics()
    metrics.of_archive(engine)
    assert value(metrics, "isnad_archive_up") == 0
    assert value(metrics, "isnad_updates_total") == 0
    assert ("isnad_passages", frozenset()) not in samples(metrics)


async def test_the_page_tells_what_readers_are_owed(store: Store) -> None:
    """By state, and for how long the oldest has been due."""
    letter = Letter((notice_view("نشرة", "ar"),))
    at = NOW.isoformat(timespec="seconds")
    await store.write(chats.meet, 7, kind="private", now=at)
    for minutes in (5, -5):
        due = (NOW - timedelta(minutes=minutes)).isoformat(timespec="seconds")
        await store.write(outbox.put, 7, kind="digest", key=due, letter=letter, due_at=due, now=at)
    metrics = Metrics()
    metrics.of_readers(store, lambda: NOW)
    assert value(metrics, "isnad_readers_up") == 1
    assert value(metrics, "isnad_outbox_letters", state="pending") == 2
    assert value(metrics, "isnad_outbox_letters", state="sent") == 0
    assert value(metrics, "isnad_outbox_overdue_seconds") == 300


def test_readers_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    """The page stands all the same."""
    store = a_store(tmp_path)
    with store.db.write() as connection:
        connection.exec_driver_sql("DROP TABLE outbox")
    metrics = Metrics()
    metrics.of_readers(store, lambda: NOW)
    assert value(metrics, "isnad_readers_up") == 0
    store.close()


def test_what_comes_into_the_archive_is_counted() -> None:
    """By what became of it."""
    metrics = Metrics()
    metrics.ingested(FetchReport(added=3, duplicates=2, rejected=1))
    found = {
        n: value(metrics, "isnad_ingested_articles_total", outcome=n) for n in INGESTED.values()
    }
    assert {name: count for name, count in found.items() if count} == {
        "added": 3,
        "reprint": 2,
        "rejected": 1,
    }


@pytest.mark.parametrize(
    ("status", "body", "outcome", "wait"),
    [
        (200, {"ok": True}, "ok", 0),
        (400, {"ok": False}, "refused", 0),
        (429, {"parameters": {"retry_after": 17}}, "flood", 17),
        (429, ["a proxy's"], "flood", 0),
        (502, None, "server_error", 0),
        (0, None, "unreachable", 0),
    ],
)
async def test_calls_are_counted_by_their_outcome(
    status: int, body: object, outcome: str, wait: float
) -> None:
    """And the seconds that Telegram asks to wait are added up."""

    def answer(request: httpx.Request) -> httpx.Response:
        if not status:
            raise httpx.ConnectError("no route", request=request)
        return httpx.Response(status, json=body)

    metrics = Metrics()
    options = {"httpx_kwargs": {"transport": httpx.MockTransport(answer)}}
    async with CountedRequest(metrics, **options) as request:
        try:
            await request.do_request("http://api.test/bot1:x/sendMessage?x=/getMe", "POST")
        except NetworkError:
            assert outcome == "unreachable"
    assert value(metrics, "isnad_telegram_calls_total", method="send", outcome=outcome) == 1
    assert value(metrics, "isnad_telegram_flood_wait_seconds_total") == wait


def test_any_method_has_a_class() -> None:
    """Those that do not exist yet too, and files, whose names others choose."""
    assert method_class("getUpdates") == "poll"
    assert method_class("sendChatAction") == "send"
    assert method_class("editMessageText") == "edit"
    assert method_class("answerInlineQuery") == "answer"
    assert {method_class(name) for name in ("getMe", "setWebhook", "x.jpg", "")} == {"other"}
    assert [outcome_of(status) for status in (201, 404, 429, 599)] == [
        "ok",
        "refused",
        "flood",
        "server_error",
    ]


def test_a_page_is_kept_for_a_moment_and_longer_where_it_takes_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """However many ask, a page costs a twentieth of a core at most."""
    clock, took = [100.0], 0.01

    def render(_registry: object) -> bytes:
        clock[0] += took
        return str(clock[0]).encode()

    monkeypatch.setattr("bot.metrics.time.monotonic", lambda: clock[0])
    monkeypatch.setattr("bot.metrics.generate_latest", render)
    metrics = Metrics()
    first, kind = metrics.page()
    assert kind.startswith("text/plain")
    clock[0] += 0.9
    assert metrics.page()[0] == first
    clock[0] += 0.2
    took = 3.0
    second = metrics.page()[0]
    assert second != first
    clock[0] += 59
    assert metrics.page()[0] == second
    clock[0] += 2
    assert metrics.page()[0] != second


def test_two_bots_in_a_process_count_apart() -> None:
    """Each has a registry of its own."""
    one, other = Metrics(), Metrics()
    one.updates.inc()
    assert value(one, "isnad_updates_total") == 1
    assert value(other, "isnad_updates_total") == 0
    assert value(other, "isnad_build_info", version=version()) == 1


@pytest.fixture
async def whole(engine: Engine, store: Store, tmp_path: Path) -> Metrics:
    """Metrics with everything on their page."""
    add(engine, tmp_path, MUSEUM)
    with engine.db.write() as connection:
        feed, _ = feed_store.add_feed(
            connection, url="https://example.org/", kind="feed", title=None, source=None, now="2026"
        )
        feed_store.save_feed(connection, replace(feed, succeeded_at=NOW.isoformat()))
    metrics = Metrics()
    metrics.of_archive(engine)
    metrics.of_readers(store, lambda: NOW)
    return metrics


async def test_labels_are_words_of_small_sets(whole: Metrics) -> None:
    """Never what somebody wrote, or an address."""
    for name, labels in samples(whole):
        for label, word in labels:
            if label not in ("le", "version"):
                assert re.fullmatch(r"[a-z_]{2,14}", word), (name, label, word)
    assert len(samples(whole)) < 300


def expressions() -> list[str]:
    """What the dashboard and the alerts ask Prometheus."""
    board = json.loads((DEPLOY / "grafana.json").read_text(encoding="utf-8"))
    shown = [target["expr"] for panel in board["panels"] for target in panel.get("targets", ())]
    rules = yaml.safe_load((DEPLOY / "alerts.yaml").read_text(encoding="utf-8"))
    alerts = [rule["expr"] for group in rules["groups"] for rule in group["rules"]]
    assert len(shown) > 20
    assert len(alerts) > 5
    return shown + alerts


_WORDS = set(
    "sum max min by and or on without ignoring rate increase histogram_quantile time absent "
    "instance le e6".split()
)


async def test_what_the_dashboard_and_the_alerts_read_is_on_the_page(whole: Metrics) -> None:
    """Each metric by its name, and each word that one of its labels is compared with."""
    known: dict[str, dict[str, set[str]]] = {}
    for name, labels in samples(whole):
        words = known.setdefault(name, {})
        for label, word in labels:
            words.setdefault(label, set()).add(word)
    labels_of_all = {label for words in known.values() for label in words}
    for expression in expressions():
        bare = re.sub(r"\{[^}]*\}|\[[^]]*\]", " ", expression)
        names = set(re.findall(r"\b[a-zA-Z_]\w+", bare)) - _WORDS - labels_of_all
        assert names, expression
        assert names <= {*known, "up"}, expression
        for name, selector in re.findall(r"(\w+)\{([^}]*)\}", expression):
            for label, _, words in re.findall(r'(\w+)(=~|!=|=)"([^"]*)"', selector):
                if label not in ("instance", "job"):
                    assert set(words.split("|")) <= known[name][label], (expression, label)


def test_each_alert_says_what_to_do() -> None:
    """Whom it wakes, what is wrong, and a command or a place to look."""
    rules = yaml.safe_load((DEPLOY / "alerts.yaml").read_text(encoding="utf-8"))
    for rule in rules["groups"][0]["rules"]:
        assert rule["alert"].startswith("Isnad")
        assert rule["labels"]["severity"] in ("page", "ticket")
        assert rule["annotations"].keys() == {"summary", "description"}
        assert re.fullmatch(r"\d+[mh]", rule["for"])
