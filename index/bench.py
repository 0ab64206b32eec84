"""How fast this machine embeds and answers, measured on an archive, which stays as it is.

What `isnad bench --json` prints, in this order; null is what the system or the settings do not
tell, times are of one process that does nothing else:

    machine    {"cpu", "features", "cores", "threads", "precision"}: `features` are those of the
               CPU that decide the model's speed, `precision` is what the model runs in
    model      {"id", "convert_s", "load_s"}: the conversion of the first run, and each start
    archive    {"articles", "passages", "bytes": {"sql", "words", "vectors"}, "sample"}: `sample`
               where there was nothing to ask and the sample archive was measured instead
    embedding  {"passages", "characters", "per_s", "busy"}: passages embedded, their mean length,
               how many a second, and how much of its threads' time the process was given (0..1)
    ask        {"questions", "open_s", "without_reader": {"p50", "p95", "steps": {name: mean}},
               "with_reader": the same or null, "reader_load_s"}: milliseconds a question, the
               steps by the names of `timing.STEPS`; seconds to open the indexes and load the reader
    memory_mb  {"without_reader", "with_reader", "peak"}: of this process, resident
    remarks    [text]: what makes it slower than it could be
"""

from __future__ import annotations

import time
from contextlib import contextmanager, suppress
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from index import store
from index.caches import embed
from index.embed import cores
from index.progress import Progress, silent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from index.engine import Engine
    from index.progress import Step
    from index.reader import Reader
    from index.settings import Settings
    from index.store import PassageRow

T = TypeVar("T")

PASSAGES = 256
"""Passages embedded, spread over the archive: ten seconds' work on two cores."""

KINDS = ("متى", "أين", "من", "كم", "لماذا", "ماذا نعرف عن")
WORDS = 7
"""Words of a sentence that are asked about: with them a question is as long as people's are."""

WARM = 5
"""Questions asked first and not counted: they compile the shapes of their texts."""

FEATURES = ("avx2", "avx512f", "avx512_bf16", "amx_bf16", "asimd", "sve", "bf16")
"""Of x86 and ARM, by the names the kernel has for them."""

BUSY = 0.75
"""Share of its threads' time below which the model is remarked on: on two quiet cores it has .9 and
more, the rest being the work between two batches. A guess for machines of many cores."""


class Clock:
    """A `Progress` that shows on another, and notes in `seconds` how long each work took."""

    def __init__(self, shown: Progress = silent) -> None:
        self.seconds: dict[str, float] = {}
        self._shown = shown

    @contextmanager
    def __call__(self, what: str, total: int) -> Iterator[Step]:
        started = time.perf_counter()
        try:
            with self._shown(what, total) as step:
                yield step
        finally:
            took = time.perf_counter() - started
            self.seconds[what] = self.seconds.get(what, 0.0) + took


def machine(settings: Settings) -> dict[str, Any]:
    """Return what the machine has and the model will use of it."""
    from index.embed.bert import fast_dtype

    cpu, features = described(_text(Path("/proc/cpuinfo")))
    return {
        "cpu": cpu,
        "features": features,
        "cores": cores(),
        "threads": settings.threads or cores(),
        "precision": str(fast_dtype()).removeprefix("torch."),
    }


def load(engine: Engine, clock: Clock) -> dict[str, Any]:
    """Load the embedding model, on whose conversion `clock` looks. Raises `ModelError`."""
    before = sum(clock.seconds.values(), 0.0)
    started = time.perf_counter()
    engine.encoder.load()
    took = time.perf_counter() - started
    converting = sum(clock.seconds.values(), 0.0) - before
    return {
        "id": engine.encoder.model_id,
        "convert_s": round(converting, 2),
        "load_s": round(took - converting, 2),
    }


