"""How much one person may ask of us in a while. Pure: the time is an argument."""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from typing import Literal

_PEOPLE = 10_000  # remembered at a time: some megabytes at most

Verdict = Literal["yes", "tell", "no"]


@dataclass(slots=True)
class _Person:
    asked: deque[float] = field(default_factory=deque)
    told: float = float("-inf")


class Quota:
    """At most `most` requests a person in any `window` seconds; times only ever grow.

    Whoever asks more is told so once a window, and otherwise gets silence: a bot that answers
    each message of a flood makes two floods of it.
    """

    def __init__(self, most: int, window: float) -> None:
        self._most = most
        self._window = window
        self._people: OrderedDict[int, _Person] = OrderedDict()

    def take(self, who: int, now: float) -> Verdict:
        """Whether this request of `who` is served; "tell": it is not, and now is when to say so."""
        asked = self._of(who).asked
        while asked and asked[0] <= now - self._window:
            asked.popleft()
        if len(asked) >= self._most:
            return self.refuse(who, now)
        asked.append(now)
        return "yes"

    def refuse(self, who: int, now: float) -> Verdict:
        """What a request gets that is not served for another reason: "tell" once a window."""
        person = self._of(who)
        if now - person.told < self._window:
            return "no"
        person.told = now
        return "tell"

    def _of(self, who: int) -> _Person:
        person = self._people.setdefault(who, _Person())
        self._people.move_to_end(who)
        if len(self._people) > _PEOPLE:
            self._people.popitem(last=False)
        return person
