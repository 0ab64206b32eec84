"""The readers of the simulated week: when they come, what they ask, press, follow and undo."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import random
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.texts.crowd import crowd
from week import names
from week.deeds import Asked, Deeds, Reader

if TYPE_CHECKING:
    from bot.playground.model import Callback, Message
    from bot.playground.server import PlaygroundServer
    from week.news import News
    from week.plan import Clock, Plan

Act = Callable[[], None]

FORGETS, BLOCKS, IN_GROUP, INLINE, COMMANDS = 0.02, 0.02, 0.02, 0.03, 0.7
"""Parts of the readers who erase their data or block the bot; of the questions, how many are asked
in a group or after the bot's name elsewhere; commands that a reader sends in a week."""

_SOON = 4 / (24 * 60)
"""Days until somebody looks at an answer: four minutes."""

_TRIES = 200
_INTERRUPTED = [crowd(lang).interrupted for lang in ("ar", "en")]
_VAIN = (
    "كم عدد أقمار كوكب {x}؟",
    "من كتب رواية {x} الأخيرة؟",
    "متى تبدأ دورة {x} للسباحة؟",
    "أين يقع قصر السلطان {x}؟",
)
_MENU = "/settings /mydata /topics /help /sources /privacy شكرا مرحبا".split()
# What opens a dialog, in which the next question would be an answer, changes a digest or erases.
_LEFT_ALONE = ("x:", "d:", "s:city", "s:zone", "t:a", "t:no")


