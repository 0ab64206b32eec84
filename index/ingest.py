"""Inputs become stored articles: read, extract, decide, chunk, store.

Each batch of drafts is stored in one transaction with its change rows, so a kill at any moment
loses nothing that was reported and repeats nothing that was stored. Embedding follows, apart.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from index import store
from index.chunk import chunk
from index.extract import extract_all
from index.fetch import fetch
from index.model import Added, AddReport, ArticleRef, Draft, Failure, InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import sqlalchemy as sa

    from index.db import Database
    from index.store import Head

SIZE_LIMIT = 32 * 2**20
"""Bytes of one input. No article and no sane export is longer; split what is."""

BATCH = 200
"""Drafts stored in one transaction: short enough that readers and other writers never wait long."""


class Outcome(Enum):
    """What becomes of a draft; the values are the counts of the `add` report."""

    NEW = "added"
    REVISED = "updated"
    SAME = "unchanged"
    REPRINT = "duplicates"
    EMPTY = "rejected"


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do with a draft, and the stored article it concerns."""

    outcome: Outcome
    article: int | None = None


def decide(draft: Draft, content_hash: str, heads: Sequence[Head]) -> Decision:
    """Decide about a draft from the stored articles with its address or its content. Pure.

    An address names an article for good: other words under it are a revision. Without one, the
    words name it. The same words under another address or source are a reprint.
    """
    if draft.url is not None:
        for head in heads:
            if head.url == draft.url:
                same = head.content_hash == content_hash
                return Decision(Outcome.SAME if same else Outcome.REVISED, head.id)
    twins = [head for head in heads if head.content_hash == content_hash]
    for head in twins:
        if draft.url is None and draft.source in (None, head.source):
            return Decision(Outcome.SAME, head.id)
    if twins:
        first = twins[0]
        return Decision(Outcome.REPRINT, first.duplicates_of or first.id)
    return Decision(Outcome.NEW)


def add(
    db: Database,
    inputs: Iterable[str],
    *,
    source: str | None = None,
    format: str = "auto",  # noqa: A002  the contract's word
    on_input: Callable[[str], None] | None = None,
) -> AddReport:
    """Read and store every input (paths, addresses, `-` for standard input); embeds nothing.

    A bad input is named in the report's `failed` and never stops the others.
    """
    tally: Counter[Outcome] = Counter()
    failed: list[Failure] = []
    added: list[Added] = []
    for name in inputs:
        # a file's name can hold bytes that are no text; what is shown and stored is
        where = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        try:
            data, url = read(name)
            drafts, errors = extract_all(data, name=where, format=format, source=source, url=url)
        except InputError as error:
            drafts, errors = [], [error]
        failed += [Failure(where, _reason(where, error)) for error in errors]
        for first in range(0, len(drafts), BATCH):
            for outcome, ref in _store(db, drafts[first : first + BATCH], where):
                tally[outcome] += 1
                if ref is not None:
                    added.append(
                        Added(ref.id, ref.title, ref.source, ref.url, ref.published, where)
                    )
        if on_input is not None:
            on_input(where)
    counts = {outcome.value: tally[outcome] for outcome in Outcome}
    return AddReport(**counts, failed=tuple(failed), articles=tuple(added))


def read(where: str) -> tuple[bytes, str | None]:
    """Return the bytes of an input and, where it came from the web, its final address.

    Raises `InputError`: missing, a folder, unreadable, too large.
    """
    if where == "-":
        data = sys.stdin.buffer.read(SIZE_LIMIT + 1)
        return _within_limit(where, data, len(data)), None
    if where.lower().startswith(("http://", "https://")):
        return fetch(where, limit=SIZE_LIMIT)
    path = Path(where)
    try:
        if path.is_dir():
            raise InputError(where, "is a folder; name the files in it")
        if path.exists() and not path.is_file():
            raise InputError(where, "is no file; use - to read from a pipe")
        size = path.stat().st_size
        return _within_limit(where, path.read_bytes() if size <= SIZE_LIMIT else b"", size), None
    except FileNotFoundError:
        raise InputError(where, "there is no such file") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(where, f"cannot be read: {reason}") from error


def _within_limit(where: str, data: bytes, size: int) -> bytes:
    if size > SIZE_LIMIT:
        raise InputError(
            where,
            f"is larger than {SIZE_LIMIT // 2**20} MB; split it, if it holds many articles",
        )
    return data


def _reason(where: str, error: InputError) -> str:
    """The reason, with the place inside the input where the error names one."""
    inside = error.where.removeprefix(where).strip(" :,")
    return f"{inside}: {error.reason}" if inside else error.reason


def remove(db: Database, article: int) -> None:
    """Delete an article; the oldest of its reprints takes its place. Raises `NotFoundError`."""
    with db.write() as connection:
        _settle(connection, store.remove(connection, article))
        store.drop_unused_vectors(connection)


def rechunk(db: Database) -> None:
    """Cut every article anew, as this version does. Vectors of unchanged passages stay."""
    with db.write() as connection:
        for article, draft in store.drafts(connection):
            store.rechunk(connection, article, draft, chunk(draft.text))


def _store(
    db: Database, drafts: Sequence[Draft], where: str
) -> list[tuple[Outcome, ArticleRef | None]]:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    results: list[tuple[Outcome, ArticleRef | None]] = []
    with db.write() as connection:
        for draft in drafts:
            chunks = chunk(draft.text)
            if not chunks:
                results.append((Outcome.EMPTY, None))
                continue
            name = store.content_hash(draft)
            found = store.heads(connection, url=draft.url, content_hash=name)
            decision = decide(draft, name, found)
            article = decision.article
            if article is None or decision.outcome is Outcome.REPRINT:
                article = store.insert(
                    connection, draft, chunks, input=where, now=now, duplicates_of=article
                )
            elif decision.outcome is Outcome.REVISED:
                _settle(connection, store.revise(connection, article, draft, chunks, now=now))
            results.append((decision.outcome, store.ref(connection, article)))
    return results


def _settle(connection: sa.Connection, heir: int | None) -> None:
    """Give a reprint that now stands on its own its passages."""
    if heir is not None:
        article = store.article(connection, heir)
        draft = Draft(article.title, article.text)
        store.rechunk(connection, heir, draft, chunk(article.text))
