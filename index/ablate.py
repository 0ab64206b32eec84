"""Questions asked of a throw-away archive of their paragraphs: as shipped, and with stages off."""

from __future__ import annotations

import json
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from index import answer, pointing, store
from index.arabic import sentences, tokens
from index.engine import Engine
from index.metrics import Tally
from index.progress import Progress, silent
from index.quotes import quotes
from index.reader import Page, header
from index.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping, Sequence

    from index.embed import Embedder
    from index.finding import Found
    from index.model import Quote
    from index.rank import Candidate
    from index.reader import Reader, Reading
    from index.store import PassageRow

Trigram = tuple[str, str, str]

REPEATED = 0.6
"""The share of a sentence's runs of three words that makes another paragraph say it too: read by
eye, those above it are the same sentence with a word, a date or a bracket changed."""


@dataclass(frozen=True, slots=True)
class Case:
    """A question, its gold answers (none where it has no answer), and its paragraph's number.

    `start` is where the paragraph says the first of the answers, -1 where it does not.
    """

    question: str
    answers: tuple[str, ...]
    paragraph: int
    start: int = -1


@dataclass(frozen=True, slots=True)
class Miss:
    """An answerable question whose first quote does not answer it, beside what would have.

    Ranks count from 1: of the right sentence among the candidates, of the right paragraph among
    those retrieved; None where it is not there. `quoted` is None where nothing was found.
    """

    question: str
    answers: tuple[str, ...]
    gold_sentence: str
    quoted: str | None
    quoted_title: str | None
    sentence_rank: int | None
    paragraph_rank: int | None
    signs: dict[str, dict[str, float] | None]  # "right", "quoted": the signs of the sentence
    confidence: float

    @property
    def depth(self) -> tuple[float, float]:
        """How low the right sentence ranks, and then the right paragraph; inf where they do not."""
        return self.sentence_rank or float("inf"), self.paragraph_rank or float("inf")


class Remembering:
    """A reader that reads the same passage for the same question once.

    A question is asked again without its paragraph and without each stage, of much the same
    passages; the first time, which is the one that is timed, it is read as ever.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._known: dict[tuple[str, Page], Reading] = {}

    def load(self) -> None:
        """Load the model of the reader."""
        self._reader.load()

    def read_many(self, asked: Sequence[tuple[str, Sequence[Page]]]) -> list[list[Reading]]:
        """Read the pages that were not read for their question before."""
        new = [
            (question, [page for page in pages if (question, page) not in self._known])
            for question, pages in asked
        ]
        for (question, pages), read in zip(new, self._reader.read_many(new), strict=True):
            self._known.update(zip(((question, page) for page in pages), read, strict=True))
        return [[self._known[question, page] for page in pages] for question, pages in asked]


@dataclass(frozen=True, slots=True)
class Archive:
    """Paragraphs ready to be asked about, each an article of its own."""

    engine: Engine
    reader: Reader | None
    paragraphs: Sequence[tuple[str, str]]  # title, text
    numbers: Mapping[int, int]  # article: paragraph
    homes: Mapping[int, int]  # passage: paragraph
    rows: Sequence[PassageRow]
    texts: Mapping[int, str]  # article: its text
    twins: Sequence[frozenset[int]]  # by paragraph: those of the same words, itself among them
    said: Sequence[tuple[str, frozenset[Trigram]]]  # by paragraph: its words, and runs of them

    def exact(self, quotes: Sequence[Quote]) -> list[bool]:
        """Whether each quote is what its article says at its place, to the character."""
        return [
            quote.text == self.texts[quote.article.id][quote.start : quote.end] for quote in quotes
        ]

    def repeats(self, case: Case) -> frozenset[int]:
        """The paragraphs that say what the gold sentence says: `twins`, and near repeats of it.

        Those hold a gold answer and `REPEATED` of the sentence's runs of three words.
        """
        runs = _trigrams(_words(_gold_sentence(self.paragraphs[case.paragraph][1], case)))
        answers = [gold for gold in map(_words, case.answers) if gold.strip()]
        return self.twins[case.paragraph] | {
            number
            for number, (words, own) in enumerate(self.said)
            if runs
            and len(runs & own) >= REPEATED * len(runs)
            and any(gold in words for gold in answers)
        }

    def passages_but(self, paragraphs: Container[int]) -> list[int]:
        """The passages of all other paragraphs."""
        return [id_ for id_, number in self.homes.items() if number not in paragraphs]

    def pointed(self, case: Case) -> str | None:
        """The words of the gold paragraph that the reader takes for the answer, if there is one."""
        right = self.twins[case.paragraph]
        rows = [row for row in self.rows if self.homes[row.id] in right]
        if self.reader is None or not rows:
            return None
        pages = [Page(header(row.article.title, ""), row.text, row.units) for row in rows]
        readings = self.reader.read_many([(case.question, pages)])[0]
        page, best = max(zip(pages, readings, strict=True), key=lambda one: one[1].scores.max())
        return page.text[slice(*best.spans[int(best.scores.argmax())])]


@contextmanager
def opened(
    paragraphs: Sequence[tuple[str, str]],
    embedder: Embedder,
    reader: Reader | None = None,
    progress: Progress = silent,
) -> Iterator[Archive]:
    """Give an archive of (title, text) pairs, which is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        items = [
            # an address of its own keeps a paragraph that is printed twice two articles
            {"title": title, "text": text, "url": f"squad:{number}"}
            for number, (title, text) in enumerate(paragraphs)
        ]
        file = home / "paragraphs.json"
        file.write_text(json.dumps(items, ensure_ascii=False), encoding="utf-8")
        remembering = None if reader is None else Remembering(reader)
        with Engine(Settings(home=home), embedder, remembering) as engine:
            engine.add([str(file)], progress=progress)
            yield _survey(engine, remembering, paragraphs)


