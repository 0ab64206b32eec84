"""What each Bot API method takes and refuses, by exact requests."""

from __future__ import annotations

import asyncio
import json

import pytest
import pytest_asyncio
from botapi import Clock, RawBot, playground

from bot.playground.limits import FloodRules
from bot.playground.server import PlaygroundServer
from index.model import InputError


class Stage:
    """A server, a raw bot, and a reader who has started a chat."""

    def __init__(self, server, bot, clock):
        self.server, self.bot, self.clock = server, bot, clock
        self.reader = server.user("سلمى")
        self.hello = self.reader.start()
        self.chat_id = self.reader.id

    async def send(self, text="خبر", **more):
        return await self.bot.result("sendMessage", chat_id=self.chat_id, text=text, **more)

    async def refused(self, method="sendMessage", **params):
        defaults = {"chat_id": self.chat_id}
        if method in {"sendMessage", "editMessageText"}:
            defaults["text"] = "خبر"
        return await self.bot.refusal(method, **{**defaults, **params})


@pytest_asyncio.fixture
async def stage():
    clock = Clock()
    server = PlaygroundServer(clock=clock, rules=FloodRules.relaxed())
    async with RawBot(server) as bot:
        yield Stage(server, bot, clock)


def keys(*rows):
    return {"inline_keyboard": list(rows)}


def key(**action):
    return {"text": "زر", **action}


TEXTS = [
    ({"text": ""}, "message text is empty"),
    ({"text": " \n\t"}, "text must be non-empty"),
    ({"text": "\u200f\u202b"}, "text must be non-empty"),
    ({"text": "<b> </b>", "parse_mode": "HTML"}, "text must be non-empty"),
    ({"text": "خ" * 4097}, "message is too long"),
    ({"text": "👍" * 2049}, "message is too long"),
    (
        {"text": "<b>", "parse_mode": "html"},
        "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
    ),
    ({"parse_mode": "Markdown"}, "unsupported parse_mode"),
    ({"entities": [{"type": "x", "offset": 0, "length": 1}]}, "can't parse MessageEntity"),
    (
        {"entities": [{"type": "bold", "offset": 0, "length": 9}]},
        "entity out of the text at UTF-16 offset 9",
    ),
    ({"chat_id": ""}, "chat_id is empty"),
    ({"chat_id": 12}, "chat not found"),
    ({"message_thread_id": 3}, "message thread not found"),
    ({"reply_parameters": {"message_id": 999}}, "message to be replied not found"),
    ({"reply_to_message_id": 999}, "message to be replied not found"),
    ({"reply_parameters": {"message_id": 1, "quote": "غير موجود"}}, "QUOTE_TEXT_INVALID"),
    ({"reply_parameters": "{"}, "can't parse reply parameters JSON object"),
    ({"reply_markup": []}, "object expected as reply markup"),
]

