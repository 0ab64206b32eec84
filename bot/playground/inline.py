"""What a person does after the bot's name in any chat: asks, and sends one of the results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.playground.formatting import read_text
from bot.playground.keyboard import check_markup
from bot.playground.model import InlineQuery
from bot.playground.params import Params

if TYPE_CHECKING:
    from bot.playground.model import Chat, JsonDict, Message, Person
    from bot.playground.state import World

MAX_QUERY = 256  # core.telegram.org/bots/api#inlinequery


def ask_inline(
    world: World, person: Person, query: str, offset: str, chat: Chat | None
) -> InlineQuery:
    """Tells the bot of a query; at most 256 characters reach it."""
    asked = InlineQuery(world.new_query_id(), person, query[:MAX_QUERY], offset, world.clock())
    world.inline_queries[asked.id] = asked
    # "sender" is the private chat with the bot itself.
    where = "sender" if chat is None or chat.type == "private" else chat.type
    body = {"id": asked.id, "from": person.to_json(), "query": asked.query, "offset": offset}
    world.updates.put("inline_query", body | {"chat_type": where})
    world.wake()
    return asked


def place(world: World, query: InlineQuery, result_id: str, chat: Chat) -> Message:
    """Puts a result into a chat, as sent by who asked; the caller tells the bot of the message.

    Raises `ValueError` for a result that the bot did not give, or that is no text.
    """
    results = (query.answer or {}).get("results", [])
    result = next((one for one in results if one["id"] == result_id), None)
    if result is None:
        raise ValueError(f"no result {result_id!r} among {[one['id'] for one in results]}")
    content: JsonDict = result.get("input_message_content") or {}
    if "message_text" not in content:
        raise ValueError(f"the result {result_id!r} is not a text")
    text, entities = read_text(Params(content | {"text": content["message_text"]}))
    message = world.add_message(
        chat,
        query.person,
        text=text,
        entities=entities,
        markup=check_markup(result.get("reply_markup"), inline_only=True),
        via_bot=world.me,
    )
    if world.inline_feedback:
        chosen = {"result_id": result_id, "from": query.person.to_json(), "query": query.query}
        if message.inline_id is not None:
            chosen["inline_message_id"] = message.inline_id
        world.updates.put("chosen_inline_result", chosen)
    return message
