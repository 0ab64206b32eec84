"""A file of Telegram posts → one draft a post.

People copy channels in several shapes: with the client's own headers («Channel, [16.03.23
14:05]»), with links to the posts, or bare, where only emoji, hashtag lines and the dates posts open
with tell one from the next. Exports may repeat paragraphs; each is kept once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from index.dates import find_date
from index.extract.boilerplate import Kind, kind
from index.extract.headline import shorten, strip_markup
from index.extract.lines import Unit, fold, split_units, word_count
from index.model import Draft, ExtractError

_EMOJI: Final = (
    "[\U0001f000-\U0001faff\u2190-\u21ff\u2300-\u23ff\u2460-\u24ff\u25a0-\u27bf\u2900-\u297f"
    "\u2b00-\u2bff\u3030\u303d\u00a9\u00ae\u203c\u2049\u2122\u2139\ufe0f\u200d\u20e3]"
)
_OPENS_WITH_EMOJI: Final = re.compile(rf"^(?:[0-9#*]\ufe0f?\u20e3|(?![©®•●▪■◦►▶◄◀*]){_EMOJI})")
_EMOJIS: Final = re.compile(rf"(?:[0-9#*]\ufe0f?\u20e3|{_EMOJI})+")
_HASHTAGS: Final = re.compile(
    rf"^(?:{_EMOJI}|\s)*(?:#[\w\u0610-\u061a]+[\s،,|.]*)+(?:{_EMOJI}|\s)*$"
)
_LINK: Final = re.compile(
    r"^(?:\S{0,3}\s*)?(?:https?://)?t\.me/(?:s/)?(?P<channel>\w+)/(?P<id>\d+)\S*$", re.ASCII
)
_CHANNEL_LINE: Final = re.compile(
    r"^(?:.{0,40}\s)?(?:(?:https?://)?t\.me/\S+|@[A-Za-z]\w{3,})\s*(?:\s.{0,20})?$"
)
_VIEWS: Final = re.compile(
    r"^(?:👁\S*\s*)?[\d.,]+\s*[KkMm]?\s*(?:views?|مشاهدة|مشاهدات)?"
    r"(?:\s*[·,|]?\s*(?:edited|معدلة|معدل|تم التعديل)?\s*\d{1,2}:\d{2}(?:\s*[AP]M)?)?$"
    r"|^👁.{0,30}$|^\d{1,2}:\d{2}(?:\s*[AP]M)?$|^(?:edited|معدلة)$"
)
_FORWARDED: Final = re.compile(
    r"^[\[>\s]*(?:forwarded (?:from|message)|معاد توجيهها من|معاد توجيه من|"
    r"محول من|أعيد توجيهها من|تمت إعادة التوجيه من)\b[:\s]*(?P<who>.*?)\]?$",
    re.IGNORECASE,
)
_HEADER: Final = re.compile(
    r"^(?P<who>.{1,60}?),?\s*\[(?P<when>[^\[\]]{0,20}\d{1,4}[./-]\d{1,2}[./-]\d{2,4}[^\[\]]{0,20})\]:?$"
    r"|^\[(?P<when2>\d{1,4}[./-]\d{1,2}[./-]\d{2,4}[^\[\]]{0,20})\]\s*(?P<who2>[^:]{0,60}):?$"
)
_RULE: Final = re.compile(r"^[-–—_=*~•·.]{3,}$")
_SHORT_YEAR: Final = re.compile(r"\b(\d{1,2})[./-](\d{1,2})[./-](\d{2})(?!\d)")

# Two signs of a channel are wanted: a web page may hold an emoji or a hashtag line.
_ENOUGH = 3
_LEAST_WORDS = 4


@dataclass(slots=True)
class _Post:
    lines: list[str] = field(default_factory=list)
    published: str | None = None
    source: str | None = None
    url: str | None = None
    closed: bool = False  # its hashtags or its link came: what follows is another post


def looks_like_posts(text: str) -> bool:
    """Whether the text is posts of a channel rather than a page: by signs pages do not combine."""
    head = text[:60_000]
    lines = [line.strip() for line in head.split("\n") if line.strip()]
    if not lines:
        return False
    hashtags = sum(1 for line in lines if _HASHTAGS.match(line))
    emoji = sum(1 for line in lines if _OPENS_WITH_EMOJI.match(line))
    headers = sum(1 for line in lines if len(line) < 120 and _HEADER.match(line))
    links = sum(1 for line in lines if len(line) < 120 and _LINK.match(line))
    forwards = sum(1 for line in lines if len(line) < 120 and _FORWARDED.match(line))
    points = 3 * (headers > 0) + 2 * (links > 0) + 2 * (forwards > 0)
    points += 2 if hashtags >= 2 else hashtags
    points += (emoji >= 2) + (emoji >= 2 and emoji * 8 >= len(lines))
    points += bool(_OPENS_WITH_EMOJI.match(lines[0]))
    if points < _ENOUGH:
        return False
    # A page with a comment form, a menu and a footer is a page, whatever it embeds.
    kinds = [kind(unit) for unit in split_units(head)]
    furniture = sum(1 for k in kinds if k in (Kind.END, Kind.SECTION))
    menu = sum(1 for k in kinds if k is Kind.JUNK) - hashtags - links
    return points - 2 * furniture - (menu > len(kinds) * 0.3) >= _ENOUGH or headers >= 2


def posts(
    text: str, *, name: str, source: str | None = None, url: str | None = None
) -> list[Draft]:
    """One draft a post that says anything; ExtractError where none does."""
    seen: set[str] = set()
    drafts = []
    for post in _split(text):
        draft = _draft(post, seen, source, url)
        if draft:
            drafts.append(draft)
    if not drafts:
        raise ExtractError(name, "no post with text was found")
    return drafts


def _split(text: str) -> list[_Post]:
    lines = [line.strip() for line in text.split("\n")]
    marked = any(_HASHTAGS.match(line) or _LINK.match(line) for line in lines)
    headed = any(len(line) < 120 and _HEADER.match(line) for line in lines)
    done: list[_Post] = []
    post = _Post()
    blanks = 0

    def next_post() -> _Post:
        if post.lines or post.url:
            done.append(post)
        return _Post()

    for line in lines:
        if not line:
            blanks += 1
            if post.lines and post.lines[-1]:
                post.lines.append("")
            continue
        header = _HEADER.match(line) if len(line) < 120 else None
        link = _LINK.match(line)
        if header:
            post = next_post()
            post.source = (header["who"] or header["who2"] or "").strip(" ,") or None
            post.published = _header_date(header["when"] or header["when2"])
        elif _RULE.match(line):
            post = next_post()
        elif _HASHTAGS.match(line):
            post.closed = bool(post.lines) or post.closed
        elif link:
            post.url = post.url or f"https://t.me/{link['channel']}/{link['id']}"
            post.closed = True
        elif _VIEWS.match(line):
            pass
        elif (forward := _FORWARDED.match(line)) and len(line) < 120:
            if post.closed or (blanks and not headed):
                post = next_post()
            post.source = forward["who"].strip(" :") or post.source
        else:
            if not headed and _begins(line, post, blanks, marked=marked):
                post = next_post()
            post.lines.append(line)
        blanks = 0
    next_post()
    return done


def _begins(line: str, post: _Post, blanks: int, *, marked: bool) -> bool:
    """Whether a line opens another post: after hashtags, or by an emoji and a date, or a gap."""
    if not any(post.lines):
        return post.closed
    if post.closed:
        return True
    emoji = bool(_OPENS_WITH_EMOJI.match(line))
    if emoji and find_date(line[:40]):
        return True
    if marked:
        return blanks >= 3
    return (emoji and blanks > 0) or blanks >= 2


def _header_date(when: str) -> str | None:
    # The client writes two-digit years; posts there are of this century.
    return find_date(_SHORT_YEAR.sub(r"\1.\2.20\3", when))


def _draft(post: _Post, seen: set[str], source: str | None, url: str | None) -> Draft | None:
    body: list[str] = []
    for line in post.lines:
        key = fold(line)
        words = word_count(line)
        if words >= 5:
            if key in seen:
                continue
            seen.add(key)
        if line and (is_promotion(line) or not (words or any(c.isdigit() for c in line))):
            continue
        if line or (body and body[-1]):
            body.append(line)
    text = "\n".join(body).strip()
    if word_count(text) < _LEAST_WORDS:
        return None
    first = next(line for line in body if word_count(line))
    bare = _bare(first)
    return Draft(
        title=shorten(bare),
        text=text,
        source=source or post.source,
        url=post.url or url,
        published=post.published or find_date(bare[:40]),
    )


def title_of(text: str) -> str:
    """The title of a post, which has none: its first sentence, without emoji and markup."""
    lines = [line for line in text.split("\n") if word_count(line)]
    return shorten(_bare(lines[0])) if lines else shorten(text)


def _bare(line: str) -> str:
    return strip_markup(_EMOJIS.sub("", line))


def is_promotion(line: str) -> bool:
    """Whether a line only points at the channel: its handle, its link, «اشترك في قناتنا»."""
    if len(line) > 160:
        return False
    if _CHANNEL_LINE.match(line) and word_count(line) <= 10:
        return True
    units: list[Unit] = split_units(line)
    return bool(units) and kind(units[0]) in (Kind.JUNK, Kind.END) and units[0].words <= 14
