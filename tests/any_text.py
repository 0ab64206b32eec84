"""Any text at all as question, title, source, address or quote: does Telegram take what we write?

As a command, with as many cases as are wanted: python -m tests.any_text 10000
"""

from __future__ import annotations

import re
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

if __name__ == "__main__":  # as pytest's `pythonpath` does
    sys.path.insert(0, str(Path(__file__).parent))

from dataclasses import replace

from fakes import answered, article, quote, refused
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import anything

from bot.playground.formatting import read_text
from bot.playground.keyboard import check_markup
from bot.playground.params import Params
from bot.store.chats import EVERY_DAY, Chat
from bot.typography import units
from bot.views import (
    answer_view,
    cities_view,
    context_view,
    settings_view,
    sources_view,
    start_view,
)
from index.model import Answer, Article, ArticleRef, Passage, Quote

NOW = datetime(2024, 5, 1, tzinfo=UTC)
# What Telegram's servers delete or change in any text, whoever sends it.
DELETED = "\r\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u0333\u033f\u030a"
MARK_RUN = re.compile("[\u200e\u200f]+(?=[\u200e\u200f])")
MARKUP = (
    *("<b>&amp;\"'</b>", "</blockquote>", "&lt;", "&#x202E;", "&nbsp", "<!-- ", "]]>", "</>"),
    *('" onclick="', "<a href='", "&#0;", "&", "<", "👨\u200d👩\u200d👧", "𝕳𐤀", "e\u0301"),
)

texts = st.lists(
    st.one_of(anything, st.sampled_from(MARKUP), st.sampled_from(["كلمة " * 60, "ب" * 400])),
    max_size=8,
).map("".join)


@st.composite
def quoted(draw: st.DrawFn) -> str:
    """A quote as the archive gives it: up to 400 characters, none of white space at its ends."""
    text = draw(texts)[:400].translate(dict.fromkeys(map(ord, DELETED)))
    text = "".join(char if char >= " " or char == "\n" else " " for char in text)
    text = text.encode("utf-16", "ignore").decode("utf-16", "ignore")
    text = MARK_RUN.sub("", text).strip()
    return text if any(char.isalnum() for char in text) else f"{text} خبر".strip()


@st.composite
def refs(draw: st.DrawFn) -> ArticleRef:
    """An article to cite, with anything for a title, a source, an address and a date."""
    url = draw(st.one_of(st.none(), texts, texts.map("https://example.org/{}".format)))
    published = draw(st.sampled_from([None, "2023-03-16", "--02-29", "2023-02-30", "أمس"]))
    return article(
        draw(st.integers(1, 10**9)),
        title=draw(texts),
        source=draw(st.none() | texts),
        url=url,
        published=published,
    )


@st.composite
def quotes(draw: st.DrawFn) -> Quote:
    """A quote of anything, marked anywhere."""
    text = draw(quoted())
    spans = st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))
    marks = [(min(span), max(span)) for span in draw(st.lists(spans, max_size=3))]
    also = tuple(draw(st.lists(refs(), max_size=2)))
    start = draw(st.integers(0, 10**6))
    return replace(
        quote(text, (0, 1), of=draw(refs()), also_in=also),
        start=start,
        end=start + len(text),
        highlights=tuple(mark for mark in marks if mark[0] < mark[1]),
    )


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    """An answer of a few quotes, or none and the nearest articles."""
    given_quotes = draw(st.lists(quotes(), max_size=5))
    asked = draw(texts)
    if not given_quotes:
        return replace(refused(*draw(st.lists(refs(), max_size=5))), question=asked)
    return replace(answered(*given_quotes), question=asked, timeline=draw(st.booleans()))


def taken(html: str, keyboard: object) -> tuple[str, list[str]]:
    """The text and the quotes that the strict server stores. Raises its refusal."""
    text, entities = read_text(Params({"text": html, "parse_mode": "HTML"}))
    assert units(text) <= 4096
    check_markup(keyboard)
    encoded = text.encode("utf-16-le")
    return text, [
        encoded[2 * e.offset : 2 * (e.offset + e.length)].decode("utf-16-le")
        for e in entities
        if e.type in ("blockquote", "expandable_blockquote")
    ]


def as_sent(rows: object) -> object:
    """A keyboard as it goes to Telegram."""
    sent = [[{"text": b.label, "callback_data": b.data} for b in row] for row in rows]
    return {"inline_keyboard": sent} if sent else None


def check(answer: Answer, heading: str | None, lang: str, digits: str, name: str) -> None:
    """Every view of these is taken, with its quotes intact."""
    shown, offset = [], 0
    while True:
        view = answer_view(
            answer, lang, NOW, heading=heading, digits=digits, quotes=3, offset=offset
        )
        _, found = taken(view.html, as_sent(view.keyboard))
        shown += found
        offset += 3
        if not answer.answered or offset >= len(answer.quotes) or not found:
            break
    expected = [one.text for one in answer.quotes]
    assert all(one in expected for one in shown)
    if len(expected) <= 3:
        assert shown == expected[: len(shown)]
        assert len(shown) == len(expected)
    for one in answer.quotes:
        about = one.article
        text = f"{name}\n{one.text}\nنهاية."
        start = len(name) + 1
        whole = Article(
            about.id,
            about.title,
            text,
            about.source,
            about.url,
            about.published,
            None,
            (Passage(start, start + len(one.text)), Passage(start + len(one.text) + 1, len(text))),
        )
        mark = (start, start + len(one.text))
        context = context_view(
            whole, start, lang, NOW, mark=mark, heading=heading, back=True, digits=digits
        )
        assert taken(context.html, as_sent(context.keyboard))[1] == [one.text]
    chat = Chat(
        *(1, "private", "active", lang, digits, name, "Asia/Riyadh", 3, "22:00", "07:00"),
        *(None, EVERY_DAY, "say", None, None, "2024-05-01T00:00:00+00:00"),
    )
    for view in (
        settings_view(chat, lang, digits),
        sources_view([(name, 3), (None, 11)] * 30, lang, digits, offset=20),
        start_view(lang, [name, answer.question, "متى؟"]),
        cities_view([(name, "Asia/Riyadh")], lang),
    ):
        taken(view.html, as_sent(view.keyboard))


cases = given(
    answer=answers(),
    heading=st.none() | texts.map(lambda text: text[:300]),
    lang=st.sampled_from(["ar", "en"]),
    digits=st.sampled_from(["latin", "arabic"]),
    name=texts,
)


def run(count: int) -> None:
    """Check that many cases."""
    suppressed = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
    settings(max_examples=count, deadline=None, suppress_health_check=suppressed)(cases(check))()


if __name__ == "__main__":
    began = time.monotonic()
    run(int(sys.argv[1]))
    sys.stdout.write(f"{sys.argv[1]} cases, 0 refused, {time.monotonic() - began:.0f} s\n")
