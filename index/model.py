"""The nouns of the archive and its error tree. Imports the standard library only.

IsnadError
├── InputError        something the operator gave cannot be used (which, why)
│   └── ExtractError  bytes that hold no article we can index
│       └── EmptyError  an item without a text
├── NotFoundError     no article has that id
├── ModelError        the embedding model cannot be loaded
├── StoreError        the database refused
│   └── SchemaError   the database was written by a newer Isnad
└── CacheError        a search index cannot be read; rebuilding it is safe
"""

from __future__ import annotations

from dataclasses import dataclass, field


class IsnadError(Exception):
    """Base of every error Isnad raises on purpose; its message is fit to show to an operator."""


class InputError(IsnadError):
    """An input that cannot be used.

    `where` names the input (a path, an address, a line of a file); `reason` says what is wrong.
    """

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(f"{where}: {reason}")
        self.where = where
        self.reason = reason


class ExtractError(InputError):
    """Bytes that hold no article we can index."""


class EmptyError(ExtractError):
    """An item that has a title or a place among others, and no text to quote."""

    def __init__(self, where: str, title: str, reason: str) -> None:
        super().__init__(where, reason)
        self.title = title


class NotFoundError(IsnadError):
    """No article has the id that was asked for."""


class ModelError(IsnadError):
    """The embedding model cannot be loaded; the message says what to do."""


class StoreError(IsnadError):
    """The database refused: locked for too long, unwritable, damaged."""


class SchemaError(StoreError):
    """The database was written by a newer Isnad than this one."""


class CacheError(IsnadError):
    """A search index cannot be read; it is a cache and can be rebuilt."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An article as a page gave it, before the archive has decided anything about it.

    `published` is what the page states and no more, in one of these forms:
    `2023-03-16`, `2023-03-16T14:05:00+00:00` (always with an offset), or, where the page
    gives no year, `--03-16` (the xsd:gMonthDay form). `None` where it states no date.
    """

    title: str
    text: str
    source: str | None = None
    url: str | None = None
    published: str | None = None
    byline: str | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """A post: its text without markup, its number, and the channel by address and by name.

    `base` is the address of the channel's posts without their number (`https://t.me/name`), None
    where it is not known. `teller` is who first published a forwarded post.
    """

    number: int
    text: str
    base: str | None
    channel: str | None
    published: str | None
    teller: str | None = None


@dataclass(frozen=True, slots=True)
class ArticleRef:
    """What is shown of an article beside a quote."""

    id: int
    title: str
    source: str | None
    url: str | None
    published: str | None


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of an article that is retrieved as one: `article.text[start:end]`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Article:
    """A stored article. `text` never changes under its quotes: offsets are into it."""

    id: int
    title: str
    text: str
    source: str | None
    url: str | None
    published: str | None
    byline: str | None
    passages: tuple[Passage, ...] = ()
    story: int | None = None
    duplicates_of: int | None = None
    status: str = "live"  # or "withdrawn": kept, never quoted

    @property
    def ref(self) -> ArticleRef:
        """The article as it is cited."""
        return ArticleRef(self.id, self.title, self.source, self.url, self.published)


@dataclass(frozen=True, slots=True)
class Story:
    """Articles that tell of the same event, reprints among them, earliest first.

    `title` is the title that says most of what the others say. `first` and `last` are the dates
    of the earliest and the latest dated article, `sources` how many sources told it. `event` is
    the story of most sources that tells of the same event, where this one is another of it.
    """

    id: int
    title: str
    articles: tuple[ArticleRef, ...]
    first: str | None
    last: str | None
    sources: int
    event: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to an article, as readers see it; `seq` grows with every change.

    `kind` is "added", "revised" (or back after it was withdrawn), "withdrawn" or "removed".
    """

    seq: int
    article_id: int
    kind: str


@dataclass(frozen=True, slots=True)
class Quote:
    """A verbatim piece of an article: `text == article.text[start:end]`, at most 400 characters.

    `highlights` are (start, end) offsets into `text`: the sentence that answers, and then, where
    the reader is sure enough, the answer inside it.
    """

    text: str
    start: int
    end: int
    highlights: tuple[tuple[int, int], ...]
    score: float
    article: ArticleRef
    also_in: tuple[ArticleRef, ...] = ()


@dataclass(frozen=True, slots=True)
class TopicMatch:
    """An article that is about a topic with a chance of `score`, the sentence that tells most."""

    article: ArticleRef
    score: float
    quote: Quote
    story: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the archive says to a question: quotes, best first, or the nearest articles.

    `confidence` is the calibrated chance, 0..1, that one of three quotes answers. Where `answered`
    is false the archive holds no answer as far as we can tell, `quotes` is empty, and `nearest`
    names the closest articles. `timeline` is set where sources of different dates say different
    things: the quotes then come newest first.
    """

    question: str
    answered: bool
    confidence: float
    quotes: tuple[Quote, ...] = ()
    nearest: tuple[ArticleRef, ...] = ()
    timeline: bool = False
    took_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class Failure:
    """An input that could not be added, and why."""

    input: str
    error: str


@dataclass(frozen=True, slots=True)
class Added:
    """An article of an `add`, as it is cited, and the input it came from."""

    id: int
    title: str
    source: str | None
    url: str | None
    published: str | None
    input: str


@dataclass(frozen=True, slots=True)
class Rejection:
    """An item of a good input that holds no article, by its title or place, and why."""

    input: str
    title: str
    error: str


@dataclass(frozen=True, slots=True)
class AddReport:
    """What an `add` did, input by input. `rejections` names the `rejected` ones."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    duplicates: int = 0
    rejected: int = 0
    withdrawn: int = 0
    failed: tuple[Failure, ...] = field(default=())
    rejections: tuple[Rejection, ...] = field(default=())
    articles: tuple[Added, ...] = field(default=())
