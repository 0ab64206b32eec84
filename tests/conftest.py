"""Fixtures that several test files share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def model_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the bundled model is converted to: ISNAD_CACHE, or a folder of this session."""
    given = os.environ.get("ISNAD_CACHE")
    return Path(given) if given else tmp_path_factory.mktemp("model-cache")
