"""Where the bot is: groups it is brought into and out of, groups that move, readers who block."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botapi import playground
from bots import running_with
from fakes import FakeAsker

from bot.store import chats
from bot.texts.crowd import crowd
from bot.typography import isolate

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.playground.model import Chat
    from bot.playground.people import User
    from bot.playground.server import PlaygroundServer
    from bot.store import Store

RIGHTS = (
    "can_be_edited is_anonymous can_manage_chat can_delete_messages can_manage_video_chats "
    "can_restrict_members can_promote_members can_change_info can_invite_users can_post_stories "
    "can_edit_stories can_delete_stories"
).split()
NOW = "2026-03-01T07:00:00+00:00"


@pytest.fixture
def asker() -> FakeAsker:
    return FakeAsker()


@pytest.fixture
async def server(store: Store, asker: FakeAsker) -> AsyncIterator[PlaygroundServer]:
    async with playground() as server, running_with(store, server, asker):
        yield server


def told(server: PlaygroundServer, kind: str, body: dict[str, Any]) -> None:
    """Telegram tells the bot something that no reader wrote."""
    server.world.updates.put(kind, body)
    server.world.wake()


def membership(
    server: PlaygroundServer, chat: Chat, by: User, old: str, new: str, **more: Any
) -> None:
    """The bot's own membership of a chat changes."""
    me = server.world.me.to_json()
    body = {
        "chat": chat.to_json(),
        "from": by.person.to_json(),
        "date": server.world.now,
        "old_chat_member": {"user": me, "status": old} | more,
        "new_chat_member": {"user": me, "status": new} | more,
    }
    told(server, "my_chat_member", body)


async def settled(server: PlaygroundServer, reader: User) -> None:
    """What was told before is worked off."""
    await server.wait_message(reader.chat, after=reader.send("/help"))
    await server.wait_until(lambda: not len(server.world.updates))


async def state_of(store: Store, chat: Chat) -> str | None:
    known = await store.read(chats.get, chat.id)
    return known.state if known else None


async def test_a_group_is_greeted_once_and_told_how_to_ask(
    server: PlaygroundServer, store: Store
) -> None:
    """When the bot comes in, not when it is made an administrator."""
    group, reader = server.group("مجموعة"), server.user("سلمى")
    membership(server, group, reader, "left", "member")
    hello = await server.wait_message(group)
    name = isolate(f"@{server.world.me.username}")
    assert crowd("ar").hello.format(name=name) in hello.text
    membership(server, group, reader, "member", "administrator", **dict.fromkeys(RIGHTS, False))
    await settled(server, reader)
    assert len(server.messages(group)) == 1
    assert await state_of(store, group) == "active"
    membership(server, group, reader, "member", "kicked", until_date=0)
    await settled(server, reader)
    assert await state_of(store, group) == "gone"


async def test_a_reader_who_blocks_is_not_written_to_until_back(
    server: PlaygroundServer, store: Store
) -> None:
    """Only the state changes: what the reader chose stays."""
    reader, other = server.user("سلمى"), server.user("هند")
    await server.wait_message(reader.chat, after=reader.start())
    reader.block()
    await settled(server, other)
    assert await state_of(store, reader.chat) == "blocked"
    reader.unblock()
    await settled(server, other)
    assert await state_of(store, reader.chat) == "active"


async def test_a_group_that_becomes_a_supergroup_keeps_what_it_chose(
    server: PlaygroundServer, store: Store
) -> None:
    """Both chats tell of it, and it is done once."""
    reader = server.user("سلمى")
    old, new = server.group("مجموعة", "group"), server.group("مجموعة")
    await store.write(chats.meet, old.id, kind="group", now=NOW)
    await store.write(chats.change, old.id, lang="en")
    said = {"message_id": 1, "date": server.world.now, "from": reader.person.to_json()}
    told(server, "message", said | {"chat": old.to_json(), "migrate_to_chat_id": new.id})
    told(server, "message", said | {"chat": new.to_json(), "migrate_from_chat_id": old.id})
    await settled(server, reader)
    known = await store.read(chats.get, new.id)
    assert known is not None
    assert (known.lang, known.kind) == ("en", "supergroup")
    assert await store.read(chats.get, old.id) is None
    assert not server.messages(new)


@pytest.mark.parametrize("topic", [True, False])
async def test_an_answer_stays_in_the_topic_of_its_question(
    server: PlaygroundServer, asker: FakeAsker, topic: bool
) -> None:
    """A reply's thread outside a forum is not a topic, and Telegram would refuse it."""
    group, reader = server.group("منتدى"), server.user("سلمى")
    asked = server.world.add_message(group, reader.person, text="/ask متى وقع؟")
    body = asked.to_json() | {"message_thread_id": 77}
    body["entities"] = [{"type": "bot_command", "offset": 0, "length": 4}]
    told(server, "message", body | ({"is_topic_message": True} if topic else {}))
    # The playground has no forums and refuses the topic: what was asked of it is what counts.
    await server.wait_until(lambda: bool(sends(server)))
    assert asker.asked == ["متى وقع؟"]
    assert (str(sends(server)[0].get("message_thread_id")) == "77") == topic


def sends(server: PlaygroundServer) -> list[dict[str, Any]]:
    return [call.values for call in server.calls if call.method == "sendMessage"]
