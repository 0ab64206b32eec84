"""The chat page: what it gives, and whom it refuses."""

from __future__ import annotations

import json
import re

import httpx
import pytest
from botapi import Clock, RawBot, playground

from bot.playground.limits import FloodRules
from bot.playground.page import STATIC
from bot.playground.server import PlaygroundServer

HERE = "http://127.0.0.1:0"


def client(server, base=HERE):
    transport = httpx.ASGITransport(app=server.app)
    return httpx.AsyncClient(transport=transport, base_url=base, headers={"Origin": base})


@pytest.fixture
def server():
    return PlaygroundServer(
        rules=FloodRules.relaxed(), clock=Clock(), examples=["متى افتتح المتحف؟"]
    )


async def test_the_page_and_all_it_loads_come_from_here(server):
    async with client(server) as browser:
        page = await browser.get("/")
        both = await browser.get("/both")
        assert page.status_code == both.status_code == 200
        assert 'dir="rtl"' in page.text
        assert "<script>" not in page.text
        for script in STATIC.glob("*.js"):
            assert (await browser.get(f"/{script.name}")).status_code == 200
        for path in re.findall(r'(?:href|src)="(/[^"]+)"', page.text):
            assert (await browser.get(path)).status_code == 200
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'self'" in policy
        assert page.headers["x-content-type-options"] == "nosniff"
        assert "access-control-allow-origin" not in page.headers


@pytest.mark.parametrize("path", sorted(STATIC.iterdir()), ids=lambda path: path.name)
def test_static_files_load_nothing_from_elsewhere_and_never_write_markup(path):
    source = path.read_text(encoding="utf-8")
    known = {"http://www.w3.org/2000/svg", "https://${whole}"}  # a namespace, and a link's text
    assert set(re.findall(r"https?://[^\s\"'`)]+", source)) <= known
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", source)


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:0", "127.0.0.1", "127.0.0.1:80", ""]
)
@pytest.mark.parametrize("path", ["/", "/api/state", "/api/send", "/bot1:x/getMe"])
async def test_another_host_name_is_dns_rebinding(server, host, path):
    async with client(server) as browser:
        response = await browser.get(path, headers={"Host": host})
        assert response.status_code == 421


REFUSED = [
    ({"Origin": "http://evil.example"}, 403),
    ({"Origin": "http://localhost:0"}, 403),
    ({"Origin": "null"}, 403),
    ({"Origin": ""}, 403),
    ({"Sec-Fetch-Site": "cross-site"}, 403),
    ({"Sec-Fetch-Site": "same-site"}, 403),
    ({"Content-Type": "text/plain"}, 415),
    ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
]


@pytest.mark.parametrize(("headers", "status"), REFUSED)
@pytest.mark.parametrize(
    "what",
    "send start edit press block member location attach forward inline choose later".split(),
)
async def test_no_other_site_can_act_for_the_visitor(server, what, headers, status):
    async with client(server) as browser:
        headers = {"Content-Type": "application/json", **headers}
        response = await browser.post(f"/api/{what}", content=b'{"text":"x"}', headers=headers)
        assert response.status_code == status
        assert len(server.world.updates) == 0


