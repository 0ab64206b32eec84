"""BM25 over analysed Arabic words, on tantivy. A cache: rebuilt from SQL when in doubt.

Each passage is a document with three fields of ready tokens: `stems` and `forms` of its text, and
`title` (stems). tantivy scores with BM25, k1 = 1.2, b = 0.75.
"""

from __future__ import annotations

import math
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import tantivy

from index import spelling
from index.arabic import VERSION, Token, stem, tokens
from index.files import read_manifest, write_json
from index.model import CacheError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from index.store import PassageRow

FORMAT = "1"
FIELD_WEIGHTS = {"stems": 1.0, "forms": 0.3, "title": 0.25}
"""How much a word counts by the field it is found in. On ARCD's first half title weights from 0 to
1 differ by less than half a point, 0 being the best; that news wants a little of it is a guess."""

ATTACHED_WEIGHT = 0.8
"""What a word counts when it differs from the question's by an attached particle only."""

SYNONYM_WEIGHT = 0.8
"""What a Standard Arabic word counts that stands for one in dialect."""

VOCABULARY_LIMIT = 20_000
"""Known words compared with an unknown one: those that share its first letter."""

_HEAP = 32_000_000


@dataclass(frozen=True, slots=True)
class Term:
    """A word to look for: the question's `word` stands for itself or for kin of less `weight`."""

    word: str
    stem: str
    form: str | None
    weight: float
    idf: float


class LexicalIndex:
    """The word index in a folder. One writer at a time: the caller holds the lock.

    Raises `CacheError` where the folder cannot be read; `erase` it and start anew.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._manifest = folder.with_suffix(".json")
        self.last_change = 0
        self._searcher: tantivy.Searcher | None = None
        with _translated("read"):
            folder.mkdir(parents=True, exist_ok=True)
            self._index = tantivy.Index(_SCHEMA, path=str(folder))
            self.reload()

    def reload(self) -> None:
        """See what was last written, by this process or another.

        Files that no manifest vouches for (another version's, or half of a crash or of another
        process's work) hold nothing: what was seen before stays, or the index is empty and the
        next `apply` begins it anew.
        """
        manifest = read_manifest(self._manifest, _IDENTITY)
        with _translated("read"):
            self._index.reload()
            searcher = self._index.searcher()
        if manifest.get("passages") == searcher.num_docs:
            self._searcher = searcher
            self.last_change = manifest["last_change"]

    def on_disk(self) -> int:
        """Return the last change that the files on disk hold."""
        return read_manifest(self._manifest, _IDENTITY).get("last_change", 0)

    @property
    def size(self) -> int:
        """The number of passages in the index."""
        return int(self._searcher.num_docs) if self._searcher else 0

    def apply(self, articles: Iterable[int], rows: Sequence[PassageRow], *, upto: int) -> None:
        """Replace what the index holds of `articles` by `rows`; the index is then at `upto`.

        A crash before the end leaves a state that is noticed, and doing it again is harmless.
        """
        with _translated("written"):
            writer = self._index.writer(heap_size=_HEAP, num_threads=1)
            if self._searcher is None:
                writer.delete_all_documents()
            for article in articles:
                # by query: tantivy-py's delete by term misses unsigned fields without a word
                query = tantivy.Query.term_query(_SCHEMA, "article", article)
                writer.delete_documents_by_query(query)
            for row in rows:
                writer.add_document(_document(row))
            writer.commit()
            writer.wait_merging_threads()
            self._index.reload()
            self._searcher = self._index.searcher()
        counts = {"passages": self.size, "last_change": upto}
        write_json(self._manifest, {**_IDENTITY, **counts})
        self.last_change = upto

    @staticmethod
    def erase(folder: Path) -> None:
        """Delete an index's files, whatever state they are in."""
        folder.with_suffix(".json").unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)

    def search(
        self,
        terms: Sequence[Term],
        limit: int,
        *,
        among: Sequence[int] | None = None,
        off: frozenset[str] = frozenset(),
    ) -> dict[int, float]:
        """Return the BM25 score of the `limit` best passages, or of those `among` these ids.

        `off` names fields not to look in.
        """
        query = _query(terms, off)
        if query is None or not limit or (among is not None and not among):
            return {}
        if among is not None:
            allowed = tantivy.Query.term_set_query(_SCHEMA, "passage", list(among))
            query = tantivy.Query.boolean_query(
                [
                    (tantivy.Occur.Must, query),
                    (tantivy.Occur.Must, tantivy.Query.const_score_query(allowed, 0.0)),
                ]
            )
        searcher = self._searcher
        if searcher is None:
            return {}
        hits = searcher.search(query, limit, count=False).hits
        ids = searcher.fast_field_values("passage", [address for _, address in hits])
        return {int(id_ or 0): float(score) for id_, (score, _) in zip(ids, hits, strict=True)}

    def expand(
        self,
        words: Sequence[Token],
        *,
        synonyms: Mapping[str, Sequence[str]] = MappingProxyType({}),
        guess: bool = True,
    ) -> list[Term]:
        """Return the terms to look for: the words and, where it helps, their kin in the index.

        A word gets its forms with an attached و ف ب ل ك that the index knows, and without; a word
        that the index does not know gets the nearest spellings it does know (see `spelling`),
        unless `guess` is off. `synonyms` names, by a word's form, Standard Arabic words for one in
        dialect.
        """
        terms: dict[str, Term] = {}
        for word in words:
            for stem_, weight in self._kin(word, synonyms.get(word.form, ()), guess).items():
                known = terms.get(stem_)
                if known is None or known.weight < weight:
                    form = word.form if weight == 1 else None
                    terms[stem_] = Term(word.form, stem_, form, weight, self.idf(stem_))
        return list(terms.values())

    def _kin(self, word: Token, synonyms: Sequence[str], guess: bool) -> dict[str, float]:
        kin = {word.stem: 1.0}
        for variant in spelling.attached(word.form):
            root = stem(variant)
            if root != word.stem and self._count(root):
                kin[root] = ATTACHED_WEIGHT
        known = any(self._count(root) for root in kin)
        standard = {root: SYNONYM_WEIGHT for root in map(stem, synonyms) if self._count(root)}
        if standard:
            # a dialect word that no article has is no rare word to be missed
            return standard | kin if known else standard
        if guess and not known and len(word.form) >= spelling.SHORTEST:
            for near, likeness in spelling.nearest(word.form, self._forms(word.form[0])):
                root = stem(near)
                kin[root] = max(likeness, kin.get(root, 0.0))
        return kin

    def _forms(self, first: str) -> list[str]:
        """The words that the index knows by their first letter."""
        if self._searcher is None:
            return []
        known = self._searcher.terms_with_prefix("forms", first, limit=VOCABULARY_LIMIT)
        return [form for form, _ in known]

    def _count(self, root: str) -> int:
        return int(self._searcher.doc_freq("stems", root)) if self._searcher else 0

    def idf(self, root: str) -> float:
        """Return BM25's inverse document frequency of a stem over the passages."""
        count = self._count(root)
        return math.log(1 + (self.size - count + 0.5) / (count + 0.5))


