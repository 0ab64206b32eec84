"""What the reader reads of the passages found: the sentences around the likeliest ones. Pure.

A passage of news has up to nine hundred characters, and what answers, if anything in it does, is
seldom far from the sentence that the other signs like best. Reading takes most of the time of a
question, so only that sentence and its neighbours are read, which is also what the reader was
trained on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.reader import Page, header

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from index.rank import Candidate
    from index.search import Hit

COUNT = 3
"""Windows read for a question, each of another passage."""

ROOM = 500
"""Characters of a window; a longer sentence is read alone.

`COUNT` and `ROOM` were chosen on questions that the reader did not learn from: our own, those left
out of its training, and files 03, 07, 08, 09, 11, 18 and 19 of AQAD. Against four whole passages
they take 55 % of the tokens; the first quote is right as often (own .769 and .765, AQAD .44 both),
and what has no answer is told from what has better (AUROC own .845 and .837, AQAD .64 and .62).
"""


BEHIND = 4.0
"""How far below the best candidate (in summed z-scores) a window's best may stand to be read. It
leaves out every fifth window, and changes no figure of those questions by more than .003; with 3
every third, and our own lose .007."""


@dataclass(frozen=True, slots=True)
class Window:
    """Units `first` to `last` (exclusive) of a passage that was found."""

    hit: Hit
    first: int
    last: int

    @property
    def start(self) -> int:
        """Where in the passage's text the window begins."""
        return self.hit.row.units[self.first][0]

    @property
    def page(self) -> Page:
        """The window as the reader takes it."""
        row, start = self.hit.row, self.start
        units = row.units[self.first : self.last]
        return Page(
            header(row.article.title, (row.article.published or "")[:10]),
            row.text[start : units[-1][1]],
            tuple((a - start, b - start) for a, b in units),
        )


def choose(candidates: Sequence[Candidate]) -> list[Window]:
    """Return the windows to read: of the passages that hold the best candidates, best first.

    `candidates` are in the order of their scores, the best first.
    """
    scores: dict[int, dict[int, float]] = {}
    hits: dict[int, Hit] = {}
    for candidate in candidates:
        id_ = candidate.hit.row.id
        if id_ in hits or candidate.score >= candidates[0].score - BEHIND:
            hits[id_] = candidate.hit
            scores.setdefault(id_, {})[candidate.unit] = candidate.score
    return [_around_best(hit, scores[id_]) for id_, hit in list(hits.items())[:COUNT]]


def _around_best(hit: Hit, scores: Mapping[int, float]) -> Window:
    """The best unit with its neighbours, the better first, as many as there is room for."""
    units = hit.row.units
    first = max(scores, key=lambda unit: scores[unit])
    last = first + 1
    while True:
        more = []
        if first > 0 and units[last - 1][1] - units[first - 1][0] <= ROOM:
            more.append((scores[first - 1], first - 1, last))
        if last < len(units) and units[last][1] - units[first][0] <= ROOM:
            more.append((scores[last], first, last + 1))
        if not more:
            return Window(hit, first, last)
        _, first, last = max(more)
