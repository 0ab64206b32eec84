"""Lists of feeds, as other readers write them and take them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.feeds.opml import Outline, read, write
from index.model import InputError


def test_folders_are_opened_however_deep() -> None:
    """Names of attributes differ in case; what is no feed is passed over; each feed once."""
    data = (
        '<?xml version="1.0"?><opml version="1.0"><body><outline text="أخبار">'
        '<outline text="عربية"><outline type="rss" title="صدى" xmlURL=" https://a.example/f "/>'
        '</outline><outline text="وكالة &amp; ساحل" xmlUrl="https://b.example/f?a=1&amp;b=2"/>'
        '</outline><outline text="مكرر" xmlUrl="https://a.example/f"/>'
        '<outline text="x" xmlUrl="file:///etc/passwd"/></body></opml>'
    )
    assert read(data.encode(), "x.opml") == [
        Outline("https://a.example/f", "صدى"),
        Outline("https://b.example/f?a=1&b=2", "وكالة & ساحل"),
    ]


@given(
    st.lists(
        st.builds(
            Outline,
            st.integers(0, 9**9).map(lambda n: f"https://a.example/{n}?a=1&b=<2>"),
            st.text(st.characters(codec="utf-8"), min_size=1)
            .map(lambda title: "".join(c for c in title if c.isprintable()).strip())
            .filter(bool),
            st.sampled_from(["feed", "sitemap", "channel"]),
        ),
        min_size=1,
        unique_by=lambda outline: outline.url,
    )
)
def test_what_is_written_is_read_back(outlines: list[Outline]) -> None:
    """Whatever the titles hold."""
    assert read(write(outlines).encode(), "-") == outlines


def test_a_title_that_xml_cannot_hold_is_cleaned() -> None:
    """A control character would make the list unreadable."""
    assert read(write([Outline("https://a.example/", "أ\x00\x1fب")]).encode(), "-")[0].title == "أب"


@pytest.mark.parametrize("data", [b"", b"<rss/>", b"<opml><body/></opml>", b"no list", b"<opml"])
def test_what_is_no_list_is_named(data: bytes) -> None:
    """With the file."""
    with pytest.raises(InputError) as error:
        read(data, "x.opml")
    assert error.value.where == "x.opml"


def test_a_list_that_declares_entities_is_refused() -> None:
    """As every XML of strangers."""
    with pytest.raises(InputError, match="entities"):
        read(b'<!DOCTYPE opml [<!ENTITY a "b">]><opml/>', "x.opml")
