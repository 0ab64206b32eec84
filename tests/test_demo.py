"""The demo from end to end: the sample archive, the real model, a reader in the chat."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import httpx
import pytest
from archive import check
from conversing import at_work, said
from fake_embedder import HashEmbedder
from fakes import FakeAsker
from simulate_year import FakeNews

from bot import demo
from bot.app import build_bot
from bot.playground.limits import FloodRules
from bot.playground.server import PlaygroundServer
from bot.store import chats, digests
from index.engine import Engine, open_engine
from index.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.playground.model import Message
    from bot.store import Store


@pytest.fixture(scope="module")
def archive(model_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The sample archive with the bundled model."""
    settings = Settings(home=tmp_path_factory.mktemp("demo") / "home", cache=model_cache)
    with open_engine(settings=settings) as engine:
        demo.fill(engine)
        yield engine


def pieces(message: Message, kind: str) -> list[str]:
    """The stretches of a message that are `kind`, cut by the entities' own offsets."""
    units = message.text.encode("utf-16-le")
    return [
        units[2 * e.offset : 2 * (e.offset + e.length)].decode("utf-16-le")
        for e in message.entities
        if e.type == kind
    ]


def test_the_samples_go_in_once(engine: Engine) -> None:
    """All of them, some with a source given; filling again changes nothing."""
    demo.fill(engine)
    refs = engine.articles()
    assert len(refs) == 25
    assert {ref.source for ref in refs} >= set(demo.SOURCES.values())
    demo.fill(engine)
    assert engine.articles() == refs


def test_a_demo_s_day_is_the_sample_s_wherever_the_archive_holds_nothing_else(
    engine: Engine, tmp_path: Path
) -> None:
    """So its digest is never empty; an operator's own archive keeps the real day."""
    assert demo.fill(engine)
    assert demo.fill(engine)  # begun again in the same folder
    own = tmp_path / "own.txt"
    own.write_text("افتتح الميناء الجديد\n\nافتتح الوزير الميناء الجديد يوم الأحد.", "utf-8")
    assert engine.add([str(own)]).added == 1
    assert not demo.fill(engine)


async def test_a_leap_of_the_clock_stops_at_every_digest(store: Store) -> None:
    """Each comes at its hour, though the clock is put forward by days."""
    began = datetime(2026, 4, 22, 6, tzinfo=UTC)
    news = FakeAsker()
    news.article, news.stories = (told := FakeNews(began.date())).article, told.stories
    server = PlaygroundServer(rules=FloodRules.relaxed(), clock=began.timestamp)
    server.world.before_leap = partial(demo.stop_at_digests, server, store)
    reader = server.visitor
    async with server, at_work(server, news, store=store, now=server.now, minute=0.05):
        await said(server, reader, "/digest")
        await said(server, reader, "الرياض")
        await said(server, reader, "/digest 10:00 مساءً")
        before = server.messages(reader.chat)[-1]
        origin = server.page_url.rstrip("/")
        headers = {"Origin": origin}
        async with httpx.AsyncClient(base_url=origin, headers=headers, timeout=30) as browser:
            answer = await browser.post("/api/later", json={"hours": 3 * 24})
        assert answer.json() == {"now": (began + timedelta(days=3)).timestamp()}
        digests = [m for m in server.messages(reader.chat) if m.id > before.id]
        assert [m.date for m in digests] == [  # ten in the evening in Riyadh
            (began + timedelta(days=day, hours=13)).timestamp() for day in range(3)
        ]
        assert "موجز الأربعاء 22 أبريل 2026" in digests[0].text


