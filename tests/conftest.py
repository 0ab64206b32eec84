"""Fixtures that several test files share."""

from __future__ import annotations

import itertools
import os
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING

# Before numpy is imported: on busy machines its threads wait for one another, for half a second
# at each of the small matrices of a test.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import pytest
from fake_embedder import HashEmbedder
from fakes import a_store
from postgresql_server import database, server

from index import answer
from index.engine import Engine
from index.settings import Settings
from index.topics.score import WIDTHS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postgresql_server import Fresh

    from bot.store import Store

_GIVEN_CACHE = os.environ.get("ISNAD_CACHE")
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def model_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the bundled model is converted to: ISNAD_CACHE, or a folder of this session."""
    return Path(_GIVEN_CACHE) if _GIVEN_CACHE else tmp_path_factory.mktemp("model-cache")


@pytest.fixture(autouse=True)
def clean_environment(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """No test sees the operator's settings or touches the operator's archive.

    The folders are not made: code that needs them makes them. Tests with the real model share
    its conversion.
    """
    own = tmp_path_factory.getbasetemp() / "environments" / str(next(_numbers))
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.upper().startswith("ISNAD_")]:
            patch.delenv(name)
        cache = own / "cache"
        if request.node.get_closest_marker("model"):
            cache = request.getfixturevalue("model_cache")
        patch.setenv("ISNAD_HOME", str(own / "home"))
        patch.setenv("ISNAD_CACHE", str(cache))
        yield


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """A PostgreSQL server, by the address of a database of its."""
    with server() as url:
        if url is None:
            pytest.skip("no PostgreSQL: none is installed, and ISNAD_TEST_POSTGRESQL names none")
        yield url


@pytest.fixture
def postgresql(postgresql_server: str) -> Iterator[str]:
    """The address of an empty PostgreSQL database."""
    with database(postgresql_server) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Fresh]:
    """Empty databases of each kind, as many as are asked for."""
    with ExitStack() as stack:
        if request.param == "postgresql":
            server = request.getfixturevalue("postgresql_server")
            yield lambda: stack.enter_context(database(server))
        else:
            yield lambda: f"sqlite:///{tmp_path / f'{next(_numbers)}.db'}"


@pytest.fixture
def embedder() -> HashEmbedder:
    """A model that takes no time to load."""
    return HashEmbedder()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Where the archive of a test is, not made yet."""
    return tmp_path / "home"


@pytest.fixture
def engine(home: Path, embedder: HashEmbedder) -> Iterator[Engine]:
    """An empty archive with a fake model."""
    with Engine(Settings(home=home), embedder) as engine:
        yield engine


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """What the bot knows of its readers: nobody yet."""
    with closing(a_store(tmp_path)) as store:
        yield store


@pytest.fixture
def sure(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any sentence found is an answer: what is tested is not how sure the archive is."""
    monkeypatch.setattr(answer, "THRESHOLD", 1e-30)


@pytest.fixture
def lenient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A topic takes what is likelier than not: the fake model tells less than a real one."""
    for width, chance in {-1: 0.75, 0: 0.6, 1: 0.4}.items():
        monkeypatch.setitem(WIDTHS, width, chance)
