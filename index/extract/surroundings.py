"""What stands around an article on an HTML page: what the page calls furniture, other stories."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from index.extract import headline
from index.extract.boilerplate import Kind, kind

if TYPE_CHECKING:
    from collections.abc import Sequence, Set

    import lxml.html

    from index.extract.htmltree import Block

MOSTLY_LINKS: Final = 0.5
"""The share of a block's letters inside links from which it is a link, not a sentence with one."""

_FURNITURE_TAGS: Final = frozenset(
    "nav footer aside figcaption button label select option form".split()
)
_CALLED_FURNITURE: Final = re.compile(
    r"(?:^|[\s_-])(?:relat(?:ed?)?|share|sharing|sharethis|addthis|sharedaddy|social|comments?|"
    r"disqus|respond|tags?|tagcloud|keywords?|labels|newsletter|subscri(?:be|ption)|promo|"
    r"advert\w*|ads?|"
    r"banner|sponsor\w*|outbrain|taboola|recommend\w*|also|read-?more|more-?(?:news|stories|posts)|"
    r"most-?(?:read|viewed|popular)|popular|trending|latest|breadcrumbs?|bio|about-?author|"
    r"author-?(?:bio|box|info)|caption|credits?|copyright|sidebar|next-?(?:story|post|article)|"
    r"pagination|pager|navigation|menu|toolbar|rating|poll|cookies?|twitter-tweet|instagram-media|"
    r"fb-post|tiktok-embed|telegram-post|toc)(?:$|[\s_-])",
    re.IGNORECASE,
)
# What holds more of the article than this is not furniture, whatever the page calls it.
_TOO_MUCH: Final = 0.3
_TEASER_WORDS: Final = 60
_SEVERAL: Final = 3
# Paragraphs of one report share a third of their words with its others, teasers of others a tenth.
_KINDRED: Final = 0.25


def furniture(
    page: Sequence[Block], anchors: Sequence[int], holder: lxml.html.HtmlElement
) -> Set[int]:
    """The blocks inside elements, below the holder, that the page itself calls something else."""
    weight: dict[lxml.html.HtmlElement, int] = {}
    total = sum(page[i].unit.words for i in anchors)
    for i in anchors:
        for element in line(page[i].element):
            weight[element] = weight.get(element, 0) + page[i].unit.words
    known: dict[lxml.html.HtmlElement, bool] = {}
    found = set()
    for i, block in enumerate(page):
        for element in line(block.element):
            if element is holder:
                break
            if element not in known:
                known[element] = _is_called_furniture(element) and (
                    weight.get(element, 0) <= _TOO_MUCH * total
                )
            if known[element]:
                found.add(i)
                break
    return found


def _is_called_furniture(element: lxml.html.HtmlElement) -> bool:
    called = f"{element.get('class') or ''} {element.get('id') or ''}"
    return element.tag in _FURNITURE_TAGS or bool(_CALLED_FURNITURE.search(called))


def is_list(page: Sequence[Block], anchors: Sequence[int]) -> bool:
    """Whether the anchors are links, or summaries of what linked headlines lead to."""
    told = sum(page[i].unit.words for i in anchors)
    links = sum(page[i].unit.words * page[i].links for i in anchors)
    teasers = [i for i in anchors if _is_teaser(page, i)]
    summed = sum(page[i].unit.words for i in teasers)
    return links > told * MOSTLY_LINKS or (
        len(teasers) >= _SEVERAL and summed > told * MOSTLY_LINKS
    )


def _is_teaser(page: Sequence[Block], i: int) -> bool:
    """Whether a linked headline stands over a paragraph, with a date at most between."""
    over = [page[j] for j in (i - 1, i - 2) if j >= 0]
    if len(over) > 1 and kind(over[0].unit) is not Kind.DATE:
        over = over[:1]
    return page[i].unit.words <= _TEASER_WORDS and any(
        block.links >= MOSTLY_LINKS and block.unit.words >= 3 for block in over
    )


def strangers(page: Sequence[Block], anchors: Sequence[int]) -> Set[int]:
    """The teasers under an article, which share no more words with it than other stories do.

    One paragraph under a linked headline may be the article's own, after a link within it; where
    most paragraphs stand so, it is a live blog.
    """
    plain = [i for i in anchors if not _is_teaser(page, i)]
    under = [i for i in anchors if plain and i > plain[-1]]
    told = sum(page[i].unit.words for i in anchors)
    if len(under) < 2 or sum(page[i].unit.words for i in plain) < told / 2:
        return set()
    own = headline.vocabulary([page[i].unit for i in plain])
    return {i for i in under if headline.overlap(page[i].unit.folded, own) < _KINDRED}


def line(element: lxml.html.HtmlElement | None) -> list[lxml.html.HtmlElement]:
    """The element and what it is in, outwards."""
    return [] if element is None else [element, *element.iterancestors()]