def measure(
    engine: Engine, *, threads: int, questions: int, progress: Progress = silent
) -> dict[str, Any]:
    """Return what an archive with passages holds, and how fast they are embedded and asked about.

    The parts `archive`, `embedding`, `ask` and `memory_mb` above. Nothing is stored, except that
    asking brings the indexes up to date as any question does. Raises `ModelError`, `StoreError`.
    """
    with engine.db.read() as connection:
        counts = store.counts(connection)
        rows = store.passage_rows(connection, ids=spread(store.passage_ids(connection), PASSAGES))
    embedding = _embed(engine, rows, threads, progress)
    started = time.perf_counter()
    engine.refresh()
    opened = time.perf_counter() - started
    asked = ask_about(rows, questions)
    without = _ask(engine, None, asked, progress)
    small, _ = memory()
    with_it = reading = None
    if engine.reader is not None:
        started = time.perf_counter()
        engine.reader.load()
        reading = round(time.perf_counter() - started, 2)
        with_it = _ask(engine, engine.reader, asked, progress)
    large, peak = memory()
    return {
        "archive": {
            "articles": counts["articles"],
            "passages": counts["passages"],
            "bytes": {
                "sql": _sql_bytes(engine),
                "words": _bytes(engine.home, "lexical.json", "lexical/**/*"),
                "vectors": _bytes(engine.home, "vectors.*"),
            },
        },
        "embedding": embedding,
        "ask": {
            "questions": len(asked),
            "open_s": round(opened, 2),
            "without_reader": without,
            "with_reader": with_it,
            "reader_load_s": reading,
        },
        "memory_mb": {
            "without_reader": small,
            "with_reader": large if with_it else None,
            "peak": peak,
        },
    }


def remarks(report: Mapping[str, Any]) -> list[str]:
    """Return what makes a machine slower than it could be, by its report."""
    of, busy = report["machine"], report["embedding"]["busy"]
    found = []
    if of["precision"] == "float32":
        found.append(
            "this CPU does not multiply bfloat16 (AVX512-BF16 or AMX): one that does is twice as "
            "fast or more"
        )
    if of["threads"] < of["cores"]:
        found.append(f"ISNAD_THREADS leaves {of['cores'] - of['threads']} cores unused")
    if busy < BUSY:
        found.append(
            f"the model had {busy:.0%} of the time of its {of['threads']} threads: other work runs "
            "here, the server has less than it shows, or so many threads do not pay; try again "
            "when it is quiet, else with a smaller ISNAD_THREADS"
        )
    return found


def lines(report: Mapping[str, Any]) -> list[str]:
    """Return a report for people."""
    of, archive, model = report["machine"], report["archive"], report["model"]
    embedding, ask, held = report["embedding"], report["ask"], report["memory_mb"]
    sizes = ", ".join(
        f"{size / 1e6:,.1f} MB {name}"
        for name, size in archive["bytes"].items()
        if size is not None
    )
    converted = f", converted in {model['convert_s']} s" if model["convert_s"] else ""
    read = ask["with_reader"]
    said = [
        f"CPU        {of['cpu'] or 'unknown'}: {of['cores']} cores"
        + "".join(f" {feature}" for feature in of["features"]),
        f"model      {model['id']}, {of['precision']} on {of['threads']} threads",
        f"loading    {model['load_s']} s the model{converted}, {ask['open_s']} s the indexes"
        + (f", {ask['reader_load_s']} s the reader" if read else ""),
        f"archive    {archive['articles']:,} articles, {archive['passages']:,} passages; {sizes}"
        + (" (the sample archive)" if archive["sample"] else ""),
        f"embedding  {embedding['per_s']} passages/s ({embedding['passages']} of "
        f"{embedding['characters']} characters)",
    ]
    name = "asking"
    for took, how in ((read, "with the reader"), (ask["without_reader"], "without the reader")):
        if took is not None:
            steps = ", ".join(f"{step} {mean}" for step, mean in took["steps"].items() if mean)
            said.append(
                f"{name:<9}  p50 {took['p50']} ms, p95 {took['p95']} ms {how}; mean {steps}"
            )
            name = ""
    said[-1] += f" ({ask['questions']} questions)"
    if held["peak"] is not None:
        more = f", {held['with_reader']:,} MB with the reader" if held["with_reader"] else ""
        said.append(f"memory     {held['without_reader']:,} MB{more}; peak {held['peak']:,} MB")
    return said + [f"note: {remark}" for remark in report["remarks"]]


