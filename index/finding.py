"""From questions to ranked sentences, several questions at a time.

Each model passes once over all that it has to read for all of them: a question alone is too short
for a matrix multiplication to reach its full rate.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from index import answer, periods, questions, rank, search, windows
from index.timing import Laps, unwatched

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from index.caches import Caches
    from index.db import Database
    from index.encoder import Encoder
    from index.reader import Reader
    from index.timing import Watch

RETRIEVED = 12
"""Passages fetched for a question; the first `answer.PASSAGES` are read sentence by sentence."""


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
        ranked = [
            rank.rank(
                asked[i],
                one.wanted.terms,
                one.wanted.query,
                one.hits[: answer.PASSAGES],
                when=periods.find(asked[i].text, today),
                off=off,
            )
            for i, one in zip(places, searches, strict=True)
        ]
        laps.over("rank")
        if reader is not None and "reader" not in off:
            ranked = _read(reader, [asked[i] for i in places], ranked)
        laps.over("read")
        for i, one, candidates in zip(places, searches, ranked, strict=True):
            found[i] = Found(asked[i], tuple(one.hits), tuple(candidates))
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
    reader: Reader,
    asked: Sequence[questions.Question],
    ranked: Sequence[Sequence[rank.Candidate]],
) -> list[list[rank.Candidate]]:
    """Each question's candidates, ranked anew by what the reader makes of the best."""
    chosen = [windows.choose(candidates) for candidates in ranked]
    readings = reader.read_many(
        [
            (question.wording, [window.page for window in own])
            for question, own in zip(asked, chosen, strict=True)
        ]
    )
    return [rank.rank_read(*one) for one in zip(ranked, chosen, readings, strict=True)]