def _survey(
    engine: Engine, reader: Reader | None, paragraphs: Sequence[tuple[str, str]]
) -> Archive:
    numbers = {ref.id: int(str(ref.url).removeprefix("squad:")) for ref in engine.articles()}
    with engine.db.read() as connection:
        rows = store.passage_rows(connection, article_ids=list(numbers))
    words = [_words(text) for _, text in paragraphs]
    same: dict[str, set[int]] = {}
    for number, said in enumerate(words):
        same.setdefault(said, set()).add(number)
    return Archive(
        engine,
        reader,
        paragraphs,
        numbers,
        homes={row.id: numbers[row.article.id] for row in rows},
        rows=rows,
        texts={article: engine.article(article).text for article in numbers},
        twins=[frozenset(same[said]) for said in words],
        said=[(said, _trigrams(said)) for said in words],
    )


def ask_all(
    archive: Archive,
    cases: Sequence[Case],
    without: str | None = None,
    progress: Progress = silent,
) -> tuple[Tally, list[Miss]]:
    """Ask every question, an answerable one twice, `without` one of `engine.STAGES` or with all.

    The second time its paragraph is taken out, with any other of the same words. Where still
    others repeat the gold sentence it is asked a third time, without these too. Times are of the
    first.
    """
    tally = Tally(len(archive.paragraphs))
    misses = []
    off = frozenset() if without is None else frozenset({without})
    with progress("asking" if without is None else f"without {without}", len(cases)) as step:
        for case in cases:
            started = time.perf_counter()
            found = archive.engine.find(case.question, off=off)
            best = quotes(found.candidates, limit=3)
            tally.took_ms.append(1000 * (time.perf_counter() - started))
            tally.exact += archive.exact(best)
            if case.answers:
                gone, repeats = archive.twins[case.paragraph], archive.repeats(case)
                _judge(tally, archive, case, repeats, found, best)
                if not tally.first[-1]:
                    misses.append(_miss(archive, case, found, best, tally.ranks[-1]))
                for out in [gone, repeats] if repeats > gone else [gone]:
                    others = archive.passages_but(out)
                    found = archive.engine.find(case.question, among=others, off=off)
                    if out == gone:
                        tally.absent.append(answer.confidence(found.candidates))
                    tally.exact += archive.exact(quotes(found.candidates, limit=3))
                tally.unsaid.append(answer.confidence(found.candidates))
            else:
                tally.impossible.append(answer.confidence(found.candidates))
            step(1)
    return tally, misses


