"""Channels, forums, groups that move, people who leave: who may write where, and who is told."""

from __future__ import annotations

import pytest
import pytest_asyncio
from botapi import RawBot, builder, playground
from telegram import Update
from telegram.error import BadRequest, ChatMigrated, Forbidden

from bot.playground.limits import FloodRules
from bot.playground.server import PlaygroundServer


@pytest.fixture
def server():
    return PlaygroundServer(rules=FloodRules.relaxed())


@pytest_asyncio.fixture
async def bot(server):
    async with RawBot(server) as raw:
        yield raw


def told(server):
    """The updates that wait for the bot, as (kind, body)."""
    return [
        next((kind, body) for kind, body in update.items() if kind != "update_id")
        for update in server.world.updates.peek()
    ]


def kinds(server):
    return [kind for kind, _ in told(server)]


async def test_a_channel_is_told_of_and_its_posts_come_unsigned(server, bot):
    admin = server.user("سلمى")
    channel = server.channel("الوادي", username="wadi", admins=[admin], with_bot=False)
    admin.send("قبل أن يأتي البوت", chat=channel)
    admin.add_bot(channel)
    post = admin.send("افتُتح المتحف", chat=channel)
    admin.edit(post, "افتُتح المتحف أمس", chat=channel)
    admin.send_photo("صورة الافتتاح", chat=channel)
    admin.remove_bot(channel)
    admin.send("بعد أن خرج", chat=channel)
    assert kinds(server) == [
        "my_chat_member",
        "channel_post",
        "edited_channel_post",
        "channel_post",
        "my_chat_member",
    ]
    (_, came), (_, posted), (_, edited), (_, photo), (_, left) = told(server)
    assert came["chat"] == {
        "id": channel.id,
        "type": "channel",
        "title": "الوادي",
        "username": "wadi",
    }
    assert came["from"]["id"] == admin.id
    assert came["new_chat_member"]["status"] == "administrator"
    assert left["new_chat_member"]["status"] == "kicked"
    assert "from" not in posted
    assert posted["sender_chat"]["id"] == channel.id
    assert (posted["message_id"], edited["text"]) == (2, "افتُتح المتحف أمس")
    assert photo["caption"] == "صورة الافتتاح"


async def test_in_a_channel_only_an_administrator_writes(server, bot):
    channel = server.channel("الوادي", username="wadi")
    sent = await bot.result("sendMessage", chat_id="@wadi", text="خبر")
    assert sent["sender_chat"]["id"] == channel.id
    for status, refusal in [
        ("member", "Bad Request: need administrator rights in the channel chat"),
        ("left", "Forbidden: bot is not a member of the channel chat"),
        ("kicked", "Forbidden: bot was kicked from the channel chat"),
    ]:
        channel.status = status
        assert await bot.refusal("sendMessage", chat_id="@wadi", text="خبر") == refusal


def test_what_is_forwarded_says_where_it_is_from(server):
    reader, open_one, shy = server.user("سلمى"), server.user("عمر"), server.user("هند")
    shy.person.hides_forwards = True
    channel = server.channel("الوادي", username="wadi", with_bot=False)
    post = open_one.send("نص المنشور #خبر", chat=channel)
    first = reader.forward(post)
    reader.forward(open_one.send("من عمر"))
    reader.forward(shy.send("من هند"))
    again = shy.forward(first)
    origins = [body["forward_origin"] for _, body in told(server) if "forward_origin" in body]
    assert [one["type"] for one in origins] == ["channel", "user", "hidden_user", "channel"]
    assert (origins[0]["chat"]["username"], origins[0]["message_id"]) == ("wadi", post.id)
    assert origins[1]["sender_user"]["first_name"] == "عمر"
    assert origins[2]["sender_user_name"] == "هند"
    assert origins[3] == origins[0]
    assert again.pieces("hashtag") == ["#خبر"]


async def test_topics_have_to_be_there_and_open(server, bot):
    reader = server.user("سلمى")
    forum = server.group("منتدى", is_forum=True)
    topic = reader.open_topic(forum, "الأخبار")
    asked = reader.send("/ask متى؟", chat=forum, topic=topic)
    body = told(server)[-1][1]
    assert (body["message_thread_id"], body["is_topic_message"]) == (topic, True)
    assert body["chat"]["is_forum"] is True
    to = {"chat_id": forum.id, "text": "جواب"}
    sent = await bot.result("sendMessage", message_thread_id=topic, **to)
    assert sent["message_thread_id"] == topic
    reply = await bot.result("sendMessage", reply_parameters={"message_id": asked.id}, **to)
    assert reply["message_thread_id"] == topic  # a reply stays where it is
    general = await bot.result("sendMessage", **to)
    assert "message_thread_id" not in general
    for missing in (1, topic + 99):  # the first topic has no number to send to
        refusal = await bot.refusal("sendMessage", message_thread_id=missing, **to)
        assert refusal == "Bad Request: message thread not found"
    reader.close_topic(forum, topic)
    refusal = await bot.refusal("sendMessage", message_thread_id=topic, **to)
    assert refusal == "Bad Request: TOPIC_CLOSED"
    with pytest.raises(ValueError, match="no topic 99"):
        reader.send("سؤال", chat=forum, topic=99)


