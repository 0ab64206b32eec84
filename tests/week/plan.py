"""What is simulated, how fast, and the clock that all its processes share."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

SIGTERM, SIGKILL = "stop", "kill"
_ENDS = ((0.25, SIGTERM), (0.42, SIGKILL), (0.75, SIGTERM), (0.83, SIGKILL), (1.0, SIGTERM))
_FEW_ENDS = ((0.5, SIGKILL), (1.0, SIGTERM))
"""The ends of the bot's lives, as parts of the restless time at the beginning; of a short one."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is simulated: `days` at `speed` times real time.

    `restless` days hold all restarts and kills; after them one process lives to the end. Of the
    readers, `digests` and `topics` is the share that has a digest and that follows something.
    The clock stands still for the `lead` in which the bot starts for the first time. `fake` stands
    for the embedding model, `reader` for whether its answers are read.
    """

    days: float = 7.0
    speed: float = 300.0
    readers: int = 2000
    feeds: int = 40
    articles: float = 150.0  # a day
    questions: float = 3.0  # a reader and week
    digests: float = 0.25
    topics: float = 0.5
    restless: float = 2.0
    lead: float = 20.0  # real seconds
    seed: int = 7
    fake: bool = False
    reader: bool = True

    @property
    def joining(self) -> float:
        """Days in which all readers come."""
        return self.days * 0.2

    @property
    def busy(self) -> float:
        """Days until nobody asks any more, so that all can be answered before the end."""
        return self.days - min(3 / 24, self.days * 0.08)

    def ends(self) -> list[tuple[float, str]]:
        """When, in days, a life of the bot ends before the last one, and how."""
        ends = _ENDS if self.restless >= 1 else _FEW_ENDS
        return [(part * self.restless, how) for part, how in ends if self.restless]


@dataclass(frozen=True, slots=True)
class Clock:
    """Simulated time: it was `start` when it was `began` (Unix seconds), and runs `speed` times."""

    start: float
    began: float
    speed: float

    def now(self) -> datetime:
        """The simulated instant."""
        return datetime.fromtimestamp(self.start + self.elapsed(), UTC)

    def elapsed(self) -> float:
        """Simulated seconds since the start."""
        return max(time.time() - self.began, 0.0) * self.speed

    def at(self, days: float) -> datetime:
        """The instant so many days after the start."""
        return datetime.fromtimestamp(self.start, UTC) + days * DAY

    def wait(self, days: float) -> float:
        """Real seconds until so many days after the start; none where that is past."""
        return max(self.began + days * 86_400 / self.speed - time.time(), 0.0)


def a_clock(plan: Plan) -> Clock:
    """A clock that begins soon, and whose last hour is about the present.

    What the archive stamps with the machine's time is then never in the simulation's past, and
    `isnad doctor` finds everything fresh.
    """
    now = time.time()
    start = (now - plan.days * 86_400) // 3600 * 3600
    return Clock(start, now + plan.lead, plan.speed)


@dataclass(frozen=True, slots=True)
class Orders:
    """What a process of the bot is told: where everything is."""

    plan: Plan
    clock: Clock
    home: str
    base_url: str
    token: str
    port: int
    """The port of the web of feeds."""
    admin: int

    def to_json(self) -> str:
        """As one argument of a command."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Orders:
        """What `to_json` wrote."""
        given = json.loads(text)
        given["plan"], given["clock"] = Plan(**given["plan"]), Clock(**given["clock"])
        return cls(**given)
