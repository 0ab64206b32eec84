"""Which chat, topic and message a request of the bot means, and whether it may write there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.playground.errors import bad_request, forbidden, moved

if TYPE_CHECKING:
    from bot.playground.model import Chat, Message
    from bot.playground.params import Params
    from bot.playground.state import World


def chat_of(world: World, params: Params) -> Chat:
    """The chat of a request; of a group that moved, the refusal that tells where to."""
    wanted = params.text("chat_id")
    if not wanted:
        raise bad_request("chat_id is empty")
    for chat in world.chats.values():
        public = chat.type in ("supergroup", "channel") and chat.username is not None
        if wanted == str(chat.id) or (public and wanted == f"@{chat.username}"):
            if chat.migrated_to is not None:
                raise moved(chat.migrated_to)
            return chat
    raise bad_request("chat not found")


def writable(world: World, params: Params) -> Chat:
    """The chat of a request, if the bot may write there."""
    chat = chat_of(world, params)
    if chat.deactivated:
        raise forbidden("user is deactivated")
    if chat.type == "private" and chat.bot_is_out:
        raise forbidden("bot was blocked by the user")
    if chat.status == "kicked":
        raise forbidden(f"bot was kicked from the {chat.type} chat")
    if chat.status == "left":
        raise forbidden(f"bot is not a member of the {chat.type} chat")
    if not chat.started:
        raise forbidden("bot can't initiate conversation with a user")
    if chat.type == "channel" and chat.status != "administrator":
        raise bad_request("need administrator rights in the channel chat")
    return chat


def topic_of(chat: Chat, params: Params) -> int | None:
    """The topic of a forum that a request names.

    Telegram knows no other threads here: not a chain of replies, and not a forum's first topic
    by its number 1, where one sends by naming none.
    """
    if not (wanted := params.integer("message_thread_id")):
        return None
    if (topic := chat.topics.get(wanted)) is None:
        raise bad_request("message thread not found")
    if topic.closed and chat.status != "administrator":
        raise bad_request("TOPIC_CLOSED")
    return wanted


def reply_of(world: World, chat: Chat, params: Params) -> Message | None:
    """The message a request replies to (core.telegram.org/bots/api#replyparameters)."""
    asked = params.nested("reply_parameters")
    if asked is None and "reply_to_message_id" in params:  # the form before Bot API 7.0
        asked = {
            "message_id": params.integer("reply_to_message_id"),
            "allow_sending_without_reply": params.flag("allow_sending_without_reply"),
        }
    if not asked:
        return None
    if not isinstance(asked, dict) or not isinstance(asked.get("message_id"), int):
        raise bad_request("can't parse reply parameters JSON object")
    message = world.message(chat, asked["message_id"])
    if message is None and not asked.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    if message is not None and str(asked.get("quote", "")) not in message.text:
        raise bad_request("QUOTE_TEXT_INVALID")
    return message


def own_message(world: World, params: Params) -> Message:
    """The bot's own message that a request wants to edit, or one that was sent by way of it."""
    if inline_id := params.text("inline_message_id"):
        if (sent := world.inline_messages.get(inline_id)) is None or sent.deleted:
            raise bad_request("MESSAGE_ID_INVALID")
        return sent
    chat = writable(world, params)
    if not params.integer("message_id"):
        raise bad_request("message identifier is not specified")
    message = world.message(chat, params.integer("message_id"))
    if message is None:
        raise bad_request("message to edit not found")
    keyboard = message.markup or {}
    if message.sender is not world.me or (keyboard and "inline_keyboard" not in keyboard):
        raise bad_request("message can't be edited")
    return message
