"""A BERT encoder's forward pass, arranged for throughput on a CPU.

The arithmetic is that of `transformers.BertModel` (the tests compare them), with three
differences. A group of texts is one thread's from end to end, instead of all threads sharing
each multiplication: no thread waits for another, and what a group computes stays in its core's
cache. Texts lie end to end instead of being padded; short ones attend in one multiplication, each
to itself. The word embeddings stay in the mapped file, so that only rows in use take memory.
Nothing here needs transformers, whose import takes seconds.
"""

from __future__ import annotations

import copy
import json
import math
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakValueDictionary

import torch
from torch.nn import functional

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tokenizers import Tokenizer

T = TypeVar("T")

# Rows and rooms are multiples of this many tokens. The CPU library compiles a kernel for every
# new shape and keeps it, in each thread: without this, embedding 300 articles took the process from
# 0.55 to 1.8 GB. By 16 it still grows for days, until each length has come; by 64 it is slower.
_STEP = 32

# Tokens up to which short texts share a multiplication: eight questions took a fifth longer each
# for itself, and of 256 tokens most of a product would be of one text by another.
_CHAIN = 128


@dataclass(frozen=True, slots=True)
class _Layer:
    """Weight (out, in) and bias (out) of each step; `mix` is query, key and value in one."""

    mix: tuple[torch.Tensor, torch.Tensor]
    join: tuple[torch.Tensor, torch.Tensor]
    join_norm: tuple[torch.Tensor, torch.Tensor]
    widen: tuple[torch.Tensor, torch.Tensor]
    narrow: tuple[torch.Tensor, torch.Tensor]
    narrow_norm: tuple[torch.Tensor, torch.Tensor]


@dataclass(frozen=True, slots=True)
class _Chain:
    """Texts that attend in one multiplication: `length` rows from `start` on, padded to `room`.

    The rows of padding belong to whatever text follows. `apart` (room, room) is true where a token
    must not look; None where the chain is one text, which must not look at the padding.
    """

    start: int
    length: int
    room: int
    apart: torch.Tensor | None


