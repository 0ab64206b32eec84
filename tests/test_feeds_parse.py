"""Feeds as sites write them: RSS, Atom, JSON Feed and sitemaps, well formed or not."""

from __future__ import annotations

import contextlib
import gzip
import json
from datetime import UTC, datetime

import pytest
from feed_samples import item, paragraphs, rss, story
from hypothesis import given
from hypothesis import strategies as st

from index.feeds import sitemap, xml
from index.feeds.content import WHOLE_WORDS, plain, whole
from index.feeds.parse import parse
from index.feeds.syndication import date_of
from index.model import InputError

HERE = "https://site.example/feed"
NOW = datetime(2023, 3, 17, 12, tzinfo=UTC)


def refused(data: bytes) -> str:
    with pytest.raises(InputError) as error:
        parse(data, HERE)
    assert error.value.where == HERE
    return error.value.reason


# --- kinds --------------------------------------------------------------------------------------


def test_rss_gives_its_items() -> None:
    """Title, address, date with its zone, and who wrote it."""
    document = parse(
        rss(
            item("/news/7?utm_source=rss", "خبر & تعليق", more="<dc:creator>سلمى</dc:creator>")
        ).encode(),
        HERE,
    )
    (entry,) = document.entries
    assert (document.kind, document.title) == ("feed", "صدى الواحة")
    assert entry.url == "https://site.example/news/7?utm_source=rss"
    assert entry.key == "https://site.example/news/7"
    assert entry.title == "خبر & تعليق"
    assert entry.published == "2023-03-16T14:05:00+03:00"
    assert entry.byline == "سلمى"
    assert entry.text is None


def test_rss_1_gives_its_items() -> None:
    """They stand beside the channel there."""
    data = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        "<channel><title>قديم</title></channel><item><title>خبر</title>"
        "<link>https://site.example/1</link><dc:date>2023-03-16T10:00:00Z</dc:date></item></rdf:RDF>"
    )
    (entry,) = parse(data.encode(), HERE).entries
    assert (entry.title, entry.published) == ("خبر", "2023-03-16T10:00:00+00:00")


def test_atom_gives_its_entries() -> None:
    """The alternate link of several, relative to `xml:base`; XHTML content written out."""
    text = paragraphs(story(1, 4))
    data = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://site.example/ar/">'
        '<title type="text">أتوم</title><entry><id>tag:1</id><title>خبر</title>'
        '<link rel="enclosure" type="audio/mpeg" href="/a.mp3"/><link rel="self" href="/e/1.atom"/>'
        '<link rel="alternate" type="text/html" href="n/1"/><author><name>هدى</name></author>'
        "<published>2023-03-16T10:00:00+02:00</published><updated>2023-03-17T08:00:00Z</updated>"
        f'<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">{text}</div></content>'
        "</entry></feed>"
    )
    (entry,) = parse(data.encode(), HERE).entries
    assert entry.url == "https://site.example/ar/n/1"
    assert (entry.published, entry.modified) == (
        "2023-03-16T10:00:00+02:00",
        "2023-03-17T08:00:00+00:00",
    )
    assert entry.byline == "هدى"
    assert entry.text == story(1, 4)