MARKUPS = [
    (keys([key(callback_data="")]), "BUTTON_DATA_INVALID"),
    (keys([key(callback_data="م" * 33)]), "BUTTON_DATA_INVALID"),
    (
        keys([key(callback_data="1", url="https://a.b")]),
        "can't parse inline keyboard button: exactly one of the optional fields must be used",
    ),
    (
        keys([key()]),
        "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ),
    (
        keys([{"callback_data": "1"}]),
        'can\'t parse inline keyboard button: Field "text" must be of type String',
    ),
    (
        keys([key(url="http://localhost:8080")]),
        "inline keyboard button URL 'http://localhost:8080' is invalid: Wrong HTTP URL",
    ),
    (keys([key(url="")]), "BUTTON_URL_INVALID"),
    (keys([key(copy_text={"text": ""})]), "BUTTON_COPY_TEXT_INVALID"),
    (keys([key(callback_data="1")] * 9), "REPLY_MARKUP_TOO_LONG"),
    (keys(*[[key(callback_data="1")] * 8] * 13), "REPLY_MARKUP_TOO_LONG"),
    ({"nothing": 1}, "inline keyboard expected"),
]


@pytest.mark.parametrize(("params", "why"), TEXTS)
async def test_messages_telegram_refuses(stage, params, why):
    assert await stage.refused(**params) == f"Bad Request: {why}"


@pytest.mark.parametrize(("markup", "why"), MARKUPS)
async def test_keyboards_telegram_refuses(stage, markup, why):
    assert await stage.refused(reply_markup=markup) == f"Bad Request: {why}"


async def test_the_longest_message_and_the_largest_keyboard_pass(stage):
    sent = await stage.send("<b>" + "خ" * 4096 + "</b>", parse_mode="HTML")
    assert sent["entities"] == [{"type": "bold", "offset": 0, "length": 4096}]
    rows = [[key(callback_data="م" * 32)] * 8] * 12 + [[key(url="a.b")] * 4]
    sent = await stage.send(reply_markup=keys(*rows))
    assert sent["reply_markup"]["inline_keyboard"][-1][0]["url"] == "http://a.b/"


async def test_only_a_hundred_entities_are_kept(stage):
    sent = await stage.send("<b>أ</b> " * 120, parse_mode="HTML")
    assert len(sent["entities"]) == 100


async def test_too_many_bytes_of_links_are_refused(stage):
    link = f'<a href="https://example.com/{"x" * 90}">أ</a> '
    refusal = await stage.refused(text=link * 90, parse_mode="HTML")
    assert refusal == "Bad Request: ENTITIES_TOO_LONG"


async def test_entities_can_come_as_json_and_commands_are_found(stage):
    entities = [{"type": "blockquote", "offset": 0, "length": 3}]
    sent = await stage.send("خبر /topics", entities=json.dumps(entities))
    assert [e["type"] for e in sent["entities"]] == ["blockquote", "bot_command"]


async def test_replies(stage):
    reply = {"message_id": stage.hello.id, "quote": "/start"}
    sent = await stage.send(reply_parameters=reply)
    assert sent["reply_to_message"]["text"] == "/start"
    lost = {"message_id": 999, "allow_sending_without_reply": True}
    assert "reply_to_message" not in await stage.send(reply_parameters=lost)


async def test_edits(stage):
    sent = await stage.send(reply_markup=keys([key(callback_data="1")]))
    this = {"message_id": sent["message_id"]}
    edit = {"chat_id": stage.chat_id, **this}
    same = await stage.refused("editMessageText", **this, reply_markup=sent["reply_markup"])
    assert same.startswith("Bad Request: message is not modified: specified new message content")
    edited = await stage.bot.result("editMessageText", **edit, text="خبر")
    assert "reply_markup" not in edited  # what is not given is removed
    refused = await stage.refused("editMessageReplyMarkup", **this)
    assert refused.startswith("Bad Request: message is not modified")
    await stage.bot.result(
        "editMessageReplyMarkup", **edit, reply_markup=keys([key(callback_data="2")])
    )
    assert stage.server.messages(stage.reader.chat)[0].keyboard[0][0]["callback_data"] == "2"
    for params, why in [
        ({}, "message identifier is not specified"),
        ({"message_id": 999}, "message to edit not found"),
        ({"message_id": stage.hello.id}, "message can't be edited"),
        ({"inline_message_id": "x"}, "MESSAGE_ID_INVALID"),
        ({**this, "reply_markup": {"force_reply": True}}, "inline keyboard expected"),
        ({**this, "text": "خ" * 4097}, "message is too long"),
    ]:
        assert await stage.refused("editMessageText", **params) == f"Bad Request: {why}"


async def test_deletion(stage):
    old = await stage.send()
    stage.clock.advance(48 * 3600)
    fresh = await stage.send()
    refused = await stage.refused("deleteMessage", message_id=old["message_id"])
    assert refused == "Bad Request: message can't be deleted"
    params = {"chat_id": stage.chat_id, "message_id": fresh["message_id"]}
    assert await stage.bot.result("deleteMessage", **params) is True
    assert await stage.bot.refusal("deleteMessage", **params) == (
        "Bad Request: message to delete not found"
    )
    refused = await stage.refused("editMessageText", message_id=fresh["message_id"])
    assert refused == "Bad Request: message to edit not found"
    group = stage.server.group("غرفة")
    foreign = stage.reader.send("كلام", chat=group)
    refused = await stage.refused("deleteMessage", chat_id=group.id, message_id=foreign.id)
    assert refused == "Bad Request: message can't be deleted"


async def test_chat_actions(stage):
    for action in ("typing", "upload_document"):
        await stage.bot.result("sendChatAction", chat_id=stage.chat_id, action=action)
    assert stage.server.actions(stage.reader.chat) == ["typing", "upload_document"]
    assert await stage.refused("sendChatAction", action="thinking") == (
        "Bad Request: wrong parameter action in request"
    )


async def test_presses_are_answered_once_and_in_time(stage):
    await stage.send(
        reply_markup=keys([key(callback_data="ctx:1"), {"text": "المصدر", "url": "a.b"}])
    )
    message = stage.server.messages(stage.reader.chat)[0]
    too_old = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    press = stage.reader.press(message, "ctx:1")
    refused = await stage.refused("answerCallbackQuery", callback_query_id=press.id, text="م" * 201)
    assert refused == "Bad Request: MESSAGE_TOO_LONG"
    bad_link = "https://t.me/isnad_demo_bot?start=not ok"
    refused = await stage.refused("answerCallbackQuery", callback_query_id=press.id, url=bad_link)
    assert refused == "Bad Request: URL_INVALID"
    await stage.bot.result("answerCallbackQuery", callback_query_id=press.id, text="م" * 200)
    assert await stage.refused("answerCallbackQuery", callback_query_id=press.id) == too_old
    late = stage.reader.press(message, "ctx:1")
    stage.clock.advance(16)
    assert await stage.refused("answerCallbackQuery", callback_query_id=late.id) == too_old
    assert await stage.refused("answerCallbackQuery", callback_query_id="1") == too_old
    with pytest.raises(ValueError, match="is a link"):
        stage.reader.press(message, "المصدر")
    with pytest.raises(ValueError, match="no button"):
        stage.reader.press(message, "غائب")


def article(**more):
    content = {"message_text": "<b>خبر</b>", "parse_mode": "HTML"}
    return {"type": "article", "id": "1", "title": "خبر", "input_message_content": content, **more}


INLINE = [
    ({"results": [article(id=str(i)) for i in range(51)]}, "RESULTS_TOO_MUCH"),
    ({"results": [article(id="")]}, "RESULT_ID_INVALID"),
    ({"results": [article(id="م" * 33)]}, "RESULT_ID_INVALID"),
    ({"results": [article(), article()]}, "RESULT_ID_DUPLICATE"),
    (
        {"results": [article(title="")]},
        "can't parse inline query result: article must have a title",
    ),
    (
        {"results": [article(input_message_content={"message_text": ""})]},
        "message text is empty",
    ),
    ({"results": [article()], "next_offset": "x" * 65}, "NEXT_OFFSET_INVALID"),
    (
        {"results": [], "button": {"text": "ابدأ", "start_parameter": "لا"}},
        "START_PARAM_INVALID",
    ),
    ({"results": "{"}, "can't parse results JSON object"),
]


@pytest.mark.parametrize(("params", "why"), INLINE)
async def test_inline_answers_telegram_refuses(stage, params, why):
    query = stage.reader.inline("المتحف")
    refused = await stage.refused("answerInlineQuery", inline_query_id=query.id, **params)
    assert refused == f"Bad Request: {why}"


async def test_inline_answers(stage):
    query = stage.reader.inline("م" * 300)
    assert len(query.query) == 256
    results = [article(id=str(i)) for i in range(50)]
    await stage.bot.result("answerInlineQuery", inline_query_id=query.id, results=results)
    assert (await stage.server.wait_answer(query))["cache_time"] == 300
    refused = await stage.refused("answerInlineQuery", inline_query_id=query.id, results=[])
    assert "query is too old" in refused


COMMANDS = [
    ([{"command": "بحث", "description": "ابحث"}], "BOT_COMMAND_INVALID"),
    ([{"command": "Topics", "description": "ابحث"}], "BOT_COMMAND_INVALID"),
    ([{"command": "x" * 33, "description": "ابحث"}], "BOT_COMMAND_INVALID"),
    ([{"command": "topics", "description": ""}], "BOT_COMMAND_DESCRIPTION_INVALID"),
    ([{"command": "topics", "description": "م" * 257}], "BOT_COMMAND_DESCRIPTION_INVALID"),
    ([{"command": "x", "description": "م"}] * 101, "BOT_COMMANDS_TOO_MUCH"),
]


@pytest.mark.parametrize(("commands", "why"), COMMANDS)
async def test_commands_telegram_refuses(stage, commands, why):
    assert await stage.refused("setMyCommands", commands=commands) == f"Bad Request: {why}"


async def test_commands_by_scope_and_language(stage):
    arabic = [{"command": "topics", "description": "مواضيعي"}]
    english = [{"command": "topics", "description": "My topics"}]
    scope = {"type": "all_private_chats"}
    await stage.bot.result("setMyCommands", commands=english)
    await stage.bot.result("setMyCommands", commands=arabic, scope=scope, language_code="ar")
    assert await stage.bot.result("getMyCommands") == english
    assert await stage.bot.result("getMyCommands", scope=scope, language_code="ar") == arabic
    await stage.bot.result("deleteMyCommands", scope=scope, language_code="ar")
    assert await stage.bot.result("getMyCommands", scope=scope, language_code="ar") == []
    for params in ({"scope": {"type": "moon"}}, {"scope": {"type": "chat"}}):
        assert "BotCommandScope" in await stage.refused("getMyCommands", **params)
    assert "invalid language" in await stage.refused("getMyCommands", language_code="arabic")


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("setMyName", {"name": "م" * 65}),
        ("setMyDescription", {"description": "م" * 513}),
        ("setMyShortDescription", {"short_description": "م" * 121}),
    ],
)
async def test_profile_limits(stage, method, params):
    assert (await stage.refused(method, **params)).endswith("_TOO_LONG")
    shorter = {name: value[:-1] for name, value in params.items()}
    assert await stage.bot.result(method, **shorter) is True
    assert await stage.bot.result(method.replace("set", "get")) == shorter


