"""Real articles of several newspapers, kept outside the repository: reprints, empty bodies."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from index import ingest, store
from index.db import Database

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.model import AddReport

DAY = Path(__file__).resolve().parents[2] / "shared/data/news/saudinewsnet/2015-08-02.zip"

pytestmark = pytest.mark.skipif(not DAY.is_file(), reason="../shared/data is not here")


@pytest.fixture(scope="module")
def part(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every third article of a day, as a zip of one JSON file."""
    with zipfile.ZipFile(DAY) as archive:
        items = json.load(io.BytesIO(archive.read(archive.namelist()[0])))[::3]
    path = tmp_path_factory.mktemp("news") / "part.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("part.json", json.dumps(items))
    return path


@pytest.fixture(scope="module")
def archive(
    part: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Database, AddReport]]:
    """The articles stored, and what was reported."""
    database = Database(tmp_path_factory.mktemp("archive") / "isnad.db")
    yield database, ingest.add(database, [str(part)])
    database.close()


def test_a_day_goes_in_once(archive: tuple[Database, AddReport], part: Path) -> None:
    """All of it is told: what came in, whose words it repeats, what was empty."""
    db, report = archive
    assert report.failed == ()
    assert report.added > 300
    assert report.duplicates > 20
    assert all(one.error for one in report.rejections)
    again = ingest.add(db, [str(part)])
    assert (again.added, again.updated, again.duplicates) == (0, 0, 0)
    assert again.unchanged == report.added + report.duplicates
    assert again.rejections == report.rejections


def test_reprints_state_no_other_numbers(archive: tuple[Database, AddReport]) -> None:
    """In their titles: those of the original's title or text."""
    with archive[0].read() as connection:
        standing = [article for article, _ in store.drafts(connection)]
        reprints = store.reprints(connection, standing)
        assert reprints
        for original, copies in reprints.items():
            held = store.article(connection, original)
            words = f"{held.title} {held.text}"
            for copy in copies:
                digits = [word for word in copy.title.split() if word.isdecimal()]
                assert all(word in words for word in digits if len(word) > 1), copy.title