def holds(quote: str, answers: Sequence[str]) -> bool:
    """Whether a quote holds one of the answers, after light normalisation (words only)."""
    said = _words(quote)
    return any(_words(gold) in said for gold in answers if _words(gold).strip())


def _words(text: str) -> str:
    return f" {' '.join(token.form for token in tokens(text))} "


def _trigrams(words: str) -> frozenset[Trigram]:
    forms = words.split()
    return frozenset(zip(forms, forms[1:], forms[2:], strict=False))


def _judge(
    tally: Tally,
    archive: Archive,
    case: Case,
    repeats: Container[int],
    found: Found,
    best: Sequence[Quote],
) -> None:
    # articles in the order of their best sentence, then those retrieved but not compared
    order = [candidate.hit for candidate in found.candidates] + list(found.hits)
    ranking = list(dict.fromkeys(archive.numbers[hit.row.article.id] for hit in order))
    right = archive.twins[case.paragraph]
    rank, repeat_rank = (
        next((i for i, number in enumerate(ranking, 1) if number in among), 0)
        for among in (right, repeats)
    )
    held = [holds(quote.text, case.answers) for quote in best]
    tally.ranks.append(rank)
    tally.repeat_ranks.append(repeat_rank)
    tally.first.append(any(held[:1]))
    tally.first_three.append(any(held))
    tally.strict.append(any(held[:1]) and rank == 1)
    tally.lengths += [len(quote.text) for quote in best[:1]]
    tally.present.append(answer.confidence(found.candidates))
    if (said := archive.pointed(case)) is not None:
        tally.spans.append(pointing.f1(said, case.answers))
    if tally.present[-1] >= answer.THRESHOLD:
        marked = [pointing.marks_answer(quote, case.answers) for quote in best[:1]]
        tally.marked += [right for right in marked if right is not None]


def _miss(
    archive: Archive, case: Case, found: Found, best: Sequence[Quote], paragraph_rank: int
) -> Miss:
    gold = _gold_sentence(archive.paragraphs[case.paragraph][1], case)
    right = archive.twins[case.paragraph]

    def answers(candidate: Candidate) -> bool:
        return (
            archive.numbers[candidate.hit.row.article.id] in right
            and _words(candidate.text) in _words(gold)  # a long sentence is cut into clauses
            and holds(candidate.text, case.answers)
        )

    rank = next((i for i, one in enumerate(found.candidates, 1) if answers(one)), None)
    return Miss(
        question=case.question,
        answers=case.answers,
        gold_sentence=gold,
        quoted=best[0].text if best else None,
        quoted_title=best[0].article.title if best else None,
        sentence_rank=rank,
        paragraph_rank=paragraph_rank or None,
        signs={
            "right": _signs(found.candidates[rank - 1]) if rank else None,
            "quoted": _signs(found.candidates[0]) if best else None,
        },
        confidence=round(answer.confidence(found.candidates), 4),
    )


def _gold_sentence(text: str, case: Case) -> str:
    """The sentence of a paragraph where the gold answer starts, else the first that holds it."""
    spans = sentences(text)
    there = [text[start:end] for start, end in spans if start <= case.start < end]
    held = (text[start:end] for start, end in spans if holds(text[start:end], case.answers))
    return there[0] if there else next(held, "")


def _signs(candidate: Candidate) -> dict[str, float]:
    return {name: round(value, 4) for name, value in candidate.signs.items()}
