"""Telegram's HTML: what is refused, in Telegram's words, and what entities come out.

The cases marked "tdlib" say what tdlib's own test/message_entities.cpp says, in our words.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.entities import Entity, checked_link, detect, utf16_len, utf16_slice
from bot.playground.htmlparse import HtmlError, parse_html
from bot.playground.tidy import tidy

REFUSED = [
    ("خبر <", "Unclosed start tag at byte offset 7"),
    ("ب < ج", 'Unsupported start tag "" at byte offset 3'),
    ("<b", "Unclosed start tag at byte offset 0"),
    ("<b>خبر", 'Can\'t find end tag corresponding to start tag "b"'),
    ("<b><i>خبر</b></i>", 'Unmatched end tag at byte offset 12, expected "</i>", found "</b>"'),
    ("خبر</b>", "Unexpected end tag at byte offset 6"),
    ("<b>خبر</b", "Unclosed end tag at byte offset 9"),
    ("<br>", 'Unsupported start tag "br" at byte offset 0'),
    ("<br/>", 'Unsupported start tag "br/" at byte offset 0'),
    ("<p>خبر</p>", 'Unsupported start tag "p" at byte offset 0'),
    ("<h1>خبر</h1>", 'Unsupported start tag "h1" at byte offset 0'),
    ("<ul><li>خبر</li></ul>", 'Unsupported start tag "ul" at byte offset 0'),
    ("<div>خبر</div>", 'Unsupported start tag "div" at byte offset 0'),
    ("<img src=x>", 'Unsupported start tag "img" at byte offset 0'),
    ("<script>1</script>", 'Unsupported start tag "script" at byte offset 0'),
    ("<mark>خبر</mark>", 'Unsupported start tag "mark" at byte offset 0'),
    ("<span>خبر</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ('<span class="x">خ</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ("<blockquote>أ<blockquote>ب</blockquote></blockquote>", "Nested blockquote at byte offset 14"),
    (
        "<blockquote expandable><b><blockquote>ب</blockquote></b></blockquote>",
        "Nested blockquote at byte offset 26",
    ),
    ("<tg-emoji>👍</tg-emoji>", "Invalid custom emoji identifier specified"),
    ('<tg-emoji emoji-id="x">👍</tg-emoji>', "Invalid custom emoji identifier specified"),
    ('<a href="http://a.b>خبر</a>', "Unclosed start tag at byte offset 0"),
    ("<a href=http://a.b>خبر</a>", "Unexpected end of name token at byte offset 8"),
    ("<i =x>خبر</i>", 'Empty attribute name in the tag "i" at byte offset 0'),
    ("<i a = ", 'Unclosed start tag "i" at byte offset 0'),
    ("</>", "Unexpected end tag at byte offset 0"),
    ("<!-- ملاحظة -->", 'Unsupported start tag "!--" at byte offset 0'),
    ("1 <2", "Unclosed start tag at byte offset 2"),
    (
        "&#xDFDF;",
        "Text contains invalid Unicode characters after decoding HTML entities, "
        "check for unmatched surrogate code units",
    ),
]

READ = [
    ("<b>خبر</b>", "خبر", [("bold", 0, 3)]),
    ("<strong>خ</strong><em>ب</em>", "خب", [("bold", 0, 1), ("italic", 1, 1)]),
    ("<u>أ</u><ins>ب</ins>", "أب", [("underline", 0, 1), ("underline", 1, 1)]),
    ("<s>أ</s><del>ب</del><strike>ج</strike>", "أبج", [("strikethrough", i, 1) for i in range(3)]),
    ("<tg-spoiler>أ</tg-spoiler>", "أ", [("spoiler", 0, 1)]),
    ("<span class='tg-spoiler'>أ</span>", "أ", [("spoiler", 0, 1)]),
    ("<B>أ</b>", "أ", [("bold", 0, 1)]),
    ("<b>أ</>", "أ", [("bold", 0, 1)]),  # tdlib: an empty end tag closes what is open
    ("<b></b>أ", "أ", []),
    ("👍<b>أ</b>", "👍أ", [("bold", 2, 1)]),  # UTF-16 units: 👍 is two
    ("<blockquote>أ<b>ب</b></blockquote>", "أب", [("blockquote", 0, 2), ("bold", 1, 1)]),
    ("<blockquote expandable>أ</blockquote>", "أ", [("expandable_blockquote", 0, 1)]),
    ("<blockquote expandable=no>أ</blockquote>", "أ", [("expandable_blockquote", 0, 1)]),  # tdlib
    ("<pre><code>أ</code></pre>", "أ", [("pre", 0, 1), ("code", 0, 1)]),
    ("أ & ب &copy; &nbsp;", "أ & ب &copy; &nbsp;", []),  # only four names are decoded
    ("&lt;b&gt; &amp;amp; &quot;&#1571;&#x628;&lt", '<b> &amp; "أب<', []),
    ("&#0; &#12345678;", "&#0; &#12345678;", []),
    ("أ > ب", "أ > ب", []),
    ("<a>ليس رابطًا</a>", "ليس رابطًا", []),
    ('<a href="http://localhost/x">أ</a>', "أ", []),
    ('<a href="javascript:alert(1)">أ</a>', "أ", []),
]


@pytest.mark.parametrize(("source", "why"), REFUSED)
def test_refused(source, why):
    with pytest.raises(HtmlError) as refusal:
        parse_html(source)
    assert str(refusal.value) == why


@pytest.mark.parametrize(("source", "text", "entities"), READ)
def test_read(source, text, entities):
    found_text, found = parse_html(source)
    assert found_text == text
    assert [(e.type, e.offset, e.length) for e in found] == entities


def test_links_languages_and_emoji_keep_what_they_carry():
    _, [link] = parse_html('<a href="HTTPS://Example.com?a=1&amp;b=2">خبر</a>')
    assert link.url == "https://Example.com/?a=1&b=2"
    _, [mention] = parse_html('<a href="tg://user?id=42">سلمى</a>')
    assert (mention.type, mention.user_id) == ("text_mention", 42)
    _, [pre] = parse_html('<pre><code class="language-python">x</code></pre>')
    assert (pre.type, pre.language) == ("pre", "python")
    _, [code] = parse_html('<code class="language-python">x</code>')
    assert (code.type, code.language) == ("code", None)
    _, [emoji] = parse_html('<tg-emoji emoji-id="5368324170671202286">👍</tg-emoji>')
    assert emoji.custom_emoji_id == "5368324170671202286"


@pytest.mark.parametrize(
    ("address", "stored"),
    [
        ("telegram.org", "http://telegram.org/"),
        ("https://قناة.شبكة/خبر", "https://قناة.شبكة/خبر"),
        ("https://a.b/x y", None),
        ("localhost", None),
        ("http://", None),
        ("http://a.b:99999/", None),
        ("mailto:a@b.c", "http://mailto:a@b.c/"),
        ("file:///etc/passwd", None),
        ("tg://resolve?domain=x", "tg://resolve?domain=x"),
        ("", None),
    ],
)
def test_links(address, stored):
    assert checked_link(address) == stored


@given(st.text(alphabet="أب👍 \n<>&;/bia\u200f\u202b\"'="))
def test_parsing_never_fails_otherwise_and_entities_stay_inside(source):
    try:
        text, entities = parse_html(source)
    except HtmlError:
        return
    text, entities = tidy(text, entities)
    for entity in entities:
        assert 0 <= entity.offset < entity.end <= utf16_len(text)
        assert utf16_slice(text, entity).strip(" \n")
    assert tidy(text, entities) == (text, entities)


TIDIED = [
    ("  خبر \n", "خبر"),
    ("أ\tب\r\nج", "أ ب\nج"),
    ("\u202bخبر\u202c", "خبر"),  # embeddings are deleted
    ("\u2067خبر\u2069", "\u2067خبر\u2069"),  # isolates stay
    ("\u200fأ", "\u200fأ"),  # one mark stays
    ("\u200f\u200eأ", "\u200c\u200eأ"),  # of a run, only the last does
    ("\u200f \u200b", ""),  # nothing to see
    (" \n", ""),
]


@pytest.mark.parametrize(("source", "stored"), TIDIED)
def test_tidied(source, stored):
    assert tidy(source, [])[0] == stored


def test_trimming_moves_and_cuts_entities():
    text, entities = tidy("\n\nأ ب  ", [Entity("bold", 2, 5), Entity("italic", 5, 2)])
    assert text == "أ ب"
    assert entities == [Entity("bold", 0, 3)]


def test_a_leading_blank_inside_an_entity_survives_trimming_of_the_entity():
    text, entities = tidy("أ ب", [Entity("bold", 1, 2)])
    assert entities == [Entity("bold", 2, 1)]
    assert text == "أ ب"


def test_code_holds_nothing_and_splits_what_surrounds_it():
    text, entities = parse_html("<b>أ<code>ب<i>ج</i></code>د</b>")
    _, entities = tidy(text, entities)
    assert [(e.type, e.offset, e.length) for e in entities] == [
        ("bold", 0, 1),
        ("code", 1, 2),
        ("bold", 3, 1),
    ]


def test_an_entity_outside_the_text_or_inside_a_character_is_an_error():
    with pytest.raises(ValueError, match="5"):
        tidy("أ", [Entity("bold", 0, 5)])
    with pytest.raises(ValueError, match="1"):
        tidy("👍", [Entity("bold", 1, 1)])


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("/start p_1", ["bot_command"]),
        ("/start@isnad_demo_bot", ["bot_command"]),
        ("/بحث", []),
        ("قبل/after", []),
        ("انظر https://a.b/خبر، ثم", ["url"]),
        ("#وسم و@isnad_demo_bot", ["hashtag"]),
        ("اسأل @isnad_demo_bot", ["mention"]),
        ("t.me/x?start=1", ["url"]),
    ],
)
def test_what_telegram_finds_by_itself(text, kinds):
    assert [e.type for e in detect(text)] == kinds
    if kinds == ["url"]:
        assert not utf16_slice(text, detect(text)[0]).endswith("،")
