"""From trained weights to the file that ships: eight bits a weight, a scale a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from safetensors.torch import save_file

from index.reader import describe

if TYPE_CHECKING:
    from pathlib import Path

    from index.training.model import Tensors


def export(weights: Tensors, path: Path, **facts: object) -> None:
    """Write `weights` (float32) to `path` as `index.reader.read_weights` reads them."""
    stored: Tensors = {}
    for name, value in weights.items():
        if name.startswith("encoder.") and value.ndim == 2:
            scale = (value.abs().amax(1) / 127).clamp(min=1e-8).half()
            rows = torch.round(value / scale.float()[:, None]).clamp(-127, 127)
            stored[name], stored[f"{name}.scale"] = rows.to(torch.int8), scale
        else:
            stored[name] = value.half()
    save_file({name: value.contiguous() for name, value in stored.items()}, path)
    describe(path, **facts)