def described(cpuinfo: str) -> tuple[str | None, list[str]]:
    """Return a CPU's name and which of `FEATURES` it has, as `/proc/cpuinfo` tells."""
    facts: dict[str, str] = {}
    for line in cpuinfo.splitlines():
        name, _, value = line.partition(":")
        facts.setdefault(name.strip(), value.strip())
    has = {*facts.get("flags", "").split(), *facts.get("Features", "").split()}
    return facts.get("model name"), [name for name in FEATURES if name in has]


def memory() -> tuple[int | None, int | None]:
    """Return this process's resident memory in MB, now and at its peak, where Linux tells it."""
    found = dict(
        line.split(":", 1) for line in _text(Path("/proc/self/status")).splitlines() if ":" in line
    )
    kilobytes = (found.get(name, "").split() for name in ("VmRSS", "VmHWM"))
    now, peak = (round(int(one[0]) / 1000) if one else None for one in kilobytes)
    return now, peak


def ask_about(rows: Sequence[PassageRow], count: int) -> list[str]:
    """Return so many questions about sentences of these passages, different ones while they last.

    A question word and the beginning of a sentence; not all have an answer, as people's have not.
    """
    said = [
        " ".join(row.text[start:end].split()[:WORDS]) for row in rows for start, end in row.units
    ]
    parts = spread(list(dict.fromkeys(said)), count)
    made = [
        f"{KINDS[(place + shift) % len(KINDS)]} {part}؟"
        for shift in range(len(KINDS))
        for place, part in enumerate(parts)
    ]
    return list(islice(cycle(made), count))


def spread(things: Sequence[T], count: int) -> list[T]:
    """Return at most so many of them, evenly spread from the first on."""
    few = min(count, len(things))
    return [things[place * len(things) // few] for place in range(few)]


def _embed(
    engine: Engine, rows: Sequence[PassageRow], threads: int, progress: Progress
) -> dict[str, Any]:
    began, used = time.perf_counter(), time.process_time()
    with progress("embedding", len(rows)) as step:
        embed(engine.encoder, rows, on_batch=step)
    took, used = time.perf_counter() - began, time.process_time() - used
    return {
        "passages": len(rows),
        "characters": round(sum(len(row.text) for row in rows) / len(rows)),
        "per_s": round(len(rows) / took, 1),
        "busy": round(min(used / (took * threads), 1.0), 2),
    }


def _ask(
    engine: Engine, reader: Reader | None, asked: Sequence[str], progress: Progress
) -> dict[str, Any]:
    took: list[float] = []
    steps: dict[str, float] = {}

    def note(step: str, _questions: int, seconds: float) -> None:
        steps[step] = steps.get(step, 0.0) + seconds

    before = engine.reader, engine.watch
    engine.reader = reader
    try:
        for question in asked[:WARM]:
            engine.ask(question)
        engine.watch = note
        with progress("asking", len(asked)) as step:
            for question in asked:
                took.append(engine.ask(question).took_ms)
                step(1)
    finally:
        engine.reader, engine.watch = before
    centiles = {f"p{p}": round(float(np.percentile(took, p)), 1) for p in (50, 95)}
    means = {name: round(1000 * seconds / len(asked), 1) for name, seconds in steps.items()}
    return {**centiles, "steps": means}


def _sql_bytes(engine: Engine) -> int | None:
    """The size of an SQLite database with its log; a server's is its own."""
    url = engine.db.engine.url
    if url.get_backend_name() != "sqlite" or not url.database:
        return None
    path = Path(url.database)
    return _bytes(path.parent, f"{path.name}*")


def _bytes(folder: Path, *patterns: str) -> int:
    total = 0
    for pattern in patterns:
        for path in folder.glob(pattern):
            with suppress(FileNotFoundError):  # another process may just have merged it away
                total += path.stat().st_size if path.is_file() else 0
    return total


def _text(path: Path) -> str:
    """A file of the system's, empty where the system has none (macOS)."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
