"""The Bot API methods that answer a pressed button and an inline query."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from bot.playground.entities import utf16_len
from bot.playground.errors import bad_request
from bot.playground.formatting import read_text
from bot.playground.keyboard import check_markup
from bot.playground.params import Params
from bot.playground.people import START_PAYLOAD

if TYPE_CHECKING:
    from bot.playground.state import World

MAX_CALLBACK_TEXT = 200  # core.telegram.org/bots/api#answercallbackquery
MAX_RESULTS = 50  # core.telegram.org/bots/api#answerinlinequery
MAX_RESULT_ID_BYTES = 64  # core.telegram.org/bots/api#inlinequeryresultarticle
MAX_OFFSET_BYTES = 64
_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
_RESULT_TYPE = re.compile(r"[a-z_0-9]+")


class Queries:
    """Answers to what people asked without writing a message."""

    def __init__(self, world: World) -> None:
        self._world = world

    def answer_callback_query(self, params: Params) -> bool:
        """core.telegram.org/bots/api#answercallbackquery; each press is answered once."""
        callback = self._world.open_callback(params.text("callback_query_id"))
        if callback is None:
            raise bad_request(_TOO_OLD)
        text, url = params.text("text"), params.text("url")
        if utf16_len(text) > MAX_CALLBACK_TEXT:
            raise bad_request("MESSAGE_TOO_LONG")
        if url and not _opens_bot(url, str(self._world.me.username)):
            raise bad_request("URL_INVALID")
        answer = {"text": text, "show_alert": params.flag("show_alert"), "url": url}
        callback.answer = answer
        self._world.emit(
            "answer",
            callback.message.chat.id,
            {"query_id": callback.id, "message_id": callback.message.id, **answer},
            to=callback.person.id,
        )
        return True

    def answer_inline_query(self, params: Params) -> bool:
        """core.telegram.org/bots/api#answerinlinequery"""
        query = self._world.open_inline_query(params.text("inline_query_id"))
        if query is None:
            raise bad_request(_TOO_OLD)
        results = params.nested("results")
        if not isinstance(results, list):
            raise bad_request("can't parse inline query results: expected an Array")
        if len(results) > MAX_RESULTS:
            raise bad_request("RESULTS_TOO_MUCH")
        ids = [_check_result(result) for result in results]
        if len(set(ids)) < len(ids):
            raise bad_request("RESULT_ID_DUPLICATE")
        if len(params.text("next_offset").encode()) > MAX_OFFSET_BYTES:
            raise bad_request("NEXT_OFFSET_INVALID")
        button = params.nested("button")
        _check_results_button(button)
        query.answer = {
            "results": results,
            "next_offset": params.text("next_offset"),
            "is_personal": params.flag("is_personal"),
            "cache_time": params.integer("cache_time", 300),
            "button": button,
        }
        self._world.emit("inline", 0, {"query_id": query.id, **query.answer}, to=query.person.id)
        return True


def _opens_bot(url: str, username: str) -> bool:
    """Whether a url starts this bot with a well-formed payload: nothing else may be opened."""
    parts = urlsplit(url)
    payload = parse_qs(parts.query, keep_blank_values=True).get("start", [""])[0]
    here = parts.hostname in {"t.me", "telegram.me"} and parts.path == f"/{username}"
    return here and START_PAYLOAD.fullmatch(payload) is not None


def _check_result(result: Any) -> str:
    """The id of one inline result; raises 400 where it cannot be shown."""
    if not isinstance(result, dict) or not _RESULT_TYPE.fullmatch(str(result.get("type", ""))):
        raise bad_request("can't parse inline query result: type is invalid")
    result_id = result.get("id")
    if not isinstance(result_id, str) or not 1 <= len(result_id.encode()) <= MAX_RESULT_ID_BYTES:
        raise bad_request("RESULT_ID_INVALID")
    check_markup(result.get("reply_markup"), inline_only=True)
    content = result.get("input_message_content")
    if result["type"] == "article":
        if not result.get("title"):
            raise bad_request("can't parse inline query result: article must have a title")
        if not isinstance(content, dict):
            raise bad_request("can't parse inline query result: message content is not specified")
    if isinstance(content, dict) and "message_text" in content:
        read_text(Params(content | {"text": content["message_text"]}))
    return result_id


def _check_results_button(button: Any) -> None:
    """The button above the results (core.telegram.org/bots/api#inlinequeryresultsbutton)."""
    if button is None:
        return
    if not isinstance(button, dict) or not button.get("text"):
        raise bad_request("can't parse inline query results button")
    payload = button.get("start_parameter")
    if payload is not None and not START_PAYLOAD.fullmatch(str(payload)):
        raise bad_request("START_PARAM_INVALID")
