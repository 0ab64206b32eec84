"""A channel's public preview, page after page: t.me/s/name, back to a date or to what is known.

Fetching is the caller's: `get` returns the body at an address.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from index.extract import preview
from index.extract.language import foreign
from index.extract.posts import address, drafts
from index.model import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from index.model import Draft, Post

PAGES: Final = 500
"""Pages of some twenty posts read at most in one go; the next one goes on with newer posts."""

_POST: Final = re.compile(
    r"https?://t\.me/(?:s/)?(?P<name>\w+)/(?P<number>\d+)/?(?:\?.*)?", re.ASCII
)


def preview_of(channel: str) -> str | None:
    """Return where a channel's preview is, from its handle or link; None where it is neither."""
    base = address(channel)
    return None if base is None else base.replace("t.me/", "t.me/s/", 1)


def page_of_post(url: str) -> str | None:
    """Return the page that shows one post and nothing else; None where `url` is no post's."""
    post = _POST.fullmatch(url)
    if post is None or post["name"] in ("c", "s"):
        return None
    return f"https://t.me/{post['name']}/{post['number']}?embed=1&mode=tme"


def articles(posts: Iterable[Post]) -> list[Draft]:
    """Return the articles among posts: those that say something, in Arabic."""
    return [draft for draft in drafts(posts) if not foreign(draft.text)]


def read(
    get: Callable[[str], bytes], channel: str, *, since: str | None = None, known: int = 0
) -> Iterator[tuple[int, list[Draft]]]:
    """Yield the posts of a channel page by page, newest page first, with the highest number on it.

    Stops before posts published before `since` (an instant or a day; older ones on the same page
    are left out), and after the page that reaches number `known`, whose posts are read again: what
    was edited shortly after is noticed. Raises `InputError` where there is no public preview, and
    what `get` raises.
    """
    start = preview_of(channel)
    if start is None:
        raise InputError(channel, "is no channel; give @name or https://t.me/name")
    url: str | None = start
    for _ in range(PAGES):
        if url is None:
            return
        posts, before = preview(get(url), name=url)
        if not posts:
            if url == start:
                raise InputError(channel, "has no public preview, or no post yet")
            return
        fresh = [post for post in posts if not _older(post, since)]
        yield max(post.number for post in posts), articles(fresh)
        lowest = min(post.number for post in posts)
        if len(fresh) < len(posts) or lowest <= known or before is None or before > lowest:
            return
        url = f"{start}?before={before}"


def _older(post: Post, since: str | None) -> bool:
    return since is not None and post.published is not None and post.published < since
