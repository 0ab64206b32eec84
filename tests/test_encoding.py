"""What is kept of a passage: it comes back as it was, and compares as the full vectors do."""

from __future__ import annotations

import numpy as np
from fake_embedder import DIMENSION, HashEmbedder, word_vector
from hypothesis import given, settings
from hypothesis import strategies as st

from index.encoder import Encoder
from index.encoding import BITS, PassageEncoding, Projector, QueryEncoding, encode


def unit(rows: np.ndarray) -> np.ndarray:
    return (rows / np.linalg.norm(rows, axis=-1, keepdims=True)).astype(np.float32)


def encoding(counts: list[int], dimension: int, seed: int) -> PassageEncoding:
    """A passage of units with so many tokens each."""
    chance = np.random.default_rng(seed)
    return PassageEncoding(
        unit(chance.standard_normal(dimension)),
        unit(chance.standard_normal((len(counts), dimension))),
        np.array(counts, np.uint16),
        chance.integers(0, 256, (sum(counts), BITS // 8), dtype=np.uint8),
    )


passages = st.builds(
    encoding,
    st.lists(st.integers(0, 9), min_size=1, max_size=8),
    st.sampled_from([1, 8, 64]),
    st.integers(0, 1000),
)


@given(passages)
def test_an_encoding_comes_back_from_its_bytes(passage: PassageEncoding) -> None:
    """Counts and signs exactly, vectors to float16; and the bytes are the same again."""
    data = passage.to_bytes()
    back = PassageEncoding.from_bytes(data, len(passage.vector))
    np.testing.assert_array_equal(back.counts, passage.counts)
    np.testing.assert_array_equal(back.tokens, passage.tokens)
    np.testing.assert_allclose(back.vector, passage.vector, atol=1e-3)
    np.testing.assert_allclose(back.units, passage.units, atol=1e-3)
    assert back.vector.dtype == back.units.dtype == np.float32
    assert back.to_bytes() == data


@given(passages, st.integers(0, 5), st.integers(0, 99))
@settings(max_examples=60)
def test_maxsim_is_the_mean_of_each_question_tokens_best_match(
    passage: PassageEncoding, asked: int, seed: int
) -> None:
    """As a plain loop has it; a unit without tokens gets the least of the others."""
    tokens = np.random.default_rng(seed).standard_normal((asked, BITS)).astype(np.float32)
    query = QueryEncoding(passage.vector, tokens)
    signs = np.unpackbits(passage.tokens, axis=1).astype(np.float32) * 2 - 1
    ends = np.cumsum(passage.counts, dtype=int)
    expected = [
        float(np.mean([max(t @ s for s in signs[end - n : end]) for t in tokens]) / BITS**0.5)
        if n and asked
        else None
        for n, end in zip(passage.counts.tolist(), ends.tolist(), strict=True)
    ]
    worst = min((e for e in expected if e is not None), default=0.0)
    np.testing.assert_allclose(
        query.maxsim(passage), [worst if e is None else e for e in expected], atol=1e-4
    )


def test_signs_of_a_projection_tell_near_from_far() -> None:
    """The bits keep what the vectors say: a token is most like itself."""
    tokens = np.array([word_vector(word) for word in ("موسكو", "دمشق", "القاهرة")])
    projector = Projector.around(np.zeros(DIMENSION, np.float32))
    signs = np.unpackbits(projector.signs(tokens), axis=1).astype(np.float32) * 2 - 1
    similar = projector.project(tokens) @ signs.T
    assert similar.argmax(axis=1).tolist() == [0, 1, 2]


def test_the_projector_is_the_same_every_time() -> None:
    """Signs made today are compared with questions asked next year."""
    mean = np.arange(8, dtype=np.float32)
    one, other = Projector.around(mean), Projector.around(mean)
    np.testing.assert_array_equal(one.rotation, other.rotation)
    np.testing.assert_allclose(one.rotation @ one.rotation.T, np.eye(8), atol=1e-5)


def encoded(offsets: list[tuple[int, int]], units: list[tuple[int, int]]) -> PassageEncoding:
    vectors = np.array([word_vector(str(i)) for i in range(len(offsets))])
    return encode(
        vectors[0],
        vectors[: len(units)],
        vectors,
        np.array(offsets, np.int32),
        units,
        Projector.around(np.zeros(DIMENSION, np.float32)),
    )


def test_tokens_are_counted_to_the_unit_they_stand_in() -> None:
    """The title's are left out; one that reaches over a boundary is counted once."""
    passage = encoded([(0, 4), (5, 7), (8, 10), (10, 12), (13, 16)], [(5, 12), (12, 16)])
    assert passage.counts.tolist() == [3, 1]
    assert len(passage.tokens) == 4
    crossing = encoded([(0, 4), (5, 7), (8, 10), (10, 13), (14, 16)], [(5, 12), (12, 16)])
    assert crossing.counts.sum() == len(crossing.tokens) == 4


def test_a_token_that_begins_with_the_space_before_a_unit_is_the_units() -> None:
    """Word pieces carry the space before them, as the bundled model's do."""
    passage = encoded([(0, 4), (4, 5), (5, 9), (9, 10)], [(0, 5), (6, 10)])
    assert passage.counts.tolist() == [2, 2]


def test_passages_come_back_in_the_order_they_were_given() -> None:
    """They are embedded by length, and every slice after the first keeps its place too."""
    texts = [f"خبر رقم {n} " + "كلمة " * (n % 7) for n in range(600)]
    done: list[int] = []
    found = Encoder(HashEmbedder()).encode_passages(
        texts, [[(0, len(text))] for text in texts], on_batch=done.append
    )
    expected = HashEmbedder().encode_passages(texts)
    np.testing.assert_allclose([f.vector for f in found], expected, atol=1e-6)
    assert sum(done) == 600


def test_an_encoder_names_its_model_and_itself() -> None:
    """Encodings by another model or another version of the code are never mixed."""
    encoder = Encoder(HashEmbedder("some-model"))
    assert encoder.model_id.startswith("some-model/")
    assert encoder.dimension == DIMENSION


def test_a_question_is_nearest_to_the_unit_that_says_the_same() -> None:
    """By its vector and by its tokens."""
    encoder = Encoder(HashEmbedder())
    text = "افتتح الوزير المتحف. أغلقت السلطات الميناء."
    (passage,) = encoder.encode_passages([text], [[(0, 20), (21, len(text))]])
    query = encoder.encode_query("أغلقت الميناء")
    assert query.maxsim(passage).argmax() == 1
    assert (passage.units @ query.vector).argmax() == 1
