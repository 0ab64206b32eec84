"""Posts of a channel: the same article from the preview page, from an export, and sent live."""

from __future__ import annotations

import html
import json
import re
import sqlite3
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import channels
from index.extract import extract, preview
from index.extract.posts import address, drafts
from index.model import Draft, InputError, Post

REAL = Path(__file__).parents[2] / "shared" / "data" / "telegram" / "qudsn.sqlite"

POSTS = [
    Post(
        11,
        "عاجل | افتتاح جسر الوادي الكبير صباح اليوم أمام المشاة",
        "https://t.me/wadi",
        "الوادي",
        None,
    ),
    Post(12, "", "https://t.me/wadi", "الوادي", None),
    Post(
        13,
        "قال المهندس سليم:\n«الجسر يتحمل <ألف> طن & أكثر»\n\nوأضاف أن العمل دام عامين.",
        "https://t.me/wadi",
        "الوادي",
        None,
    ),
    Post(14, "للاشتراك في قناتنا: t.me/wadi", "https://t.me/wadi", "الوادي", None),
    Post(
        16,
        "إغلاق الطريق الساحلي مساء الغد لأعمال الصيانة",
        "https://t.me/wadi",
        "الوادي",
        None,
        "البلدية",
    ),
]
POSTS = [
    replace(post, published=datetime(2026, 3, 1, 10, n, tzinfo=UTC).isoformat())
    for n, post in enumerate(POSTS)
]


def as_html(text: str) -> str:
    return html.escape(text, quote=False).replace("\n", "<br/>")


def preview_page(posts: list[Post], *, before: int | None = None) -> bytes:
    """A page of t.me/s/…, as Telegram writes it."""
    older = f'<link rel="prev" href="/s/wadi?before={before}">' if before else ""
    parts = [f"<!DOCTYPE html><html><head>{older}</head><body>"]
    parts.append(
        f'<div class="tgme_channel_info_header_title"><span>{posts[0].channel}</span></div>'
    )
    for post in posts:
        name = (post.base or "").rsplit("/", 1)[1]
        teller = (
            ""
            if post.teller is None
            else '<div class="tgme_widget_message_forwarded_from">'
            f'<a class="tgme_widget_message_forwarded_from_name">{post.teller}</a></div>'
        )
        body = (
            f'<div class="tgme_widget_message_text js-message_text">{as_html(post.text)}</div>'
            if post.text
            else '<a class="tgme_widget_message_photo_wrap"></a>'
        )
        parts.append(
            f'<div class="tgme_widget_message js-widget_message" data-post="{name}/{post.number}">'
            f'<a class="tgme_widget_message_owner_name"><span>{post.channel}</span></a>'
            f'{teller}{body}<a class="tgme_widget_message_date">'
            f'<time datetime="{post.published}"></time></a></div>'
        )
    return "".join([*parts, "</body></html>"]).encode()


def export_json(posts: list[Post]) -> bytes:
    """A result.json of Telegram Desktop."""
    return json.dumps(
        {
            "name": posts[0].channel,
            "type": "public_channel",
            "id": 1234567890,
            "messages": [
                {"id": 1, "type": "service", "action": "create_channel", "text": ""},
                *(exported(post) for post in posts),
            ],
        },
        ensure_ascii=False,
    ).encode()


def exported(post: Post) -> dict[str, Any]:
    assert post.published is not None
    moment = datetime.fromisoformat(post.published)
    half = len(post.text) // 2
    return {
        "id": post.number,
        "type": "message",
        "date": moment.replace(tzinfo=None).isoformat(),
        "date_unixtime": str(int(moment.timestamp())),
        "from": post.channel,
        **({"forwarded_from": post.teller} if post.teller else {}),
        "text": [post.text[:half], {"type": "bold", "text": post.text[half:]}] if half else "",
    }


