"""One address a page: twins and followed links lead to it, and nothing else is lost."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.addresses import canonical, own_address, site

PAGE = "https://www.news.example/world/77120-title"


@pytest.mark.parametrize(
    "url",
    [
        "HTTPS://WWW.News.Example/world/77120-title",
        "https://www.news.example:443/world/77120-title#comments",
        "https://www.news.example./world/77120-title",
        "https://reader:secret@www.news.example/world/77120-title",
        "https://www.news.example/world/../world/./77120-title",
        "https://www.news.example/world/%37712%30-title",
        " https://www.news.example/world/77120-\ntitle\t",
        f"{PAGE}?",
        f"{PAGE}?utm_source=x&utm_medium=y&UTM_Campaign=z",
        f"{PAGE}?fbclid=IwAR0&gclid=1&igshid=2&at_medium=RSS&xtor=AD-1&ocid=3",
        f"{PAGE}?ref=homepage&source=rss&share=twitter&mobile=1",
        f"{PAGE}?replytocom=12",
        f"{PAGE}/amp",
        f"{PAGE}.amp",
        f"{PAGE}?amp",
        f"{PAGE}?amp=1&amp_js_v=0.1",
        f"{PAGE}?outputType=amp",
        f"{PAGE}/amp/amp",
        "https://www.news.example/amp/world/77120-title",
        "https://m.news.example/world/77120-title",
        "https://mobile.news.example/world/77120-title",
        "https://amp.news.example/world/77120-title?fbclid=1",
        "https://www-news-example.cdn.ampproject.org/c/s/www.news.example/world/77120-title/amp",
        "https://www.google.com/amp/s/www.news.example/world/77120-title",
    ],
)
def test_twins_have_one_address(url: str) -> None:
    """The copy for telephones, the link with a campaign in it, the spelling of the host."""
    assert canonical(url) == PAGE


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://ar.m.news.example/مقال", "http://ar.news.example/مقال"),
        ("https://m.news.com.tn/a", "https://www.news.com.tn/a"),
        ("https://m.news.example.co.uk/a", "https://news.example.co.uk/a"),
        ("https://news.example/2023/title/amp/", "https://news.example/2023/title/"),
        ("https://news.example/a.amp.html", "https://news.example/a.html"),
        ("http://b.example/2014/09/x.html?m=1", "http://b.example/2014/09/x.html"),
        ("https://news.example", "https://news.example/"),
        ("https://news.example/%d9%86%d8%b5?q=نص و%20نص", "https://news.example/نص?q=نص%20و%20نص"),
        ("https://news.example/مي\u200cخواهم", "https://news.example/مي%E2%80%8Cخواهم"),
        ("https://أخبار.مصر/a", "https://xn--igbicxr.xn--wgbh1c/a"),
    ],
)
def test_other_addresses(url: str, expected: str) -> None:
    """Hosts of countries, languages and telephones; Arabic in path, query and host."""
    assert canonical(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        "https://www.news.example/amp",
        "https://www.news.example/article.aspx?id=5&m=1&s=3",
        "https://news.example/x?ref=4412&source=reuters&from=2020&view=full",
        "https://news.example/a/?b=2&a=1&b=3",
        "https://news.example/%C7%E1%CE%C8%D1",
        "https://news.example:8443/camp/example",
        "https://news.example/#!/story/12",
        "https://m.uk/story",
        "http://127.0.0.1:8000/a",
        "http://[2001:db8::1]/a",
        "https://t.me/channel/12",
    ],
)
def test_what_finds_the_page_stays(url: str) -> None:
    """Numbers, order, closing slash, windows-1256 escapes, ports, addresses without a name."""
    assert canonical(url) == url


@pytest.mark.parametrize(
    "text", ["", "مقال", "ftp://a.example/b", "https://", "http://[a]/", "a/b"]
)
def test_what_is_no_web_address_comes_back(text: str) -> None:
    """Nothing is made up."""
    assert canonical(f" {text} ") == text
    assert site(text) is None


PIECES = st.lists(
    st.sampled_from(
        "http:// https:// www. m. amp. مصر example . .. .org .co.uk / // /amp /amp/ .amp .html ? & "
        "# #! : :443 :80 @ % %41 %d9 %D9%85 amp=1 utm_a=b ref=x ref=1 m=1 = \t \u200f é ;".split(
            " "
        )
    ),
    max_size=12,
).map("".join)


@given(st.one_of(PIECES, PIECES.map("https://m.example.org/".__add__), st.text(max_size=40)))
@example("https://e.com/x/amp/.amp")
@example("https://cdn.ampproject.org/c/s/cdn.ampproject.org/c/a.com/amp/x.amp.amp")
@example("https://e.com/%2e%2e/%2E/a")
def test_a_canonical_address_is_its_own(url: str) -> None:
    """Whatever comes in, a second pass changes nothing, and what comes out can be seen."""
    once = canonical(url)
    assert canonical(once) == once
    if site(once):
        assert once.isprintable()
        assert " " not in once


def test_a_site_is_what_was_registered() -> None:
    """The last two labels, three under a country's registry; numbers are whole."""
    assert site("https://ar.news.example.com/a") == "example.com"
    assert site("https://news.example.com.sa/a") == "example.com.sa"
    assert site("https://bbc.co.uk") == "bbc.co.uk"
    assert site("http://127.0.0.1:80/") == "127.0.0.1"
    assert site("http://localhost/") == "localhost"


FOUND = "https://m.news.example/story.php?id=5&fbclid=1"


@pytest.mark.parametrize(
    ("stated", "found", "own"),
    [
        (["https://www.news.example/story/5-title?utm_source=a"], FOUND, "/story/5-title"),
        (["http://ar.news.example/2023/05/11/a"], FOUND, "http://ar.news.example/2023/05/11/a"),
        (["https://copies.example/story/5-title"], FOUND, "/story.php?id=5"),
        (["/story/5-title"], FOUND, "/story.php?id=5"),
        (["https://www.news.example/"], FOUND, "/story.php?id=5"),
        (["https://www.news.example/story.php"], FOUND, "/story.php?id=5"),
        (["https://www.news.example/ar"], "https://www.news.example/ar/world/9", "/ar/world/9"),
        ([None, "", "https://www.news.example/x/120"], FOUND, "/x/120"),
        (["https://www.news.example/", "https://www.news.example/x/1"], None, "/x/1"),
        (["https://www.news.example/story"], None, "/story"),
        (["https://www.news.example/"], None, None),
        ([], None, None),
    ],
)
def test_what_a_page_says_of_itself(
    stated: list[str | None], found: str | None, own: str | None
) -> None:
    """It is believed on its own site, and where it does not name less than the address did."""
    if own and own.startswith("/"):
        own = f"https://www.news.example{own}"
    assert own_address(stated, found) == own
