"""The sites of the simulated week: what their feeds carry at any moment, and how they fail."""

from __future__ import annotations

from email.utils import format_datetime
from html import escape
from typing import TYPE_CHECKING

from feed_samples import item, paragraphs, rss
from web_server import Reply

from week import names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from web_server import Request, Web

    from week.news import News, Report
    from week.plan import Clock, Plan

CARRIED = 25
"""Items in a feed."""

DEAD, GONE, MOVED, BUSY, BROKEN = 1, 2, 3, 4, 5
"""The feeds that fail: for good, with a 410, by moving, some hours a day, by bad XML for a day."""

_DIES = {DEAD: 0.25, GONE: 0.5, MOVED: 0.3, BROKEN: 0.4}
"""When it begins, as a part of the whole time."""


def host_of(feed: int) -> str:
    """The name of a feed's site."""
    return f"site{feed:02}.example"


def url_of(feed: int, port: int) -> str:
    """A feed's address."""
    return f"http://{host_of(feed)}:{port}/feed"


def feeds_of(plan: Plan, port: int) -> list[tuple[str, str]]:
    """The address and the name of each feed."""
    kinds = len(names.SOURCES)
    return [
        (url_of(n, port), names.SOURCES[n % kinds] + (f" {n // kinds + 1}" if n >= kinds else ""))
        for n in range(plan.feeds)
    ]


def dead_on(feed: int, plan: Plan, day: float) -> bool:
    """Whether a feed that is to fail has begun to."""
    return feed in _DIES and day >= _DIES[feed] * plan.days


def serve(web: Web, plan: Plan, clock: Clock, news: News) -> None:
    """Answer for all the sites, by what the clock says."""

    def day() -> float:
        return clock.elapsed() / 86_400

    for number, (_, name) in enumerate(feeds_of(plan, web.port)):
        own = [report for report in news.reports if report.feed == number]
        web.pages[host_of(number), "/feed"] = _feed(number, name, own, plan, clock, day, web.port)
        web.pages[f"new.{host_of(number)}", "/feed"] = _carried(
            number, name, own, clock, day, web.port
        )
        for report in own:
            web.pages[host_of(number), _path(report)] = _page(report, name, clock, day)


def _feed(
    number: int,
    name: str,
    own: list[Report],
    plan: Plan,
    clock: Clock,
    day: Callable[[], float],
    port: int,
) -> Callable[[Request], Reply]:
    whole = _carried(number, name, own, clock, day, port)

    def answer(request: Request) -> Reply:
        now = day()
        if number == BUSY and int(now * 24) % 6 == 5:
            return Reply("", 503, {"Retry-After": "1800"})
        if not dead_on(number, plan, now):
            return whole(request)
        if number == MOVED:
            where = f"http://new.{host_of(number)}:{port}/feed"
            return Reply("", 301, {"Location": where})
        if number == BROKEN:
            soon = now < _DIES[BROKEN] * plan.days + 1
            return Reply("<rss><channel><item>") if soon else whole(request)
        return Reply("", 410 if number == GONE else 500)

    return answer


def _carried(
    number: int,
    name: str,
    own: list[Report],
    clock: Clock,
    day: Callable[[], float],
    port: int,
) -> Callable[[Request], Reply]:
    """A feed that is well; of every fourth the items are whole articles."""

    def items() -> Iterator[str]:
        now = day()
        out = [report for report in own if report.stands(now)]
        for report in out[-CARRIED:][::-1]:
            text = report.text_on(now)
            yield item(
                f"http://{host_of(number)}:{port}{_path(report)}",
                report.title,
                date=format_datetime(clock.at(report.day)),
                summary=text[-90:],
                content=paragraphs(text) if number % 4 == 0 else None,
            )

    def answer(_request: Request) -> Reply:
        return Reply(rss(*items(), title=name), headers={"Content-Type": "application/rss+xml"})

    return answer


def _page(
    report: Report, name: str, clock: Clock, day: Callable[[], float]
) -> Callable[[Request], Reply]:
    def answer(_request: Request) -> Reply:
        now = day()
        if not report.stands(now):
            return Reply("", 410)
        when = clock.at(report.day).isoformat()
        lines = "".join(f"<p>{escape(line)}</p>" for line in report.text_on(now).split("\n"))
        return Reply(
            '<!doctype html><html lang="ar" dir="rtl"><head><meta charset="utf-8">'
            f"<title>{escape(report.title)}</title>"
            f'<meta property="og:site_name" content="{escape(name)}">'
            f'<meta property="article:published_time" content="{when}"></head><body>'
            '<nav><a href="/">الرئيسية</a> <a href="/feed">الموجز</a></nav>'
            f"<article><h1>{escape(report.title)}</h1>{lines}</article>"
            "<footer>جميع الحقوق محفوظة</footer></body></html>",
            headers={"Content-Type": "text/html; charset=utf-8"},
        )

    return answer


def _path(report: Report) -> str:
    return f"/news/{report.number}"