class Crowd:
    """Does all of it at its time, on the event loop of the server."""

    def __init__(self, server: PlaygroundServer, plan: Plan, clock: Clock, news: News) -> None:
        self._server = server
        self._plan = plan
        self._clock = clock
        self._news = news
        self._dice = random.Random(plan.seed + 1)
        self._agenda: list[tuple[float, int, Act]] = []
        self._order = itertools.count()
        self._open: dict[tuple[int, int], float] = {}
        self._seen = 0
        self.deeds = Deeds()
        self.groups = [server.group(f"مجموعة {names.place(self._dice)}") for _ in range(6)]
        self.readers = [Reader(server.user(names.person(self._dice))) for _ in range(plan.readers)]
        for reader in self.readers:
            self._plan_for(reader)
        server.world.observers.append(self._watch)

    async def run(self) -> None:
        """Do everything that is on the agenda until nobody does anything any more."""
        while self._agenda:
            day, _, act = self._agenda[0]
            if wait := self._clock.wait(day):
                await asyncio.sleep(wait)
            heapq.heappop(self._agenda)
            act()
            await asyncio.sleep(0)

    @property
    def waiting(self) -> int:
        """Questions that have no answer yet."""
        return len(self._open)

    @property
    def told(self) -> int:
        """What the bot has not taken yet of all that was done."""
        return len(self._server.world.updates)

    def at(self, day: float, act: Act) -> None:
        """Put something on the agenda, unless it is too late for it."""
        if day < self._plan.busy:
            heapq.heappush(self._agenda, (day, next(self._order), act))

    def _plan_for(self, reader: Reader) -> None:
        dice, plan = self._dice, self._plan
        comes = dice.uniform(0, plan.joining) * (dice.random() > 0.05)
        self.at(comes, lambda: self._begin(reader))

        def some(rate: float, act: Callable[[Reader], None]) -> None:
            day = comes + _SOON
            while rate and (day := day + dice.expovariate(rate / 7)) < plan.busy:
                self.at(day, lambda: act(reader))

        some(plan.questions, self._ask)
        some(COMMANDS, self._command)
        later = comes + plan.days * 0.02
        if dice.random() < plan.topics:
            self.at(later, lambda: self._follow(reader))
        if dice.random() < plan.digests:
            self.at(later, lambda: self._want_digest(reader))
        if (chance := dice.random()) < FORGETS:
            self.at(dice.uniform(later, plan.days), lambda: self._forget(reader))
        elif chance < FORGETS + BLOCKS:
            self.at(dice.uniform(later, plan.days), lambda: self._block(reader))

    def _begin(self, reader: Reader) -> None:
        reader.away = False
        reader.user.start()
        self.deeds.counts["starts"] += 1

    def _ask(self, reader: Reader) -> None:
        if reader.away or reader.choosing:
            return
        dice, user = self._dice, reader.user
        question = dice.choice(self._news.recent(self._day(), dice).questions)
        if dice.random() < 0.1:
            question = dice.choice(_VAIN).format(x=names.place(dice))
        chance = dice.random()
        if chance < INLINE:
            self.deeds.inline.append(user.inline(question))
            return
        if chance < INLINE + IN_GROUP:
            name = self._server.world.me.username
            message = user.send(f"@{name} {question}", chat=dice.choice(self.groups))
        else:
            message = user.send(question)
            if dice.random() < 0.5:
                self.at(self._day() + _SOON, lambda: self._press_something(reader))
        self._open[message.chat.id, message.id] = time.time()
        self.deeds.asked.append(Asked(message.chat, message.id, reader, self._day()))

    def _command(self, reader: Reader) -> None:
        if not reader.away:
            reader.user.send(self._dice.choice(_MENU))
            self.deeds.counts["commands"] += 1
            self.at(self._day() + _SOON, lambda: self._press_something(reader))

    def _press_something(self, reader: Reader) -> None:
        """Any button of the last message that has some."""
        if reader.away:
            return
        found = self._last(reader, lambda data: not data.startswith(_LEFT_ALONE))
        if found is not None:
            self._press(reader, *found)

    def _follow(self, reader: Reader) -> None:
        if reader.away:
            return
        dice = self._dice
        event = self._news.recent(self._day(), dice)
        topic = dice.choice(names.SOURCES) if dice.random() < 0.1 else dice.choice(event.followed)
        reader.user.send(f"تابع {topic}")
        self._when(reader, "t:y:", lambda message, data: self._followed(reader, message, data))

    def _followed(self, reader: Reader, message: Message, data: str) -> None:
        self.deeds.counts["topics"] += 1
        self._press(reader, message, data)

    def _want_digest(self, reader: Reader) -> None:
        """A city first, without which an hour means nothing; then the hour."""
        if reader.away:
            return
        reader.user.send("/digest")
        reader.choosing = True

        def chosen(message: Message, data: str) -> None:
            reader.choosing = False
            press = self._press(reader, message, data)
            self._until(lambda: press.answer is not None, lambda: self._at_hour(reader))

        self._when(reader, "d:zone:", chosen)

    def _at_hour(self, reader: Reader) -> None:
        if reader.away:
            return
        since = self._day()
        hour = f"{self._dice.randrange(24):02}:{self._dice.randrange(60):02}"
        asked = reader.user.send(f"/digest {hour}")

        def told(_message: Message, _data: str) -> None:
            reader.digest = hour, since, self._day()
            self.deeds.counts["digests"] += 1

        self._when(reader, "d:hour", told, after=asked.id)

    def _forget(self, reader: Reader) -> None:
        if reader.away:
            return
        reader.lost, reader.digest = True, None
        reader.user.send("/forget")

        def erased(message: Message, data: str) -> None:
            press = self._press(reader, message, data)
            again = self._day() + self._plan.days * 0.02
            self._until(
                lambda: press.answer is not None,
                lambda: self.at(again, lambda: self._begin(reader)),
            )

        self._when(reader, "x:yes", erased)
        self.deeds.counts["forgets"] += 1

    def _block(self, reader: Reader) -> None:
        reader.lost, reader.away, reader.digest = True, True, None
        reader.user.block()
        self.deeds.counts["blocks"] += 1
        if self._dice.random() < 0.5:
            self.at(self._day() + self._plan.days * 0.1, lambda: self._begin(reader))

    def _press(self, reader: Reader, message: Message, data: str) -> Callback:
        press = reader.user.press(message, data)
        self.deeds.pressed.append(press)
        return press

    def _when(
        self, reader: Reader, prefix: str, act: Callable[[Message, str], None], *, after: int = 0
    ) -> None:
        """Do it with the button whose data begins so, as soon as there is one after a message."""

        def found() -> tuple[Message, str] | None:
            one = self._last(reader, lambda data: data.startswith(prefix))
            return one if one is not None and one[0].id > after else None

        def use() -> None:
            one = found()
            assert one is not None
            act(*one)

        self._until(lambda: reader.away or found() is not None, lambda: reader.away or use())

    def _until(self, ready: Callable[[], bool], act: Act, tries: int = _TRIES) -> None:
        """Look every few minutes whether the bot has got so far; after long, give it up."""
        if ready():
            act()
        elif tries:
            self.at(self._day() + _SOON, lambda: self._until(ready, act, tries - 1))
        else:
            self.deeds.counts["given up waiting"] += 1

    def _last(self, reader: Reader, wanted: Callable[[str], bool]) -> tuple[Message, str] | None:
        """One of the wanted buttons of the last message of the bot that has any."""
        me = self._server.world.me
        for message in itertools.islice(reversed(reader.user.chat.messages.values()), 12):
            if message.sender is not me or message.deleted:
                continue
            data = [b["callback_data"] for row in message.keyboard for b in row if _data(b)]
            if fit := [one for one in data if wanted(one)]:
                return message, self._dice.choice(fit)
        return None

    def _watch(self) -> None:
        """Notice answers, to know how long they took."""
        world = self._server.world
        for event in reversed(world.events):
            if event.seq <= self._seen:
                break
            answered = event.data.get("reply_to_message") if event.kind == "message" else None
            if answered and event.data["from"]["id"] == world.me.id:
                if any(said in event.data["text"] for said in _INTERRUPTED):
                    self.deeds.notices.add((event.chat_id, event.data["message_id"]))
                since = self._open.pop((event.chat_id, answered["message_id"]), None)
                if since is not None:
                    self.deeds.waits.append((since, time.time() - since))
        self._seen = world.seq

    def _day(self) -> float:
        return self._clock.elapsed() / 86_400


def _data(button: dict[str, object]) -> bool:
    return "callback_data" in button