async def test_a_chain_of_replies_is_a_thread_but_no_topic(server, bot):
    reader = server.user("سلمى")
    group = server.group("غرفة")
    first = reader.send("/ask متى؟", chat=group)
    reader.send("/ask وأين؟", chat=group, reply_to=first)
    body = told(server)[-1][1]
    assert body["message_thread_id"] == first.id
    assert "is_topic_message" not in body
    to = {"chat_id": group.id, "text": "جواب", "message_thread_id": first.id}
    assert await bot.refusal("sendMessage", **to) == "Bad Request: message thread not found"


async def test_a_group_that_moves_says_where_to(server, bot):
    reader = server.user("سلمى")
    old = server.group("غرفة", "group")
    new = reader.upgrade(old)
    assert str(new.id).startswith("-100")
    assert [body.get("migrate_to_chat_id") for _, body in told(server)] == [new.id, None]
    assert [body.get("migrate_from_chat_id") for _, body in told(server)] == [None, old.id]
    answer = await bot.call("sendMessage", chat_id=old.id, text="خبر")
    assert answer["description"] == ("Bad Request: group chat was upgraded to a supergroup chat")
    assert answer["parameters"] == {"migrate_to_chat_id": new.id}
    assert (await bot.result("sendMessage", chat_id=new.id, text="خبر"))["chat"]["id"] == new.id


def test_coming_and_going_is_told_twice_once_as_a_message(server):
    reader = server.user("سلمى")
    group = server.group("غرفة", with_bot=False)
    reader.add_bot(group)
    reader.add_bot(group)
    reader.add_bot(group, as_admin=True)
    reader.send("كلام عابر", chat=group)  # administrators hear everything
    reader.remove_bot(group)
    reader.send("/topics", chat=group)
    assert kinds(server) == [
        "my_chat_member",
        "message",
        "my_chat_member",
        "message",
        "my_chat_member",
        "message",
    ]
    bodies = [body for _, body in told(server)]
    assert bodies[1]["new_chat_members"][0]["is_bot"] is True
    assert bodies[5]["left_chat_member"]["is_bot"] is True


async def test_members_and_administrators(server, bot):
    admin, member, stranger = server.user("سلمى"), server.user("عمر"), server.user("هند")
    group = server.group("غرفة", admins=[admin])
    member.send("أهلًا", chat=group)
    for user, status in [
        (admin.id, "administrator"),
        (member.id, "member"),
        (stranger.id, "left"),
        (server.world.me.id, "member"),
    ]:
        found = await bot.result("getChatMember", chat_id=group.id, user_id=user)
        assert found["status"] == status
    refusal = await bot.refusal("getChatMember", chat_id=group.id, user_id=5)
    assert refusal == "Bad Request: user not found"


async def test_commands_of_a_chat_it_does_not_know_are_refused(server, bot):
    reader = server.user("سلمى")
    commands = [{"command": "help", "description": "مساعدة"}]
    here = {"type": "chat", "chat_id": reader.id}
    assert await bot.result("setMyCommands", commands=commands, scope=here)
    nowhere = {"type": "chat", "chat_id": 5}
    refusal = await bot.refusal("setMyCommands", commands=commands, scope=nowhere)
    assert refusal == "Bad Request: chat not found"
    alone = {"type": "chat_member", "chat_id": reader.id}
    assert "user_id is not specified" in await bot.refusal("getMyCommands", scope=alone)


async def test_the_library_raises_what_each_refusal_means():
    async with playground() as server, builder(server).build() as application:
        bot, reader = application.bot, server.user("سلمى")
        reader.start()
        group = server.group("غرفة", "group")
        new = reader.upgrade(group)
        with pytest.raises(ChatMigrated) as moved:
            await bot.send_message(group.id, "خبر")
        assert moved.value.new_chat_id == new.id
        reader.delete_account()
        with pytest.raises(Forbidden, match="user is deactivated"):
            await bot.send_message(reader.id, "خبر")
        reader.remove_bot(new)
        with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
            await bot.send_message(new.id, "خبر")
        with pytest.raises(BadRequest, match="Chat not found"):
            await bot.send_message(-5, "خبر")


async def test_the_library_reads_every_update_of_these_places():
    async with playground(privacy=False) as server, builder(server).build() as application:
        reader = server.user("سلمى")
        channel = server.channel("الوادي", with_bot=False)
        reader.add_bot(channel)
        reader.forward(reader.send("منشور", chat=channel))
        forum = server.group("منتدى", is_forum=True, with_bot=False)
        reader.add_bot(forum)
        reader.close_topic(forum, reader.open_topic(forum, "الأخبار"))
        reader.upgrade(server.group("غرفة", "group"))
        reader.send_location(30.0, 31.2)
        reader.remove_bot(forum)
        for body in server.world.updates.peek():
            update = Update.de_json(body, application.bot)
            assert update is not None
            assert update.effective_chat is not None
