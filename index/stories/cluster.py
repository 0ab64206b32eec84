"""Stories found online: each article joins the story it is most like, or opens one. Pure.

After Miranda et al. (2018): likeness is that of TF-IDF terms and of embeddings, fading with the
time between (a Gaussian of 72 hours). An article is placed by those before it alone, so that one
by one and in one batch the same stories come out. Rarity is counted over the days around an
article, so that any process that has loaded those days places it alike.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from index.stories.terms import KEPT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from index.stories.terms import Terms
    from index.stories.yardstick import Yardstick

DAY: Final = 24 * 3600
REACH: Final = 5
"""Days before and after an article in which its story is looked for."""

FADING: Final = 72 * 3600
"""Seconds: the deviation of the Gaussian by which likeness fades."""

JOIN, HOLD = 0.55, 0.45
"""Likeness to the nearest article of a story, and on average to its latest ones, from which an
article joins it: the second keeps a story from growing link by link."""

MEANING, ORDINARY = 0.07, 3.4
"""What each deviation by which the cosine of two leads exceeds that of unrelated news adds to the
cosine of their terms, counted from this many deviations, which every hundredth pair of a day has;
below, it is taken away."""

PROPOSING = 16
"""Rarest terms of an article by which earlier ones are proposed."""

COMMON = 400
"""Articles of the days around that may share a term before it proposes none."""

COMPARED = 48
"""Proposed articles that are compared in full."""

LATEST = 12
"""Articles of a story that stand for it."""

_BUCKETS: Final = 2**18  # terms are counted by 18 bits of their code
_MASK: Final = np.uint32(_BUCKETS - 1)


@dataclass(frozen=True, slots=True)
class Item:
    """An article to place: its terms, the vector of its lead, of length one, and its time."""

    article: int
    terms: Terms
    vector: NDArray[np.float32]
    moment: int


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like an article and an earlier one are: by terms and lead, after fading.

    `nearness` is that of the leads alone: the deviations by which their cosine exceeds that of
    unrelated news. `apart` is in seconds.
    """

    article: int
    story: int
    score: float
    nearness: float
    apart: int


