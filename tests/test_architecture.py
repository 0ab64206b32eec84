"""The layers of the design, held apart by reading every import."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = sorted(
    path.relative_to(ROOT).as_posix()
    for package in ("index", "bot")
    for path in (ROOT / package).rglob("*.py")
)
PURE = (
    "addresses answer arabic asking askingwords chunk conjugation conversation cues daterange "
    "dates dedupe dedupewords dialectnouns dialects dialectsenses dialectverbs dialectwords "
    "encoding headlines lead metrics model notices numerals periods progress questions quotes rank "
    "search sentences spelling stories/cluster stories/events stories/listing stories/terms "
    "stories/yardstick timewords"
).split()
LONGEST = 350

TRAINING = {m for m in MODULES if m.startswith("index/training/")}
"""A program of its own that rebuilds the reader's weights; nothing else imports it."""

SLOW = {"torch", "sentence_transformers", "transformers"}
DATABASE = {"sqlalchemy", "alembic"}
OUTSIDE = DATABASE | SLOW | {"httpx", "faiss", "tantivy", "socket", "subprocess", "telegram"}


def test_there_are_modules() -> None:
    """The other tests look at something."""
    assert len(MODULES) > 50
    assert all(f"index/{name}.py" in MODULES for name in PURE)


@cache
def tree(module: str) -> ast.Module:
    return ast.parse((ROOT / module).read_text(encoding="utf-8"))


def _typing_only(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.If)
        and isinstance(node.test, ast.Name)
        and node.test.id == "TYPE_CHECKING"
    )


def imports(module: str, *, running: bool = True, top: bool = False) -> set[str]:
    """The dotted names a module imports: when it runs, or also for the type checker.

    With `top`, only those of its import.
    """
    found: set[str] = set()

    def visit(node: ast.AST) -> None:
        if running and _typing_only(node):
            return
        if top and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            return
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{module} imports relatively"
            found.add(node.module or "")
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
        for child in ast.iter_child_nodes(node):
            visit(child)

    visit(tree(module))
    return found


def packages(module: str, *, running: bool = True, top: bool = False) -> set[str]:
    return {name.split(".")[0] for name in imports(module, running=running, top=top)}


def users(*names: str, running: bool = True, top: bool = False) -> set[str]:
    """The modules that import any of these packages."""
    return {m for m in MODULES if packages(m, running=running, top=top) & set(names)}


@pytest.mark.parametrize("module", [m for m in MODULES if m.startswith("index/")])
def test_nothing_that_answers_imports_the_training(module: str) -> None:
    """Its dependencies need not be there."""
    trains = any(name.startswith("index.training") for name in imports(module, running=False))
    assert module in TRAINING or not trains


@pytest.mark.parametrize(
    "module", [m for m in MODULES if m.startswith("index/") and m not in TRAINING]
)
def test_the_archive_knows_nothing_of_the_bot(module: str) -> None:
    """Not even its types."""
    assert not packages(module, running=False) & {"bot", "telegram", "starlette", "typer", "rich"}


@pytest.mark.parametrize("name", PURE)
def test_the_core_is_pure(name: str) -> None:
    """No database, no network, no model, no environment: data in, data out."""
    module = f"index/{name}.py"
    allowed = {"search": {"index.store"}}.get(name, set())
    effects = {"index.db", "index.store", "index.engine", "index.ingest", "index.embed"} - allowed
    assert not packages(module) & (OUTSIDE | {"os", "time", "random", "threading", "logging"})
    assert not imports(module) & effects


def test_only_settings_read_the_environment() -> None:
    """So that what an operator can set is in one place for each package."""

    def reads(module: str) -> bool:
        return any(
            isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv", "environb")
            for node in ast.walk(tree(module))
        ) or bool({"os.environ", "os.getenv"} & imports(module))

    assert [m for m in MODULES if reads(m) and not m.endswith("/settings.py")] == []
    assert users("pydantic_settings") == {"index/settings.py", "bot/settings.py"}