def test_json_feed_gives_its_items() -> None:
    """By jsonfeed.org, version 1 and 1.1; what is no item is passed over."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "جيسون",
        "items": [
            {
                "id": 7,
                "url": "/n/7",
                "title": "خبر",
                "content_html": paragraphs(story(2, 4)),
                "date_published": "2023-03-16T10:00:00Z",
                "authors": [{"name": "ليلى"}, {"name": "سمير"}],
            },
            {"id": "8", "content_text": story(3, 4), "author": {"name": "نور"}},
            "no item",
            {"id": "9", "url": "javascript:alert(1)"},
        ],
    }
    document = parse(json.dumps(feed).encode(), HERE)
    first, second = document.entries
    assert (first.url, first.byline, first.text) == (
        "https://site.example/n/7",
        "ليلى; سمير",
        story(2, 4),
    )
    assert (second.url, second.key, second.text) == (None, "8", story(3, 4))


def test_a_news_sitemap_gives_titles_and_dates() -> None:
    """`lastmod` is when a page changed, never when its article came out."""
    data = (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">'
        "<url><loc>https://site.example/1</loc><news:news><news:publication_date>2023-03-16"
        "</news:publication_date><news:title>خبر</news:title></news:news></url>"
        "<url><loc> /2 </loc><lastmod>2023-03-17T01:00:00+03:00</lastmod></url>"
        "<url><lastmod>2023-03-17</lastmod></url></urlset>"
    )
    document = parse(data.encode(), "https://site.example/news.xml")
    assert document.kind == "sitemap"
    first, second = document.entries
    assert (first.title, first.published, first.modified) == ("خبر", "2023-03-16", None)
    assert (second.url, second.published) == ("https://site.example/2", None)
    assert second.modified == "2023-03-17T01:00:00+03:00"


def test_of_a_sitemap_only_what_is_recent_is_taken() -> None:
    """Latest first; what states no date only where nothing does."""

    def sitemap_of(*dates: str) -> tuple[str, ...]:
        pages = "".join(
            f"<url><loc>https://site.example/{n}</loc>"
            f"{f'<lastmod>{day}</lastmod>' if day else ''}</url>"
            for n, day in enumerate(dates)
        )
        entries = parse(f"<urlset>{pages}</urlset>".encode(), HERE).entries
        return tuple((entry.url or "")[-1] for entry in sitemap.latest(entries, NOW))

    assert sitemap_of("2023-03-15", "2020-01-01", "2023-03-17", "") == ("2", "0")
    assert sitemap_of("", "") == ("0", "1")


def test_an_index_of_sitemaps_names_its_parts() -> None:
    """The recent ones first, then the last of those that do not say."""
    data = "<sitemapindex>" + "".join(
        f"<sitemap><loc>https://site.example/{name}.xml</loc>{date}</sitemap>"
        for name, date in [
            ("old", "<lastmod>2019-01-01</lastmod>"),
            ("a", "<lastmod>2023-03-15</lastmod>"),
            ("b", "<lastmod>2023-03-17</lastmod>"),
            ("x1", ""),
            ("x2", ""),
        ]
    )
    document = parse(f"{data}</sitemapindex>".encode(), HERE)
    names = [url.rsplit("/", 1)[1] for url in sitemap.latest_parts(document.parts, NOW)]
    assert names == ["b.xml", "a.xml", "x2.xml", "x1.xml"]


def test_a_packed_sitemap_is_unpacked_within_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """`sitemap.xml.gz` is a file, not a transfer encoding."""
    data = gzip.compress(b"<urlset><url><loc>https://site.example/1</loc></url></urlset>")
    assert len(parse(data, HERE).entries) == 1
    monkeypatch.setattr(xml, "LIMIT", 20)
    assert "unpacks to more" in refused(data)


# --- what is wrong with them --------------------------------------------------------------------


def test_utf_8_that_says_it_is_windows_1256_is_read_as_utf_8() -> None:
    """And the other way about; by the XML's word or the server's."""
    told = rss(item("/1", "وزير المالية يعلن الموازنة الجديدة في البرلمان"))
    mislabelled = told.replace('encoding="UTF-8"', 'encoding="windows-1256"').encode()
    honest = told.replace('encoding="UTF-8"', 'encoding="windows-1256"').encode("cp1256")
    silent = told.replace('encoding="UTF-8"', "").encode("cp1256")
    for data, charset in [
        (mislabelled, None),
        (told.encode(), "windows-1256"),
        (honest, None),
        (silent, "windows-1256"),
        (told.encode("cp1256"), "utf-8"),
    ]:
        (entry,) = parse(data, HERE, charset).entries
        assert entry.title == "وزير المالية يعلن الموازنة الجديدة في البرلمان"


def test_broken_xml_gives_the_items_that_can_be_read() -> None:
    """An ampersand, an HTML name, a prefix never declared, a tag never closed."""
    data = (
        "<rss><channel><title>أ & ب</title>"
        "<item><title>خبر&nbsp;أول</title><link>https://site.example/1?a=1&b=2</link>"
        "<media:thumbnail url='x'/><dc:creator>سلمى</dc:creator></item>"
        "<item><title>خبر ثان</title><link>https://site.example/2</link><description>س<br>"
        "</description></item><item><title>مبتور"
    )
    document = parse(data.encode(), HERE)
    first = document.entries[0]
    assert (first.title, first.byline) == ("خبر أول", "سلمى")
    assert first.url == "https://site.example/1?a=1&b=2"
    assert "https://site.example/2" in [entry.url for entry in document.entries]


def test_entities_are_never_expanded() -> None:
    """Neither a billion laughs nor a file of this machine."""
    laughs = (
        '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
        "<rss><channel><title>&b;</title></channel></rss>"
    )
    file = '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><title>&x;</title></rss>'
    assert "entities" in refused(laughs.encode())
    assert "entities" in refused(file.encode())


def test_a_document_type_is_not_loaded() -> None:
    """Old feeds name one on a server that is no more."""
    data = (
        '<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" '
        '"http://my.netscape.example/rss-0.91.dtd"><rss><channel><title>قديم</title></channel></rss>'
    )
    assert parse(data.encode(), HERE).title == "قديم"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        ("صفحة عادية من نص".encode(), "is no feed"),
        (b"<html><body>no</body></html>", "is no feed"),
        (b"<", "is no feed"),
        (b'{"items": 3}', "no JSON feed"),
        (b'{"items"', "JSON that can be read"),
        (b"\x1f\x8bxx", "gzip"),
        (b"%PDF-1.4", "PDF"),
        (b"<rss><channel", "broken"),
    ],
)
def test_what_is_no_feed_is_named(data: bytes, reason: str) -> None:
    """Never a traceback."""
    assert reason in refused(data)


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda s: f"<rss>{s}</rss>".encode()))
def test_any_bytes_give_a_feed_or_an_error_of_ours(data: bytes) -> None:
    """Nothing else comes out."""
    with contextlib.suppress(InputError):
        assert parse(data, HERE).kind == "feed"


def test_an_item_without_an_address_must_carry_its_article() -> None:
    """Else it leads nowhere. A `guid` that is an address is one, unless it says it is not."""
    data = rss(
        item(None, "بلا رابط"),
        item(None, "كامل", content=paragraphs(story(1, 4)), more="<guid>x-1</guid>"),
        item(None, "دليل", more="<guid>https://site.example/g</guid>"),
        item(None, "ليس", more='<guid isPermaLink="false">https://site.example/no</guid>'),
        item("http://[news", "عنوان مكسور"),
    )
    entries = parse(data.encode(), HERE).entries
    assert [(entry.key, entry.url) for entry in entries] == [
        ("x-1", None),
        ("https://site.example/g", "https://site.example/g"),
    ]


def test_an_item_named_twice_is_one() -> None:
    """By its canonical address."""
    data = rss(item("/1?utm_source=a"), item("/1?utm_medium=b"), item("/2"))
    assert len(parse(data.encode(), HERE).entries) == 2


def test_the_original_link_wins_over_the_one_that_counts_clicks() -> None:
    """FeedBurner's."""
    more = "<feedburner:origLink>https://site.example/real</feedburner:origLink>"
    (entry,) = parse(rss(item("https://feedproxy.example/~r/1", more=more)).encode(), HERE).entries
    assert entry.url == "https://site.example/real"


