"""What an HTML page says of its article besides the text: title, site, authors, address."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from index.extract.htmltree import element_text
from index.extract.lines import fold, word_count

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import lxml.html

    from index.extract.htmltree import Block
    from index.extract.linked import Linked

_SEPARATOR: Final = re.compile(r"\s+[-–—|:»›•·]+\s+|\s*\|\s*|:\s+")
_TITLES: Final = ("og:title", "twitter:title", "title", "dc.title", "dcterms.title")
_SITES: Final = ("og:site_name", "application-name", "dc.publisher", "twitter:site")
_AUTHORS: Final = ("author", "article:author", "dc.creator", "dcterms.creator", "parsely-author")
_PARTS: Final = re.compile(r"\s*[|/()]\s*|\s+[-–—]\s+")
_LONGEST_SITE: Final = 6
"""Words; what stands beside a headline in <title> and is longer is another part of it."""
# Accounts of content systems and whole desks: nobody's name.
_NOBODY: Final = frozenset(
    fold(name)
    for name in (
        "admin|administrator|editor|editors|webmaster|user|guest|root|unknown|anonymous|author|desk|"
        "newsroom|staff|أدمن|ادمن|الادمن|المدير|مدير الموقع|المشرف|مشرف|محرر|المحرر|الكاتب|"
        "غير معروف|مجهول|زائر|super user|superuser|news desk|web desk|editor1|admin1|wpadmin"
    ).split("|")
)


def metas(tree: lxml.html.HtmlElement) -> dict[str, str]:
    """The page's `<meta>` by property, name or itemprop in lower case; the first of each."""
    found: dict[str, str] = {}
    for meta in tree.iter("meta"):
        key = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        content = " ".join((meta.get("content") or "").split())
        if content:
            found.setdefault(key.lower(), content)
    return found


def titles(tree: lxml.html.HtmlElement, meta: Mapping[str, str]) -> list[str]:
    """What may be the headline, first what is surest: an `<h1>` that the page's other title
    repeats, then what meta and `<title>` say, then any `<h1>` (on blogs it is the blog's name).
    """
    told = [meta[key] for key in _TITLES if key in meta]
    if (title := tree.find(".//title")) is not None and element_text(title):
        told.append(element_text(title))
    heads = [text for h1 in tree.iterfind(".//h1") if word_count(text := element_text(h1)) >= 2]
    sure = [head for head in heads if told and fold(head) in fold(told[0])]
    # of a site's name and a headline, both in <h1>, both in <title>, the headline is longer
    sure.sort(key=word_count, reverse=True)
    return [*sure, *told, *heads]


def title_and_site(
    candidates: Sequence[str], told: Linked, meta: Mapping[str, str], page: Sequence[Block]
) -> tuple[str | None, str | None]:
    """The headline without the site's name, and that name.

    In «جريدة - عنوان» the part that the page prints as a line of its own, or that JSON-LD calls the
    headline, is the headline, and what is left names the site.
    """
    named = told.publisher or next(_names(meta), None)
    printed = {block.unit.folded for block in page}
    lines = printed | {fold(told.headline or "")}
    beside: str | None = None
    best: str | None = None
    for title in candidates:
        if named and fold(title) == fold(named):
            continue
        short, rest = _split(title, lines, named)
        best = best or short
        if rest and best and fold(short) == fold(best):
            beside = beside or rest
    if told.headline and (best is None or fold(best) not in printed):
        best = told.headline
    return best, named or beside


def _split(title: str, lines: set[str], site: str | None) -> tuple[str, str | None]:
    """(headline, what stands beside it)."""
    title = " ".join(title.split())
    cuts = [(match.start(), match.end()) for match in _SEPARATOR.finditer(title)]
    # the site comes last, or first, of all that stands beside: «عنوان | أخبار | جريدة»
    ways = [(title[:start], title[cuts[-1][1] :]) for start, _ in reversed(cuts)]
    ways += [(title[end:], title[: cuts[0][0]]) for _, end in cuts]
    for head, rest in ways:
        if site and fold(rest) == fold(site) and head:
            return head, rest
    if fold(title) in lines:
        return title, None
    for head, rest in ways:
        if fold(head) in lines and word_count(head) >= 3 and word_count(rest) <= _LONGEST_SITE:
            return head, rest
    return title, None


def _names(meta: Mapping[str, str]) -> Iterator[str]:
    for key in _SITES:
        name = meta.get(key, "").strip()
        if name and not re.match(r"https?:|www\.|//|@", name):
            yield name


def site(name: str | None, address: str | None) -> str | None:
    """The name to cite the page by: the site's own, else its host's."""
    if name and not re.match(r"https?:|www\.|//", name):
        return name
    for value in (name, address):
        host = urlsplit(value).hostname if value else None
        if host:
            return host.removeprefix("www.")
    return None


def addresses(
    tree: lxml.html.HtmlElement, meta: Mapping[str, str], told: Linked
) -> Iterator[str | None]:
    """The addresses the page states as its own, in the order of trust."""
    for link in tree.iterfind(".//link[@href]"):
        if "canonical" in (link.get("rel") or "").lower().split():
            yield link.get("href")
    yield meta.get("og:url")
    yield told.url


def authors(
    told: Linked,
    meta: Mapping[str, str],
    guess: str | None,
    names: Sequence[str | None],
    page: Sequence[Block],
) -> list[str]:
    """The people named as authors; not the site (`names`), nor an account's name.

    A `guess` counts only where the page shows it: «Developed by …» stands in its head alone.
    """
    sites = {part for name in names if name for part in (fold(name), *fold(name).split("."))}
    shown = " ".join(block.unit.folded for block in page)
    guessed = [name for name in (guess or "").split(";") if fold(name) in shown]
    for stated in (told.authors, [meta[key] for key in _AUTHORS if key in meta][:1], guessed):
        people = [person for author in stated if (person := _person(author, sites))]
        if people:
            return list(dict.fromkeys(people))
    return []


def _person(author: str, sites: set[str]) -> str | None:
    """The name without the site's: «فلان - الجريدة»; None where it is nobody's."""
    name = " ".join(author.split())
    parts = [part for part in _PARTS.split(name) if part]
    people = [part for part in parts if fold(part) not in sites]
    if len(people) < len(parts):
        # «(دبي - الجريدة)» leaves a place
        name = " - ".join(people) if word_count(" ".join(people)) > 1 else ""
    nobody = not word_count(name) or fold(name) in _NOBODY or "://" in name or "@" in name
    return None if nobody else name
