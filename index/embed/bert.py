"""A BERT encoder's forward pass, arranged for throughput on a CPU.

The arithmetic is that of `transformers.BertModel` (the tests compare them), with three
differences. A group of texts is one thread's from end to end, instead of all threads sharing
each multiplication: no thread waits for another, and what a group computes stays in its core's
cache. Texts lie end to end instead of being padded. The word embeddings stay in the mapped file,
so that only rows in use take memory. Nothing here needs transformers, whose import takes seconds.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch.nn import functional

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


# Texts are padded to a multiple of this many tokens. The CPU library compiles a kernel for every
# new shape and keeps it, in each thread: without this, embedding 300 articles took the process from
# 0.55 to 1.8 GB. By 16 it still grows for days, until each length has come; by 64 it is slower.
_STEP = 32


@dataclass(frozen=True, slots=True)
class _Layer:
    """Weight (out, in) and bias (out) of each step; `mix` is query, key and value in one."""

    mix: tuple[torch.Tensor, torch.Tensor]
    join: tuple[torch.Tensor, torch.Tensor]
    join_norm: tuple[torch.Tensor, torch.Tensor]
    widen: tuple[torch.Tensor, torch.Tensor]
    narrow: tuple[torch.Tensor, torch.Tensor]
    narrow_norm: tuple[torch.Tensor, torch.Tensor]


class Bert:
    """An encoder from token ids to token embeddings, without state: safe to share by threads."""

    def __init__(
        self,
        folder: Path,
        dtype: torch.dtype,
        instead: Mapping[str, torch.Tensor] | None = None,
    ) -> None:
        """Load the weights of a folder that `fits`, to compute in `dtype`.

        Tensors in `instead` take the place of the folder's own: a model fine-tuned from it.
        """
        from safetensors.torch import load_file

        config = _json(folder / "config.json")
        self.dtype = dtype
        self.dimension: int = config["hidden_size"]
        self._heads: int = config["num_attention_heads"]
        self._epsilon: float = config["layer_norm_eps"]
        tensors = load_file(folder / "model.safetensors") | dict(instead or {})
        self._words = tensors["embeddings.word_embeddings.weight"]
        # Every token here is of the first of BERT's two token types.
        places = tensors["embeddings.position_embeddings.weight"].float()
        self._places = places + tensors["embeddings.token_type_embeddings.weight"][0].float()

        def pair(name: str) -> tuple[torch.Tensor, torch.Tensor]:
            return tensors[f"{name}.weight"].to(dtype), tensors[f"{name}.bias"].to(dtype)

        self._norm = (
            tensors["embeddings.LayerNorm.weight"].float(),
            tensors["embeddings.LayerNorm.bias"].float(),
        )
        self._layers = [
            _Layer(
                mix=self._mix(tensors, f"encoder.layer.{i}.attention.self"),
                join=pair(f"encoder.layer.{i}.attention.output.dense"),
                join_norm=pair(f"encoder.layer.{i}.attention.output.LayerNorm"),
                widen=pair(f"encoder.layer.{i}.intermediate.dense"),
                narrow=pair(f"encoder.layer.{i}.output.dense"),
                narrow_norm=pair(f"encoder.layer.{i}.output.LayerNorm"),
            )
            for i in range(config["num_hidden_layers"])
        ]

    def __call__(self, ids: Sequence[Sequence[int]]) -> list[torch.Tensor]:
        """The float32 embeddings (tokens, dimension) of each text's tokens."""
        rooms = [-(-len(text) // _STEP) * _STEP for text in ids]
        size, limit = (self.dimension,), len(self._places) - 1
        with torch.inference_mode():
            padded = [
                token for text, room in zip(ids, rooms, strict=True) for token in _pad(text, room)
            ]
            words = self._words[torch.tensor(padded)]
            places = self._places[
                torch.cat([torch.arange(room).clamp_(max=limit) for room in rooms])
            ]
            x = functional.layer_norm(words.float() + places, size, *self._norm, self._epsilon)
            x = x.to(self.dtype)
            for layer in self._layers:
                mixed = torch.split(functional.linear(x, *layer.mix), rooms)
                seen = torch.cat(
                    [self._attend(own, len(text)) for own, text in zip(mixed, ids, strict=True)]
                )
                joined = functional.linear(seen, *layer.join).add_(x)
                x = functional.layer_norm(joined, size, *layer.join_norm, self._epsilon)
                wide = functional.gelu(functional.linear(x, *layer.widen))
                narrow = functional.linear(wide, *layer.narrow).add_(x)
                x = functional.layer_norm(narrow, size, *layer.narrow_norm, self._epsilon)
            parts = torch.split(x.float(), rooms)
            return [part[: len(text)] for part, text in zip(parts, ids, strict=True)]

    def _mix(
        self, tensors: dict[str, torch.Tensor], name: str
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

    def _attend(self, mixed: torch.Tensor, length: int) -> torch.Tensor:
        """Attention within one text, from (room, 3 · dimension) to (room, dimension).

        Nothing attends to the padding after the first `length` tokens.
        """
        query, key, value = mixed.view(len(mixed), 3, self._heads, -1).permute(1, 2, 0, 3)
        if self.dtype == torch.bfloat16:
            # A quarter faster than the fused kernel, whose inner products do not use bfloat16.
            query, key, value = query.contiguous(), key.contiguous(), value.contiguous()
            weights = torch.bmm(query, key.transpose(1, 2))
            weights[:, :, length:] = -torch.inf
            seen = torch.bmm(torch.softmax(weights, -1), value)
        else:
            mask = torch.arange(len(mixed)) < length
            seen = functional.scaled_dot_product_attention(
                query, key, value, attn_mask=mask[None, :], scale=1.0
            )
        return seen.transpose(0, 1).reshape(len(mixed), self.dimension)


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


def _pad(ids: Sequence[int], room: int) -> Sequence[int]:
    """`ids` followed by as many of any token as make `room`."""
    return [*ids, *[0] * (room - len(ids))]