def test_a_fingerprint_changes_when_the_item_does() -> None:
    """By its date of change where it states one, else by its words."""

    def print_of(**said: str) -> str:
        return parse(rss(item("/1", **said)).encode(), HERE).entries[0].fingerprint

    assert print_of() == print_of()
    assert print_of() != print_of(title="عنوان آخر")
    assert print_of() != print_of(summary="ملخص آخر")
    assert print_of() == print_of(date="Thu, 16 Mar 2023 15:00:00 +0300")
    atom = "<atom:updated>2023-03-17T08:00:00Z</atom:updated>"
    assert print_of(more=atom) == print_of(more=atom, summary="ملخص فيه عداد متغير")
    assert print_of(more=atom) != print_of(more=atom.replace("08", "09"))


@pytest.mark.parametrize(
    ("stated", "date"),
    [
        ("Thu, 16 Mar 2023 14:05:00 GMT", "2023-03-16T14:05:00+00:00"),
        ("Thu, 16 Mar 2023 14:05:00 EST", "2023-03-16T14:05:00-05:00"),
        ("16 Mar 2023 14:05:00 +0300", "2023-03-16T14:05:00+03:00"),
        ("Thu, 16 Mar 2023 14:05:00", "2023-03-16"),
        ("2023-03-16T14:05:00.123+03:00", "2023-03-16T14:05:00+03:00"),
        ("2023-03-16", "2023-03-16"),
        ("الخميس 16 مارس 2023", "2023-03-16"),
        ("قبل ساعتين", None),
        ("Thu, 99 Mar 2023 14:05:00 GMT", None),
        ("", None),
        (None, None),
    ],
)
def test_dates_of_feeds(stated: str | None, date: str | None) -> None:
    """A moment only where a zone is stated; nothing is guessed."""
    assert date_of(stated) == date


# --- whole articles -----------------------------------------------------------------------------


def test_content_is_the_article_where_it_is_long_and_not_cut() -> None:
    """Else the page behind it is read."""
    text = story(1, 4)
    assert whole(paragraphs(text), None) == text
    assert whole(paragraphs(text) + "<p>[…]</p>", None) is None
    assert whole(paragraphs(text) + "<p><a href='/1'>اقرأ المزيد</a></p>", None) is None
    assert whole(paragraphs(story(1, 1)), None) is None
    assert whole(None, paragraphs(text)) is None  # a summary must be longer to be believed
    assert whole(None, paragraphs(story(1, 9))) == story(1, 9)
    assert len(text.split()) > WHOLE_WORDS


def test_markup_becomes_lines_of_text() -> None:
    """Without captions, scripts and frames, nor the line that blogs add."""
    markup = (
        "<p>سطر <b>أول</b> &amp; تتمة</p><figure><figcaption>صورة</figcaption></figure>"
        "<script>alert(1)</script><ul><li>بند</li><li>آخر</li></ul>سطر<br>جديد"
        "<p>ظهرت المقالة خبر أولاً على صدى الواحة.</p>"
    )
    assert plain(markup) == "سطر أول & تتمة\nبند\nآخر\nسطر\nجديد"
    assert plain("نص &quot;بلا&quot; وسوم") == 'نص "بلا" وسوم'
    assert plain("<p></p>") == ""


def test_markup_deeper_than_any_page_is_harmless() -> None:
    """It may be refused, which sends us to the page; it ends nothing."""
    assert plain("<div>" * 200 + "نص" + "</div>" * 200) == "نص"
    assert plain("<div>" * 5000 + "نص" + "</div>" * 5000) in ("نص", "")
