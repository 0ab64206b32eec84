"""From questions to ranked sentences, several questions at a time.

Each model passes once over all that it has to read for all of them: a question alone is too short
for a matrix multiplication to reach its full rate.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from index import answer, periods, questions, rank, search
from index.reader import Page, header
from index.timing import Laps, unwatched

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from index.caches import Caches
    from index.db import Database
    from index.encoder import Encoder
    from index.reader import Reader, Reading
    from index.timing import Watch

RETRIEVED = 12
"""Passages fetched for a question; the first `answer.PASSAGES` are read sentence by sentence."""

READ = 4
"""Passages that the reader reads, which takes four fifths of the time of a question. Reading 3 to 6
is alike to two points on our own questions."""


@dataclass(frozen=True, slots=True)
class Found:
    """A question as understood, the passages retrieved, and their sentences; each best first."""

    question: questions.Question
    hits: tuple[search.Hit, ...]
    candidates: tuple[rank.Candidate, ...]


@dataclass(frozen=True, slots=True)
class _Search:
    """A question looked up, and the passages found."""

    wanted: search.Wanted
    hits: Sequence[search.Hit]


class Finder:
    """Finds what may answer, with the archive's indexes and models. Safe to share by threads."""

    def __init__(self, db: Database, caches: Caches, encoder: Encoder) -> None:
        self._db = db
        self._caches = caches
        self._encoder = encoder

    def find(
        self,
        asked: Sequence[questions.Question],
        among: Sequence[Sequence[int] | None],
        *,
        reader: Reader | None,
        today: date,
        off: frozenset[str] = frozenset(),
        widen: bool = False,
        watch: Watch = unwatched,
    ) -> list[Found]:
        """Return what is found for each question; only `among` its passages, where given.

        With `widen`, a question that those do not answer is looked up in all, and what is found
        there is taken where it answers. `today` is from when «أمس» counts; `off` names
        `engine.STAGES` to leave out; `watch` is told how long each step took.
        """
        found = [Found(one, (), ()) for one in asked]
        places = [
            i
            for i, (one, ids) in enumerate(zip(asked, among, strict=True))
            if one.words and (ids is None or ids)
        ]
        laps = Laps(watch, len(places))
        searches = self._search([asked[i] for i in places], [among[i] for i in places], off)
        laps.over("search")
        readings = _read(
            None if "reader" in off else reader,
            [(asked[i], one.hits[:READ]) for i, one in zip(places, searches, strict=True)],
        )
        laps.over("read")
        for i, one, read in zip(places, searches, readings, strict=True):
            ranked = rank.rank(
                asked[i],
                one.wanted.terms,
                one.wanted.query,
                one.hits[: answer.PASSAGES],
                when=periods.find(asked[i].text, today),
                readings=read,
                off=off,
            )
            found[i] = Found(asked[i], tuple(one.hits), tuple(ranked))
        laps.over("rank")
        narrow = [i for i in places if widen and among[i] is not None and not _answers(found[i])]
        if narrow:
            again = [asked[i] for i in narrow]
            wide = self.find(
                again, [None] * len(again), reader=reader, today=today, off=off, watch=watch
            )
            for i, wider in zip(narrow, wide, strict=True):
                found[i] = wider if _answers(wider) else found[i]
        return found

    def _search(
        self,
        asked: Sequence[questions.Question],
        among: Sequence[Sequence[int] | None],
        off: frozenset[str],
    ) -> list[_Search]:
        lexical = self._caches.lexical
        queries = self._encoder.encode_queries([one.wording for one in asked])
        wanted = [
            search.Wanted(
                lexical.expand(one.words, synonyms=one.synonyms, guess="spelling" not in off),
                query,
                ids,
            )
            for one, query, ids in zip(asked, queries, among, strict=True)
        ]
        hits = search.search(
            self._db,
            lexical,
            self._caches.vectors,
            wanted,
            model=self._encoder.model_id,
            limit=RETRIEVED,
            off=off,
        )
        return [_Search(*found) for found in zip(wanted, hits, strict=True)]


def _answers(found: Found) -> bool:
    return answer.confidence(found.candidates) >= answer.THRESHOLD


def _read(
    reader: Reader | None, asked: Sequence[tuple[questions.Question, Sequence[search.Hit]]]
) -> list[dict[int, Reading]]:
    """What the reader makes of each question's passages, by their ids."""
    if reader is None:
        return [{} for _ in asked]
    work = [(question.wording, [_page(hit) for hit in hits]) for question, hits in asked]
    return [
        {hit.row.id: reading for hit, reading in zip(hits, read, strict=True)}
        for (_, hits), read in zip(asked, reader.read_many(work), strict=True)
    ]


def _page(hit: search.Hit) -> Page:
    ref = hit.row.article
    return Page(header(ref.title, (ref.published or "")[:10]), hit.row.text, tuple(hit.row.units))
