"""The news of the simulated week: invented, put together by chance from a seed.

An event is reported by one source or several, each in its own words; an agency's report is also
reprinted. Some reports are corrected later, some are withdrawn. Readers ask for what they tell.
"""

from __future__ import annotations

import random
from bisect import bisect_right
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from week import names

if TYPE_CHECKING:
    from week.plan import Plan

REVISED, WITHDRAWN = 0.04, 0.02
REPRINTED = 0.08
BEFORE = 1.0
"""Days of news that the feeds carry already when the simulation begins."""


@dataclass(frozen=True, slots=True)
class Event:
    """What happened, `day` days after the start, and what one can ask about it."""

    number: int
    day: float
    place: str
    leads: tuple[str, ...]
    titles: tuple[str, ...]
    questions: tuple[str, ...]
    followed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """An event as the feed `feed` tells it from `day` on.

    From `changed` on `text` is `later`; None there means that it is withdrawn.
    """

    number: int
    feed: int
    day: float
    title: str
    text: str
    changed: float | None = None
    later: str | None = None

    def stands(self, day: float) -> bool:
        """Whether it can be read on that day."""
        gone = self.changed is not None and self.later is None and day >= self.changed
        return day >= self.day and not gone

    def text_on(self, day: float) -> str:
        """What it says on that day."""
        changed = self.changed is not None and day >= self.changed
        return self.later if changed and self.later is not None else self.text


@dataclass(slots=True)
class News:
    """All that is reported, the earliest first."""

    events: list[Event] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)

    def recent(self, day: float, dice: random.Random, within: float = 3.0) -> Event:
        """An event of the last days, the newer the likelier."""
        days = [event.day for event in self.events]
        last = max(bisect_right(days, day - 0.1) - 1, 0)
        first = bisect_right(days, day - within)
        return self.events[max(last - int((last - first + 1) * dice.random() ** 2), 0)]


def compose(plan: Plan) -> News:
    """The news of a plan; the same whenever it is asked for."""
    dice = random.Random(plan.seed)
    news = News()
    places = [names.place(dice) for _ in range(120)]
    end = plan.busy
    while len(news.reports) < plan.articles * (BEFORE + plan.days):
        event = _event(len(news.events), dice.uniform(-BEFORE, end), places, dice)
        news.events.append(event)
        news.reports += _reports(event, plan, dice, len(news.reports))
    news.events.sort(key=lambda event: event.day)
    news.reports.sort(key=lambda report: report.day)
    return news


def _event(number: int, day: float, places: list[str], dice: random.Random) -> Event:
    kind = dice.choice((_opening, _accident, _storm, _deal, _choice, _match))
    place = dice.choice(places)
    leads, titles, questions, followed = kind(place, dice)
    return Event(number, day, place, leads, titles, questions, (place, *followed))


def _reports(event: Event, plan: Plan, dice: random.Random, count: int) -> list[Report]:
    """As many as 3 sources tell it; the first one's may be reprinted word for word."""
    feeds = dice.sample(range(plan.feeds), min(dice.choice((1, 1, 1, 2, 3)) + 1, plan.feeds))
    own, other = feeds[:-1] or feeds, feeds[-1]
    found = []
    for n, feed in enumerate(own):
        day = event.day + n * dice.uniform(0.01, 0.2)
        at = n % len(event.leads)
        lead, title = event.leads[at], event.titles[at]
        text = _text(lead, event.place, dice)
        report = Report(count + n, feed, day, title, text)
        chance = dice.random()
        if chance < WITHDRAWN:
            report = replace(report, changed=day + dice.uniform(0.2, 1.5))
        elif chance < WITHDRAWN + REVISED:
            later = text.replace(lead, f"{lead} وصححت الصحيفة الأرقام بعد ساعات.") + (
                f"\nوجاء في التصحيح أن العدد {dice.randrange(1000, 9000)} لا غير."
            )
            report = replace(report, changed=day + dice.uniform(0.2, 1.5), later=later)
        found.append(report)
    if dice.random() < REPRINTED and other not in own:
        first = found[0]
        again = Report(count + len(found), other, first.day + 0.05, first.title, first.text)
        found.append(again)
    return found


def _text(lead: str, place: str, dice: random.Random) -> str:
    """The lead and some paragraphs, some 250 words."""
    lines = [lead]
    bodies = dice.sample(names.BODY, dice.randrange(14, 17))
    lines += [
        " ".join(_said(body, place, dice) for body in bodies[at : at + 3])
        for at in range(0, len(bodies), 3)
    ]
    lines.append(f"وحضر في {place} {'، و'.join(names.person(dice) for _ in range(4))}.")
    return "\n".join(lines)


def _said(body: str, place: str, dice: random.Random) -> str:
    return body.format(
        who=names.person(dice),
        office=dice.choice(names.OFFICES),
        why=dice.choice(names.WHY),
        sum=dice.randrange(11, 990),
        crowd=dice.choice(names.PEOPLE),
        place=place,
        other=names.far(dice),
        years=dice.randrange(3, 11),
        next=dice.choice(names.NEXT),
        when=dice.choice(names.WHEN),
        count=dice.randrange(11, 990),
    )


