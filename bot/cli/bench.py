"""The command `isnad bench`: how fast this machine is, and whether it could be faster."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import console
from bot.cli.options import Home, Json  # noqa: TC001  typer reads them when a command runs

if TYPE_CHECKING:
    from index.engine import Engine
    from index.progress import Progress
    from index.settings import Settings


def bench(
    questions: Annotated[int, typer.Option(min=1, metavar="N", help="Ask so many.")] = 40,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Measure how fast this machine embeds and answers; the archive stays as it is."""
    from index import bench as benchmark
    from index.settings import load_settings

    settings = load_settings(home)
    clock = benchmark.Clock(console.bars)
    with ExitStack() as stack:
        engine = _archive(settings, stack, clock)
        sample = engine is None
        if engine is None:
            console.note(f"nothing to ask in {settings.home}: the sample archive is measured")
            engine = _throw_away(settings, stack, clock)
        machine = benchmark.machine(settings)
        model = benchmark.load(engine, clock)
        if sample:
            from bot.demo import fill

            fill(engine)
        found = benchmark.measure(
            engine, threads=machine["threads"], questions=questions, progress=console.bars
        )
    report = {"machine": machine, "model": model, **found}
    report["archive"]["sample"] = sample
    report["remarks"] = benchmark.remarks(report)
    if as_json:
        console.say_json(report)
        return
    for line in benchmark.lines(report):
        console.say(line)


def _archive(settings: Settings, stack: ExitStack, progress: Progress) -> Engine | None:
    """The archive of the settings, if there is one and it holds anything; none is made."""
    from index.engine import open_engine

    if settings.database_url is None and not (settings.home / "isnad.db").exists():
        return None
    engine = stack.enter_context(open_engine(settings=settings, progress=progress))
    return engine if engine.articles() else None


def _throw_away(settings: Settings, stack: ExitStack, progress: Progress) -> Engine:
    """An empty archive with the same models."""
    from index.engine import open_engine

    folder = stack.enter_context(TemporaryDirectory(prefix="isnad-bench-"))
    own = settings.model_copy(update={"home": Path(folder), "database_url": None})
    return stack.enter_context(open_engine(settings=own, progress=progress))
