"""Encodings, JSON, Telegram, HTML, recognising which is which, and inputs that hold no article."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.extract import extract, extract_all
from index.extract.telegram import looks_like_posts
from index.model import ExtractError, InputError

SHORT = "قال الوزير في بيان إن الطريق سيفتح غدا أمام الشاحنات من الجهتين، وإن الرسوم على حالها."
LONG = "\n\n".join(
    [
        "إعادة فتح الطريق الجبلي بعد أسبوعين من الثلوج",
        SHORT,
        "وأضاف أن فرق الصيانة عملت من الفجر إلى المساء، ثم نقلت معداتها إلى الجهة الأخرى.",
        "وكان السكان قد طالبوا بفتح طريق بديل عبر الوادي، لكن البلدية رأت أنه غير آمن.",
    ]
    * 1
)


@pytest.mark.parametrize("text", [SHORT, LONG], ids=["short", "long"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1256"]
)
def test_encodings_of_arabic(text: str, encoding: str) -> None:
    """Each encoding is told from the text itself, in a hundred bytes as in a page."""
    (draft,) = extract(text.encode(encoding), name="page")
    assert SHORT in draft.text


@pytest.mark.parametrize("encoding", ["iso8859_6", "mac_arabic"])
def test_old_encodings(encoding: str) -> None:
    """ISO-8859-6 and MacArabic are told from windows-1256, whose letters they shuffle."""
    (draft,) = extract(SHORT.encode(encoding), name="page")
    assert draft.text == SHORT


@pytest.mark.parametrize("declared", ["windows-1256", "iso-8859-1", "utf-8", "x-unknown", ""])
@pytest.mark.parametrize("actual", ["utf-8", "cp1256"])
def test_html_with_a_wrong_charset(declared: str, actual: str) -> None:
    """What the page says of its encoding is a hint and no more."""
    page = (
        f'<html><head><meta charset="{declared}"><title>عنوان</title></head><body><article>'
        "<h1>إعادة فتح الطريق الجبلي</h1>"
        + "".join(f"<p>{p}</p>" for p in LONG.split("\n\n")[1:])
        + "</article></body></html>"
    )
    (draft,) = extract(page.encode(actual), name="page.html")
    assert SHORT in draft.text


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \n\t \n", "empty"),
        ("\ufeff".encode(), "empty"),
        (b"%PDF-1.4 ...", "PDF"),
        (b"PK\x03\x04....", "ZIP"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "image"),
        (bytes(range(256)) * 8, "binary|no encoding"),
        (("\ufffd" * 300 + SHORT).encode(), "U\\+FFFD"),
        (LONG.encode().decode("cp1252", "ignore").encode(), "windows-1252|encoding"),
        ("الرئيسية\nأخبار\nرياضة\nاقتصاد\nفيديو\n".encode(), "no article"),
        ("خبر".encode(), "no article"),
        (b'{"title": 3, "text": "a"}', '"title" must be text'),
        (b"[1, 2]", "item 1.*must be an object, not a number"),
        (b"[]", "no article"),
        (b'[{"title": "a", "text": "b"}', "JSON cannot be read"),
        (b"<rss version='2.0'><channel></channel></rss>", "isnad feeds"),
        (b"<html><body></body></html>", "no article|cannot be read"),
    ],
)
def test_inputs_without_an_article(data: bytes, reason: str) -> None:
    """Each says in one sentence what is wrong, and names the input."""
    with pytest.raises(InputError, match=reason) as caught:
        extract(data, name="some.file")
    assert str(caught.value).startswith("some.file")
    assert "\n" not in str(caught.value)


def test_unknown_format_is_told() -> None:
    """A format that does not exist is an error of the input, not a crash."""
    with pytest.raises(ExtractError, match="no format"):
        extract(b"a", name="x", format="word")


def test_json_items_are_independent() -> None:
    """Bad items are named with their number; good ones come through."""
    items = [
        {"title": "عنوان", "text": SHORT, "source": "جريدة", "published": "2015-08-02 22:46:54"},
        {"title": "بلا نص", "content": "  "},
        {"url": "https://example.org"},
        "نص",
        {"title": ["قائمة"], "text": SHORT},
        {"content": SHORT, "author": "فلان", "date_extracted": "2015-07-21 02:51:32"},
    ]
    drafts, errors = extract_all(json.dumps(items).encode(), name="a.json")
    assert [d.title for d in drafts] == ["عنوان", SHORT]
    assert (drafts[0].source, drafts[0].published) == ("جريدة", "2015-08-02")
    assert (drafts[1].byline, drafts[1].published) == ("فلان", "2015-07-21")
    assert [e.where for e in errors] == [f"a.json, item {n}" for n in (2, 3, 4, 5)]
    assert '"text" is empty' in errors[0].reason
    assert "neither a title nor a text" in errors[1].reason


def test_json_lines_and_one_object() -> None:
    """Lines are items by their line number, and a lone object is an item."""
    good = json.dumps({"title": "عنوان", "text": SHORT}, ensure_ascii=False)
    drafts, errors = extract_all(f"{good}\n\n{{bad\n{good}\n".encode(), name="a.jsonl")
    assert len(drafts) == 2
    assert [e.where for e in errors] == ["a.jsonl, line 3"]
    assert len(extract(good.encode(), name="a.json")) == 1
    (draft,) = extract(good.encode(), name="x", source="غيرها", url="https://example.org/2")
    assert (draft.source, draft.url) == ("غيرها", "https://example.org/2")


def test_json_content_with_tags() -> None:
    """Markup goes, paragraphs stay apart, entities become characters, the words stay."""
    text = f"<p>{SHORT}</p><script>var a = 1;</script><p>نص &laquo;ثان&raquo;<br/>سطر</p>"
    (draft,) = extract(json.dumps([{"title": "ع", "text": text}]).encode(), name="a")
    assert draft.text.split("\n") == [SHORT, "", "نص «ثان»", "سطر"]
    plain = "ربح 3 < 5 و 7 > 2"
    (draft,) = extract(json.dumps([{"title": "ع", "text": plain}]).encode(), name="a")
    assert draft.text == plain


POSTS = """📌 في 3 أكتوبر، افتتحت القنصلية مركزا لتعليم اللغة في حي الميناء.
وحضر الافتتاح عدد كبير من الطلاب وذويهم.
#ثقافة #تعليم
وحضر الافتتاح عدد كبير من الطلاب وذويهم.
#ثقافة #تعليم
✈️ في 9 أكتوبر، وصلت أول رحلة مباشرة بين المدينتين بعد انقطاع طويل.
وعلى متنها مئة راكب معظمهم من الأطباء.
#سفر"""


