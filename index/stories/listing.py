"""The stories of a time, as they are listed. Pure."""

from __future__ import annotations

from collections import Counter
from math import sqrt
from typing import TYPE_CHECKING

from index.dedupe import Words
from index.model import Story

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from index.model import ArticleRef
    from index.store import Told


def stories(told: Iterable[Told]) -> list[Story]:
    """Return the stories of these articles, which come earliest first: most sources first.

    Then most articles, then the earlier opened.
    """
    grouped: dict[int, list[Told]] = {}
    for one in told:
        grouped.setdefault(one.story, []).append(one)
    found = [_story(story, articles) for story, articles in grouped.items()]
    return sorted(found, key=lambda story: (-story.sources, -len(story.articles), story.id))


def _story(story: int, told: Sequence[Told]) -> Story:
    articles = tuple(one.article for one in told)
    dates = [one.article.published for one in told if one.published_at is not None]
    return Story(
        id=story,
        title=title(articles),
        articles=articles,
        first=dates[0] if dates else None,
        last=dates[-1] if dates else None,
        # articles without a source count as one that nobody has named
        sources=len({article.source for article in articles}),
    )


def title(articles: Sequence[ArticleRef]) -> str:
    """Return the title nearest to all the others by its words; of equals, the first.

    The earliest is often a first alarm, with half of the facts; what most headlines say is what
    happened. Every reprint counts, so the agency's own headline tends to win.
    """
    heads = [frozenset(Words(article.title, "").head) for article in articles]
    told = Counter(key for head in heads for key in head)

    def central(n: int) -> tuple[float, int]:
        return -sum(told[key] for key in heads[n]) / sqrt(max(len(heads[n]), 1)), n

    return articles[min(range(len(articles)), key=central)].title