def export_html(posts: list[Post]) -> bytes:
    """A messages.html of Telegram Desktop."""
    parts = [
        '<!DOCTYPE html><html><head><meta charset="utf-8"/></head><body><div class="page_wrap">'
        f'<div class="page_header"><div class="content"><div class="text bold">{posts[0].channel}'
        '</div></div></div><div class="history">'
        '<div class="message service" id="message-1"><div class="body details">March</div></div>'
    ]
    for post in posts:
        assert post.published is not None
        moment = datetime.fromisoformat(post.published)
        when = f"{moment:%d.%m.%Y %H:%M:%S} UTC+00:00"
        date = f'<div class="pull_right date details" title="{when}">x</div>'
        body = (
            f'<div class="text">\n{as_html(post.text)}\n</div>'
            if post.text
            else '<div class="media_wrap"></div>'
        )
        if post.teller:
            body = (
                f'<div class="forwarded body"><div class="from_name">\n{post.teller}'
                f'<span class="date details"> 01.01.2020</span></div>{body}</div>'
            )
        parts.append(
            f'<div class="message default clearfix" id="message{post.number}"><div class="body">'
            f'{date}<div class="from_name">{post.channel}</div>{body}</div></div>'
        )
    return "".join([*parts, "</div></div></body></html>"]).encode()


def without_instant(found: list[Draft]) -> list[Draft]:
    return [replace(draft, published=None) for draft in found]


def test_each_way_gives_the_same_articles() -> None:
    """Same title, text, source, address and instant; media and adverts are no articles."""
    wanted = drafts(POSTS)
    assert [draft.url for draft in wanted] == [f"https://t.me/wadi/{n}" for n in (11, 13, 16)]
    assert wanted[0].title.startswith("عاجل")
    assert [draft.source for draft in wanted] == ["الوادي", "الوادي", "البلدية"]
    assert extract(preview_page(POSTS), name="page.html") == wanted
    assert extract(export_json(POSTS), name="result.json", source="@Wadi") == wanted
    assert extract(export_html(POSTS), name="messages.html", source="t.me/wadi") == wanted


def test_an_export_without_a_name_has_private_addresses() -> None:
    """They open for members only, but tell one post from another."""
    found = extract(export_json(POSTS), name="result.json", source="وكالة الوادي")
    assert found[0].url == "https://t.me/c/1234567890/11"
    assert {draft.source for draft in found} == {"وكالة الوادي"}


def test_an_older_export_tells_the_day_alone() -> None:
    """Its times are of a zone that it does not name."""
    chat = json.loads(export_json(POSTS))
    for message in chat["messages"]:
        message.pop("date_unixtime", None)
    found = extract(json.dumps(chat).encode(), name="result.json", source="@wadi")
    assert {draft.published for draft in found} == {"2026-03-01"}


def test_json_with_messages_that_is_no_export_is_read_as_json() -> None:
    """Its items are articles like any."""
    data = json.dumps(
        [{"title": "خبر", "text": "وصل الوفد إلى المدينة صباح اليوم.", "messages": []}]
    )
    assert len(extract(data.encode(), name="a.json")) == 1


@given(
    st.recursive(
        st.none() | st.integers() | st.text(),
        lambda s: (
            st.lists(s)
            | st.dictionaries(
                st.sampled_from(["type", "messages", "id", "text", "date_unixtime", "name", "x"]), s
            )
        ),
    )
)
def test_hostile_json_is_refused_or_read(value: Any) -> None:
    """Never anything but our own error."""
    chat = {
        "type": "x",
        "messages": [
            {"type": "message", "id": 1, "text": value, "date": value, "date_unixtime": value}
        ],
    }
    with suppress(InputError):
        extract(json.dumps(chat).encode(), name="r.json")


@pytest.mark.parametrize(
    ("given_", "base"),
    [
        ("@Name_1", "https://t.me/name_1"),
        ("t.me/Name", "https://t.me/name"),
        ("https://t.me/s/name?before=3", "https://t.me/name"),
        ("https://t.me/name/55", "https://t.me/name"),
        ("وكالة الوادي", None),
        ("name", None),
        ("@اسم", None),
        (None, None),
    ],
)
def test_handles_and_links_name_a_channel(given_: str | None, base: str | None) -> None:
    """A bare word does not: it is a source's name."""
    assert address(given_) == base


