"""What goes into a digest, and in which order. Pure.

First what the reader's topics matched and no alert has brought; then the stories of the day, those
that most sources tell first. Stories of one event stand together: the first of them is told, the
others are named beneath it. A story stands there once, and not again in a later digest, unless
twice as many sources tell it by then.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from index.model import ArticleRef, Quote, Story

GROWN = 2
"""How many times as many sources must tell a story in the new period for it to be told again.

It has become bigger news than it was; one source more is none, and no story can come every day."""

_CANDIDATES = 6  # articles of a story to look at for one that can be quoted


@dataclass(frozen=True, slots=True)
class Held:
    """An article that matched a topic, and that no alert has brought; `said` is what matched."""

    topic_id: int
    topic: str
    story: int
    article: int
    said: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What a reader is owed of their topics, and which stories they know.

    `told` gives, for each story that a digest brought, how many sources told it then; `alerted`
    holds those that an alert brought. `last` is when the digest before was made.
    """

    held: tuple[Held, ...] = ()
    told: Mapping[int, int] = field(default_factory=dict)
    alerted: frozenset[int] = frozenset()
    last: datetime | None = None


@dataclass(frozen=True, slots=True)
class Pick:
    """A story chosen for a digest: the articles to quote from, the best first, and the others.

    `held` is what brought it, the newest first, empty for a story of the day; `before` how many
    sources told it when the reader was last told. `beside` are other stories of the same event,
    those that topics matched first.
    """

    story: int
    sources: int
    candidates: tuple[int, ...]
    articles: tuple[ArticleRef, ...] = ()
    held: tuple[Held, ...] = ()
    before: int = 0
    beside: tuple[Pick, ...] = ()

    @property
    def ref(self) -> ArticleRef:
        """The article by which it is named. It has one where it stands beside another."""
        named = (ref for ref in self.articles if ref.id == self.candidates[0])
        return next(named, self.articles[0])

    @property
    def owed(self) -> tuple[Pick, ...]:
        """It and those beside it that topics matched: each is to be told, now or later."""
        return tuple(pick for pick in (self, *self.beside) if pick.held)


@dataclass(frozen=True, slots=True)
class Item:
    """A pick with its quote, which names the other sources in `also_in`.

    `named` are those beside it of which the digest gives the title.
    """

    pick: Pick
    quote: Quote
    named: tuple[Pick, ...] = ()

    @property
    def left(self) -> tuple[Pick, ...]:
        """Those that topics matched and that it does not name: they are still owed."""
        return tuple(pick for pick in self.pick.beside if pick.held and pick not in self.named)

    @property
    def told(self) -> tuple[Pick, ...]:
        """What the reader knows by it: its event, with every story of it that is not left."""
        left = self.left
        return tuple(pick for pick in (self.pick, *self.pick.beside) if pick not in left)


def ranked(stories: Iterable[Story]) -> list[Story]:
    """The stories of a period: the more sources, the more articles, the newer, the higher."""
    return sorted(
        stories,
        key=lambda story: (story.sources, len(story.articles), story.last or "", story.id),
        reverse=True,
    )


def choose(stories: Sequence[Story], known: Known) -> tuple[list[Pick], list[Pick]]:
    """What comes of the reader's topics, and which stories of the day; each in its order.

    `stories` are `ranked`.
    """
    by_id = {story.id: story for story in stories}
    matched: dict[int, list[Held]] = defaultdict(list)
    for row in known.held:
        matched[row.story].append(row)
    topics = [_of_topic(rows, by_id.get(story)) for story, rows in matched.items()]
    topics.sort(key=lambda pick: (-pick.sources, -max(pick.candidates)))
    day = [
        _of_day(story, known.told.get(story.id, 0))
        for story in stories
        if story.id not in matched
        and story.id not in known.alerted
        and story.sources >= GROWN * known.told.get(story.id, 0)
    ]
    heads = _by_event([*topics, *day], {story.id: story.event or story.id for story in stories})
    return [pick for pick in heads if pick.held], [pick for pick in heads if not pick.held]


def with_others(pick: Pick, quote: Quote) -> Item:
    """The item of `pick` that shows `quote`, with an article of each other source beside it."""
    others: dict[str, ArticleRef] = {}
    for ref in pick.articles:
        if ref.source and ref.source != quote.article.source:
            others.setdefault(ref.source, ref)
    return Item(pick, replace(quote, also_in=tuple(others.values())))


def _by_event(picks: Iterable[Pick], events: Mapping[int, int]) -> list[Pick]:
    """The first pick of each event, in their order, with the others beside it."""
    groups: dict[int, list[Pick]] = {}
    for pick in picks:
        groups.setdefault(events.get(pick.story, pick.story), []).append(pick)
    return [replace(first, beside=tuple(others)) for first, *others in groups.values()]


def _of_topic(rows: Sequence[Held], story: Story | None) -> Pick:
    """The story behind what matched; only its articles where it is not of this period."""
    newest = tuple(sorted(rows, key=lambda row: (-row.article, row.topic_id)))
    found = tuple(dict.fromkeys(row.article for row in newest))
    if story is None:
        return Pick(newest[0].story, 1, found, held=newest)
    return Pick(story.id, story.sources, found, story.articles, newest)


def _of_day(story: Story, before: int) -> Pick:
    """Quoted from the article that gave it its title, or, where it is told again, the newest."""
    refs = list(story.articles)
    if before:
        refs.reverse()
    else:
        refs.sort(key=lambda ref: ref.title != story.title)
    candidates = tuple(ref.id for ref in refs[:_CANDIDATES])
    return Pick(story.id, story.sources, candidates, story.articles, before=before)
