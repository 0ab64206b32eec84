"""Texts to vectors: the `Embedder` the archive asks for, and how one is found and loaded."""

from __future__ import annotations

import hashlib
import logging
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from index import bundled
from index.embed.embedder import Kind, SentenceTransformerEmbedder, Span, TextTokens
from index.model import ModelError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer

    from index.embed.forward import Forward

__all__ = [
    "Embedder",
    "Kind",
    "SentenceTransformerEmbedder",
    "Span",
    "TextTokens",
    "cores",
    "load_embedder",
]

_HUB_NAME = re.compile(r"\w[\w.-]*(/[\w.-]+)?", re.ASCII)
_HUB_TIMEOUT = 10.0  # seconds; the hub's own client tries for over a minute without a network
_SAMPLES, _SAMPLE = 16, 1 << 16  # of a file too large to read: places, and bytes at each


class Embedder(Protocol):
    """What the archive needs of a model. Vectors are float32 and of length one (L2)."""

    @property
    def model_id(self) -> str:
        """Names the model: vectors of equal ids can be compared."""
        ...

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        ...

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The vectors (texts, dimension) of questions."""
        ...

    def encode_passages(
        self, texts: Sequence[str], *, on_batch: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """The vectors (texts, dimension) of passages; `on_batch(n)` as each n are done."""
        ...

    def encode_spans(
        self,
        texts: Sequence[str],
        spans: Sequence[Sequence[Span]],
        *,
        on_batch: Callable[[int], None] | None = None,
    ) -> tuple[NDArray[np.float32], list[NDArray[np.float32]]]:
        """The vectors of passages, and of the character spans of each, from one pass."""
        ...

    def tokens(
        self,
        texts: Sequence[str],
        spans: Sequence[Sequence[Span]] | None = None,
        *,
        kind: Kind = "passage",
        on_batch: Callable[[int], None] | None = None,
    ) -> list[TextTokens]:
        """Everything one pass over each text gives: its vector, its spans' and its tokens'."""
        ...


def load_embedder(
    model: str | None,
    cache_dir: Path,
    *,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> SentenceTransformerEmbedder:
    """The embedder for `model`: a sentence-transformers name or folder, or None for the bundled.

    Returns at once; the model is loaded by the first use (or `load`), the bundled one being
    converted into `cache_dir` then if it is not there, with `progress(done, total)`. `threads`
    defaults to the cores this process may use.

    Raises ModelError, here for a folder that is none, otherwise when loading.
    """
    count = threads or cores()
    if model is None:
        return SentenceTransformerEmbedder(
            bundled.NAME,
            bundled.DIMENSION,
            lambda: _from_folder(bundled.convert(cache_dir, progress), count),
        )
    folder = Path(model).expanduser()
    if folder.is_dir():
        if not (folder / "modules.json").is_file():
            raise ModelError(
                f"{model} is not a sentence-transformers folder: it has no modules.json; save the "
                "model with SentenceTransformer(…).save(folder)"
            )
        name = f"{folder.resolve().name}@{_fingerprint(folder)}"
        return SentenceTransformerEmbedder(name, None, lambda: _from_folder(folder, count))
    if not _HUB_NAME.fullmatch(model):
        raise ModelError(f"there is no folder {model}, and no model can have that name")
    return SentenceTransformerEmbedder(model, None, lambda: _from_hub(model, count))


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _fingerprint(folder: Path) -> str:
    """Tells another model in the same folder apart, without reading large files whole."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        size = path.stat().st_size
        digest.update(f"{path.relative_to(folder).as_posix()}\0{size}\0".encode())
        with path.open("rb") as file:
            for i in range(_SAMPLES if size > _SAMPLES * _SAMPLE else 1):
                file.seek(i * size // _SAMPLES)
                digest.update(file.read(_SAMPLE if size > _SAMPLES * _SAMPLE else size))
    return digest.hexdigest()[:10]


def _from_folder(folder: Path, threads: int) -> Forward:
    from index.embed import bert, forward

    try:
        if bert.fits(folder):
            return forward.BertForward(folder, bert.fast_dtype(), threads)
        return forward.ModulesForward(_open(str(folder), local=True), threads)
    except ModelError as error:
        raise ModelError(f"{folder}: {error}") from error
    except Exception as error:  # a folder can be broken in any way
        raise ModelError(f"cannot load the model in {folder}: {_line(error)}") from error


def _from_hub(name: str, threads: int) -> Forward:
    from index.embed import forward

    full = name if "/" in name else f"sentence-transformers/{name}"
    try:
        try:
            model = _open(full, local=True)
        except Exception:  # noqa: BLE001  (not downloaded yet, or not whole)
            _ask_hub(full)
            model = _open(full, local=False)
        return forward.ModulesForward(model, threads)
    except ModelError as error:
        raise ModelError(f"{name}: {error}") from error
    except Exception as error:  # so can a model of the hub
        raise ModelError(f"cannot load the model {name}: {_line(error)}") from error


def _ask_hub(name: str) -> None:
    """Raise ModelError where the hub cannot be reached or has no such model."""
    from huggingface_hub import HfApi
    from huggingface_hub.errors import HfHubHTTPError

    try:
        HfApi().model_info(name, timeout=_HUB_TIMEOUT)
    except HfHubHTTPError as error:
        raise ModelError(
            f"the model hub has no such model, or not for us ({_line(error)}); check the spelling, "
            "or give a folder"
        ) from error
    except Exception as error:  # the hub's client has changed its HTTP library before
        raise ModelError(
            "not downloaded yet, and the model hub cannot be reached; give the folder of a model, "
            "or unset ISNAD_MODEL to use the bundled one"
        ) from error


def _open(name: str, *, local: bool) -> SentenceTransformer:
    """The model through sentence-transformers, without its progress bars and reports."""
    try:
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging as reports
    except ImportError as error:
        raise ModelError(f"sentence-transformers is not whole ({error}); reinstall it") from error
    from index.embed import bert

    bars, level = reports.is_progress_bar_enabled(), reports.get_verbosity()
    reports.disable_progress_bar()  # type: ignore[no-untyped-call]
    reports.set_verbosity_error()  # type: ignore[no-untyped-call]
    logger = logging.getLogger("sentence_transformers")
    heard = logger.level
    logger.setLevel(logging.ERROR)
    try:
        return SentenceTransformer(
            name, device="cpu", local_files_only=local, model_kwargs={"dtype": bert.fast_dtype()}
        )
    finally:
        logger.setLevel(heard)
        reports.set_verbosity(level)
        if bars:
            reports.enable_progress_bar()  # type: ignore[no-untyped-call]


def _line(error: Exception) -> str:
    """The first line of an error: the rest is advice for programmers."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