def test_a_channel_is_read_back_to_a_day() -> None:
    """Page after page; posts before it are left out, and nothing before them is fetched."""
    pages = {
        "https://t.me/s/wadi": preview_page(POSTS[2:], before=13),
        "https://t.me/s/wadi?before=13": preview_page(POSTS[:2], before=11),
    }
    fetched = []

    def get(url: str) -> bytes:
        fetched.append(url)
        return pages[url]

    found = list(channels.read(get, "@wadi", since="2026-03-01T10:01:00+00:00"))
    assert [number for number, _ in found] == [16, 12]
    assert [d.url for _, page in found for d in page] == [
        "https://t.me/wadi/13",
        "https://t.me/wadi/16",
    ]
    assert fetched == list(pages)


def test_a_channel_is_read_back_to_what_is_known() -> None:
    """The page that holds the last known post is the last to be fetched."""
    found = list(
        channels.read(
            {"https://t.me/s/wadi": preview_page(POSTS[2:], before=13)}.__getitem__,
            "@wadi",
            known=13,
        )
    )
    assert [len(page) for _, page in found] == [2]


def test_a_channel_without_a_preview_says_so() -> None:
    """Telegram answers with a page that invites to open the app."""
    with pytest.raises(InputError, match="no public preview"):
        list(channels.read(lambda _url: b"<html><body><p>Telegram</p></body></html>", "@wadi"))
    with pytest.raises(InputError, match="is no channel"):
        list(channels.read(lambda _url: b"", "wadi"))


def test_a_page_that_points_at_itself_ends_the_reading() -> None:
    """Whatever a server answers, reading ends."""
    page = preview_page(POSTS[2:], before=99)
    assert len(list(channels.read(lambda _url: page, "@wadi"))) == 1


def test_a_link_to_a_post_has_a_page_of_its_own() -> None:
    """The address people share shows the post to the app only; its embedded form holds the text."""
    assert channels.page_of_post("https://t.me/wadi/13") == "https://t.me/wadi/13?embed=1&mode=tme"
    assert (
        channels.page_of_post("https://t.me/s/wadi/13") == "https://t.me/wadi/13?embed=1&mode=tme"
    )
    assert channels.page_of_post("https://t.me/c/12345/13") is None
    assert channels.page_of_post("https://t.me/wadi") is None


@pytest.mark.skipif(not REAL.exists(), reason="the real posts are kept outside the repository")
def test_a_real_channel_comes_out_the_same_each_way() -> None:
    """1,268 posts as an export, as exported pages and as preview pages made from them."""
    with sqlite3.connect(REAL) as db:
        rows = db.execute("SELECT msg_id, date_utc, time_utc, text FROM messages ORDER BY msg_id")
        posts = [
            Post(number, plain(text), "https://t.me/qudsn", "قناة", f"{day}T{time}+00:00")
            for number, day, time, text in rows
        ]
    assert len(posts) == 1268
    wanted = drafts(posts)
    silent = {f"https://t.me/qudsn/{post.number}" for post in posts if not post.text.strip()}
    assert len(silent) == 216
    assert not silent & {draft.url for draft in wanted}
    assert len({draft.url for draft in wanted}) == len(wanted) > 1000
    assert extract(export_json(posts), name="result.json", source="@QudsN") == wanted
    assert extract(export_html(posts), name="messages.html", source="@QudsN") == wanted
    paged = [preview(preview_page(posts[i : i + 20]), name="p")[0] for i in range(0, 1268, 20)]
    assert [draft for page in paged for draft in drafts(page)] == wanted


def plain(markdown: str) -> str:
    """The text of a post without the Markdown that the archive of it was kept in."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", markdown)
    return text.replace("**", "").replace("__", "").strip()