async def test_a_leap_does_not_wait_for_what_cannot_be_sent(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bot may be gone."""
    monkeypatch.setattr(demo, "_SENT_WITHIN", 0.01)
    server = PlaygroundServer(clock=lambda: 0.0)
    await store.write(chats.meet, 7, kind="private", now=server.now().isoformat())
    due = digests.stamp(server.now() + timedelta(hours=1))
    await store.write(chats.change, 7, digest_at="01:00", next_digest=due)
    await demo.stop_at_digests(server, store, 2 * 3600)
    assert server.world.now == 3600


def test_filling_says_nothing(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    """Where nobody watches."""
    demo.fill(engine)
    assert capsys.readouterr() == ("", "")


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "said"),
    [
        (demo.EXAMPLES[0], "فيكتور سوبول"),
        (demo.EXAMPLES[1], "حقيبة علقت"),
        (demo.EXAMPLES[2], "95 كيلومترا"),
    ],
)
def test_the_examples_are_answered(archive: Engine, question: str, said: str) -> None:
    """They are the first thing a visitor tries."""
    answer = archive.ask(question)
    assert answer.answered
    assert said in answer.quotes[0].text
    check(archive, answer.quotes)


@pytest.mark.model
def test_what_the_archive_does_not_hold_is_refused(archive: Engine) -> None:
    """Honestly."""
    answer = archive.ask("ما هي وصفة المنسف الأردني بالجميد؟")
    assert not answer.answered
    assert answer.nearest


@pytest.mark.model
@pytest.mark.parametrize(
    "question",
    [
        "\ud800",
        "\x00",
        "😀" * 500,
        "كلمة " * 400,
        "موسكو \udcff",
    ],
)
def test_the_real_model_takes_any_question(archive: Engine, question: str) -> None:
    """Whatever a terminal or a client sends."""
    check(archive, archive.ask(question).quotes)


@pytest.mark.model
async def test_a_reader_asks_in_the_chat(archive: Engine, store: Store) -> None:
    """The quote arrives in a blockquote, the sentence that answers in bold, its source below."""
    async with PlaygroundServer(rules=FloodRules.relaxed()) as server:
        stop, ready = asyncio.Event(), asyncio.Event()
        bot = build_bot(
            server.token,
            archive=archive,
            store=store,
            base_url=server.base_url,
            examples=demo.EXAMPLES,
        )
        task = asyncio.create_task(
            bot.run(stop, handle_signals=False, on_ready=lambda _name: ready.set())
        )
        try:
            await asyncio.wait_for(ready.wait(), 10)
            reader = server.user("سلمى")
            asked = reader.send("كم بلغت سرعة رياح العاصفة رذاذ؟")
            message = await server.wait_message(reader.chat, after=asked, within=10)
        finally:
            stop.set()
            await asyncio.wait_for(task, 10)
    (quoted, *_) = pieces(message, "blockquote")
    assert any(quoted in archive.article(ref.id).text for ref in archive.articles())
    assert any("95 كيلومترا في الساعة" in bold for bold in pieces(message, "bold"))
    assert pieces(message, "text_link")


@pytest.mark.model
def test_every_word_piece_of_a_sentence_is_kept(archive: Engine) -> None:
    """A sentence in a passage has as many as alone, or nearly."""
    text = "زار الرئيس القاهرة أمس. والتقى رئيس الوزراء ظهرا. ثم عاد إلى بلده."
    units = [(0, 23), (24, 49), (50, len(text))]
    (whole,) = archive.encoder.encode_passages([text], [units])
    alone = archive.encoder.encode_passages(
        [text[s:e] for s, e in units], [[(0, e - s)] for s, e in units]
    )
    assert whole.counts.tolist() == [int(passage.counts[0]) for passage in alone]


async def test_the_demo_serves_a_page_and_takes_another_port_if_it_must(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It answers one question in the terminal, then says where the chat is."""
    monkeypatch.setattr("index.engine.load_embedder", lambda *_, **__: HashEmbedder())
    async with PlaygroundServer(port=0) as other:
        taken = int(other.page_url.split(":")[2].split("/")[0])
        task = asyncio.create_task(demo.run(port=taken, home=tmp_path / "home"))
        said = ""
        for _ in range(200):
            await asyncio.sleep(0.05)
            captured = capsys.readouterr()
            said += captured.out + captured.err
            if "chat with the bot at" in said or task.done():
                break
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert demo.EXAMPLES[0] in said
    assert f"port {taken} is taken" in said
    assert "chat with the bot at http://" in said
    assert not (tmp_path / "home" / "bot.db").exists()  # its readers are never the operator's
