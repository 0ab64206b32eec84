"""Reads passages for a question: which words answer it, and whether any do.

The model is the bundled embedder with its upper layers trained anew to point at answers (see
`index.training` and `weights/README.md`); vocabulary, embeddings and lower layers are the
embedder's own, so that only the rest need be kept.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from index.model import ModelError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import torch
    from numpy.typing import NDArray

    from index.embed.bert import Bert

Span = tuple[int, int]

WEIGHTS = Path(__file__).parent / "weights" / "reader.safetensors"

MAX_TOKENS = 320
"""Question and passage together; a passage of 900 characters has about 230."""

_QUESTION, _HEAD = 400, 200  # characters read of each, so that the passage has room

_TOGETHER = 1024  # tokens that a thread reads at a time: more is no faster, and takes memory

LONGEST_ANSWER = 30
"""Tokens in an answer: longer ones than a clause are hardly ever asked for."""


@dataclass(frozen=True, slots=True)
class Page:
    """A passage to read: what stands above it (see `header`), its text, and its units."""

    head: str
    text: str
    units: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader makes of a passage. Scores are logits, comparable within one question."""

    scores: NDArray[np.float32]  # (units,), of the best answer in each
    spans: tuple[Span, ...]  # where in the text that answer stands, a unit each
    none: float  # the score of there being no answer
    answerable: float  # log-odds that the passage answers


class Reader(Protocol):
    """What the engine asks of a reader."""

    def load(self) -> object:
        """Load the model now rather than with the first question. Raises ModelError."""
        ...

    def read_many(self, asked: Sequence[tuple[str, Sequence[Page]]]) -> list[list[Reading]]:
        """Read each question's pages for it."""
        ...


def header(title: str, date: str) -> str:
    """Return what stands before a passage's text when it is read: its title and its day."""
    return f"{title} ({date})\n" if date else f"{title}\n"


class BundledReader:
    """The reader that comes with Isnad. Loaded when first used; safe to share by threads."""

    def __init__(self, base: Callable[[], Path], threads: int) -> None:
        """`base` gives the folder of the bundled embedder; it raises ModelError."""
        self._base = base
        self._threads = threads
        self._lock = threading.Lock()
        self._model: _Model | None = None
        self._pool: ThreadPoolExecutor | None = None

    def load(self) -> _Model:
        """Load the model now rather than with the first question. Raises ModelError."""
        with self._lock:
            if self._model is None:
                import torch

                self._model = _Model(self._base(), read_weights(WEIGHTS))
                self._pool = ThreadPoolExecutor(self._threads, "read", torch.set_num_threads, (1,))
            return self._model

    def read(self, question: str, pages: Sequence[Page]) -> list[Reading]:
        """Read each page for the question. Raises ModelError."""
        return self.read_many([(question, pages)])[0]

    def read_many(self, asked: Sequence[tuple[str, Sequence[Page]]]) -> list[list[Reading]]:
        """Read each question's pages for it, all of them on all threads. Raises ModelError."""
        pages = [page for _, own in asked for page in own]
        if not pages:
            return [[] for _ in asked]
        model = self.load()
        assert self._pool is not None
        encoded = [one for question, own in asked if own for one in model.encode(question, own)]
        sizes = [len(one.ids) for one in encoded]
        rounds = max(1, round(sum(sizes) / _TOGETHER / self._threads))
        shares = _dealt(sizes, rounds * self._threads)  # no thread idle in the last round
        done = self._pool.map(lambda share: model.run([encoded[i] for i in share]), shares)
        scored = {
            i: scores
            for share, found in zip(shares, done, strict=True)
            for i, scores in zip(share, found, strict=True)
        }
        read = (_reading(page, encoded[i], *scored[i]) for i, page in enumerate(pages))
        return [list(itertools.islice(read, len(own))) for _, own in asked]


@dataclass(frozen=True, slots=True)
class _Tokens:
    """A question and a page: ids, the characters each comes from, and 1 for those of the page."""

    ids: list[int]
    offsets: list[Span]
    sequences: list[int | None]


class _Model:
    def __init__(self, base: Path, weights: Mapping[str, torch.Tensor]) -> None:
        from index.embed.bert import fast_dtype, load

        loaded = load(base, fast_dtype())
        trained = [int(name.split(".")[2]) for name in weights if name.startswith("encoder.")]
        self._heads = {
            name: weights[name].float() for name in weights if not name.startswith("encoder.")
        }
        self._bert: Bert = loaded.bert.finetuned(weights, min(trained))
        self._loaded = loaded  # it is shared while somebody keeps it

    def encode(self, question: str, pages: Sequence[Page]) -> list[_Tokens]:
        from index.embed.bert import cut

        encoded = self._loaded.tokenizer.encode_batch(
            [(question[:_QUESTION], page.head[:_HEAD] + page.text) for page in pages]
        )
        return [
            _Tokens(
                cut(one.ids, MAX_TOKENS),
                cut(one.offsets, MAX_TOKENS),
                cut(one.sequence_ids, MAX_TOKENS),
            )
            for one in encoded
        ]

    def run(self, encoded: Sequence[_Tokens]) -> list[tuple[NDArray[np.float32], float]]:
        """Start and end scores (tokens, 2) and the log-odds of an answer, for each text."""
        import torch
        from torch.nn import functional

        found = []
        with torch.inference_mode():
            for x in self._bert([one.ids for one in encoded]):
                spans = functional.linear(x, self._heads["span.weight"], self._heads["span.bias"])
                odds = functional.linear(
                    x[0], self._heads["answerable.weight"], self._heads["answerable.bias"]
                )
                found.append((spans.numpy(), float(odds)))
        return found


