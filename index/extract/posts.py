"""A post of a Telegram channel, whichever way it came, → a draft.

The preview page, an export, and what the bot is sent live each become `Post`s; from there on one
function decides, so that the same post is the same article.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.extract.lines import tidy, word_count
from index.extract.telegram import is_promotion, title_of
from index.model import Draft, Post

if TYPE_CHECKING:
    from collections.abc import Iterable

LEAST_WORDS = 4
"""A post of fewer words is a caption or an exclamation: nothing in it answers a question."""


def drafts(posts: Iterable[Post], *, source: str | None = None) -> list[Draft]:
    """Return a draft for each post that says anything, in their order.

    Posts of media only, and those that only point at channels, say nothing. A `source` wins over
    what the posts say of themselves, unless it is a channel's handle or link, which is no name.
    """
    if address(source) is not None:
        source = None
    found = []
    for post in posts:
        text = tidy("\n".join(line for line in post.text.split("\n") if not is_promotion(line)))
        if word_count(text) < LEAST_WORDS:
            continue
        found.append(
            Draft(
                title=title_of(text),
                text=text,
                source=source or post.teller or post.channel,
                url=f"{post.base}/{post.number}" if post.base else None,
                published=post.published,
            )
        )
    return found


def address(channel: str | None) -> str | None:
    """Return the base of a channel's addresses from its handle or link, None where it is none.

    `@name`, `t.me/name` and `https://t.me/s/name` mean the same; a bare word is a name to show.
    Names are lower-cased: Telegram takes them in any case, and one post is to have one address.
    """
    if channel is None:
        return None
    text = channel.strip()
    for start in ("https://", "http://"):
        text = text.removeprefix(start)
    if text.startswith("t.me/"):
        name = text.removeprefix("t.me/").removeprefix("s/").split("/")[0].split("?")[0]
    elif text.startswith("@"):
        name = text[1:]
    else:
        return None
    valid = name.isascii() and name.replace("_", "").isalnum()
    return f"https://t.me/{name.lower()}" if valid else None
