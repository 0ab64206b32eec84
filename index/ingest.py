"""Inputs become stored articles: read, extract, decide, chunk, store.

Each batch of drafts is stored in one transaction with its change rows, so a kill at any moment
loses nothing that was reported and repeats nothing that was stored. Embedding follows, apart.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from index import store
from index.chunk import chunk
from index.compare import reprinted, sign, sign_again, still_reprints, unsign
from index.dedupe import Words
from index.extract import extract_all
from index.inputs import files, read
from index.model import (
    Added,
    AddReport,
    ArticleRef,
    Draft,
    EmptyError,
    Failure,
    InputError,
    Rejection,
)
from index.notices import is_notice
from index.progress import Progress, silent

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import sqlalchemy as sa

    from index.db import Database
    from index.store import Head

BATCH = 200
"""Drafts stored in one transaction: short enough that readers and other writers never wait long."""


class Outcome(Enum):
    """What becomes of a draft; the values are the counts of the `add` report."""

    NEW = "added"
    REVISED = "updated"
    SAME = "unchanged"
    REPRINT = "duplicates"
    EMPTY = "rejected"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do with a draft, and the stored article it concerns."""

    outcome: Outcome
    article: int | None = None


def decide(draft: Draft, content_hash: str, heads: Sequence[Head]) -> Decision:
    """Decide about a draft from the stored articles with its address or its content. Pure.

    An address names an article for good: other words under it are a revision, or word that it was
    taken back. Without one, the words name it. The same words under another address or source are
    a reprint. What was withdrawn comes back with other words only: an old export added once more
    must not bring it back.
    """
    if draft.url is not None:
        for head in heads:
            if head.url == draft.url:
                if head.content_hash == content_hash:
                    return Decision(Outcome.SAME, head.id)
                return Decision(Outcome.WITHDRAWN if is_notice(draft) else Outcome.REVISED, head.id)
    twins = [head for head in heads if head.content_hash == content_hash]
    for head in twins:
        if draft.url is None and draft.source in (None, head.source):
            return Decision(Outcome.SAME, head.id)
    for head in twins:
        if head.status == store.LIVE:
            return Decision(Outcome.REPRINT, head.duplicates_of or head.id)
    return Decision(Outcome.NEW)


@dataclass(slots=True)
class _Report:
    """An `AddReport` in the making."""

    tally: Counter[Outcome] = field(default_factory=Counter)
    failed: list[Failure] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    articles: list[Added] = field(default_factory=list)

    def count(self, outcome: Outcome, ref: ArticleRef, where: str) -> None:
        self.tally[outcome] += 1
        if outcome is Outcome.EMPTY:
            self.rejections.append(Rejection(where, ref.title, "there is no sentence to quote"))
        else:
            self.articles.append(
                Added(ref.id, ref.title, ref.source, ref.url, ref.published, where)
            )

    def errors(self, where: str, errors: Iterable[InputError], *, some: bool) -> None:
        """Empty items are rejected beside `some` that are not, else they are why all failed."""
        for error in errors:
            inside = error.where.removeprefix(where).strip(" :,")
            if some and isinstance(error, EmptyError):
                self.tally[Outcome.EMPTY] += 1
                self.rejections.append(Rejection(where, error.title or inside, error.reason))
            else:
                reason = f"{inside}: {error.reason}" if inside else error.reason
                self.failed.append(Failure(where, reason))

    def made(self) -> AddReport:
        counts = {outcome.value: self.tally[outcome] for outcome in Outcome}
        return AddReport(
            **counts,
            failed=tuple(self.failed),
            rejections=tuple(self.rejections),
            articles=tuple(self.articles),
        )


def add(
    db: Database,
    inputs: Iterable[str],
    *,
    source: str | None = None,
    format: str = "auto",  # noqa: A002  the contract's word
    progress: Progress = silent,
) -> AddReport:
    """Read and store every input (paths, addresses, `-` for standard input); embeds nothing.

    A zip is read file by file. A bad input is named in the report's `failed` and never stops the
    others.
    """
    inputs = list(inputs)
    report = _Report()
    with progress("reading", len(inputs)) as step:
        for name in inputs:
            # a file's name can hold bytes that are no text; what is shown and stored is
            where = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
            errors: list[InputError] = []
            held = 0
            try:
                data, url = read(name)
                for inner, part in files(where, data):
                    if isinstance(part, InputError):
                        errors.append(part)
                        continue
                    drafts, bad = extract_all(
                        part, name=inner, format=format, source=source, url=url
                    )
                    errors += bad
                    held += len(drafts)
                    _put_all(db, drafts, where, report, progress)
            except InputError as error:
                errors.append(error)
            report.errors(where, errors, some=held > 0)
            step(1)
    return report.made()


