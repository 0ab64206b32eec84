"""Drafts on their way into the database: what is kept of one, and its name. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from index.addresses import is_endless

if TYPE_CHECKING:
    from index.model import Draft

LONGEST_NAME: Final = 200
"""Characters of a source's name."""


def content_hash(draft: Draft) -> str:
    """Return the name of what a draft says: the same title and text give the same hash."""
    return hashlib.sha256(f"{draft.title}\0{draft.text}".encode()).hexdigest()


def storable(draft: Draft) -> Draft:
    """Return a draft as every database takes it; a sane one comes back the same.

    Without NUL and halves of characters, which JSON can hold; without an address too long to lead
    anywhere; and its source's name is no more than a name.
    """
    return replace(
        draft,
        title=_sane(draft.title),
        text=_sane(draft.text),
        source=draft.source and _sane(draft.source)[:LONGEST_NAME],
        url=None if draft.url is None or is_endless(draft.url) else _sane(draft.url),
        published=draft.published and _sane(draft.published),
        byline=draft.byline and _sane(draft.byline),
    )


def _sane(said: str) -> str:
    return said.replace("\0", "").encode("utf-8", "replace").decode()
