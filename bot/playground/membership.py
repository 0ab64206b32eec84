"""Who is in a chat, and what the bot is told when its own place there changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.playground.addressing import chat_of
from bot.playground.errors import bad_request

if TYPE_CHECKING:
    from bot.playground.model import Chat, JsonDict, Person, Status
    from bot.playground.params import Params
    from bot.playground.state import World

# core.telegram.org/bots/api#chatmemberadministrator: those that are always told
_RIGHTS = (
    "can_be_edited",
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)


def member_json(person: Person, status: Status) -> JsonDict:
    """As core.telegram.org/bots/api#chatmember."""
    body: JsonDict = {"user": person.to_json(), "status": status}
    if status == "kicked":
        body["until_date"] = 0
    if status == "administrator":
        body |= dict.fromkeys(_RIGHTS, False) | {"can_manage_chat": True}
    return body


def move_bot(world: World, chat: Chat, status: Status, by: Person) -> None:
    """Changes the bot's place in a chat and tells it so; nothing where that is its place."""
    if chat.status == status:
        return
    before, was_out = chat.status, chat.bot_is_out
    body = {
        "chat": chat.to_json(),
        "from": by.to_json(),
        "date": world.now,
        "old_chat_member": member_json(world.me, before),
        "new_chat_member": member_json(world.me, status),
    }
    chat.status = status
    world.updates.put("my_chat_member", body)
    world.emit("member", chat.id, {"status": status})
    if chat.type in ("group", "supergroup") and chat.bot_is_out != was_out:
        me = world.me.to_json()
        told = {"left_chat_member": me} if chat.bot_is_out else {"new_chat_members": [me]}
        message = world.add_message(chat, by, extra=told)
        world.updates.put("message", message.to_json())
    world.wake()


def get_chat_member(world: World, params: Params) -> JsonDict:
    """core.telegram.org/bots/api#getchatmember"""
    chat = chat_of(world, params)
    user_id = params.integer("user_id")
    if user_id == world.me.id:
        return member_json(world.me, chat.status)
    if (person := world.people.get(user_id)) is None:
        raise bad_request("user not found")
    if user_id in chat.admins:
        return member_json(person, "administrator")
    known = chat.type == "private" or user_id in chat.members
    return member_json(person, "member" if known else "left")