def test_posts_one_after_another() -> None:
    """Each post once, its date without a year as stated, no hashtags, no emoji in the title."""
    first, second = extract(POSTS.encode(), name="posts.txt")
    assert first.title == "في 3 أكتوبر، افتتحت القنصلية مركزا لتعليم اللغة في حي الميناء."
    assert first.text.count("وحضر الافتتاح") == 1
    assert first.text.startswith("📌 ")
    assert (first.published, second.published) == ("--10-03", "--10-09")
    assert "#" not in first.text + second.text


def test_posts_with_the_clients_headers() -> None:
    """Copied from the client: the channel is the source, the header the date."""
    dump = """قناة الساحل, [16.03.2023 14:05]
عاجل | أعلنت شركة المياه انتهاء أعمال الصيانة في الخط الرئيسي.

وتعود المياه تدريجيا خلال ساعات.

قناة الساحل, [17.03.2023 09:00]
[Photo]
الأرصاد تتوقع أمطارا غزيرة على الساحل حتى مساء السبت.
t.me/sahel_news/120
👁 12.4K"""
    first, second = extract(dump.encode(), name="posts.txt")
    assert first.source == "قناة الساحل"
    assert (first.published, second.published) == ("2023-03-16", "2023-03-17")
    assert "تدريجيا" in first.text
    assert second.url == "https://t.me/sahel_news/120"
    assert "👁" not in second.text


def test_posts_with_links_and_forwards() -> None:
    """A post's link closes it; where it was forwarded from is its source."""
    dump = """Forwarded from وكالة الجنوب
🔴 انهيار جزئي في مبنى قديم وسط المدينة ولا إصابات حتى الآن.
https://t.me/janoub/55
🔵 إعادة فتح الشارع المحيط بالمبنى بعد إزالة الركام من الطريق.
https://t.me/janoub/56"""
    first, second = extract(dump.encode(), name="posts.txt")
    assert first.source == "وكالة الجنوب"
    assert [d.url for d in (first, second)] == [f"https://t.me/janoub/{n}" for n in (55, 56)]


