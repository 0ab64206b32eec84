"""The words of a feed's item: HTML → text, and whether that is the whole article."""

from __future__ import annotations

import html
import re
from typing import Any, Final

import lxml.etree
import lxml.html

from index.extract.lines import tidy, word_count

WHOLE_WORDS: Final = 100
"""Words from which what a feed calls an item's content is the article; less may be its beginning,
and the page is read instead. A report of a news agency has 150 to 400."""

SUMMARY_WORDS: Final = 300
"""The same for what it calls a summary: some feeds put all in there, most two sentences."""

_BLOCKS: Final = frozenset(
    "address article aside blockquote br dd div dl dt figure footer form h1 h2 h3 h4 h5 h6 header "
    "hr li main ol p pre section table td th tr ul".split()
)
_SILENT: Final = frozenset(
    "audio button figcaption form iframe noscript script select style svg template video".split()
)
_CUT: Final = re.compile(
    r"(?:\.\.\.|…|\[…\]|\[\.\.\.\]|اقر[أا] المزيد|اقر[أا] ال(?:خبر|مقال)|(?:ل)?قراءة المزيد|المزيد|"
    r"read more|continue reading)\W*$",
    re.IGNORECASE,
)
_FOOTER: Final = re.compile(
    r"(?:ظهر(?:ت)? (?:هذا |هذه )?(?:ال)?(?:مقالة|مقال|خبر|تدوينة|موضوع|منشور)?.{0,400}"
    r"(?:أولا|أولاً|أولًا|اولا) (?:على|في) .{1,200}"
    r"|The post .{1,400} (?:first )?appeared (?:first )?on .{1,200})",
    re.IGNORECASE,
)
_FOOTER_LENGTH: Final = 700
_SPACE: Final = re.compile(r"\s+")
_TAG: Final = re.compile(r"<[a-zA-Z/!][^<>]{0,5000}>")


def plain(markup: str) -> str:
    """Return the text of an HTML fragment, a line a block, without captions, scripts and frames.

    The line that blogs add to say where the article first appeared is left out.
    """
    if _TAG.search(markup) is None:
        told = html.unescape(markup)
    else:
        try:
            tree = lxml.html.fragment_fromstring(markup, create_parent="div")
        except (lxml.etree.LxmlError, ValueError):
            return ""
        parts: list[str] = []
        _gather(tree, parts)
        told = "".join(parts)
    lines = [line for line in tidy(told).split("\n") if line]
    if lines and len(lines[-1]) < _FOOTER_LENGTH and _FOOTER.fullmatch(lines[-1]):
        lines.pop()
    return "\n".join(lines)


def whole(content: str | None, summary: str | None) -> str | None:
    """Return the article's text where the feed carries all of it, else None.

    `content` and `summary` are HTML, as the feed gives them.
    """
    for markup, least in ((content, WHOLE_WORDS), (summary, SUMMARY_WORDS)):
        if not markup:
            continue
        text = plain(markup)
        if word_count(text) >= least and not _CUT.search(text[-60:]):
            return text
    return None


def _gather(root: Any, parts: list[str]) -> None:
    """Collect the text; walks instead of recursing, for markup nests as deep as it likes."""
    silent = 0
    for event, element in lxml.etree.iterwalk(root, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else "script"
        if event == "start":
            silent += tag in _SILENT
            if not silent:
                parts.append("\n" if tag in _BLOCKS else "")
                parts.append(_SPACE.sub(" ", element.text or ""))
        else:
            silent -= tag in _SILENT
            if not silent:
                parts.append("\n" if tag in _BLOCKS else "")
                if element is not root:
                    parts.append(_SPACE.sub(" ", element.tail or ""))