async def test_who_may_be_written_to(stage):
    stranger = stage.server.user("عمر")
    assert await stage.refused(chat_id=stranger.id) == (
        "Forbidden: bot can't initiate conversation with a user"
    )
    stage.server.block(stage.reader.chat)
    assert await stage.refused() == "Forbidden: bot was blocked by the user"
    group = stage.server.group("غرفة", "group")
    group.status = "kicked"
    assert await stage.refused(chat_id=group.id) == "Forbidden: bot was kicked from the group chat"


async def test_envelopes_and_encodings(stage):
    url = stage.bot.url
    assert (await stage.bot.call("sendNothing"))["error_code"] == 404
    wrong = await stage.bot.client.get(url.replace(stage.server.token, "1:x") + "getMe")
    assert wrong.status_code == 401
    assert wrong.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}
    assert (await stage.bot.client.get(url + "GETME")).json()["result"]["is_bot"] is True
    params = {"chat_id": str(stage.chat_id), "text": "خبر & <x>"}
    for request in (
        {"method": "GET", "params": params},
        {"method": "POST", "data": params},
        {"method": "POST", "files": {name: (None, value) for name, value in params.items()}},
    ):
        response = await stage.bot.client.request(url=url + "sendMessage", **request)
        assert response.json()["result"]["text"] == "خبر & <x>"
    broken = await stage.bot.client.post(
        url + "getMe", content=b"{", headers={"Content-Type": "application/json"}
    )
    assert broken.json()["description"] == "Bad Request: can't parse JSON object"