@pytest.mark.parametrize(
    "text",
    [
        LONG + "\n#طقس #جبال",
        "🔴 " + LONG,
        LONG + "\nتابعونا على https://t.me/somechannel\nالتعليقات\nاترك تعليقا",
        "الرئيسية\nأخبار\n" + LONG + "\n#وسم\n#آخر\nاقرأ أيضا\nخبر عن شيء آخر تماما\nالتعليقات",
    ],
)
def test_pages_are_not_posts(text: str) -> None:
    """An emoji or a line of hashtags does not make a page a channel."""
    assert not looks_like_posts(text)
    assert len(extract(text.encode(), name="page")) == 1


PAGE = """<!doctype html><html><head><title>عودة الطيور إلى البحيرة | موقع النهر</title>
<meta property="og:site_name" content="موقع النهر">
<link rel="canonical" href="https://nahr.example.org/news/birds">{meta}</head><body>
<nav><ul><li><a href="/">الرئيسية</a></li><li><a href="/n">أخبار</a></li></ul></nav>
<article><h1>عودة الطيور إلى البحيرة</h1>{header}
<figure><img src="a.jpg"><figcaption>سرب فوق البحيرة (أرشيفية)</figcaption></figure>
<p>عادت أسراب الطيور المهاجرة إلى البحيرة هذا الأسبوع بعد غياب دام خمس سنوات، وفق مرصد البيئة.</p>
<p>وقال مدير المرصد إن عدد الطيور بلغ نحو عشرين ألفا، وإنها تبقى في المنطقة حتى نهاية الشتاء.</p>
<p>وأضاف أن تحسن نوعية المياه هو السبب الأول في عودتها، داعيا الصيادين إلى الابتعاد عن أعشاشها.</p>
</article><aside><h3>الأكثر قراءة</h3><ul><li><a href="/1">خبر عن سوق السمك</a>
<time datetime="2011-01-01">1 يناير 2011</time></li></ul></aside>
<footer>جميع الحقوق محفوظة © 2025</footer></body></html>"""


@pytest.mark.parametrize(
    ("meta", "header", "published"),
    [
        ("", "", None),
        ("", "<time datetime='2021-11-05T08:00:00+03:00'></time>", "2021-11-05T08:00:00+03:00"),
        ("", "<div class='d'>الجمعة 5 تشرين الثاني 2021</div>", "2021-11-05"),
        (
            '<meta property="article:published_time" content="2021-11-05T08:00:00Z">',
            "",
            "2021-11-05T08:00:00+00:00",
        ),
        (
            '<script type="application/ld+json">{"@graph":[{"@type":"NewsArticle",'
            '"headline":"عودة الطيور إلى البحيرة","datePublished":"2021-11-05"}]}</script>',
            "",
            "2021-11-05",
        ),
        (
            '<script type="application/ld+json">'
            '[{"@type":"NewsArticle","datePublished":"2019-01-01"},'
            '{"@type":"NewsArticle","datePublished":"2018-01-01"}]</script>',
            "",
            None,
        ),
    ],
)
def test_html_page(meta: str, header: str, published: str | None) -> None:
    """Body, headline, site and address from the page; a date only where it is this article's."""
    (draft,) = extract(PAGE.format(meta=meta, header=header).encode(), name="page.html")
    assert draft.title == "عودة الطيور إلى البحيرة"
    assert draft.source == "موقع النهر"
    assert draft.url == "https://nahr.example.org/news/birds"
    assert draft.published == published
    body = draft.text.split("\n")
    assert len(body) == 3
    assert body[0].startswith("عادت أسراب")
    assert body[2].endswith("أعشاشها.")