class Bert:
    """An encoder from token ids to token embeddings, without state: safe to share by threads."""

    def __init__(self, folder: Path, dtype: torch.dtype) -> None:
        """Load the weights of a folder that `fits`, to compute in `dtype`."""
        from safetensors.torch import load_file

        config = _json(folder / "config.json")
        self.dtype = dtype
        self.dimension: int = config["hidden_size"]
        self._heads: int = config["num_attention_heads"]
        self._epsilon: float = config["layer_norm_eps"]
        tensors = load_file(folder / "model.safetensors")
        self._words = tensors["embeddings.word_embeddings.weight"]
        # Every token here is of the first of BERT's two token types.
        places = tensors["embeddings.position_embeddings.weight"].float()
        self._places = places + tensors["embeddings.token_type_embeddings.weight"][0].float()
        self._norm = (
            tensors["embeddings.LayerNorm.weight"].float(),
            tensors["embeddings.LayerNorm.bias"].float(),
        )
        self._layers = [self._layer(tensors, i) for i in range(config["num_hidden_layers"])]

    def finetuned(self, tensors: Mapping[str, torch.Tensor], first: int) -> Bert:
        """Return an encoder whose layers from `first` on are those in `tensors`.

        All below is this one's own, and takes no more memory.
        """
        other = copy.copy(self)
        count = len(self._layers)
        other._layers = [
            *self._layers[:first],
            *(self._layer(tensors, i) for i in range(first, count)),
        ]
        return other

    def _layer(self, tensors: Mapping[str, torch.Tensor], i: int) -> _Layer:
        name = f"encoder.layer.{i}"

        def pair(part: str) -> tuple[torch.Tensor, torch.Tensor]:
            weight, bias = (tensors[f"{name}.{part}.{kind}"] for kind in ("weight", "bias"))
            return weight.to(self.dtype), bias.to(self.dtype)

        return _Layer(
            mix=self._mix(tensors, f"{name}.attention.self"),
            join=pair("attention.output.dense"),
            join_norm=pair("attention.output.LayerNorm"),
            widen=pair("intermediate.dense"),
            narrow=pair("output.dense"),
            narrow_norm=pair("output.LayerNorm"),
        )

    def __call__(self, ids: Sequence[Sequence[int]]) -> list[torch.Tensor]:
        """The float32 embeddings (tokens, dimension) of each text's tokens."""
        lengths = [len(text) for text in ids]
        size, limit = (self.dimension,), len(self._places) - 1
        with torch.inference_mode():
            chains = _chains(lengths)
            rows = max(_up(sum(lengths)), *(_up(chain.start + chain.room) for chain in chains))
            words = self._words[torch.tensor(_pad([one for text in ids for one in text], rows))]
            spare = rows - sum(lengths)
            places = self._places[
                torch.cat([torch.arange(n).clamp_(max=limit) for n in (*lengths, spare)])
            ]
            x = functional.layer_norm(words.float() + places, size, *self._norm, self._epsilon)
            x = x.to(self.dtype)
            seen = torch.zeros_like(x)
            for layer in self._layers:
                mixed = functional.linear(x, *layer.mix)
                for chain in chains:
                    own = slice(chain.start, chain.start + chain.length)
                    seen[own] = self._attend(mixed[chain.start :][: chain.room], chain)
                joined = functional.linear(seen, *layer.join).add_(x)
                x = functional.layer_norm(joined, size, *layer.join_norm, self._epsilon)
                wide = functional.gelu(functional.linear(x, *layer.widen))
                narrow = functional.linear(wide, *layer.narrow).add_(x)
                x = functional.layer_norm(narrow, size, *layer.narrow_norm, self._epsilon)
            return list(torch.split(x[: sum(lengths)].float(), lengths))

    def _mix(
        self, tensors: Mapping[str, torch.Tensor], name: str
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Query, key and value as one matrix, attention's 1/sqrt(head size) inside the query."""
        scale = 1 / math.sqrt(self.dimension // self._heads)
        parts = []
        for kind in ("weight", "bias"):
            query, key, value = (
                tensors[f"{name}.{part}.{kind}"].float() for part in ("query", "key", "value")
            )
            parts.append(torch.cat([query * scale, key, value]).to(self.dtype))
        return parts[0], parts[1]

    def _attend(self, mixed: torch.Tensor, chain: _Chain) -> torch.Tensor:
        """Attention within the texts of a chain: (room, 3 · dimension) to (length, dimension)."""
        query, key, value = mixed.view(len(mixed), 3, self._heads, -1).permute(1, 2, 0, 3)
        if self.dtype == torch.bfloat16:
            # A quarter faster than the fused kernel, whose inner products do not use bfloat16.
            query, key, value = query.contiguous(), key.contiguous(), value.contiguous()
            weights = torch.bmm(query, key.transpose(1, 2))
            if chain.apart is None:
                weights[:, :, chain.length :] = -torch.inf
            else:
                weights.masked_fill_(chain.apart, -torch.inf)
            seen = torch.bmm(torch.softmax(weights, -1), value)
        else:
            mask = torch.arange(chain.room) < chain.length if chain.apart is None else ~chain.apart
            seen = functional.scaled_dot_product_attention(
                query, key, value, attn_mask=mask, scale=1.0
            )
        return seen.transpose(0, 1)[: chain.length].reshape(chain.length, self.dimension)


class Loaded:
    """An encoder and its tokenizer, which keeps all tokens of a text: see `cut`."""

    def __init__(self, folder: Path, dtype: torch.dtype) -> None:
        """Load a folder that `fits`."""
        from tokenizers import Tokenizer

        self.bert = Bert(folder, dtype)
        self.tokenizer: Tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()


_loaded: WeakValueDictionary[tuple[Path, torch.dtype], Loaded] = WeakValueDictionary()
_loading = threading.Lock()


def load(folder: Path, dtype: torch.dtype) -> Loaded:
    """Return what is in a folder that `fits`, the same to all who ask while one of them keeps it.

    A tokenizer takes 130 MB, a vocabulary of vectors 100: the embedder and the reader share them.
    """
    with _loading:
        key = folder.resolve(), dtype
        found = _loaded.get(key)
        if found is None:
            _loaded[key] = found = Loaded(folder, dtype)
        return found


def cut(tokens: list[T], limit: int) -> list[T]:
    """The first `limit` of a text's tokens, or of what there is one of for each.

    The last stays the last, for it marks the end.
    """
    return tokens if len(tokens) <= limit else [*tokens[: limit - 1], tokens[-1]]


def _chains(lengths: Sequence[int]) -> list[_Chain]:
    """All texts in their order, as many to a chain as `_CHAIN` lets."""
    shares: list[list[int]] = []
    for length in lengths:
        if not shares or sum(shares[-1]) + length > _CHAIN:
            shares.append([])
        shares[-1].append(length)
    chains, start = [], 0
    for share in shares:
        length = sum(share)
        room = _up(length)
        of = torch.tensor(_pad([at for at, n in enumerate(share, 1) for _ in range(n)], room))
        apart = of[:, None] != of[None, :] if len(share) > 1 else None
        chains.append(_Chain(start, length, room, apart))
        start += length
    return chains


def fits(folder: Path) -> bool:
    """Whether `Bert` computes what the sentence-transformers folder describes: a plain, mean-pooled
    BERT. Anything it does not know of might change the result, so then it says no."""
    try:
        modules = [module["type"].split(".")[-1] for module in _json(folder / "modules.json")]
        config = _json(folder / "config.json")
        pooling = _json(folder / "1_Pooling" / "config.json")
        settings = _json(folder / "sentence_bert_config.json")
        # Newer folders name the mode, older ones have a switch for each.
        modes = pooling.get("pooling_mode") or "+".join(
            mode for mode, on in pooling.items() if on is True and mode.startswith("pooling_mode")
        )
        return (
            modules == ["Transformer", "Pooling", "Normalize"]
            and config["model_type"] == "bert"
            and config["hidden_act"] == "gelu"
            and config.get("position_embedding_type", "absolute") == "absolute"
            and modes in ("mean", "pooling_mode_mean_tokens")
            and pooling.get("include_prompt", True)
            and not settings.get("do_lower_case")
            and all((folder / name).is_file() for name in ("model.safetensors", "tokenizer.json"))
        )
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return False


def fast_dtype() -> torch.dtype:
    """bfloat16 where this CPU multiplies it natively (twice float32's rate or more), or float32."""
    capabilities: Callable[[], dict[str, Any]] | None
    capabilities = getattr(torch.cpu, "get_capabilities", None)  # torch 2.9 and later
    if capabilities is not None:
        found = {name for name, has in capabilities().items() if has is True}
    else:
        try:
            found = set(Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace").split())
        except OSError:
            found = set()
    return torch.bfloat16 if found & {"avx512_bf16", "amx_bf16"} else torch.float32


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _up(tokens: int) -> int:
    return -(-tokens // _STEP) * _STEP


def _pad(ids: Sequence[int], room: int) -> Sequence[int]:
    """`ids` followed by as many zeros as make `room`."""
    return [*ids, *[0] * (room - len(ids))]