_IDENTITY = {"format": FORMAT, "analyser": VERSION}


@contextmanager
def _translated(done: str) -> Iterator[None]:
    """Make tantivy's errors ours; a panic of its Rust code, which is no `Exception`, too."""
    try:
        yield
    except (ValueError, OSError) as error:
        raise CacheError(f"the word index cannot be {done}: {error}") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise CacheError(f"the word index cannot be {done}: {error}") from error


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("passage", indexed=True, fast=True)
    builder.add_unsigned_field("article", indexed=True)
    for field in FIELD_WEIGHTS:
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="freq")
    return builder.build()


def _document(row: PassageRow) -> tantivy.Document:
    document = tantivy.Document()
    document.add_unsigned("passage", row.id)
    document.add_unsigned("article", row.article.id)
    words = tokens(row.text)
    document.add_text("stems", " ".join(word.stem for word in words))
    document.add_text("forms", " ".join(word.form for word in words))
    document.add_text("title", " ".join(word.stem for word in tokens(row.article.title)))
    return document


def _query(terms: Sequence[Term], off: frozenset[str]) -> tantivy.Query | None:
    clauses = []
    for field, weight in FIELD_WEIGHTS.items():
        if field in off:
            continue
        for term in terms:
            value = term.form if field == "forms" else term.stem
            if value is not None:
                query = tantivy.Query.term_query(_SCHEMA, field, value, index_option="freq")
                boosted = tantivy.Query.boost_query(query, weight * term.weight)
                clauses.append((tantivy.Occur.Should, boosted))
    return tantivy.Query.boolean_query(clauses) if clauses else None


_SCHEMA = _schema()
