"""«تصحيح»: readers are told when what they were quoted no longer stands.

It follows the archive's log of changes. Only a change that touches a quoted sentence or the title
is told, and each of the three that there are (below) once a message and article.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from bot.message import Message
from bot.store import cursors, quoted
from bot.store.quoted import CURSOR, Notice
from bot.texts.corrections import CORRECTIONS
from bot.typography import escape, isolate, lead, link, sane_url, shorten, tidy
from bot.words import stand_in, words
from index.model import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from bot.bridge import Bridge
    from bot.store import Store
    from bot.store.quoted import Seen
    from bot.typography import Lang
    from index.model import Article, Change

Matter = Literal["withdrawn", "quote", "title"]
"""What a correction is about, gravest first."""

_AT_ONCE = 500  # changes
_EVERY = 5.0
_TITLE_LIMIT = 200
_GRAVITY: tuple[Matter, ...] = ("withdrawn", "quote", "title")


class Log(Protocol):
    """What is needed of the archive: `index.engine.Engine`, or a test's fake."""

    def changes(self, after: int, limit: int) -> Sequence[Change]:
        """The changes after that one, oldest first."""
        ...

    def article(self, article: int) -> Article:
        """An article whole. Raises `NotFoundError`."""
        ...


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction of one message: `seen` is what stands there, `article` what is so now."""

    matter: Matter
    seen: Seen
    article: Article

    @property
    def key(self) -> str:
        """The same for the same matter of the same message and article."""
        seen = self.seen
        place = (
            f"m{seen.message_id}" if seen.outbox_id is None else f"o{seen.outbox_id}.{seen.part}"
        )
        return f"{place}/{seen.article}/{self.matter}"


def matter_of(title: str, quote: str, article: Article) -> Matter | None:
    """What is no longer so of a quote shown under `title`; None where all of it stands."""
    if article.status == "withdrawn":
        return "withdrawn"
    if not stand_in(words(quote), words(article.text)):
        return "quote"
    return "title" if words(title) != words(article.title) else None


def corrections(seen: Iterable[Seen], article: Article) -> list[Correction]:
    """What is to be corrected now that `article` is as it is: the gravest matter a message."""
    found: dict[tuple[int, str], Correction] = {}
    for each in seen:
        matter = matter_of(each.title, each.quote, article)
        if matter is None:
            continue
        known = found.get((each.chat_id, each.place))
        if known is None or _GRAVITY.index(matter) < _GRAVITY.index(known.matter):
            found[each.chat_id, each.place] = Correction(matter, each, article)
    return list(found.values())


def correction_view(correction: Correction) -> Message:
    """The line under a message, or in reply to it."""
    lang: Lang = correction.seen.lang or "ar"
    words_of = CORRECTIONS[lang]
    old = shorten(tidy(correction.seen.title), _TITLE_LIMIT)
    now = shorten(tidy(correction.article.title), _TITLE_LIMIT)
    url = sane_url(correction.article.url)
    told = escape(getattr(words_of, correction.matter))
    # Only one of the two names is where to read on: the new one, where it is told.
    shown = isolate(escape(old) if correction.matter == "title" else link(old, url))
    line = told.format(title=shown, now=isolate(link(now, url)))
    return Message(lead(f"<b>{escape(words_of.mark)}</b> {line}", lang))


def _notice(correction: Correction) -> Notice:
    seen = correction.seen
    return Notice(
        seen,
        key=f"{seen.place}/{seen.article}/{correction.matter}",
        message=correction_view(correction),
        withdrawn=correction.matter == "withdrawn",
    )


class Corrections:
    """Background work: from the log of changes to the outbox."""

    def __init__(
        self, bridge: Bridge, archive: Log, store: Store, now: Callable[[], datetime]
    ) -> None:
        self._bridge = bridge
        self._archive = archive
        self._store = store
        self._now = now

    async def run(self, stop: asyncio.Event) -> None:
        """Follow the log until `stop` is set. Raises `StoreError`."""
        while not stop.is_set():
            if not await self.step():
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), _EVERY)

    async def step(self) -> bool:
        """Deal with the next changes, all of them or none; false where there were none."""
        after = await self._store.read(cursors.get, CURSOR)
        changes = await self._bridge.call(self._archive.changes, after, _AT_ONCE)
        if not changes:
            return False
        changed = {each.article_id for each in changes if each.kind in ("revised", "withdrawn")}
        by_article: dict[int, list[Seen]] = {}
        for seen in await self._store.read(quoted.seen, changed):
            by_article.setdefault(seen.article, []).append(seen)
        found: list[Correction] = []
        for number, all_seen in by_article.items():
            with suppress(NotFoundError):  # removed since; of that readers are not told
                article = await self._bridge.call(self._archive.article, number)
                found += corrections(all_seen, article)
        now = self._now().isoformat(timespec="seconds")
        notices = [_notice(correction) for correction in found]
        await self._store.write(quoted.correct, notices, upto=changes[-1].seq, now=now)
        return True