def test_only_the_store_speaks_sql() -> None:
    """Others hold a connection at most, and know it by its type."""
    speaking = {
        module
        for module in users(*DATABASE)
        if module not in ("index/db.py", "index/schema.py", "bot/schema.py")
        and not module.startswith(
            ("index/store", "index/migrations/", "bot/store", "bot/migrations/")
        )
    }
    assert speaking == set()
    typed = users(*DATABASE, running=False) - users(*DATABASE)
    assert typed <= {
        *("index/ingest.py", "index/engine.py", "index/caches.py"),
        *("index/compare.py", "index/stories/reading.py", "index/stories/service.py"),
        *("bot/store/__init__.py",),
    }


def test_only_the_bot_speaks_to_telegram() -> None:
    """And only the command line draws on the terminal."""
    assert users("telegram", running=False) <= {m for m in MODULES if m.startswith("bot/")}
    assert all(m.startswith("bot/cli/") for m in users("typer"))
    assert users("rich") - TRAINING == {"bot/cli/console.py"}


def test_only_the_metrics_know_who_collects_them() -> None:
    """The archive tells how it fares in words of its own."""
    knowing = users("prometheus_client", running=False)
    assert {module.rsplit("/", 1)[0] for module in knowing} == {"bot/metrics"}


def test_the_web_is_behind_its_guard() -> None:
    """The archive connects to nothing but through the client that checks where it goes."""
    reaching = users("httpx", "httpcore", "socket", "urllib3", "requests", running=False)
    opening = {m for m in MODULES if "urllib.request" in imports(m, running=False)}
    assert {m for m in reaching | opening if m.startswith("index/")} == {
        "index/web/client.py",
        "index/web/guard.py",
    }


def test_the_model_is_behind_the_embedder() -> None:
    """And the reader: no other module knows what embeds and what reads."""
    knowing = users(*SLOW, running=False) - TRAINING - {"index/reader.py"}
    assert {module.rsplit("/", 1)[0] for module in knowing} <= {"index/embed", "index/bundled"}


def test_each_index_is_behind_its_module() -> None:
    """FAISS and tantivy can be changed for others in one place."""
    assert users("faiss", running=False) == {"index/vectors.py"}
    assert users("tantivy", running=False) == {"index/lexical.py"}
    assert users("pyarabic", "Stemmer", running=False) == {"index/arabic.py"}


def test_the_bot_comes_in_by_the_one_door() -> None:
    """It knows the archive by its engine, its nouns and its settings."""
    doors = {
        "backup",
        "bench",
        "engine",
        "model",
        "settings",
        "evaluate",
        "doctor",
        "db",
        "gauges",
        "progress",
        "timing",
        "topics",
    }
    # Pure functions over what people and pages write: one way of reading each.
    doors |= {"amending", "arabic", "conversation", "daterange", "dates", "lead", "several"}
    for module in MODULES:
        if module.startswith("bot/"):
            inside = {n.split(".")[1] for n in imports(module) if n.startswith("index.")}
            assert inside <= doors, module


def test_no_module_is_too_long() -> None:
    """One that grows beyond this has two subjects."""
    lengths = {m: len((ROOT / m).read_text(encoding="utf-8").splitlines()) for m in MODULES}
    assert {m: n for m, n in lengths.items() if n > LONGEST} == {}


@pytest.mark.parametrize("module", sorted(set(MODULES) - TRAINING))
def test_nothing_is_printed_past_the_console(module: str) -> None:
    """What is on stdout is a contract."""
    calls = [node for node in ast.walk(tree(module)) if isinstance(node, ast.Call)]
    assert not [c for c in calls if isinstance(c.func, ast.Name) and c.func.id == "print"]


@pytest.mark.parametrize("module", MODULES)
def test_every_module_says_what_it_is(module: str) -> None:
    """In a docstring."""
    assert ast.get_docstring(tree(module)) or not tree(module).body


PROBE = """
import sys
import {module}
slow = {{"torch", "sentence_transformers", "transformers", "trafilatura"}} & set(sys.modules)
sys.exit(f"imported {{slow}}" if slow else 0)
"""


@pytest.mark.parametrize("module", ["bot.cli", "index.engine"])
def test_nothing_slow_is_imported_before_it_is_needed(module: str) -> None:
    """`isnad --help` and `isnad articles` answer at once."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE.format(module=module)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_telegram_is_imported_by_its_commands_only() -> None:
    """The archive's commands do without."""
    assert not imports("bot/cli/__init__.py", top=True) & {"bot.app", "bot.demo", "index.engine"}