async def test_what_the_visitor_does_becomes_updates(server):
    async with client(server) as browser, RawBot(server) as bot:
        assert (await browser.post("/api/start", json={})).json() == {"message_id": 1}
        await browser.post("/api/start", json={"payload": "p_12"})
        sent = await browser.post("/api/send", json={"text": "متى؟", "reply_to": 1})
        await browser.post("/api/edit", json={**sent.json(), "text": "متى افتتح؟"})
        keyboard = {"inline_keyboard": [[{"text": "زر", "callback_data": "ctx"}]]}
        answer = await bot.result(
            "sendMessage", chat_id=server.visitor.id, text="خبر", reply_markup=keyboard
        )
        press = {"message_id": answer["message_id"], "data": "ctx"}
        assert "query_id" in (await browser.post("/api/press", json=press)).json()
        assert (await browser.post("/api/block", json={"blocked": True})).json()["blocked"]
        kinds = [sorted(u.keys() - {"update_id"})[0] for u in await bot.result("getUpdates")]
        assert kinds == ["message"] * 3 + ["edited_message", "callback_query", "my_chat_member"]


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("send", {"text": ""}),
        ("send", {"text": 1}),
        ("send", {"text": "x", "reply_to": 99}),
        ("send", {"text": "x", "reply_to": "1"}),
        ("send", []),
        ("send", {"text": "x" * 70_000}),
        ("start", {"payload": "لا"}),
        ("edit", {"message_id": 5, "text": "x"}),
        ("press", {"message_id": 5, "data": "x"}),
        ("press", {"message_id": "5", "data": "x"}),
        ("send", {"text": "x", "user": 2}),
        ("send", {"text": "x", "user": "1"}),
        ("send", {"text": "x", "chat": -5}),
        ("member", {"present": True}),
        ("location", {"latitude": 91, "longitude": 0}),
        ("location", {"latitude": "30", "longitude": 0}),
        ("attach", {"kind": "gold"}),
        ("forward", {"message_id": 5, "to": 5}),
        ("inline", {}),
        ("choose", {"query_id": "5", "result_id": "1"}),
        ("later", {"hours": "1"}),
    ],
)
async def test_nonsense_is_400(server, what, body):
    async with client(server) as browser:
        response = await browser.post(f"/api/{what}", json=body)
        assert response.status_code == 400
        assert response.json()["error"]


async def test_the_snapshot_says_all_the_page_needs(server):
    async with client(server) as browser, RawBot(server) as bot:
        commands = [{"command": "topics", "description": "مواضيعي"}]
        await bot.result("setMyCommands", commands=commands, language_code="ar")
        await bot.result("setMyDescription", description="يقتبس")
        server.visitor.start()
        state = (await browser.get("/api/state")).json()
        (chat,) = state["chats"]
        assert (chat["commands"], chat["bot"]) == (commands, "member")
        assert state["description"] == "يقتبس"
        assert state["examples"] == ["متى افتتح المتحف؟"]
        assert state["me"]["username"] == "isnad_demo_bot"
        assert [message["text"] for message in chat["messages"]] == ["/start"]
        assert state["now"] == server.world.now
        assert state["online"] is None
        assert state["seq"] == server.world.seq


async def test_the_stream_tells_what_happens_and_goes_on_where_it_was_left():
    async with playground() as server, RawBot(server) as bot:
        server.visitor.start()
        await bot.result("sendMessage", chat_id=server.visitor.id, text="أهلًا")
        await bot.refusal("sendMessage", chat_id=server.visitor.id, text="")
        seen = await events(server, "/api/events?since=0", 4)
        assert [kind for kind, _ in seen] == ["message", "message", "refused", "status"]
        assert seen[1][1]["text"] == "أهلًا"
        assert seen[2][1]["description"] == "Bad Request: message text is empty"
        again = await events(server, "/api/events?since=0", 1, {"Last-Event-ID": "2"})
        assert again[0][0] == "refused"
        assert (await events(server, "/api/events?since=99", 1))[0][0] == "reset"


async def test_a_stranger_s_messages_are_not_in_the_stream():
    async with playground() as server:
        server.user("سلمى").send("سر")
        server.visitor.send("مرحبًا")
        seen = await events(server, "/api/events?since=0", 1)
        assert seen[0][1]["text"] == "مرحبًا"


async def test_two_people_see_their_own_chat_and_the_group(server):
    server = PlaygroundServer(rules=FloodRules.relaxed(), visitors=("زائر", "سلمى"))
    group = server.group("غرفة")
    async with client(server) as browser:
        await browser.post("/api/send", json={"text": "سرّ"})
        sent = {"user": 2, "chat": group.id, "text": "/ask متى؟"}
        assert (await browser.post("/api/send", json=sent)).status_code == 200
        for user, name, texts in [(1, "زائر", ["سرّ"]), (2, "سلمى", [])]:
            state = (await browser.get(f"/api/state?user={user}")).json()
            assert state["visitor"]["first_name"] == name
            private, shared = state["chats"]
            assert [message["text"] for message in private["messages"]] == texts
            assert shared["messages"][0]["from"]["first_name"] == "سلمى"
        for nobody in ("3", "0", "x", ""):
            for path in ("state", "events", "file"):
                refused = await browser.get(f"/api/{path}?user={nobody}&since=0")
                assert refused.status_code == 400


