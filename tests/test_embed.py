"""The embedder: vectors that sentence-transformers would give, faster, and the spans' for free."""

from __future__ import annotations

import json
import logging
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from index import bundled
from index.embed import SentenceTransformerEmbedder, load_embedder
from index.model import ModelError

TEXT = "زار الرئيس القاهرة أمس. والتقى رئيس الوزراء ظهرًا! ثم عاد إلى بلاده."
SENTENCES = [(0, 23), (24, 50), (51, 68)]
TEXTS = [
    TEXT,
    "خبر قصير",
    "Breaking: oil at $80",
    "ارتفعت أسعار النفط بنسبة ٣٪ " * 30,
    "",
    TEXT[:23],
]


@pytest.fixture(scope="module")
def embedder(model_cache: Path) -> SentenceTransformerEmbedder:
    return load_embedder(None, model_cache, threads=2)


@pytest.fixture(scope="module")
def plain(model_cache: Path):
    """The same folder through sentence-transformers alone, in float32."""
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(bundled.convert(model_cache)), device="cpu")


@pytest.fixture(scope="module")
def random_folder(model_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny model that our own forward pass does not know: BERT, pooled from its first token."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Pooling, Transformer
    from transformers import BertConfig, BertModel

    top = tmp_path_factory.mktemp("random")
    source = bundled.convert(model_cache)
    torch.manual_seed(1)
    vocabulary = json.loads((source / "config.json").read_text())["vocab_size"]
    config = BertConfig(
        vocab_size=vocabulary,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        pad_token_id=1,
    )
    BertModel(config).save_pretrained(top / "bert")
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(source / name, top / "bert")
    SentenceTransformer(
        modules=[Transformer(str(top / "bert")), Pooling(32, pooling_mode="cls")], device="cpu"
    ).save(str(top / "model"))
    return top / "model"


@pytest.mark.model
def test_vectors_are_those_of_sentence_transformers(embedder, plain):
    for kind, encode in (
        ("query", embedder.encode_queries),
        ("passage", embedder.encode_passages),
    ):
        ours = encode(TEXTS)
        theirs = plain.encode(TEXTS, prompt_name=kind, show_progress_bar=False)
        assert ours.dtype == np.float32
        assert ours.shape == (len(TEXTS), embedder.dimension) == theirs.shape
        assert (ours * theirs).sum(1).min() > 0.999
        assert np.allclose(np.linalg.norm(ours, axis=1), 1, atol=1e-5)


@pytest.mark.model
def test_float32_is_the_same_arithmetic(model_cache, plain):
    import torch

    from index.embed.forward import BertForward

    forward = BertForward(bundled.convert(model_cache), torch.float32, 1)
    _, vectors = forward.run([t.ids for t in forward.tokenize(TEXTS)])
    assert np.allclose(vectors, plain.encode(TEXTS, show_progress_bar=False), atol=2e-5)


@pytest.mark.model
def test_a_text_gets_the_same_vector_whatever_its_neighbours(embedder):
    together = embedder.encode_passages(TEXTS * 3)
    alone = np.concatenate([embedder.encode_passages([text]) for text in TEXTS])
    assert (together[: len(TEXTS)] * alone).sum(1).min() > 0.9995
    assert np.array_equal(together, embedder.encode_passages(TEXTS * 3))


@pytest.mark.model
def test_texts_in_one_multiplication_see_nothing_of_each_other(model_cache):
    """Short ones share it, whatever stands beside them; in float32, which rounds little."""
    import torch

    from index.embed.bert import Bert

    bert = Bert(bundled.convert(model_cache), torch.float32)
    random = np.random.default_rng(5)
    for lengths in ([1, 1], [20] * 9, [31, 97, 128, 3, 129, 5], [200, 7, 150]):
        texts = [random.integers(5, 9000, length).tolist() for length in lengths]
        for text, embedded in zip(texts, bert(texts), strict=True):
            assert torch.allclose(embedded, bert([text])[0], atol=2e-5)


@pytest.mark.model
def test_a_span_is_the_mean_of_its_tokens_in_their_passage(embedder):
    (found,) = embedder.tokens([TEXT], [SENTENCES])
    assert np.allclose(np.linalg.norm(found.tokens, axis=1), 1, atol=1e-5)
    for (start, end), vector in zip(SENTENCES, found.spans, strict=True):
        inside = (found.offsets[:, 1] > start) & (found.offsets[:, 1] <= end)
        assert (
            TEXT[found.offsets[inside][0, 0] : found.offsets[inside][-1, 1]].strip()
            == (TEXT[start:end])
        )
        # The tokens' lengths differ little, so the mean of their directions is close.
        mean = found.tokens[inside].mean(0)
        assert vector @ mean / np.linalg.norm(mean) > 0.999
    vectors, spans = embedder.encode_spans([TEXT, "خبر"], [SENTENCES, []])
    assert np.allclose(vectors[0], found.vector, atol=0.01)
    assert spans[0] @ found.spans.T == pytest.approx(found.spans @ found.spans.T, abs=0.01)
    assert spans[1].shape == (0, embedder.dimension)


@pytest.mark.model
def test_a_span_past_the_limit_has_the_passages_vector(embedder):
    text = "كلمة أخرى " * 500
    vectors, (spans,) = embedder.encode_spans([text], [[(0, 9), (4000, 4009), (3, 3)]])
    assert np.array_equal(spans[1], vectors[0])
    assert np.array_equal(spans[2], vectors[0])
    assert not np.array_equal(spans[0], vectors[0])


@pytest.mark.model
def test_tokens_cover_the_text_without_prefix_or_special_tokens(embedder):
    for kind in ("query", "passage"):
        (found,) = embedder.tokens([TEXT], kind=kind)
        pieces = [TEXT[start:end] for start, end in found.offsets]
        assert "".join(pieces) == TEXT
        assert found.tokens.shape == (len(pieces), embedder.dimension)
    (empty,) = embedder.tokens([""])
    assert empty.tokens.shape == (0, embedder.dimension)
    assert empty.vector @ empty.vector == pytest.approx(1, abs=1e-5)


@pytest.mark.model
def test_progress_counts_every_text_once(embedder):
    done: list[int] = []
    embedder.encode_passages(TEXTS * 40, on_batch=done.append)
    assert sum(done) == len(TEXTS) * 40
    assert len(done) > 1
    assert embedder.encode_passages([]).shape == (0, embedder.dimension)


@pytest.mark.model
def test_threads_may_share_an_embedder(model_cache):
    shared = load_embedder(None, model_cache, threads=2)
    results: list[np.ndarray] = []
    threads = [
        threading.Thread(target=lambda: results.append(shared.encode_queries(["سؤال؟", TEXT])))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 6
    assert all(np.array_equal(result, results[0]) for result in results)


@pytest.mark.model
def test_any_other_model_runs_through_its_own_modules(random_folder, tmp_path):
    from sentence_transformers import SentenceTransformer

    other = load_embedder(str(random_folder), tmp_path)
    assert other.dimension == 32
    theirs = SentenceTransformer(str(random_folder), device="cpu").encode(
        TEXTS, normalize_embeddings=True, show_progress_bar=False
    )
    ours = other.encode_passages(TEXTS)
    assert (ours * theirs).sum(1).min() > 0.999
    # Its vectors are no means of tokens: a span is encoded as a text.
    _, (spans,) = other.encode_spans([TEXT], [SENTENCES])
    assert (spans[0] @ other.encode_passages([TEXT[:23]])[0]) > 0.999
    assert other.tokens([TEXT])[0].tokens.shape[1] == 32


@pytest.mark.model
def test_the_model_in_a_folder_is_known_by_its_content(random_folder, tmp_path):
    copy = tmp_path / "model"
    shutil.copytree(random_folder, copy)
    before = load_embedder(str(copy), tmp_path).model_id
    assert before == load_embedder(str(random_folder), tmp_path).model_id
    weights = copy / "model.safetensors"
    data = bytearray(weights.read_bytes())
    data[len(data) // 2 :] = bytes(len(data) - len(data) // 2)
    weights.write_bytes(data)
    assert load_embedder(str(copy), tmp_path).model_id != before
    weights.write_bytes(b"damaged")
    with pytest.raises(ModelError, match="cannot load the model in"):
        load_embedder(str(copy), tmp_path).load()


def test_a_folder_that_is_no_model_is_refused_at_once(tmp_path: Path):
    with pytest.raises(ModelError, match=r"has no modules\.json"):
        load_embedder(str(tmp_path), tmp_path)
    with pytest.raises(ModelError, match="there is no folder"):
        load_embedder(str(tmp_path / "missing"), tmp_path)
    with pytest.raises(ModelError, match="no model can have that name"):
        load_embedder("no such name", tmp_path)


def test_nothing_is_loaded_before_it_is_needed(tmp_path: Path):
    embedder = load_embedder(None, tmp_path)
    assert embedder.model_id == bundled.NAME
    assert embedder.dimension == 384
    assert not list(tmp_path.iterdir())


def test_importing_and_naming_the_embedder_leaves_torch_alone():
    program = (
        "import sys; from pathlib import Path; from index.embed import load_embedder;"
        "load_embedder(None, Path('.')).dimension;"
        "sys.exit(bool({'torch', 'transformers', 'tokenizers'} & set(sys.modules)))"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=Path(__file__).parents[1])


def test_a_name_without_a_network_is_a_clear_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    from huggingface_hub import HfApi

    def unreachable(*_: object, **__: object) -> None:
        raise ConnectionError("no network")

    monkeypatch.setattr(HfApi, "model_info", unreachable)
    with caplog.at_level(logging.DEBUG), pytest.raises(ModelError, match="cannot be reached"):
        load_embedder("isnad/no-such-model", tmp_path).load()
    assert not [r for r in caplog.records if r.levelno >= logging.WARNING]
