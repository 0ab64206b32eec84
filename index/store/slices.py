"""Long lists of values, in statements that every database takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

T = TypeVar("T")

BIND_LIMIT = 500
"""Values in one IN (…): old SQLite builds refuse 1,000."""


def slices(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """Yield `items` in parts of at most `BIND_LIMIT`."""
    for first in range(0, len(items), BIND_LIMIT):
        yield items[first : first + BIND_LIMIT]
