"""The quality gate: our own questions over the sample archive, against committed floors."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from quality_figures import FLOORS, measure

from index.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def figures(model_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, float]:
    """What the archive makes of every question, with the models that come with Isnad."""
    return measure(Settings(home=tmp_path_factory.mktemp("quality"), cache=model_cache))


@pytest.mark.model
@pytest.mark.parametrize(("name", "floor"), json.loads(FLOORS.read_text(encoding="utf-8")).items())
def test_figure_holds_its_floor(figures: dict[str, float], name: str, floor: float) -> None:
    """No change may make answers worse than the floor that earlier ones reached."""
    assert figures[name] >= floor, f"{name} is {figures[name]:.4f}: {figures}"
