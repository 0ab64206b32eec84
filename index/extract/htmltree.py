"""The tree of an HTML page, and the page as blocks of text: paragraphs, headings, items, rows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import lxml.etree
import lxml.html

from index.dates import find_date
from index.extract.lines import Unit, split_units, word_count

_XML_DECLARATION: Final = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
# What XML may not hold, as characters and as references; trafilatura gives up on a page of them.
_CONTROL: Final = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]|&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])|x0*(?:[0-8bcef]|1[0-9a-f]));",
    re.IGNORECASE,
)
_SPACE: Final = re.compile(r"\s+")
_BLOCKS: Final = frozenset(
    "p div h1 h2 h3 h4 h5 h6 li ul ol tr td th table section article header footer nav aside main "
    "figure figcaption blockquote form br hr dt dd dl option button label pre center caption "
    "address details summary fieldset body amp-sidebar".split()
)
_SILENT: Final = frozenset(
    "script style noscript template svg select head iframe object textarea math".split()
)
# A cell of a table of figures holds a name or a number; one that holds a paragraph lays out a page.
_CELL_WORDS: Final = 40
_CELL_BREAKS: Final = 3
# A link to a story holds its headline and summary; one of more words was never closed.
_LINK_WORDS: Final = 80


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, list item or table row: its text, where it is, how much is links."""

    unit: Unit
    element: lxml.html.HtmlElement
    links: float  # the share of its letters that is inside <a>

    @property
    def tag(self) -> str:
        return str(self.element.tag)


def parse(text: str) -> lxml.html.HtmlElement:
    """The tree of a page already decoded; tables that lay it out become plain blocks.

    Raises whatever lxml does, or ValueError for an empty document.
    """
    # What the page's meta says of its encoding must not be applied again.
    data = _CONTROL.sub(" ", _XML_DECLARATION.sub("", text)).encode("utf-8", "replace")
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    tree = lxml.html.document_fromstring(data, parser=parser)
    if tree is None:
        raise ValueError("empty document")
    # Inner tables first: what is left around them decides about the outer one.
    for table in reversed(list(tree.iter("table"))):
        if _lays_out(table):
            for part in [table, *table.iter("tbody", "thead", "tfoot", "tr", "td", "th")]:
                part.tag = "div"
    return tree


def blocks(tree: lxml.html.HtmlElement) -> list[Block]:
    """The page's text in order, a block a line; `<time datetime>` speaks where its text does not.

    The cells of a table's row are one block, with « | » between.
    """
    found: list[Block] = []
    pieces: list[tuple[str, bool]] = []
    owner = tree

    def close() -> None:
        text = _SPACE.sub(" ", "".join(piece for piece, _ in pieces)).strip()
        if text:
            letters = sum(len(piece.strip()) for piece, _ in pieces)
            inside = sum(len(piece.strip()) for piece, link in pieces if link)
            (unit,) = split_units(text)
            found.append(Block(unit, owner, inside / letters if letters else 0.0))
        pieces.clear()

    silent = 0
    link: lxml.html.HtmlElement | None = None
    walk = lxml.etree.iterwalk(tree, events=("start", "end"))
    for event, element in walk:
        tag = element.tag if isinstance(element.tag, str) else "script"
        if event == "end":
            silent -= tag in _SILENT
            link = None if element is link else link
            if tag in _BLOCKS:
                close()
                owner = element.getparent() if element.getparent() is not None else tree
            if element.tail and not silent:
                pieces.append((element.tail, link is not None))
            continue
        silent += tag in _SILENT
        if tag == "a" and element.get("href") and word_count(element_text(element)) < _LINK_WORDS:
            link = element
        if tag in _BLOCKS:
            close()
            owner = element if tag != "br" else owner
        if silent:
            continue
        if tag == "tr":
            pieces.append((_row(element), False))
            walk.skip_subtree()
        elif tag == "time" and element.get("datetime") and not find_date(element_text(element)):
            close()
            pieces.append((element.get("datetime"), False))
            close()
        elif element.text:
            pieces.append((element.text, link is not None))
    close()
    return found


def element_text(element: lxml.html.HtmlElement) -> str:
    """All text inside an element, on one line."""
    return " ".join(element.text_content().split())


def _row(row: lxml.html.HtmlElement) -> str:
    return " | ".join(text for cell in row.iter("td", "th") if (text := element_text(cell)))


def _lays_out(table: lxml.html.HtmlElement) -> bool:
    if table.get("role") == "presentation":
        return True
    if next(table.iterfind(".//table"), None) is not None:
        return True
    if next(table.iter("h1", "h2", "form", "ul"), None) is not None:
        return True
    widest = 0
    for row in table.iter("tr"):
        cells = list(row.iter("td", "th"))
        widest = max(widest, len(cells))
        for cell in cells:
            if word_count(element_text(cell)) > _CELL_WORDS:
                return True
            if sum(1 for _ in cell.iter("br")) >= _CELL_BREAKS:
                return True
    return widest < 2