class Clusterer:
    """The articles of some days with their stories, and where a new one belongs among them."""

    def __init__(self, dimension: int, yardstick: Yardstick) -> None:
        self._yardstick = yardstick
        self._rows = np.zeros(
            0,
            np.dtype(
                [
                    ("article", np.int64),
                    ("story", np.int64),
                    ("moment", np.int64),
                    ("codes", np.uint32, KEPT),
                    ("weights", np.float32, KEPT),
                    ("vector", np.float16, dimension),
                ]
            ),
        )
        self._place: dict[int, int] = {}
        self._free: list[int] = []
        self._posted: defaultdict[int, array[int]] = defaultdict(lambda: array("i"))
        self._members: defaultdict[int, list[int]] = defaultdict(list)
        self._told: dict[int, NDArray[np.int32]] = {}  # by day: articles that hold each term
        self._around: dict[int, tuple[NDArray[np.int32], int]] = {}  # by day: of the days around

    def __len__(self) -> int:
        return len(self._place)

    def add(self, item: Item, story: int) -> None:
        """Take an article in, as one of a story; in place of what was known of it."""
        self.remove(item.article)
        at = self._room()
        empty = (0,) * (KEPT - len(item.terms.codes))
        self._rows[at] = (
            item.article,
            story,
            item.moment,
            (*item.terms.codes, *empty),
            (*item.terms.weights, *empty),
            item.vector,
        )
        self._place[item.article] = at
        self._members[story].append(at)
        for code in item.terms.codes.tolist():
            self._posted[code].append(at)
        self._count(item.terms.codes, item.moment // DAY, 1)

    def remove(self, article: int) -> None:
        """Forget an article, if it is known."""
        at = self._place.pop(article, None)
        if at is None:
            return
        row = self._rows[at]
        codes = row["codes"][row["weights"] > 0]
        for code in codes.tolist():
            self._posted[code].remove(at)
        self._count(codes, int(row["moment"]) // DAY, -1)
        self._members[int(row["story"])].remove(at)
        self._free.append(at)

    def like(self, item: Item) -> list[Likeness]:
        """Return the known articles likest to one, best first, as far as they are proposed."""
        counts, total = self._counts(item.moment // DAY)
        rarity = np.log1p(total / (1.0 + counts[item.terms.codes & _MASK]))
        places = self._proposed(item, counts, rarity)
        if not len(places):
            return []
        scores, nearness = self._compare(item, places, counts, total)
        return [
            Likeness(
                article=int(self._rows["article"][places[n]]),
                story=int(self._rows["story"][places[n]]),
                score=float(scores[n]),
                nearness=float(nearness[n]),
                apart=abs(int(self._rows["moment"][places[n]]) - item.moment),
            )
            for n in np.lexsort((self._rows["article"][places], -scores))
        ]

    def place(self, item: Item, found: Sequence[Likeness]) -> int | None:
        """Return the story where an article belongs, given what is like it; None: a new one."""
        best: dict[int, float] = {}
        for one in found:
            if one.score >= JOIN:
                best.setdefault(one.story, one.score)
        counts, total = self._counts(item.moment // DAY)
        for story in sorted(best, key=lambda story: (-best[story], story)):
            places = np.array(sorted(self._members[story], key=self._age)[-LATEST:])
            scores, _ = self._compare(item, places, counts, total)
            if float(scores.mean()) >= HOLD:
                return story
        return None

    def _age(self, at: int) -> int:
        return int(self._rows["article"][at])

    def _proposed(
        self, item: Item, counts: NDArray[np.int32], rarity: NDArray[np.float64]
    ) -> NDArray[np.int64]:
        """The places of articles of the days around that share the rarest terms, most first."""
        worth = item.terms.weights * rarity
        rare = counts[item.terms.codes & _MASK] <= COMMON
        found, shared = [np.zeros(0, np.int32)], [np.zeros(0)]
        for at in [at for at in np.lexsort((item.terms.codes, -worth)) if rare[at]][:PROPOSING]:
            if posted := self._posted.get(int(item.terms.codes[at])):
                found.append(np.frombuffer(posted, np.int32))
                shared.append(np.full(len(posted), worth[at] * rarity[at]))
        places, which = np.unique(np.concatenate(found), return_inverse=True)
        weight = np.bincount(which, np.concatenate(shared), len(places))
        rows = self._rows[["article", "moment"]][places]
        near = np.abs(rows["moment"] // DAY - item.moment // DAY) <= REACH
        near &= rows["article"] != item.article
        order = np.lexsort((rows["article"][near], -weight[near]))
        best: NDArray[np.int64] = places[near][order[:COMPARED]].astype(np.int64)
        return best

    def _compare(
        self,
        item: Item,
        places: NDArray[np.int64],
        counts: NDArray[np.int32],
        total: int,
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The likeness of an article to others, and the nearness of their leads."""
        mine = item.terms.weights * np.log1p(total / (1.0 + counts[item.terms.codes & _MASK]))
        codes = self._rows["codes"][places]
        theirs = self._rows["weights"][places] * np.log1p(total / (1.0 + counts[codes & _MASK]))
        if len(item.terms.codes):
            found = np.searchsorted(item.terms.codes, codes).clip(max=len(mine) - 1)
            shared = np.where(item.terms.codes[found] == codes, mine[found] * theirs, 0.0)
        else:
            shared = np.zeros_like(theirs)
        lengths = np.linalg.norm(mine) * np.linalg.norm(theirs, axis=1)
        terms = shared.sum(axis=1) / np.maximum(lengths, 1e-9)
        cosines = self._rows["vector"][places].astype(np.float32) @ item.vector
        apart = (self._rows["moment"][places] - item.moment) / FADING
        nearness = (cosines.astype(np.float64) - self._yardstick.mean) / self._yardstick.deviation
        scores = (terms + MEANING * (nearness - ORDINARY)) * np.exp(-0.5 * apart**2)
        return scores, nearness

    def _counts(self, day: int) -> tuple[NDArray[np.int32], int]:
        """How many articles of the days around hold each term, and how many there are."""
        if day not in self._around:
            if len(self._around) > 4 * REACH:
                self._around.clear()
            days = [self._told[d] for d in range(day - REACH, day + REACH + 1) if d in self._told]
            total = np.zeros(_BUCKETS + 1, np.int32)
            for told in days:
                total += told
            self._around[day] = (total[:-1], int(total[-1]))
        return self._around[day]

    def _count(self, codes: NDArray[np.uint32], day: int, sign: int) -> None:
        """Count an article's terms in, or out again."""
        if day not in self._told:
            self._told[day] = np.zeros(_BUCKETS + 1, np.int32)
        held = np.append(codes & _MASK, np.uint32(_BUCKETS))
        np.add.at(self._told[day], held, sign)
        for near in [near for near in self._around if abs(near - day) <= REACH]:
            counts, total = self._around[near]
            np.add.at(counts, held[:-1], sign)
            self._around[near] = (counts, total + sign)

    def _room(self) -> int:
        """A free place, with more made where there is none."""
        if not self._free:
            held = len(self._rows)
            more = max(256, held // 2)
            self._free = list(range(held + more - 1, held - 1, -1))
            self._rows = np.concatenate([self._rows, np.zeros(more, self._rows.dtype)])
        return self._free.pop()
