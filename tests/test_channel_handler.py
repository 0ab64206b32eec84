"""Channels feed the archive: posts live, edits, and what an administrator hands on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from bots import running
from fakes import FakeAsker

from bot.handlers.channel import outcome
from bot.playground.limits import FloodRules
from bot.playground.server import PlaygroundServer
from index.model import Added, AddReport, Failure, Post

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from bot.playground.people import User

TEXT = "افتتح جسر الوادي الكبير صباح اليوم أمام المشاة والدراجات"
ADMIN = 77


class Feeding(FakeAsker):
    """An archive that remembers what it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.posts: list[Post] = []
        self.links: list[str] = []

    def add_posts(self, posts: Iterable[Post]) -> AddReport:
        self.posts += posts
        return report(added=1)

    def add(self, inputs: Iterable[str]) -> AddReport:
        self.links += inputs
        return report(unchanged=1)


def report(**counts: int) -> AddReport:
    title = "جسر الوادي"
    return AddReport(**counts, articles=(Added(1, title, None, None, None, "telegram"),))


@pytest.fixture
async def server() -> AsyncIterator[PlaygroundServer]:
    async with PlaygroundServer(rules=FloodRules.relaxed()) as server:
        yield server


@pytest.fixture
def admin(server: PlaygroundServer) -> User:
    return server.user("المحررة", id=ADMIN)


async def test_a_channel_the_administrator_chose_is_archived(
    server: PlaygroundServer, admin: User
) -> None:
    """Its posts and their edits, under the same address; after it drops the bot, no more."""
    archive = Feeding()
    channel = server.channel("الوادي", username="Wadi", with_bot=False)
    async with running(server, archive, admins=frozenset({ADMIN})):
        admin.add_bot(channel)
        first = admin.send(TEXT, chat=channel)
        await everything_handled(server)
        admin.edit(first, f"{TEXT} والعربات", chat=channel)
        await everything_handled(server)
        admin.remove_bot(channel)
        admin.send("خبر بعد ذلك لا يعنينا هنا", chat=channel)
        await everything_handled(server)
    new, edited = archive.posts
    assert (new.base, new.number, new.text) == ("https://t.me/wadi", first.id, TEXT)
    assert (edited.base, edited.number) == (new.base, new.number)
    assert edited.text == f"{TEXT} والعربات"
    assert new.channel == "الوادي"
    assert new.published is not None


async def test_a_channel_somebody_else_chose_is_not(server: PlaygroundServer, admin: User) -> None:
    """Anybody can bring the bot into a channel of theirs; what it says is not the archive's."""
    archive = Feeding()
    channel = server.channel("غيرنا", username="others", with_bot=False)
    stranger = server.user("غريب")
    async with running(server, archive, admins=frozenset({ADMIN})):
        stranger.add_bot(channel)
        stranger.send(TEXT, chat=channel)
        await everything_handled(server)
    assert archive.posts == []
    assert server.messages(channel) == []


async def test_an_administrator_forwards_a_post(server: PlaygroundServer, admin: User) -> None:
    """It is added under the address it has in its channel, and they are told."""
    archive = Feeding()
    channel = server.channel("الوادي", username="wadi", with_bot=False)
    original = server.user("ناشر").send(TEXT, chat=channel)
    async with running(server, archive, admins=frozenset({ADMIN})):
        sent = admin.forward(original)
        told = await server.wait_message(admin.chat, after=sent)
    assert [(p.base, p.number, p.text) for p in archive.posts] == [
        ("https://t.me/wadi", original.id, TEXT)
    ]
    assert "أُضيف إلى الأرشيف" in told.text


async def test_an_administrator_sends_a_link(server: PlaygroundServer, admin: User) -> None:
    """And nothing else; the same from a reader is a question like any."""
    archive = Feeding()
    link = "https://example.org/news/5"
    async with running(server, archive, admins=frozenset({ADMIN})):
        sent = admin.send(link)
        told = await server.wait_message(admin.chat, after=sent)
        reader = server.user("قارئ")
        await server.wait_message(reader.chat, after=reader.send(link))
    assert archive.links == [link]
    assert "موجود في الأرشيف" in told.text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (report(added=1), "أُضيف"),
        (report(updated=1), "حُدّث"),
        (report(unchanged=1), "من قبل"),
        (report(duplicates=1), "مصدر آخر"),
        (AddReport(), "لا نص"),
        (AddReport(failed=(Failure("x", "the server answered 404"),)), "404"),
    ],
)
def test_each_outcome_has_its_line(given: AddReport, said: str) -> None:
    """With the title where there is an article, the reason where there is none."""
    assert said in outcome(given, "ar")


async def everything_handled(server: PlaygroundServer) -> None:
    """Returns when an update that came after all others has been answered."""
    witness = server.user("شاهد")
    await server.wait_message(witness.chat, after=witness.send("/help"))
