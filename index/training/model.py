"""The reader as it is trained: a BERT encoder over packed texts with three small heads.

The arithmetic is that of `index.embed.bert`, with gradients. Texts lie end to end, so that no
work goes into padding; each thread trains on its own copy of the weights in the precision that
the CPU multiplies fastest, while the master weights stay in float32.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch.nn import functional

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Tensors = dict[str, torch.Tensor]

HEADS = ("span.weight", "span.bias", "answerable.weight", "answerable.bias")
_HEAD = 12  # attention heads
_EPSILON = 1e-12


def layer_of(name: str) -> int:
    """The layer that a tensor belongs to; the heads count as above all layers."""
    return int(name.split(".")[2]) if name.startswith("encoder.") else 1000


def initial(tensors: Mapping[str, torch.Tensor], seed: int) -> Tensors:
    """Return the weights to train (float32): the encoder's layers, and new heads."""
    generator = torch.Generator().manual_seed(seed)
    weights = {k: v.float().clone() for k, v in tensors.items() if k.startswith("encoder.")}
    size = weights["encoder.layer.0.output.dense.bias"].shape[0]
    for name in ("span", "answerable"):
        rows = 2 if name == "span" else 1
        weights[f"{name}.weight"] = 0.02 * torch.randn(rows, size, generator=generator)
        weights[f"{name}.bias"] = torch.zeros(rows)
    return weights


def embed(tensors: Mapping[str, torch.Tensor], ids: Sequence[Sequence[int]]) -> torch.Tensor:
    """Return the frozen embeddings (all tokens, dimension) of texts, end to end, in float32."""
    words = tensors["embeddings.word_embeddings.weight"][
        torch.tensor([token for text in ids for token in text])
    ].float()
    places = tensors["embeddings.position_embeddings.weight"].float()
    places = places + tensors["embeddings.token_type_embeddings.weight"][0].float()
    places = torch.cat([places[: len(text)] for text in ids])
    return functional.layer_norm(
        words + places,
        words.shape[1:],
        tensors["embeddings.LayerNorm.weight"].float(),
        tensors["embeddings.LayerNorm.bias"].float(),
        _EPSILON,
    )


def forward(
    weights: Tensors, x: torch.Tensor, lengths: Sequence[int]
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the start and end scores (all tokens, 2) and each text's answerability (texts,).

    `x` (all tokens, dimension) is what `embed` gave, in the precision of the weights.
    """
    layers = 1 + max(layer_of(name) for name in weights if name not in HEADS)
    for i in range(layers):
        x = _layer(weights, f"encoder.layer.{i}", x, lengths)
    x = x.float()
    firsts = torch.tensor([0, *lengths[:-1]]).cumsum(0)
    spans = functional.linear(x, weights["span.weight"].float(), weights["span.bias"].float())
    answerable = functional.linear(
        x[firsts], weights["answerable.weight"].float(), weights["answerable.bias"].float()
    )
    return spans, answerable[:, 0]


def _layer(weights: Tensors, name: str, x: torch.Tensor, lengths: Sequence[int]) -> torch.Tensor:
    def linear(part: str, value: torch.Tensor) -> torch.Tensor:
        return functional.linear(
            value, weights[f"{name}.{part}.weight"], weights[f"{name}.{part}.bias"]
        )

    def norm(part: str, value: torch.Tensor) -> torch.Tensor:
        return functional.layer_norm(
            value,
            value.shape[1:],
            weights[f"{name}.{part}.LayerNorm.weight"],
            weights[f"{name}.{part}.LayerNorm.bias"],
            _EPSILON,
        )

    parts = [
        torch.split(linear(f"attention.self.{part}", x), list(lengths))
        for part in ("query", "key", "value")
    ]
    seen = torch.cat([_attend(*own) for own in zip(*parts, strict=True)])
    x = norm("attention.output", x + linear("attention.output.dense", seen))
    wide = functional.gelu(linear("intermediate.dense", x))
    return norm("output", x + linear("output.dense", wide))


def _attend(query: torch.Tensor, key: torch.Tensor, value: torch.Tensor) -> torch.Tensor:
    """Attention within one text, (tokens, dimension)."""
    q, k, v = (part.view(len(part), _HEAD, -1).transpose(0, 1) for part in (query, key, value))
    weights = torch.softmax(torch.bmm(q, k.transpose(1, 2)) / math.sqrt(q.shape[-1]), -1)
    return torch.bmm(weights, v).transpose(0, 1).reshape(query.shape)
