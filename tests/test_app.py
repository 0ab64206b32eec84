"""The bot as a reader meets it: over HTTP, against the strict local Bot API server."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import threading
from functools import partial
from typing import TYPE_CHECKING

import pytest
from bots import EXAMPLES, running
from fakes import FakeAsker, answered, article, quote, refused

from bot.app import build_bot
from bot.bridge import Bridge
from bot.connecting import TokenError, UnreachableError
from bot.playground.server import PlaygroundServer
from bot.texts import AR, EN
from bot.texts.crowd import crowd
from index.model import StoreError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.playground.model import Message
    from bot.store import Store


@pytest.fixture
async def server() -> AsyncIterator[PlaygroundServer]:
    async with PlaygroundServer() as server:
        yield server


@pytest.fixture
def asker() -> FakeAsker:
    return FakeAsker()


@pytest.fixture
async def bot(server: PlaygroundServer, asker: FakeAsker) -> AsyncIterator[asyncio.Event]:
    async with running(server, asker) as stop:
        yield stop


def pieces(message: Message, kind: str) -> list[str]:
    """The stretches of a message that are `kind`, cut by the entities' own offsets."""
    units = message.text.encode("utf-16-le")
    return [
        units[2 * e.offset : 2 * (e.offset + e.length)].decode("utf-16-le")
        for e in message.entities
        if e.type == kind
    ]


@pytest.mark.usefixtures("bot")
async def test_a_question_is_answered_by_its_quote(
    server: PlaygroundServer, asker: FakeAsker
) -> None:
    """Typing first; then the quote, exactly, its answer in bold, the linked title below."""
    text = "قال 😀 «<b>كذا</b>» &amp; ثم مضى.\nكانت القوة 7.8 درجات."
    at = text.index("كانت")
    asker.answers["كم كانت القوة؟"] = answered(quote(text, (at, len(text))))
    reader = server.user("سلمى")
    asked = reader.send("كم كانت القوة؟")
    message = await server.wait_message(reader.chat, after=asked)
    assert pieces(message, "blockquote") == [text]
    assert pieces(message, "bold") == [text[at:]]
    assert pieces(message, "text_link") == ["عنوان المقال رقم 1"]
    assert "الخميس 16 مارس 2023" in message.text
    assert server.actions(reader.chat)[0] == "typing"
    methods = [call.method for call in server.calls if call.method.startswith("send")]
    assert methods == ["sendChatAction", "sendMessage"]
    assert asker.asked == ["كم كانت القوة؟"]


@pytest.mark.usefixtures("bot")
async def test_no_answer_is_said_with_the_nearest_articles(
    server: PlaygroundServer, asker: FakeAsker
) -> None:
    """A refusal quotes nothing; nasty titles arrive as the text they are."""
    title = "<b>&amp;\"'</a> \u202e BBC"
    asker.answers["سؤال"] = refused(article(title=title), article(2))
    reader = server.user("سلمى")
    message = await server.wait_message(reader.chat, after=reader.send("سؤال"))
    assert message.text.startswith(AR.no_answer)
    assert message.buttons[:2] == ["<b>&amp;\"'</a> BBC", "عنوان المقال رقم 2"]
    assert not pieces(message, "blockquote")


@pytest.mark.usefixtures("bot")
async def test_start_is_prompt_while_a_slow_question_runs(
    server: PlaygroundServer, asker: FakeAsker
) -> None:
    """In the same chat and in others; the slow answer still comes."""
    asker.holds["بطيء"] = threading.Event()
    slow, other = server.user("بطيء"), server.user("آخر")
    asked = slow.send("بطيء")
    await server.wait_until(asker.started.is_set)
    for reader in (slow, other):
        greeting = await server.wait_message(reader.chat, after=reader.start(), within=1)
        assert AR.greeting[0] in greeting.text
    asker.holds["بطيء"].set()
    answer = await server.wait_message(slow.chat, after=server.messages(slow.chat)[-1])
    assert answer.id > asked.id
    assert pieces(answer, "blockquote")


