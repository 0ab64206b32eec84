"""`isnad bench`: what it measures, what it says of it, and that it leaves nothing behind."""

from __future__ import annotations

import json
import tempfile
import time
from typing import TYPE_CHECKING, Any

import pytest
from archive import ARTICLES, MUSEUM, add, long_item
from fake_embedder import HashEmbedder
from fake_reader import FakeReader
from typer.testing import CliRunner

from bot.cli import app
from index import bench, store
from index.engine import Engine
from index.model import ModelError, StoreError
from index.settings import Settings
from index.timing import STEPS, unwatched

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

    from index.embed import TextTokens

MACHINE = {
    "cpu": "Abacus 9",
    "features": ["avx2", "avx512_bf16"],
    "cores": 2,
    "threads": 2,
    "precision": "bfloat16",
}
X86 = "processor\t: 0\nmodel name\t: Abacus 9\nflags\t\t: fpu avx2 avx512_bf16\n\nprocessor\t: 1\n"
ARM = "processor\t: 0\nFeatures\t: fp asimd sve bf16\nCPU part\t: 0xd4f\n"


@pytest.fixture
def filled(engine: Engine, tmp_path: Path) -> Engine:
    """An archive with articles of several passages."""
    add(engine, tmp_path, *ARTICLES, long_item())
    return engine


