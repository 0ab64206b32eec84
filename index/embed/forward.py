"""The two ways from texts to token embeddings: our own pass over a BERT, and any other model's."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import torch
from torch.nn import functional

from index.embed import bert
from index.model import ModelError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sentence_transformers import SentenceTransformer

# Long enough a group for a matrix multiplication to reach its full rate, short enough for what it
# computes (some 3 kB a token and step) to stay in a core's cache. Measured: 256 and 512 are alike.
_BERT_TOKENS = 320
# All threads share one multiplication there, which pays only when it is large.
_MODULES_TOKENS = 4096
_NO_LIMIT = 8192  # tokens; some tokenizers say 10^30


@dataclass(frozen=True, slots=True)
class Tokenized:
    """A text as token ids, each with the characters (start, end) it comes from.

    Special tokens have the offsets (0, 0). Tokens past the model's limit are cut.
    """

    ids: list[int]
    offsets: list[tuple[int, int]]


class Forward(Protocol):
    """A loaded model. `run` may be called by several threads at once."""

    dimension: int
    prompts: dict[str, str]
    workers: int  # threads that may each run a group
    intra: int  # threads that one run may use
    group_tokens: int  # tokens that are best run at a time
    spans_in_context: bool  # a text's vector is the mean of its tokens, so a span's can be too

    def tokenize(self, texts: Sequence[str]) -> list[Tokenized]: ...

    def run(self, ids: Sequence[Sequence[int]]) -> tuple[list[torch.Tensor], torch.Tensor]:
        """For each text its token embeddings (tokens, any), and all vectors (texts, dimension)."""
        ...


class BertForward:
    """A folder that `bert.fits`: each thread runs a group of its own."""

    intra = 1
    group_tokens = _BERT_TOKENS
    spans_in_context = True

    def __init__(self, folder: Path, dtype: torch.dtype, threads: int) -> None:
        self.workers = threads
        self._model = bert.load(folder, dtype)
        self.dimension = self._model.bert.dimension
        self.prompts = read_prompts(folder)
        self._limit = _limit(folder)

    def tokenize(self, texts: Sequence[str]) -> list[Tokenized]:
        limit = self._limit
        return [
            Tokenized(bert.cut(e.ids, limit), bert.cut(e.offsets, limit))
            for e in self._model.tokenizer.encode_batch(list(texts))
        ]

    def run(self, ids: Sequence[Sequence[int]]) -> tuple[list[torch.Tensor], torch.Tensor]:
        tokens = self._model.bert(ids)
        vectors = torch.stack([text.mean(0) for text in tokens])
        return tokens, functional.normalize(vectors, dim=1)


class ModulesForward:
    """Any other text model, through its own sentence-transformers modules, padded."""

    workers = 1
    group_tokens = _MODULES_TOKENS

    def __init__(self, model: SentenceTransformer, threads: int) -> None:
        self.intra = threads
        self.prompts = {name: text for name, text in model.prompts.items() if text}
        self._first, *self._rest = list(model)
        self._tokenizer = getattr(model, "tokenizer", None)
        if not getattr(self._tokenizer, "is_fast", False):
            raise ModelError(
                "this model does not say which characters its tokens come from; "
                "take a text model with a tokenizer.json"
            )
        self._limit = min(model.max_seq_length or _NO_LIMIT, _NO_LIMIT)
        # Pooling in float32 costs nothing and keeps what bfloat16 would round away.
        for module in self._rest:
            module.float()
        pooling = self._rest[0] if self._rest else None
        self.spans_in_context = getattr(pooling, "pooling_mode", None) == "mean" and all(
            type(module).__name__ == "Normalize" for module in self._rest[1:]
        )
        dimension = model.get_embedding_dimension()
        if dimension is None:
            raise ModelError("this model does not say how long its vectors are")
        self.dimension = dimension

    def tokenize(self, texts: Sequence[str]) -> list[Tokenized]:
        tokenizer: Any = self._tokenizer
        encoded = tokenizer(
            list(texts), truncation=True, max_length=self._limit, return_offsets_mapping=True
        )
        return [
            Tokenized(ids, [(start, end) for start, end in offsets])
            for ids, offsets in zip(encoded["input_ids"], encoded["offset_mapping"], strict=True)
        ]

    def run(self, ids: Sequence[Sequence[int]]) -> tuple[list[torch.Tensor], torch.Tensor]:
        tokenizer: Any = self._tokenizer
        features = dict(
            tokenizer.pad({"input_ids": [list(text) for text in ids]}, return_tensors="pt")
        )
        with torch.inference_mode():
            features = self._first(features)
            tokens = features["token_embeddings"] = features["token_embeddings"].float()
            for module in self._rest:
                features = module(features)
            vectors = functional.normalize(features["sentence_embedding"].float(), dim=1)
        # A tokenizer may pad on either side: the mask says where the text is.
        masks = features["attention_mask"].bool()
        return [text[mask] for text, mask in zip(tokens, masks, strict=True)], vectors


def read_prompts(folder: Path) -> dict[str, str]:
    """The non-empty prompts of a sentence-transformers folder, by name."""
    path = folder / "config_sentence_transformers.json"
    try:
        prompts = json.loads(path.read_text(encoding="utf-8")).get("prompts") or {}
    except FileNotFoundError:
        return {}
    return {name: text for name, text in prompts.items() if text}


def _limit(folder: Path) -> int:
    """The longest text in tokens: the least of what the folder's files say."""
    settings = itertools.product(
        ("sentence_bert_config.json", "tokenizer_config.json", "config.json"),
        ("max_seq_length", "model_max_length", "max_position_embeddings"),
    )
    limits = [_NO_LIMIT]
    for name, key in settings:
        path = folder / name
        if path.is_file():
            limits.append(json.loads(path.read_text(encoding="utf-8")).get(key) or _NO_LIMIT)
    return int(min(limits))