def test_preview_page_of_a_channel() -> None:
    """Each post with a text, its address and instant; its source is where it was forwarded from."""
    post = (
        '<div class="tgme_widget_message js-w" data-post="sahel/{n}">'
        '<a class="tgme_widget_message_owner_name"><span>قناة الساحل</span></a>{extra}'
        '<div class="tgme_widget_message_text">{text}</div>'
        '<time datetime="2023-03-16T14:0{n}:00+00:00">14:0{n}</time></div>'
    )
    page = "<!DOCTYPE html><html><body>" + "".join(
        [
            post.format(
                n=1, extra="", text="🔴 <b>عاجل:</b> فتح الطريق الساحلي<br/>أمام السيارات."
            ),
            post.format(n=2, extra="", text="🔥"),
            post.format(
                n=3,
                extra='<a class="tgme_widget_message_forwarded_from_name">وكالة الجنوب</a>',
                text="أمطار متوقعة على الساحل مساء اليوم.",
            ),
        ]
    )
    first, second = extract(page.encode(), name="channel.html")
    assert first.title == "عاجل: فتح الطريق الساحلي"
    assert first.text == "🔴 عاجل: فتح الطريق الساحلي\nأمام السيارات."
    assert (first.source, first.url) == ("قناة الساحل", "https://t.me/sahel/1")
    assert first.published == "2023-03-16T14:01:00+00:00"
    assert (second.source, second.url) == ("وكالة الجنوب", "https://t.me/sahel/3")


def test_date_in_the_address() -> None:
    """Where nothing else states a date, the day in the address does; the page names its own."""
    url = "https://nahr.example.org/2021/11/5/birds"
    (draft,) = extract(PAGE.format(meta="", header="").encode(), name="p", url=url)
    own = "https://nahr.example.org/news/birds"
    assert (draft.published, draft.url) == ("2021-11-05", own)


@pytest.mark.parametrize(
    "page",
    [
        "<html>" + "<div>" * 50_000,
        '<!DOCTYPE lolz [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><html><body>&b;</body></html>',
        "<html><body>" + "<p>" * 10_000 + "</body>",
        "<html>" + "&" * 10_000,
    ],
    ids=["nesting", "entities", "unclosed", "ampersands"],
)
def test_hostile_html(page: str) -> None:
    """Markup made to break parsers gives an error that says so, quickly."""
    drafts, errors = extract_all(page.encode(), name="p.html", format="html")
    assert not drafts
    assert isinstance(errors[0], ExtractError)


@pytest.mark.parametrize(
    ("data", "kind"),
    [(b"\xd9\x81" * 10 + b"\xff", "text"), (POSTS.encode(), "text"), (LONG.encode(), "telegram")],
)
def test_a_format_asked_for_is_used(data: bytes, kind: str) -> None:
    """The caller's word on the format wins; it never crashes."""
    drafts, errors = extract_all(data, name="x", format=kind)
    assert drafts or errors


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes(data: bytes) -> None:
    """No bytes raise anything but an input error, and no draft comes without a reason for none."""
    drafts, errors = extract_all(data, name="x")
    assert drafts or errors
    assert all(isinstance(error, InputError) for error in errors)


WORDS = (
    "قال الوزير في بيان نشر اليوم إن المشروع سيبدأ قريبا "
    "اقرأ أيضا التعليقات المصدر: 16 مارس 2023 #وسم"
).split()
PIECES = st.lists(
    st.sampled_from([*WORDS, ".", "،", "\n", "\n\n", "•", "🔴", "-", "|"]), max_size=90
)


@settings(max_examples=150, deadline=None)
@given(PIECES)
def test_lines_are_the_inputs(pieces: list[str]) -> None:
    """Whatever the text, every line of a body is in it as it stood."""
    text = " ".join(pieces)
    drafts, _ = extract_all(text.encode(), name="x", format="text")
    for draft in drafts:
        assert all(line in text for line in draft.text.split("\n"))
        assert draft.title.strip()
        assert len(draft.text.strip()) > 0


def test_a_large_file_takes_seconds_not_minutes() -> None:
    """Time grows with size and no faster: a line of a megabyte, and a hundred thousand lines."""
    started = time.perf_counter()
    extract_all(("كلمة" * 300_000).encode(), name="x")
    extract_all((" " * 500_000 + "كلمة " * 100_000).encode(), name="x")
    extract_all("".join(f"نص قصير هنا {n}\n" for n in range(20_000)).encode(), name="x")
    assert time.perf_counter() - started < 10