@pytest.fixture
def isnad(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run the command with a fake model; the folders it makes for itself are in `tempfile`."""
    monkeypatch.setattr("index.engine.load_embedder", lambda *_, **__: HashEmbedder())
    monkeypatch.setattr("index.engine.reader_of", lambda _settings: FakeReader())

    def run(home: Path, *args: str) -> Result:
        return CliRunner().invoke(app, ["bench", "--home", str(home), *args])

    return run


def everything(home: Path) -> dict[str, bytes]:
    """Every file of a home but the empty lock."""
    return {
        path.relative_to(home).as_posix(): path.read_bytes()
        for path in sorted(home.rglob("*"))
        if path.is_file() and path.suffix != ".lock"
    }


def test_an_archive_is_measured(filled: Engine) -> None:
    """Its sizes and counts, rates and times; with the reader and without."""
    filled.reader = reader = FakeReader()
    found = bench.measure(filled, threads=1, questions=5)
    assert found["archive"]["articles"] == 5
    assert found["archive"]["passages"] == found["embedding"]["passages"] > 5
    assert all(size > 0 for size in found["archive"]["bytes"].values())
    assert found["embedding"]["per_s"] > 0
    assert 0 < found["embedding"]["busy"] <= 1
    assert found["ask"]["questions"] == 5
    for how in ("with_reader", "without_reader"):
        assert 0 < found["ask"][how]["p50"] <= found["ask"][how]["p95"]
        assert {"search", "read", "rank"} <= found["ask"][how]["steps"].keys() <= set(STEPS)
    assert reader.pages
    assert (filled.reader, filled.watch) == (reader, unwatched)


def test_an_archive_without_the_reader(filled: Engine) -> None:
    """What was turned off is not measured."""
    found = bench.measure(filled, threads=1, questions=2)
    assert found["ask"]["with_reader"] is found["ask"]["reader_load_s"] is None
    assert found["memory_mb"]["with_reader"] is None


def test_the_reader_is_put_back_where_asking_fails(filled: Engine) -> None:
    """An engine is as it was, whatever happens."""
    filled.reader = reader = FakeReader()
    filled.caches.lexical.expand = None  # type: ignore[assignment, method-assign]
    with pytest.raises(TypeError):
        bench.measure(filled, threads=1, questions=2)
    assert (filled.reader, filled.watch) == (reader, unwatched)


def test_few_passages_of_a_large_archive_are_embedded(
    filled: Engine, embedder: HashEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under their titles, as `add` embeds them."""
    monkeypatch.setattr(bench, "PASSAGES", 3)
    embedder.seen.clear()
    assert bench.measure(filled, threads=1, questions=2)["embedding"]["passages"] == 3
    assert len(embedder.seen) == 3
    assert any(text.startswith(MUSEUM["title"]) for text in embedder.seen)


def test_loading_and_converting_are_told_apart(home: Path) -> None:
    """The conversion of the first run is no part of what each start takes."""
    clock = bench.Clock()

    class Converting(HashEmbedder):
        def tokens(self, *args: Any, **more: Any) -> list[TextTokens]:
            with clock("converting the model", 2) as step:
                time.sleep(0.2)
                step(2)
            return super().tokens(*args, **more)

    with Engine(Settings(home=home), Converting()) as engine:
        started = time.perf_counter()
        found = bench.load(engine, clock)
        whole = time.perf_counter() - started
    assert found["id"].startswith("hash")
    assert found["convert_s"] >= 0.2
    assert found["load_s"] <= whole - 0.19


@pytest.mark.parametrize(
    ("text", "name", "features"),
    [
        (X86, "Abacus 9", ["avx2", "avx512_bf16"]),
        (ARM, None, ["asimd", "sve", "bf16"]),
        ("", None, []),
    ],
)
def test_a_cpu_by_what_the_kernel_says(text: str, name: str | None, features: list[str]) -> None:
    """On x86, on ARM, and where there is no such file."""
    assert bench.described(text) == (name, features)


def test_questions_are_different_while_they_last(filled: Engine) -> None:
    """Each sentence once, then with another question word, then again."""
    with filled.db.read() as connection:
        rows = store.passage_rows(connection, ids=store.passage_ids(connection)[:2])
    sentences = sum(len(row.units) for row in rows)
    asked = bench.ask_about(rows, sentences)
    assert len({question.split(" ", 1)[1] for question in asked}) == sentences
    most = sentences * len(bench.KINDS)
    assert len(set(bench.ask_about(rows, most))) == most
    assert bench.ask_about(rows, most + 1)[-1] == asked[0]


@pytest.mark.parametrize(("count", "expected"), [(3, [0, 3, 6]), (10, [*range(10)]), (99, None)])
def test_a_sample_is_spread_evenly(count: int, expected: list[int] | None) -> None:
    """From the first on; all where there are fewer."""
    assert bench.spread(range(10), count) == (expected or [*range(10)])


@pytest.mark.parametrize(
    ("machine", "busy", "said"),
    [
        ({}, 0.9, None),
        ({"precision": "float32"}, 0.9, "bfloat16"),
        ({"threads": 1}, 0.9, "ISNAD_THREADS leaves 1 cores unused"),
        ({}, 0.5, "50% of the time of its 2 threads"),
    ],
)
def test_what_makes_it_slow_is_remarked(
    machine: dict[str, Any], busy: float, said: str | None
) -> None:
    """Nothing where nothing does."""
    found = bench.remarks({"machine": MACHINE | machine, "embedding": {"busy": busy}})
    assert (said in found[0] and len(found) == 1) if said else found == []


def test_the_contract_of_json(isnad: Any, filled: Engine) -> None:
    """The shape that the module's docstring tells."""
    done = isnad(filled.home, "--questions", "3", "--json")
    assert (done.exit_code, done.stdout.count("\n")) == (0, 1)
    report = json.loads(done.stdout)
    assert {name: list(part) for name, part in report.items() if isinstance(part, dict)} == {
        "machine": ["cpu", "features", "cores", "threads", "precision"],
        "model": ["id", "convert_s", "load_s"],
        "archive": ["articles", "passages", "bytes", "sample"],
        "embedding": ["passages", "characters", "per_s", "busy"],
        "ask": ["questions", "open_s", "without_reader", "with_reader", "reader_load_s"],
        "memory_mb": ["without_reader", "with_reader", "peak"],
    }
    assert all(isinstance(remark, str) for remark in report.pop("remarks"))
    assert bench.__doc__
    assert all(f'"{key}"' in bench.__doc__ for part in report.values() for key in part)
    assert report["archive"]["sample"] is False
    assert report["ask"]["questions"] == 3


def test_for_people(isnad: Any, filled: Engine) -> None:
    """A line a subject."""
    done = isnad(filled.home, "--questions", "2")
    assert done.exit_code == 0
    for word in ("CPU", "model", "loading", "archive", "embedding", "asking", "without the reader"):
        assert word in done.stdout
    assert "5 articles" in done.stdout
    assert "sample" not in done.stdout


def test_nothing_is_left_behind(isnad: Any, filled: Engine) -> None:
    """Every file of the home has the bytes that it had."""
    home = filled.home
    filled.close()
    before = everything(home)
    assert isnad(home, "--questions", "2").exit_code == 0
    assert everything(home) == before


@pytest.mark.parametrize("made", [True, False])
def test_an_empty_archive_gives_way_to_the_sample(
    isnad: Any, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made: bool
) -> None:
    """In a folder of its own that is gone afterwards; no home is made for it."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    if made:
        Engine(Settings(home=home), HashEmbedder()).close()
    done = isnad(home, "--questions", "2", "--json")
    assert json.loads(done.stdout)["archive"]["sample"] is True
    assert json.loads(done.stdout)["archive"]["articles"] > 20
    assert "nothing to ask" in done.stderr
    assert home.exists() == made
    assert list(scratch.iterdir()) == []


def test_what_cannot_be_measured_is_an_error_of_ours(
    isnad: Any, filled: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which `isnad` says in one line: a model that does not load, a database that is none."""
    wrong = tmp_path / "wrong"
    wrong.mkdir()
    (wrong / "isnad.db").write_bytes(b"no database " * 100)
    assert isinstance(isnad(wrong).exception, StoreError)
    broken = FakeReader(error=ModelError("the reader is damaged"))
    monkeypatch.setattr("index.engine.reader_of", lambda _settings: broken)
    assert isinstance(isnad(filled.home).exception, ModelError)


def test_wrong_usage_exits_2(isnad: Any, home: Path) -> None:
    """A number of questions that is none."""
    assert isnad(home, "--questions", "0").exit_code == 2
