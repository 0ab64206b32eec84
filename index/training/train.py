"""The training loop: groups of texts into gradients, on as many threads as there are cores."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import torch
from torch.nn import functional

from index.embed.bert import fast_dtype
from index.training import model

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from index.training.groups import Text
    from index.training.model import Tensors

FROZEN = 3
"""Lowest layers that keep the embedder's weights: a quarter less work, and what carries over from
one language to another lies low in a multilingual encoder."""

QUESTIONS = 16  # a step
CHECKPOINT = 100  # steps
_WARM_UP = 0.06  # of all steps
_DECAY = 0.01
_AVERAGED = 0.25  # the last steps, whose weights are averaged


@dataclass(frozen=True, slots=True)
class Stage:
    """A pass over some of the data: `rate` is the peak learning rate of the encoder."""

    name: str
    steps: int
    rate: float


def run(
    stage: Stage,
    weights: Tensors,
    frozen: Mapping[str, torch.Tensor],
    draw: Callable[[int], Sequence[Sequence[Text]]],
    *,
    threads: int,
    folder: Path,
    report: Callable[[int, float], None],
) -> Tensors:
    """Train `weights` and return them averaged over the last steps.

    `draw(step)` gives the groups of a step, always the same ones. State is kept in `folder` every
    `CHECKPOINT` steps; a run that was stopped goes on from there.
    """
    kept = folder / f"{stage.name}.pt"
    params = {k: v for k, v in weights.items() if model.layer_of(k) >= FROZEN}
    optimizer = torch.optim.AdamW(
        [
            {"params": [v for k, v in params.items() if k.startswith("encoder.")], "rate": 1.0},
            {"params": [v for k, v in params.items() if k in model.HEADS], "rate": 10.0},
        ],
        lr=stage.rate,
        weight_decay=_DECAY,
        betas=(0.9, 0.98),
    )
    first, averaged, count = 0, {k: torch.zeros_like(v) for k, v in params.items()}, 0
    if kept.is_file():
        state = torch.load(kept, weights_only=True)
        first, count, averaged = state["step"], state["count"], state["averaged"]
        for name, value in state["weights"].items():
            params[name].copy_(value)
        optimizer.load_state_dict(state["optimizer"])
    pool = ThreadPoolExecutor(threads, "train", torch.set_num_threads, (1,))
    for step in range(first, stage.steps):
        for rates in optimizer.param_groups:
            rates["lr"] = stage.rate * rates["rate"] * _schedule(step / stage.steps)
        groups = draw(step)
        task = partial(gradients, weights, frozen, total=len(groups))
        results = list(pool.map(task, _shares(groups, threads)))
        for name, value in params.items():
            value.grad = sum((grads[name] for _, grads in results), torch.zeros_like(value))
        torch.nn.utils.clip_grad_norm_(list(params.values()), 1.0)
        optimizer.step()
        report(step, sum(loss for loss, _ in results))
        if step >= stage.steps * (1 - _AVERAGED):
            count += 1
            for name, value in params.items():
                averaged[name] += (value - averaged[name]) / count
        if (step + 1) % CHECKPOINT == 0 or step + 1 == stage.steps:
            state = {"step": step + 1, "count": count, "averaged": averaged, "weights": params}
            state["optimizer"] = optimizer.state_dict()
            torch.save(state, kept.with_suffix(".new"))
            kept.with_suffix(".new").replace(kept)
    pool.shutdown()
    return weights | averaged


def gradients(
    weights: Tensors,
    frozen: Mapping[str, torch.Tensor],
    groups: Sequence[Sequence[Text]],
    *,
    total: int,
) -> tuple[float, Tensors]:
    """Return the loss of some of a step's `total` groups and its gradients, in float32."""
    dtype = fast_dtype()
    own = {k: v.to(dtype) for k, v in weights.items()}
    trained = {k: v.requires_grad_() for k, v in own.items() if model.layer_of(k) >= FROZEN}
    texts = [text for group in groups for text in group]
    lengths = [len(text.ids) for text in texts]
    x = model.embed(frozen, [text.ids for text in texts]).to(dtype)
    spans, answerable = model.forward(own, x, lengths)
    loss = _loss(groups, spans, answerable) / total
    loss.backward()  # type: ignore[no-untyped-call]
    return float(loss.detach()), {
        k: v.grad.float() for k, v in trained.items() if v.grad is not None
    }


def _loss(
    groups: Sequence[Sequence[Text]], spans: torch.Tensor, answerable: torch.Tensor
) -> torch.Tensor:
    """The sum over groups of three losses.

    In each text the answer's ends against all tokens, or the first token where there is no
    answer (Devlin et al. 2019); over the texts of a group together, which makes their scores
    comparable (Clark and Gardner 2018, "shared-norm"); and whether each text answers.
    """
    loss = torch.zeros(())
    at = row = 0
    for group in groups:
        shared, targets = [], None
        before = 0
        for text in group:
            scores = spans[at : at + len(text.ids)]
            body = scores[text.body : -1]
            choices = torch.cat([scores[:1], body])
            start, end = text.answer or (text.body - 1, text.body - 1)
            aim = torch.tensor([start - text.body + 1, end - text.body + 1])
            loss = loss + functional.cross_entropy(choices.T, aim) / len(group)
            if text.answer is not None:
                targets = aim - 1 + before
            shared.append(body)
            before += len(body)
            at += len(text.ids)
        if targets is not None:
            loss = loss + functional.cross_entropy(torch.cat(shared).T, targets)
        truth = torch.tensor([float(text.answer is not None) for text in group])
        loss = loss + functional.binary_cross_entropy_with_logits(
            answerable[row : row + len(group)], truth
        )
        row += len(group)
    return loss


def _shares(groups: Sequence[Sequence[Text]], threads: int) -> list[list[Sequence[Text]]]:
    """The groups dealt out so that every thread has about as many tokens."""
    shares: list[list[Sequence[Text]]] = [[] for _ in range(threads)]
    sizes = [0] * threads
    for group in sorted(groups, key=lambda group: -sum(len(text.ids) for text in group)):
        least = sizes.index(min(sizes))
        shares[least].append(group)
        sizes[least] += sum(len(text.ids) for text in group)
    return [share for share in shares if share]


def _schedule(done: float) -> float:
    """The share of the peak rate: up in a line, then down in a line to nothing."""
    return min(done / _WARM_UP, (1 - done) / (1 - _WARM_UP)) + 1e-3


def order(count: int, epochs: float, seed: str) -> list[int]:
    """Return the examples 0…count-1 shuffled anew for each epoch, one list."""
    rng = random.Random(seed)
    found: list[int] = []
    while len(found) < round(count * epochs):
        found += rng.sample(range(count), count)
    return found[: round(count * epochs)]