async def test_what_a_visitor_does_in_a_group(server):
    group = server.group("غرفة")
    here = {"chat": group.id}
    async with client(server) as browser, RawBot(server) as bot:

        async def does(what, **body):
            response = await browser.post(f"/api/{what}", json=body)
            assert response.status_code == 200, response.text
            return response.json()

        sent = await does("send", text="/ask متى؟", **here)
        await does("forward", **sent, to=server.visitor.id, **here)
        await does("attach", kind="voice")
        await does("location", latitude=30, longitude=31.2)
        assert await does("member", present=False, **here) == {"status": "kicked"}
        assert await does("member", present=True, **here) == {"status": "member"}
        query = await does("inline", query="متى؟", **here)
        result = {"type": "article", "id": "1", "title": "خبر"}
        result["input_message_content"] = {"message_text": "خبر"}
        params = {"inline_query_id": query["query_id"], "results": [result]}
        await bot.result("answerInlineQuery", **params)
        placed = await does("choose", **query, result_id="1", **here)
        assert group.messages[placed["message_id"]].via_bot is server.world.me
        kinds = [sorted(u.keys() - {"update_id"})[0] for u in await bot.result("getUpdates")]
        assert kinds == [
            *["message"] * 4,
            *("my_chat_member", "message"),
            *("my_chat_member", "message"),
            *("inline_query", "message"),
        ]


async def test_the_clock_is_put_forward_for_everybody(server):
    async with client(server) as browser:
        before = server.world.now
        answer = (await browser.post("/api/later", json={"hours": 24})).json()
        assert answer["now"] == server.world.now == before + 24 * 3600
        assert server.now().timestamp() == server.world.now


async def test_a_file_can_be_kept_by_whom_it_was_sent_to():
    server = PlaygroundServer(rules=FloodRules.relaxed(), visitors=("زائر", "سلمى"))
    async with client(server) as browser, RawBot(server) as bot:
        server.visitor.start()
        response = await bot.client.post(
            bot.url + "sendDocument",
            data={"chat_id": str(server.visitor.id)},
            files={"document": ("بياناتي.json", b'{"a": 1}')},
        )
        file_id = response.json()["result"]["document"]["file_id"]
        kept = await browser.get("/api/file", params={"id": file_id})
        assert kept.content == b'{"a": 1}'
        assert kept.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
        for params in ({"id": file_id, "user": "2"}, {"id": "x"}, {}):
            assert (await browser.get("/api/file", params=params)).status_code == 404


async def test_what_is_said_to_one_person_is_not_told_to_another():
    async with playground(visitors=("زائر", "سلمى")) as server, RawBot(server) as bot:
        group = server.group("غرفة")
        keyboard = {"inline_keyboard": [[{"text": "زر", "callback_data": "1"}]]}
        await bot.result("sendMessage", chat_id=group.id, text="خبر", reply_markup=keyboard)
        press = server.visitors[1].press(1, "زر", chat=group)
        await bot.result("answerCallbackQuery", callback_query_id=press.id, text="لك وحدك")
        first = await events(server, "/api/events?since=0", 2)
        second = await events(server, "/api/events?since=0&user=2", 2)
        assert [kind for kind, _ in first] == ["message", "status"]
        assert [kind for kind, _ in second] == ["message", "answer"]
        assert second[1][1]["text"] == "لك وحدك"


async def events(server, path, count, headers=None):
    """The first `count` events of the stream."""
    found, kind = [], ""
    async with (
        httpx.AsyncClient(base_url=server.page_url, trust_env=False) as browser,
        browser.stream("GET", path, headers=headers) as stream,
    ):
        async for line in stream.aiter_lines():
            name, _, value = line.partition(": ")
            if name == "event":
                kind = value
            elif name == "data":
                found.append((kind, json.loads(value)))
            if len(found) == count:
                return found
    return found
