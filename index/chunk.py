"""An article's text cut into passages (what is retrieved) and units (what is quoted). Pure."""

from __future__ import annotations

from dataclasses import dataclass

from index.arabic import clauses, sentences

PASSAGE_LIMIT = 900
"""Characters in a passage: about 230 word pieces, well inside e5's 512. Others were not tried."""

UNIT_LIMIT = 400
"""Characters in a unit: the contract's limit for a quote."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage `text[start:end]` and its units: sentences, or clauses of very long ones."""

    start: int
    end: int
    units: tuple[Span, ...]


def chunk(text: str, *, limit: int = PASSAGE_LIMIT) -> list[Chunk]:
    """Cut `text` into passages of whole sentences, at most `limit` characters each.

    Passages come out about equally long, and end with a paragraph where that costs little.
    Every sentence is in exactly one passage.
    """
    units = [
        piece
        for start, end in sentences(text)
        for piece in clauses(text, start, end, limit=UNIT_LIMIT)
    ]
    if not units:
        return []
    length = units[-1][1] - units[0][0]
    target = length / -(-length // limit)
    chunks = []
    current: list[Span] = []
    for unit in units:
        if current:
            begin, end = current[0][0], current[-1][1]
            full = unit[1] - begin > limit
            paragraph = length > limit and "\n" in text[end : unit[0]]
            if full or (paragraph and end - begin >= 0.7 * target):
                chunks.append(_chunk(current))
                current = []
        current.append(unit)
    chunks.append(_chunk(current))
    return chunks


def _chunk(units: list[Span]) -> Chunk:
    return Chunk(units[0][0], units[-1][1], tuple(units))