class _Weights(Mapping[str, "torch.Tensor"]):
    """The tensors of a weights file in float32, each back from 8 bits when it is asked for.

    A matrix is kept as `int8` rows with a float16 scale each, in `<name>.scale`.
    """

    def __init__(self, stored: Mapping[str, torch.Tensor]) -> None:
        self._stored = stored

    def __getitem__(self, name: str) -> torch.Tensor:
        value, scale = self._stored[name], self._stored.get(f"{name}.scale")
        return value.float() if scale is None else value.float() * scale.float()[:, None]

    def __iter__(self) -> Iterator[str]:
        return (name for name in self._stored if not name.endswith(".scale"))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def read_weights(path: Path) -> Mapping[str, torch.Tensor]:
    """Return the tensors of a weights file, in float32. Raises ModelError.

    The file's SHA-256 stands beside it, in a JSON file of the same name.
    """
    from safetensors.torch import load

    try:
        data = path.read_bytes()
        wanted = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))["sha256"]
    except (OSError, ValueError, LookupError) as error:
        raise ModelError(
            f"the reader's weights in {path.parent} are not whole ({error}); reinstall Isnad, "
            "or set ISNAD_READER=off"
        ) from error
    if hashlib.sha256(data).hexdigest() != wanted:
        raise ModelError(f"{path} is damaged; reinstall Isnad, or set ISNAD_READER=off")
    return _Weights(load(data))


def _dealt(sizes: Sequence[int], shares: int) -> list[list[int]]:
    """Places dealt out so that each share has about the same sum of sizes; none is empty."""
    dealt: list[list[int]] = [[] for _ in range(shares)]
    sums = [0] * shares
    for place in sorted(range(len(sizes)), key=lambda i: -sizes[i]):
        least = sums.index(min(sums))
        dealt[least].append(place)
        sums[least] += sizes[place]
    return [share for share in dealt if share]


def _reading(
    page: Page, encoded: _Tokens, scores: NDArray[np.float32], answerable: float
) -> Reading:
    shift = len(page.head[:_HEAD])
    own = [
        i
        for i, (place, sequence) in enumerate(zip(encoded.offsets, encoded.sequences, strict=True))
        if sequence == 1 and place[1] > shift
    ]
    places = np.array([encoded.offsets[i] for i in own], np.int32).reshape(-1, 2) - shift
    none = float(scores[0].sum())
    found, spans = [], []
    for start, end in page.units:
        last = places[:, 1] - 1
        inside = np.flatnonzero((last >= start) & (last < end))
        score, span = _best(scores[[own[i] for i in inside]]) if len(inside) else (none, None)
        found.append(score)
        if span is None:
            spans.append((start, start))
        else:
            a, b = places[inside[span[0]]][0], places[inside[span[1]]][1]
            spans.append(_trimmed(page.text, max(int(a), start), min(int(b), end)))
    return Reading(np.array(found, np.float32), tuple(spans), none, answerable)


def _best(scores: NDArray[np.float32]) -> tuple[float, Span]:
    """The best start and end in order, at most `LONGEST_ANSWER` apart: their sum, and they."""
    sums = scores[:, None, 0] + scores[None, :, 1]
    places = np.arange(len(scores))
    apart = places[None, :] - places[:, None]
    sums[(apart < 0) | (apart >= LONGEST_ANSWER)] = -np.inf
    start, end = divmod(int(sums.argmax()), len(scores))
    return float(sums[start, end]), (start, end)


def _trimmed(text: str, start: int, end: int) -> Span:
    """The span without the spaces and the punctuation around it."""
    around = ' \n\t،؛:.!؟?,;…«»"“”()[]-–—'
    while start < end and text[start] in around:
        start += 1
    while end > start and text[end - 1] in around:
        end -= 1
    return start, end


def describe(path: Path, **facts: Any) -> None:
    """Write the JSON file that vouches for a weights file, with `facts` of its making."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    text = json.dumps({"sha256": digest, **facts}, indent=2, ensure_ascii=False)
    path.with_suffix(".json").write_text(text + "\n", encoding="utf-8")