def add_drafts(
    db: Database,
    drafts: Sequence[Draft],
    *,
    input: str,  # noqa: A002  the contract's word
) -> AddReport:
    """Store articles that were read elsewhere, all of them `input`'s; embeds nothing."""
    report = _Report()
    _put_all(db, drafts, input, report, silent)
    return report.made()


def remove(db: Database, article: int) -> None:
    """Delete an article; the oldest of its reprints takes its place. Raises `NotFoundError`."""
    with db.write() as connection:
        unsign(connection, article)
        _settle(connection, store.remove(connection, article))
        store.drop_unused_vectors(connection)


def withdraw(db: Database, article: int) -> None:
    """Quote an article no more: who published it took it back. Raises `NotFoundError`."""
    with db.write() as connection:
        _settle(connection, store.withdraw(connection, article, now=_now()))


def restore(db: Database, article: int) -> None:
    """Let a withdrawn article be quoted again: it is back. Raises `NotFoundError`."""
    with db.write() as connection:
        text = store.article(connection, article).text
        store.restore(connection, article, chunk(text), now=_now())


def rechunk(db: Database) -> None:
    """Cut every article anew, as this version does. Vectors of unchanged passages stay."""
    with db.write() as connection:
        for article, draft in store.drafts(connection):
            store.rechunk(connection, article, draft, chunk(draft.text))


def _put_all(
    db: Database, drafts: Sequence[Draft], where: str, report: _Report, progress: Progress
) -> None:
    """Store drafts in batches; many of them have a progress bar of their own."""
    many = progress if len(drafts) > BATCH else silent
    with many(f"adding {Path(where).name}", len(drafts)) as step:
        for first in range(0, len(drafts), BATCH):
            batch = [store.storable(draft) for draft in drafts[first : first + BATCH]]
            now = _now()
            with db.write() as connection:
                stored = [_put(connection, draft, where, now) for draft in batch]
            for outcome, ref in stored:  # only now are they sure to be there
                report.count(outcome, ref, where)
            step(len(batch))


def _put(
    connection: sa.Connection, draft: Draft, where: str, now: str
) -> tuple[Outcome, ArticleRef]:
    """Decide about a draft and do it; return the article it became, or what names it."""
    name = store.content_hash(draft)
    found = store.heads(connection, url=draft.url, content_hash=name)
    decision = decide(draft, name, found)
    outcome, article = decision.outcome, decision.article
    if outcome is Outcome.SAME and article is not None:
        return outcome, store.ref(connection, article)
    if outcome is Outcome.WITHDRAWN and article is not None:
        _settle(connection, store.withdraw(connection, article, now=now))
        return outcome, store.ref(connection, article)
    chunks = chunk(draft.text)
    if not chunks:
        return Outcome.EMPTY, ArticleRef(0, draft.title, draft.source, draft.url, draft.published)
    words = Words(draft.title, draft.text)
    if outcome is Outcome.REVISED and article is not None:
        faithful = still_reprints(connection, article, words)
        heir = store.revise(connection, article, draft, chunks, now=now, faithful=faithful)
        sign_again(connection, article, words, draft.published)
        _settle(connection, heir)
        return outcome, store.ref(connection, article)
    if outcome is Outcome.NEW:
        article = reprinted(connection, words, draft.published)
        outcome = Outcome.NEW if article is None else Outcome.REPRINT
    made = store.insert(connection, draft, chunks, input=where, now=now, duplicates_of=article)
    if outcome is Outcome.NEW:
        sign(connection, made, words, draft.published)
    return outcome, ArticleRef(made, draft.title, draft.source, draft.url, draft.published)


def _settle(connection: sa.Connection, heir: int | None) -> None:
    """Give a reprint that now stands on its own its passages and its signature."""
    if heir is not None:
        article = store.article(connection, heir)
        draft = Draft(article.title, article.text)
        store.rechunk(connection, heir, draft, chunk(article.text))
        sign_again(connection, heir, Words(article.title, article.text), article.published)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
