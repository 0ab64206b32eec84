"""`python -m index.training DATA OUT`: rebuild the reader's weights from the data folder.

Three stages: questions in eight languages of TyDi QA with ARCD's first half, then Arabic alone,
twice over, in another order and against other wrong texts; the weights of the two are averaged
(Wortsman et al. 2022, "model soups"), and go on to questions about texts that are harder to tell
apart, with which they are averaged again. State is kept in WORK; a run that was stopped goes on
from there.
"""

from __future__ import annotations

import argparse
import random
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from safetensors.torch import load_file
from tokenizers import Tokenizer

from index.bundled import folder, wheel
from index.embed import cores
from index.training import examples, groups, model, negatives, train
from index.training.export import export

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from index.training.examples import Example
    from index.training.groups import Text
    from index.training.model import Tensors


@dataclass(frozen=True, slots=True)
class Plan:
    """A stage: what it reads, how often, at what peak learning rate, against how many negatives.

    `turn` is added to the seed of its order and of its wrong texts.
    """

    name: str
    examples: Callable[[Path], list[Example]]
    epochs: float
    rate: float
    negatives: int
    turn: int = 0


LANGUAGES = Plan("languages", examples.languages, 1.0, 1e-4, 1)
ARABIC = (
    Plan("arabic", examples.arabic, 1.5, 8e-5, 2),
    Plan("arabic", examples.arabic, 1.5, 8e-5, 4, turn=1),
)
CLOSER = Plan("closer", examples.closer, 1.08, 5e-5, 3)


def main() -> None:
    """Train all stages and write the weights."""
    parser = argparse.ArgumentParser(prog="python -m index.training", description=__doc__)
    parser.add_argument("data", type=Path, help="the folder that holds qa/tydi and qa/arcd.json")
    parser.add_argument("out", type=Path, help="the safetensors file to write")
    parser.add_argument("--work", type=Path, default=Path("reader-training"))
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    base = _base(arguments.work / "e5")
    frozen = load_file(base / "model.safetensors")
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))

    def stage(plan: Plan, weights: Tensors) -> Tensors:
        chosen = [one for one in plan.examples(arguments.data / "qa") if not one.held_out]
        seed = f"{arguments.seed + plan.turn} {plan.name}"
        order = train.order(len(chosen), plan.epochs, seed)
        draw = _draw(tokenizer, chosen, order, plan.negatives, seed)
        name = f"{plan.name}-{plan.turn}" if plan.turn else plan.name
        steps = train.Stage(name, len(order) // train.QUESTIONS, plan.rate)
        own = {name: value.clone() for name, value in weights.items()}  # trained in place
        return _train(steps, own, frozen, draw, arguments.work)

    start = stage(LANGUAGES, model.initial(frozen, arguments.seed))
    arabic = averaged([stage(plan, start) for plan in ARABIC])
    trained = averaged([arabic, stage(CLOSER, arabic)])
    kept = {k: v.detach() for k, v in trained.items() if model.layer_of(k) >= train.FROZEN}
    export(kept, arguments.out, seed=arguments.seed)


def averaged(trained: Sequence[Tensors]) -> Tensors:
    """Return the mean of several trainings' weights, tensor by tensor."""
    return {
        name: torch.stack([weights[name] for weights in trained]).mean(0) for name in trained[0]
    }


def _train(
    stage: train.Stage,
    weights: Tensors,
    frozen: Mapping[str, torch.Tensor],
    draw: Callable[[int], Sequence[Sequence[Text]]],
    work: Path,
) -> Tensors:
    """One stage, with a bar on a terminal and a line every 20 steps."""
    with _bar() as bar:
        task = bar.add_task(stage.name, total=stage.steps, loss=0.0)

        def report(step: int, loss: float) -> None:
            bar.update(task, completed=step + 1, loss=loss)
            if step % 20 == 0:
                bar.console.print(f"{stage.name} step {step + 1}/{stage.steps} loss {loss:.3f}")

        return train.run(stage, weights, frozen, draw, threads=cores(), folder=work, report=report)


def _base(target: Path) -> Path:
    """The embedder's model with the vocabulary of every language."""
    if not folder.is_whole(target):
        target.mkdir(parents=True, exist_ok=True)
        folder.write(target, wheel.read(), every_script=True)
    return target


def _draw(
    tokenizer: Tokenizer,
    chosen: Sequence[examples.Example],
    order: Sequence[int],
    wrong: int,
    seed: str,
) -> Callable[[int], Sequence[Sequence[Text]]]:
    nearest = negatives.lookalikes(chosen)

    def draw(step: int) -> Sequence[Sequence[Text]]:
        rng = random.Random(f"{seed} {step}")
        part = order[step * train.QUESTIONS : (step + 1) * train.QUESTIONS]
        return [groups.group(tokenizer, chosen, nearest, i, wrong, rng) for i in part]

    return draw


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("loss {task.fields[loss]:.3f}"),
        TimeRemainingColumn(),
        disable=not sys.stderr.isatty(),
    )


if __name__ == "__main__":
    torch.manual_seed(0)
    main()
