"""Training the reader: what it reads, what it never reads, and that a step lessens the loss."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import save_file

from index.embed.bert import Bert
from index.model import InputError
from index.training import examples, groups, model, negatives, noise, train, windows, written
from index.training.__main__ import ARABIC, LANGUAGES, averaged
from index.training.examples import Example

if TYPE_CHECKING:
    from pathlib import Path

ARTICLE = """= افتتاح جسر الوادي | وكالة الأنباء | 2031-05-12
افتتح وزير النقل سامر العطار جسر الوادي. وبلغت كلفة البناء 12 مليون دينار.
وكان الجسر القديم قد انهار في فيضان عام 1987.
? من افتتح الجسر؟ => سامر العطار
?eg الجسر اتكلف كام => 12 مليون دينار
! متى بدأ بناء الجسر؟
"""


def example(answer: str | None = "سامر العطار", group: str = "ar") -> Example:
    (article,) = written.parse("a.txt", ARTICLE)
    span = None
    if answer is not None:
        start = article.text.index(answer)
        span = (start, start + len(answer))
    return Example("من افتتح الجسر؟", article.title, article.date, article.text, span, group)


# --- what is read -------------------------------------------------------------------------------


def test_a_written_article_is_read() -> None:
    """Its head, its paragraphs, its questions of three sorts."""
    (article,) = written.parse("a.txt", ARTICLE)
    assert (article.title, article.source, article.date) == (
        "افتتاح جسر الوادي",
        "وكالة الأنباء",
        "2031-05-12",
    )
    assert article.text.count("\n") == 1
    assert [(q.variety, q.answer) for q in article.questions] == [
        ("", "سامر العطار"),
        ("eg", "12 مليون دينار"),
        ("", None),
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("? من افتتح الجسر؟ => نادر", "does not stand in the article"),
        ("? من افتتح الجسر؟", "does not stand in the article"),
        ("?xx من افتتح الجسر؟ => سامر العطار", "expected a mark"),
        ("! متى؟ => 1987", "has an answer"),
        ("فقرة بعد الأسئلة", "between a title and its questions"),
        ("= عنوان بلا تاريخ | وكالة", "title | source"),
    ],
)
def test_a_wrong_line_is_named(line: str, reason: str) -> None:
    """With the file and the line."""
    with pytest.raises(InputError, match=reason) as caught:
        written.parse("a.txt", ARTICLE + line)
    assert caught.value.where == "a.txt:7"


def test_the_questions_we_wrote_are_whole() -> None:
    """Every file parses, every answer stands in its text, and dialects and refusals are there."""
    found = examples.ours()
    assert len(found) > 5000
    for one in found:
        assert one.answer is None or one.text[slice(*one.answer)].strip()
    assert 0.15 < sum(one.answer is None for one in found) / len(found) < 0.35
    assert 400 < sum(one.held_out for one in found) < len(found) / 10


def squad(path: Path, titles: list[str]) -> Path:
    data = [
        {
            "title": title,
            "paragraphs": [
                {
                    "context": f"نص {title} الأول.",
                    "qas": [
                        {
                            "question": f"سؤال {title}؟",
                            "answers": [{"text": title, "answer_start": 3}],
                        }
                    ],
                }
            ],
        }
        for title in titles
    ]
    path.write_text(json.dumps({"data": data}), encoding="utf-8")
    return path


def test_arcds_second_half_is_never_read(tmp_path: Path) -> None:
    """Nor a paragraph of the first that the second repeats."""
    titles = ["ألف", "باء", "جيم", "دال", "هاء", "باء"]
    found = examples.arcd(squad(tmp_path / "arcd.json", titles))
    assert {one.title for one in found} == {"ألف", "جيم"}


@pytest.mark.parametrize("content", ["{", '{"data": [{}]}', "[]"])
def test_a_bad_data_file_is_named(tmp_path: Path, content: str) -> None:
    """And so is one that is not there."""
    path = tmp_path / "arcd.json"
    with pytest.raises(InputError, match="cannot be read"):
        examples.arcd(path)
    path.write_text(content)
    with pytest.raises(InputError, match="SQuAD"):
        examples.arcd(path)


# --- windows and noise --------------------------------------------------------------------------


@given(st.randoms(use_true_random=False))
def test_a_window_around_holds_the_answer_and_one_beside_does_not(rng: random.Random) -> None:
    """Both are cut from the text as it is."""
    one = example()
    window = windows.around(one, rng)
    assert window.answer is not None
    assert window.text[slice(*window.answer)] == "سامر العطار"
    assert window.text in one.text
    other = windows.beside(one, rng)
    assert other is not None
    assert other.text in one.text
    assert "سامر" not in other.text


@given(st.text(max_size=60), st.randoms(use_true_random=False))
def test_noise_never_fails_nor_empties(text: str, rng: random.Random) -> None:
    """Whatever is asked."""
    assert isinstance(noise.noisy(text, rng), str)
    assert noise.noisy("من افتتح جسر الوادي الجديد؟", rng).strip()


def test_noise_puts_dialect_words_for_standard_ones() -> None:
    """A question word at the start of a word is not one."""
    asked = {noise._in_dialect("متى تمنى منير؟", random.Random(n)) for n in range(20)}
    assert {one.split()[0] for one in asked} >= {"إمتى", "وقتاش"}
    assert all(one.endswith("تمنى منير؟") for one in asked)


def test_lookalikes_share_words_but_not_the_answer() -> None:
    """Of texts about bridges, not the one that names the same minister."""
    texts = [
        "افتتح وزير النقل سامر العطار جسر الوادي.",
        "افتتح وزير النقل جسر الميناء أمس.",
        "قال سامر العطار إن الجسر جاهز.",
        "فاز الفريق بهدفين.",
    ]
    found = [
        Example(
            "من افتتح الجسر؟", "خبر", "", text, (text.find("سامر"), 28) if not i else None, "ar"
        )
        for i, text in enumerate(texts)
    ]
    found[0] = Example("من افتتح الجسر؟", "خبر", "", texts[0], (17, 28), "ar")
    assert texts[0][17:28] == "سامر العطار"
    nearest = negatives.lookalikes(found)[0]
    assert nearest[0] == 1
    assert 2 not in nearest


# --- training -----------------------------------------------------------------------------------


def tiny() -> dict[str, torch.Tensor]:
    """The tensors of a BERT of four layers, twelve heads of two."""
    generator = torch.Generator().manual_seed(3)
    size, wide = 24, 48

    def random_(*shape: int) -> torch.Tensor:
        return 0.1 * torch.randn(*shape, generator=generator)

    tensors = {
        "embeddings.word_embeddings.weight": random_(100, size),
        "embeddings.position_embeddings.weight": random_(64, size),
        "embeddings.token_type_embeddings.weight": random_(2, size),
        "embeddings.LayerNorm.weight": torch.ones(size),
        "embeddings.LayerNorm.bias": torch.zeros(size),
    }
    for i in range(train.FROZEN + 1):
        shapes = {
            "attention.self.query": (size, size),
            "attention.self.key": (size, size),
            "attention.self.value": (size, size),
            "attention.output.dense": (size, size),
            "intermediate.dense": (wide, size),
            "output.dense": (size, wide),
        }
        for part, shape in shapes.items():
            tensors[f"encoder.layer.{i}.{part}.weight"] = random_(*shape)
            tensors[f"encoder.layer.{i}.{part}.bias"] = random_(shape[0])
        for part in ("attention.output.LayerNorm", "output.LayerNorm"):
            tensors[f"encoder.layer.{i}.{part}.weight"] = torch.ones(size)
            tensors[f"encoder.layer.{i}.{part}.bias"] = torch.zeros(size)
    return tensors


def drawn(step: int) -> list[list[groups.Text]]:
    """Four questions whose answer is the token 7, and never the token 8."""
    rng = random.Random(step)
    found = []
    for _ in range(4):
        ids = [0, 5, 2, 2, *rng.choices(range(20, 90), k=10), 2]
        at = rng.randrange(4, 14)
        right, wrong = list(ids), list(ids)
        right[at], wrong[at] = 7, 8
        found.append([groups.Text(right, 4, (at, at)), groups.Text(wrong, 4, None)])
    return found


def run(
    folder: Path, steps: int, stop: int | None = None
) -> tuple[dict[str, torch.Tensor], list[float]]:
    losses: list[float] = []

    def report(step: int, loss: float) -> None:
        losses.append(loss)
        if stop is not None and step == stop:
            raise KeyboardInterrupt

    frozen = tiny()
    weights = train.run(
        train.Stage("tiny", steps, 3e-3),
        model.initial(frozen, 1),
        frozen,
        drawn,
        threads=2,
        folder=folder,
        report=report,
    )
    return weights, losses


def test_what_is_trained_is_what_reads(tmp_path: Path) -> None:
    """The encoder with gradients computes what the one without does."""
    tensors = tiny()
    save_file(tensors, tmp_path / "model.safetensors")
    config = {"hidden_size": 24, "num_attention_heads": 12, "layer_norm_eps": 1e-12}
    config["num_hidden_layers"] = train.FROZEN + 1
    (tmp_path / "config.json").write_text(json.dumps(config))
    ids = [text.ids for group in drawn(0) for text in group]
    weights = model.initial(tensors, 1)
    x = model.embed(tensors, ids)
    spans, answerable = model.forward(weights, x, [len(text) for text in ids])
    read = Bert(tmp_path, torch.float32)(ids)
    wanted = torch.cat(read) @ weights["span.weight"].T
    assert torch.allclose(spans.detach(), wanted, atol=1e-4)
    firsts = torch.stack([text[0] for text in read]) @ weights["answerable.weight"].T
    assert torch.allclose(answerable.detach(), firsts[:, 0], atol=1e-4)


def test_training_lessens_the_loss_and_leaves_the_lowest_layers(tmp_path: Path) -> None:
    """On a pattern that a tiny model can learn."""
    weights, losses = run(tmp_path, 60)
    assert sum(losses[-5:]) < 0.7 * sum(losses[:5])
    for name, before in model.initial(tiny(), 1).items():
        same = torch.equal(before, weights[name].detach())
        assert same == (model.layer_of(name) < train.FROZEN), name


def test_a_stopped_run_goes_on_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And ends with the very weights of one that was not stopped."""
    monkeypatch.setattr(train, "CHECKPOINT", 5)
    whole, _ = run(tmp_path / "x", 20) if (tmp_path / "x").mkdir() is None else ({}, [])
    (tmp_path / "y").mkdir()
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "y", 20, stop=12)
    resumed, losses = run(tmp_path / "y", 20)
    assert len(losses) == 10
    for name, value in whole.items():
        assert torch.allclose(value.detach(), resumed[name].detach(), atol=1e-6), name


def test_an_order_holds_every_example_once_an_epoch() -> None:
    """In another order each time, the same for the same seed."""
    order = train.order(10, 1.5, "s")
    assert sorted(order[:10]) == list(range(10))
    assert len(order) == 15
    assert order == train.order(10, 1.5, "s") != train.order(10, 1.5, "t")


def test_trainings_are_averaged_tensor_by_tensor() -> None:
    """Each counts alike."""
    one, other = {"a": torch.tensor([1.0, 2.0])}, {"a": torch.tensor([3.0, 6.0])}
    assert averaged([one, other])["a"].tolist() == [2.0, 4.0]


def test_the_arabic_trainings_see_other_wrong_texts() -> None:
    """Else their average would be one of them."""
    assert len({plan.turn for plan in ARABIC}) == len(ARABIC)
    assert {plan.name for plan in ARABIC}.isdisjoint({LANGUAGES.name})