async def test_documents_need_a_file_with_something_in_it(stage):
    assert await stage.refused("sendDocument") == "Bad Request: there is no document in the request"
    for content, caption, why in [
        (b"", "", "file must be non-empty"),
        (b"x", "م" * 1025, "message caption is too long"),
    ]:
        response = await stage.bot.client.post(
            stage.bot.url + "sendDocument",
            data={"chat_id": str(stage.chat_id), "caption": caption},
            files={"document": ("a.csv", content)},
        )
        assert response.json()["description"] == f"Bad Request: {why}"


WEBHOOKS = [
    ({"url": "http://a.b"}, "bad webhook: An HTTPS URL must be provided for webhook"),
    (
        {"url": "https://a.b:8000"},
        "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
    ),
    (
        {"url": "https://a.b", "secret_token": "سر"},
        "secret token contains unallowed characters",
    ),
]


@pytest.mark.parametrize(("params", "why"), WEBHOOKS)
async def test_webhooks_telegram_refuses(stage, params, why):
    assert await stage.refused("setWebhook", **params) == f"Bad Request: {why}"


async def test_faults_are_given_in_order_and_after_means_it_was_done(stage):
    server, chat = stage.server, stage.reader.chat
    other = server.user("عمر").start().chat
    server.fail_next("sendMessage", 502, "Bad Gateway", after=True)
    server.fail_next("sendMessage", 500, "Internal Server Error", times=2, chat=other)
    assert await stage.refused() == "Bad Gateway"
    assert len(server.messages(chat)) == 1
    await stage.send()
    for _ in range(2):
        assert await stage.refused(chat_id=other.id) == "Internal Server Error"
    await stage.bot.result("sendMessage", chat_id=other.id, text="خبر")
    assert [call.status for call in server.calls if call.method == "sendMessage"] == [
        502,
        200,
        500,
        500,
        200,
    ]
    server.delay("getMe", 0.05)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(stage.bot.result("getMe"), 0.02)


async def test_only_this_machine_and_only_a_free_port():
    with pytest.raises(InputError, match=r"127\.0\.0\.1 only"):
        PlaygroundServer(host="0.0.0.0")
    async with playground() as server:
        with pytest.raises(InputError, match="is taken"):
            await PlaygroundServer(port=server.port).start()
        assert server.base_url == f"http://127.0.0.1:{server.port}/bot"
