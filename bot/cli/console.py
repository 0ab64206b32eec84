"""The terminal side of the command line: progress on stderr, results on stdout."""

from __future__ import annotations

import json
import sys
from collections import Counter
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar
from rich.text import Text

from bot.quote_view import Mark, runs
from bot.texts import AR

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from index.model import AddReport, Answer, Article, ArticleRef, Quote, Story
    from index.progress import Step

_screen = Console(stderr=True, highlight=False)
_page = Console(highlight=False)  # stdout, where it is a terminal

_STYLES = {Mark.PLAIN: "", Mark.SENTENCE: "bold", Mark.ANSWER: "bold underline"}


_open: list[Bar] = []  # the bars on the screen: one inside another is a line more of it


@contextmanager
def bars(what: str, total: int) -> Iterator[Step]:
    """Show a progress bar on a terminal's stderr; nothing where it is not one."""
    if not _screen.is_terminal:
        yield lambda _more: None
        return
    if _open:
        shown = _open[0]
        inner = shown.add_task(what, total=total)
        yield lambda more: shown.advance(inner, more)
        shown.remove_task(inner)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=_screen, transient=True) as bar:
        _open.append(bar)
        task = bar.add_task(what, total=total)
        try:
            yield lambda more: bar.advance(task, more)
        finally:
            _open.clear()


def say(text: str = "", *, at_once: bool = False) -> None:
    """Print a line of the result, whatever the terminal's encoding makes of it.

    `at_once` where the command goes on after it, and its output may be a file.
    """
    sys.stdout.write(text + "\n")
    if at_once:
        sys.stdout.flush()


def note(text: str) -> None:
    """Print a line that is not part of the result."""
    _screen.print(text, markup=False, soft_wrap=True)


def say_json(value: Any) -> None:
    """Print one JSON document on one line."""
    plain = asdict(value) if is_dataclass(value) and not isinstance(value, type) else value
    say(json.dumps(plain, ensure_ascii=False))
    sys.stdout.flush()


def show_report(report: AddReport) -> None:
    """Print what an `add` did: what came in, what did not and why, and how many of each."""
    for added in report.articles:
        say(f"{added.id:>6}  {added.title}")
    for rejection in report.rejections:
        note(f"rejected: {rejection.input}: {rejection.title}: {rejection.error}")
    for failure in report.failed:
        note(f"failed: {failure.input}: {failure.error}")
    why = Counter(rejection.error for rejection in report.rejections)
    for reason, times in why.most_common():
        say(f"{times:>6} x rejected: {reason}")
    taken_back = f"{report.withdrawn} withdrawn, " if report.withdrawn else ""
    say(
        f"{report.added} added, {report.updated} updated, {report.unchanged} unchanged, "
        f"{report.duplicates} reprints, {taken_back}{report.rejected} rejected, "
        f"{len(report.failed)} failed"
    )


NO_DATE = "no date"

STORIES = 20
"""Stories printed for people; `--json` has them all."""


def show_stories(stories: Sequence[Story]) -> None:
    """Print the first stories, each with how many sources told it and its articles."""
    if not stories:
        note("no stories")
    for story in stories[:STORIES]:
        days = " - ".join(dict.fromkeys(day[:10] for day in (story.first, story.last) if day))
        say(f"{story.sources:>3}  {story.title}  ({days or NO_DATE})")
        for article in story.articles:
            say(f"     {article.id:>6}  {cited(article)}")
    if len(stories) > STORIES:
        say(f"and {len(stories) - STORIES} more stories")


def show_answer(answer: Answer) -> None:
    """Print an answer: its quotes with their sources, or the nearest articles."""
    if not answer.answered:
        say("لا أجد جوابًا في الأرشيف")
        for article in answer.nearest:
            say(f"  - {cited(article)}")
        return
    if answer.timeline and len(answer.quotes) > 1:
        say(AR.timeline)
        say()
    for quote in answer.quotes:
        _show_quote(quote)
        say(f"  - {cited(quote.article)}")
        for other in quote.also_in:
            say(f"    ذُكر أيضًا في: {cited(other)}")
        say()


def _show_quote(quote: Quote) -> None:
    """Print a quote: on a terminal its sentence bold and the answer underlined, else plain."""
    if not _page.is_terminal:
        say(f"« {quote.text} »")
        return
    # Piece by piece: rich drops control characters, after which the offsets would be others.
    line = Text("« ")
    for text, mark in runs(quote):
        line.append(text, _STYLES[mark])
    _page.print(line.append(" »"), soft_wrap=True)


def show_article(article: Article) -> None:
    """Print an article whole."""
    say(article.title)
    say(" · ".join(part for part in (article.byline, cited_source(article.ref)) if part))
    say()
    say(article.text)


def show_articles(articles: Sequence[ArticleRef]) -> None:
    """Print a line an article."""
    if not articles:
        note("no articles")
    for article in articles:
        say(f"{article.id:>6}  {cited(article)}")


def cited(article: ArticleRef) -> str:
    """Return an article's title, source, date and address on one line."""
    return f"{article.title} · {cited_source(article)}"


def cited_source(article: ArticleRef) -> str:
    """Return an article's source, day and address."""
    parts = (article.source, (article.published or NO_DATE)[:10], article.url)
    return " · ".join(part for part in parts if part)
