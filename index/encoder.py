"""Passages and questions through an embedding model, into what the archive keeps and compares."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from index.encoding import PassageEncoding, Projector, QueryEncoding, encode

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from index.embed import Embedder

SLICE = 256
"""Texts whose token vectors are in memory at once: about 90 MB for passages."""

# The mean token vector is taken over this paragraph, written for the purpose: e5's token vectors
# share a large common part, and signs tell little until it is taken away. Changing it changes
# every stored encoding: change VERSION with it.
_ORDINARY = (
    "قال وزير الخارجية إن بلاده ستواصل دعم الجهود الدولية، مؤكدا أهمية التعاون بين الدول العربية "
    "في مجالات الاقتصاد والتعليم والصحة. وأضافت مصادر محلية أن الأمطار الغزيرة تسببت في إغلاق عدة "
    "طرق، في حين أعلنت الشرطة فتح تحقيق في الحادث الذي وقع مساء الثلاثاء 12 مايو. وفاز الفريق "
    "بهدفين مقابل هدف في المباراة النهائية، وبلغ عدد الحضور نحو 40 ألف متفرج."
)
VERSION = "1"


class Encoder:
    """Encodes passages and questions with one model. Safe to use from several threads."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._projector: Projector | None = None

    @property
    def model_id(self) -> str:
        """Names what made an encoding: the model, and the version of this code."""
        return f"{self._embedder.model_id}/{VERSION}"

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        return self._embedder.dimension

    def load(self) -> None:
        """Load the model now rather than with the first text. Raises `ModelError`."""
        self._project()

    def encode_query(self, text: str) -> QueryEncoding:
        """Return the encoding of a question."""
        return self.encode_queries([text])[0]

    def encode_queries(self, texts: Sequence[str]) -> list[QueryEncoding]:
        """Return the encodings of questions."""
        projector = self._project()
        return [
            QueryEncoding(found.vector, projector.project(found.tokens))
            for found in self._embedder.tokens(texts, kind="query")
        ]

    def encode_passages(
        self,
        texts: Sequence[str],
        units: Sequence[Sequence[tuple[int, int]]],
        *,
        on_batch: Callable[[int], None] | None = None,
    ) -> list[PassageEncoding]:
        """Return the encodings of passages; `units` are spans of each text.

        `on_batch(n)` is called as each n more are done.
        """
        projector = self._project()
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        encodings: dict[int, PassageEncoding] = {}
        for first in range(0, len(order), SLICE):
            part = order[first : first + SLICE]
            found = self._embedder.tokens(
                [texts[i] for i in part], [units[i] for i in part], on_batch=on_batch
            )
            for i, text in zip(part, found, strict=True):
                encodings[i] = encode(
                    text.vector, text.spans, text.tokens, text.offsets, units[i], projector
                )
        return [encodings[i] for i in range(len(texts))]

    def _project(self) -> Projector:
        if self._projector is None:
            (ordinary,) = self._embedder.tokens([_ORDINARY])
            mean = ordinary.tokens.mean(axis=0, dtype=np.float32)
            self._projector = Projector.around(mean)
        return self._projector