Told = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[str, ...]]
"""Leads, titles (as many), questions, and what of it can be followed besides its place."""


def _opening(place: str, dice: random.Random) -> Told:
    (what, of), who = dice.choice(names.THINGS), names.person(dice)
    named, n = f"{what} {names.place(dice)}", dice.randrange(110, 9000)
    return (
        (
            f"افتتح الوزير {who} في {place} {named} الجديد، وهو أكبر ما بني في المنطقة: {n} {of}.",
            f"صار {named} في {place} مفتوحًا للناس منذ قص {who} شريطه، وفي الأرقام {n} {of}.",
        ),
        (f"افتتاح {named} في {place}", f"{named}: {who} يقص الشريط"),
        (f"من افتتح {named} في {place}؟", f"متى افتتح {named}؟", f"ماذا حدث في {place}؟"),
        (named, who),
    )


def _accident(place: str, dice: random.Random) -> Told:
    what = dice.choice(("حريق", "انهيار", "تصادم", "تسرب غاز", "انقلاب حافلة"))
    where, n = f"شارع {names.place(dice)}", dice.randrange(3, 90)
    return (
        (
            f"أصيب {n} شخصًا في {what} وقع فجرًا في {where} بمدينة {place}، ولم يُعرف سببه بعد.",
            f"قالت فرق الإنقاذ في {place} إن {what} في {where} أوقع {n} مصابًا نقلوا إلى المستشفى.",
        ),
        (f"{what} في {where} بمدينة {place}", f"{n} مصابًا في {place}"),
        (f"كم شخصًا أصيب في {what} {where}؟", f"أين وقع {what} في {place}؟"),
        (where,),
    )


def _storm(place: str, dice: random.Random) -> Told:
    name, n = names.place(dice), dice.randrange(61, 190)
    return (
        (
            f"بلغت سرعة رياح العاصفة {name} التي ضربت {place} ليلًا {n} كيلومترًا في الساعة.",
            f"تركت العاصفة {name} أحياء من {place} بلا كهرباء، وقيست الرياح فيها ب{n} كيلومترًا.",
        ),
        (f"العاصفة {name} تضرب {place}", f"{place} بلا كهرباء بعد العاصفة {name}"),
        (f"كم بلغت سرعة رياح العاصفة {name}؟", f"أي مدينة ضربتها العاصفة {name}؟"),
        (f"العاصفة {name}",),
    )


def _deal(place: str, dice: random.Random) -> Told:
    one, other = f"شركة {names.place(dice)}", f"مؤسسة {names.place(dice)}"
    what, n = dice.choice(names.THINGS)[0], dice.randrange(12, 900)
    return (
        (
            f"وقعت {one} مع {other} في {place} عقدًا بقيمة {n} مليون دينار لبناء {what} حديث.",
            f"تبني {one} {what} في {place} بعقد قيمته {n} مليون دينار وقعته اليوم مع {other}.",
        ),
        (f"عقد بين {one} و{other}", f"{one} تبني {what} في {place}"),
        (f"ما قيمة العقد بين {one} و{other}؟", f"ماذا تبني {one} في {place}؟"),
        (one, other),
    )


def _choice(place: str, dice: random.Random) -> Told:
    office, who, before = dice.choice(names.OFFICES), names.person(dice), names.person(dice)
    n = dice.randrange(21, 400)
    return (
        (
            f"انتخب أعضاء {office} في {place} {who} رئيسًا خلفًا لـ{before} بأغلبية {n} صوتًا.",
            f"خلف {who} على رأس {office} في {place} سلفه {before}، وقد نال {n} صوتًا.",
        ),
        (f"{who} على رأس {office} في {place}", f"{office}: {n} صوتًا تكفي {who}"),
        (f"من انتخب رئيسًا في {office} في {place}؟", f"كم صوتًا نال {who}؟"),
        (who,),
    )


def _match(place: str, dice: random.Random) -> Told:
    one, other = f"نادي {names.place(dice)}", f"نادي {names.place(dice)}"
    cup, who = f"كأس {names.place(dice)}", names.person(dice)
    a, b = dice.randrange(2, 6), dice.randrange(0, 2)
    return (
        (
            f"فاز {one} على {other} {a}-{b} في نهائي {cup} الذي أقيم في {place}، وسجل {who} هدفين.",
            f"حمل قائد {one} {cup} في {place} بعد الفوز على {other} بنتيجة {a}-{b} بهدفي {who}.",
        ),
        (f"{one} بطل {cup}", f"{cup} لـ{one} بعد نهائي {place}"),
        (f"من فاز ب{cup}؟", f"من سجل هدفي {one} في نهائي {cup}؟"),
        (one, cup),
    )