@pytest.mark.usefixtures("bot")
async def test_typing_lasts_as_long_as_the_question(
    server: PlaygroundServer, asker: FakeAsker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Telegram forgets it after 5 seconds, so it is repeated; never after the answer."""
    monkeypatch.setattr("bot.handlers.delivery._TYPING_EVERY", 0.05)
    asker.holds["بطيء"] = threading.Event()
    reader = server.user("سلمى")
    asked = reader.send("بطيء")
    await server.wait_until(lambda: len(server.actions(reader.chat)) >= 3)
    asker.holds["بطيء"].set()
    await server.wait_message(reader.chat, after=asked)
    shown = len(server.actions(reader.chat))
    await asyncio.sleep(0.2)
    assert len(server.actions(reader.chat)) == shown


@pytest.mark.usefixtures("bot")
async def test_a_slow_typing_does_not_hold_the_answer(server: PlaygroundServer) -> None:
    """It is waited for a second at most."""
    server.delay("sendChatAction", 3)
    reader = server.user("سلمى")
    await server.wait_message(reader.chat, after=reader.send("سؤال"), within=2)


@pytest.mark.usefixtures("bot")
async def test_a_chat_gets_its_answers_in_order(server: PlaygroundServer, asker: FakeAsker) -> None:
    """A quick second question waits for the slow first; a fourth is told to wait."""
    asker.holds["أول"] = threading.Event()
    for name in ("أول", "ثان", "ثالث"):
        asker.answers[name] = answered(quote(f"جواب {name}"))
    reader = server.user("سلمى")
    for name in ("أول", "ثان", "ثالث", "رابع"):
        reader.send(name)
    await server.wait_until(lambda: bool(server.messages(reader.chat)))
    [refusal] = server.messages(reader.chat)
    assert refusal.text == AR.chat_busy
    asker.holds["أول"].set()
    await server.wait_until(lambda: len(server.messages(reader.chat)) == 4)
    quoted = [pieces(message, "blockquote") for message in server.messages(reader.chat)[1:]]
    assert quoted == [["جواب أول"], ["جواب ثان"], ["جواب ثالث"]]


async def test_a_full_queue_says_busy(
    server: PlaygroundServer, asker: FakeAsker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond those at work and those that wait, a reader is told at once; but who asks what is
    being asked already waits for that."""
    monkeypatch.setattr("bot.app.Bridge", partial(Bridge, waiting=1))
    gate = threading.Event()
    asker.holds = {f"سؤال بطيء {n}": gate for n in range(3)}
    async with running(server, asker):
        for question in asker.holds:
            server.user(question).send(question)
        late, same = server.user("متأخر"), server.user("مثله")
        message = await server.wait_message(late.chat, after=late.send("سؤال آخر"))
        assert message.text == AR.busy
        asked = same.send("سؤال بطيء 0")
        gate.set()
        assert pieces(await server.wait_message(same.chat, after=asked), "blockquote")


@pytest.mark.usefixtures("bot")
async def test_flood_limit_is_waited_out_and_the_answer_sent_once(
    server: PlaygroundServer,
) -> None:
    """429 with retry_after: that long, then once; another chat does not wait."""
    held, other = server.user("سلمى"), server.user("آخر")
    server.fail_next("sendMessage", 429, "Too Many Requests", retry_after=1, chat=held.chat)
    began = asyncio.get_running_loop().time()
    asked = held.send("سؤال")
    quick = other.send("سؤال")
    await server.wait_message(other.chat, after=quick, within=0.9)
    await server.wait_message(held.chat, after=asked)
    assert asyncio.get_running_loop().time() - began >= 1
    await asyncio.sleep(0.1)
    assert len(server.messages(held.chat)) == 1


@pytest.mark.usefixtures("bot")
async def test_an_ambiguous_failure_is_not_repeated(server: PlaygroundServer) -> None:
    """The message arrived but its sender was told otherwise: no second copy of the answer."""
    reader = server.user("سلمى")
    server.fail_next("sendMessage", 502, "Bad Gateway", after=True)
    reader.send("سؤال")
    await server.wait_until(lambda: len(server.messages(reader.chat)) == 2)
    answer, apology = server.messages(reader.chat)
    assert pieces(answer, "blockquote")
    assert not pieces(apology, "blockquote")


@pytest.mark.usefixtures("bot")
async def test_after_an_outage_a_button_asks_again(
    server: PlaygroundServer, asker: FakeAsker, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither the answer nor the first word of it arrived; the second does, and no traceback."""
    reader = server.user("سلمى")
    server.fail_next("sendMessage", 502, "Bad Gateway", times=2)
    told = await server.wait_message(reader.chat, after=reader.send("سؤال"))
    assert crowd("ar").interrupted in told.text
    await server.wait_answer(reader.press(told, crowd("ar").again))
    await server.wait_until(lambda: bool(pieces(told, "blockquote")))
    assert len(server.messages(reader.chat)) == 1
    assert "Traceback" not in caplog.text


@pytest.mark.usefixtures("bot")
async def test_examples_are_asked_by_pressing(server: PlaygroundServer, asker: FakeAsker) -> None:
    """The press is answered, the example's question repeated above its quote."""
    reader = server.user("سلمى")
    greeting = await server.wait_message(reader.chat, after=reader.start("p_12"))
    press = reader.press(greeting, EXAMPLES[1])
    await server.wait_answer(press)
    answer = await server.wait_message(reader.chat, after=greeting)
    assert EXAMPLES[1] in answer.text.split("\n")[0]
    assert asker.asked == [EXAMPLES[1]]


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize(
    ("said", "language", "reply"),
    [
        ("/help", "ar", AR.help[0]),
        ("/help", "en-US", EN.help[0]),
        ("مساعدة", "ar", AR.help[0]),
        ("ابدأ", None, AR.greeting[0]),
        ("/start", "en", EN.greeting[0]),
        ("/nonsense", "ar", "لا أعرف هذا الأمر"),
        ("/بحث شيء", "ar", "لا أعرف هذا الأمر"),
        ("/ask", "ar", "اكتب سؤالك بعد"),
        ("؟؟؟", "ar", AR.no_letters.replace("{example}", min(EXAMPLES, key=len))),
        ("كلمة " * 101, "ar", AR.too_long),
    ],
)
async def test_what_is_no_question_gets_a_useful_line(
    server: PlaygroundServer, asker: FakeAsker, said: str, language: str | None, reply: str
) -> None:
    """Commands in Latin and in Arabic, and mistakes; the archive is not asked."""
    reader = server.user("سلمى", language=language)
    message = await server.wait_message(reader.chat, after=reader.send(said))
    assert reply in message.text
    assert not asker.asked


@pytest.mark.usefixtures("bot")
async def test_pictures_voices_and_stickers_get_one_line(server: PlaygroundServer) -> None:
    """The bot reads text and says so."""
    reader = server.user("سلمى")
    for send in (reader.send_photo, reader.send_voice, reader.send_sticker):
        assert (await server.wait_message(reader.chat, after=send())).text == AR.not_text


@pytest.mark.usefixtures("bot")
async def test_ask_takes_the_rest_of_its_message(
    server: PlaygroundServer, asker: FakeAsker
) -> None:
    """On the same line or on the next."""
    reader = server.user("سلمى")
    for said in ("/ask متى وقع؟", "/ask\nأين وقع ذلك؟"):
        await server.wait_message(reader.chat, after=reader.send(said))
    assert asker.asked == ["متى وقع؟", "أين وقع ذلك؟"]


async def test_groups_are_answered_only_when_spoken_to(asker: FakeAsker) -> None:
    """A mention, a reply, /ask; silence otherwise, even where the bot hears all."""
    async with PlaygroundServer(privacy=False) as server, running(server, asker):
        group, reader = server.group("مجموعة"), server.user("سلمى")
        reader.send("كلام عادي بين الناس", chat=group)
        reader.send("/unknown", chat=group)
        reader.send_sticker(chat=group)
        reader.send("@someone_else_bot متى؟", chat=group)
        asked = reader.send("@Isnad_Demo_Bot متى وقع؟", chat=group)
        first = await server.wait_message(group)
        assert first.reply_to is asked
        followed = reader.send("وأين وقع؟", chat=group, reply_to=first)
        second = await server.wait_message(group, after=followed)
        commanded = reader.send("/ask@isnad_demo_bot كم كانت قوته؟", chat=group)
        await server.wait_message(group, after=commanded)
        assert second.reply_to is followed
        assert asker.asked == ["متى وقع؟", "وأين وقع؟", "كم كانت قوته؟"]
        assert len(server.messages(group)) == 3


@pytest.mark.usefixtures("bot")
async def test_a_failure_is_an_apology_here_and_a_private_traceback_there(
    server: PlaygroundServer, asker: FakeAsker, caplog: pytest.LogCaptureFixture
) -> None:
    """The reader gets a code; the log the code and the traceback, but nothing anybody wrote."""
    secret = "سؤال سري"
    failure = StoreError("the database is locked")
    failure.__cause__ = KeyError(secret)
    asker.answers[secret] = failure
    reader = server.user("سلمى الفلانية", language="en")
    message = await server.wait_message(reader.chat, after=reader.send(secret))
    assert message.text.startswith("Something went wrong")
    [record] = [r for r in caplog.records if r.name == "bot.handlers.errors"]
    code = record.getMessage().split()[1]
    assert code in message.text
    assert "fakes.py" in caplog.text
    assert "KeyError" in caplog.text
    assert "the database is locked" in caplog.text
    for private in ("سري", "سلمى", str(reader.id)):
        assert private not in caplog.text


async def test_nothing_private_is_logged_even_when_debugging(
    server: PlaygroundServer, asker: FakeAsker, caplog: pytest.LogCaptureFixture
) -> None:
    """Not the token (the HTTP client logs addresses), a question, a name or a chat."""
    caplog.set_level(logging.DEBUG)
    async with running(server, asker):
        reader = server.user("سلمى الفلانية")
        server.fail_next("getUpdates", 502, "Bad Gateway")
        await server.wait_message(reader.chat, after=reader.send("سؤال سري"))
        logging.getLogger("somewhere").error("%s", f"{server.base_url}{server.token}/getMe")
    assert "somewhere" in caplog.text
    ours = [r for r in caplog.records if not r.name.startswith(("uvicorn", "bot.playground"))]
    text = "\n".join(logging.Formatter().format(record) for record in ours)
    for private in (server.token, server.token.split(":")[1], "سري", "سلمى", str(reader.id)):
        assert private not in text


async def test_a_blocked_bot_is_no_error(
    server: PlaygroundServer, asker: FakeAsker, caplog: pytest.LogCaptureFixture
) -> None:
    """Who blocks the bot before the answer leaves no traceback, and no apology is tried."""
    asker.holds["بطيء"] = threading.Event()
    async with running(server, asker):
        reader = server.user("سلمى")
        reader.send("بطيء")
        await server.wait_until(asker.started.is_set)
        server.block(reader.chat)
        asker.holds["بطيء"].set()
        await server.wait_until(
            lambda: ("sendMessage", 403) in [(c.method, c.status) for c in server.calls]
        )
    assert not [r for r in caplog.records if r.levelno >= logging.WARNING]


async def test_the_menu_is_set_in_both_languages(
    server: PlaygroundServer, asker: FakeAsker
) -> None:
    """Arabic for everybody, English for whose Telegram is English."""
    async with running(server, asker):
        sent = [c.values for c in server.calls if c.method == "setMyCommands"]
    assert [values.get("language_code") for values in sent] == [None, "en"]


async def test_stopping_lets_an_answer_end(server: PlaygroundServer, asker: FakeAsker) -> None:
    """What is being answered when the stop comes is still answered."""
    asker.holds["بطيء"] = threading.Event()
    reader = server.user("سلمى")
    async with running(server, asker) as stop:
        reader.send("بطيء")
        await server.wait_until(asker.started.is_set)
        stop.set()
        await asyncio.sleep(0.2)
    assert len(server.messages(reader.chat)) == 1


async def test_stopping_does_not_wait_for_ever(
    server: PlaygroundServer, asker: FakeAsker, monkeypatch: pytest.MonkeyPatch, store: Store
) -> None:
    """Past the deadline, what still runs is abandoned."""
    monkeypatch.setattr("bot.app.WITHIN", 3.0)
    asker.holds["بطيء"] = threading.Event()
    reader = server.user("سلمى")
    bot = build_bot(server.token, base_url=server.base_url, archive=asker, store=store)
    stop = asyncio.Event()
    task = asyncio.create_task(bot.run(stop, handle_signals=False))
    reader.send("بطيء")
    await server.wait_until(asker.started.is_set)
    stop.set()
    try:
        await asyncio.wait_for(task, 4)
    finally:
        asker.holds["بطيء"].set()
    assert not server.messages(reader.chat)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_stops_it(
    server: PlaygroundServer, asker: FakeAsker, number: signal.Signals, store: Store
) -> None:
    """As from the keyboard or a supervisor: `run` returns, and raises nothing."""
    ready = asyncio.Event()
    bot = build_bot(server.token, base_url=server.base_url, archive=asker, store=store)
    task = asyncio.create_task(bot.run(on_ready=lambda name: ready.set()))
    await asyncio.wait_for(ready.wait(), 5)
    os.kill(os.getpid(), number)
    await asyncio.wait_for(task, 5)


async def test_a_wrong_token_is_said_without_repeating_it(
    server: PlaygroundServer, asker: FakeAsker, caplog: pytest.LogCaptureFixture, store: Store
) -> None:
    """The operator learns which setting is wrong; the token is in no message and no log."""
    wrong = "123456:thisisnotthetokenatall"
    bot = build_bot(wrong, base_url=server.base_url, archive=asker, store=store)
    with pytest.raises(TokenError, match="ISNAD_TELEGRAM_TOKEN") as raised:
        await bot.run(handle_signals=False)
    assert wrong not in str(raised.value) + caplog.text
    with pytest.raises(TokenError, match="no token"):
        build_bot("", archive=asker, store=store)


async def test_a_token_revoked_while_running_ends_the_run(
    server: PlaygroundServer, asker: FakeAsker
) -> None:
    """A bot that hears nothing any more must not look alive."""

    async def work() -> None:
        async with running(server, asker):
            server.fail_next("getUpdates", 401, "Unauthorized")
            server.user("سلمى").start()
            await asyncio.sleep(0.5)

    with pytest.raises(TokenError):
        await work()


async def test_an_unreachable_server_is_given_up_after_a_while(
    asker: FakeAsker, store: Store
) -> None:
    """Nobody listens on port 9; the message names the host and the setting."""
    bot = build_bot("123456:abc", base_url="http://127.0.0.1:9/bot", archive=asker, store=store)
    with pytest.raises(UnreachableError, match=r"127\.0\.0\.1:9.*ISNAD_TELEGRAM_BASE_URL"):
        await bot.run(handle_signals=False, patience=0.5)


async def test_trouble_at_the_start_is_waited_out(
    server: PlaygroundServer, asker: FakeAsker
) -> None:
    """A server that fails at first is asked again."""
    server.fail_next("getMe", 502, "Bad Gateway")
    async with running(server, asker):
        reader = server.user("سلمى")
        await server.wait_message(reader.chat, after=reader.start())


async def test_a_stop_during_the_start_is_heard(asker: FakeAsker, store: Store) -> None:
    """Ctrl-C while it waits for the network ends it at once."""
    stop = asyncio.Event()
    bot = build_bot("123456:abc", base_url="http://127.0.0.1:9/bot", archive=asker, store=store)
    task = asyncio.create_task(bot.run(stop, handle_signals=False))
    await asyncio.sleep(0.2)
    stop.set()
    await asyncio.wait_for(task, 1)
