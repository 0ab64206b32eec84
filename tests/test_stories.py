"""Stories found online: what is alike joins, in whatever portions it comes."""

from __future__ import annotations

import random

import numpy as np
import pytest
from fake_embedder import HashEmbedder

from index.dedupe import Words
from index.model import ArticleRef
from index.store import Told
from index.stories.cluster import DAY, Clusterer, Item
from index.stories.listing import stories, title
from index.stories.terms import KEPT, Terms, same_subject, terms
from index.stories.yardstick import TEXTS, Yardstick

EMBEDDER = HashEmbedder()
YARDSTICK = Yardstick.of(list(EMBEDDER.encode_passages(TEXTS)))
BRIDGE = ("انهيار جسر النخيل", "انهار جسر النخيل في بلدة الرمان فجرًا وسقطت شاحنتان في النهر.")
BRIDGE_LATER = (
    "لجنة تحقق في انهيار جسر النخيل",
    "شكلت البلدية لجنة تحقق في انهيار جسر النخيل في بلدة الرمان بعد سقوط شاحنتين في النهر.",
)
BANK = ("البنك المركزي يخفض الفائدة", "خفض البنك المركزي سعر الفائدة نصف نقطة بعد تراجع التضخم.")


def item(number: int, said: tuple[str, str], *, day: float = 0.0) -> Item:
    vector = EMBEDDER.encode_passages(["\n".join(said)])[0]
    return Item(number, Terms.of(terms(Words(*said))), vector, int(day * DAY))


def clusterer(*known: tuple[Item, int]) -> Clusterer:
    made = Clusterer(EMBEDDER.dimension, YARDSTICK)
    for one, story in known:
        made.add(one, story)
    return made


def place(known: Clusterer, one: Item) -> int | None:
    return known.place(one, known.like(one))


# --- terms --------------------------------------------------------------------------------------


def test_terms_are_packed_and_unpacked() -> None:
    """In the order of their codes; the title weighs most."""
    packed = Terms.of(terms(Words("انهيار الجسر", "وقع الحادث فجرًا. " + "كلمات أخرى كثيرة " * 90)))
    assert list(packed.codes) == sorted(set(packed.codes.tolist()))
    only = Terms.of(terms(Words("انهيار الجسر", "")))
    heavy = dict(zip(packed.codes.tolist(), packed.weights.tolist(), strict=True))
    assert all(heavy[code] >= 3 for code in only.codes.tolist())


def test_few_terms_are_kept() -> None:
    """However long the article."""
    long = Words("عنوان", " ".join(f"كلمة{n}" for n in range(1000)))
    assert len(Terms.of(terms(long)).codes) == KEPT
    assert len(Terms.of(terms(Words("", ""))).codes) == 0


def test_a_correction_is_about_the_same() -> None:
    """Other words about something else are not."""
    assert same_subject(terms(Words(*BRIDGE)), terms(Words(*BRIDGE_LATER)))
    assert not same_subject(terms(Words(*BRIDGE)), terms(Words(*BANK)))
    assert not same_subject(terms(Words("", "")), terms(Words(*BANK)))


# --- clustering ---------------------------------------------------------------------------------


def test_what_tells_of_the_same_joins() -> None:
    """What tells of something else opens a story of its own."""
    known = clusterer((item(1, BRIDGE), 7), (item(2, BANK), 8))
    assert place(known, item(3, BRIDGE_LATER)) == 7
    assert place(known, item(4, ("مهرجان العسل", "افتتح مهرجان العسل في الهضبة."))) is None
    assert place(clusterer(), item(1, BRIDGE)) is None


def test_days_set_stories_apart() -> None:
    """The same words a week later are another event; so they are a week before."""
    for day in (2.0, 9.0):
        known = clusterer((item(1, BRIDGE, day=day), 7))
        assert place(known, item(2, BRIDGE_LATER, day=day + 1)) == 7
        assert place(known, item(2, BRIDGE_LATER, day=day - 1)) == 7
        assert place(known, item(2, BRIDGE_LATER, day=day + 7)) is None


def test_an_article_is_not_like_itself() -> None:
    """When it is placed anew."""
    known = clusterer((item(1, BRIDGE), 7))
    assert known.like(item(1, BRIDGE)) == []
    (found,) = known.like(item(2, BRIDGE, day=1))
    assert (found.article, found.story, found.apart) == (1, 7, DAY)


def test_what_is_removed_is_forgotten() -> None:
    """Its place is used again, and its story attracts no more."""
    known = clusterer((item(1, BRIDGE), 7))
    known.remove(1)
    known.remove(1)
    assert place(known, item(2, BRIDGE_LATER)) is None
    known.add(item(3, BANK), 9)
    assert len(known) == 1
    assert known.like(item(4, BRIDGE_LATER)) == []


def test_a_story_does_not_grow_link_by_link() -> None:
    """An article that is like one of many in a story, and unlike the others, stays out."""
    many = [(item(n, BANK), 7) for n in range(1, 9)]
    known = clusterer(*many, (item(9, BRIDGE), 7))
    assert place(known, item(10, BRIDGE_LATER)) is None


def test_an_article_without_words_is_placed_too() -> None:
    """Alone."""
    known = clusterer((item(1, BRIDGE), 7))
    assert place(known, item(2, ("", "!"))) is None


def news(seed: int, count: int) -> list[tuple[tuple[str, str], float]]:
    """Invented reports of some events, in the order in which they come."""
    chance = random.Random(seed)
    who = "الوزير المدير الرئيس الأمير الحارس اللاعب الطبيب المهندس".split()
    did = "افتتح أغلق زار تفقد انتقد مدح باع اشترى".split()
    what = "المصنع المتحف الميناء الملعب المستشفى الجسر السوق القلعة المطار".split()
    where = "القمرية الرمان الصدف الهضبة الزيتون المرجان الوادي الجبل".split()
    events = [
        (f"{a} {b} {c} في {d}", n)
        for n in range(count // 3)
        for a, b, c, d in [tuple(map(chance.choice, (who, did, what, where)))]
    ]
    found = []
    for n in range(count):
        event, day = chance.choice(events)
        more = " ".join(chance.choice(what + where) for _ in range(3))
        found.append(((event, f"{event} وقال شهود إن {more} {n % 7}."), day / 4))
    return found


def grouped(placed: dict[int, int]) -> set[frozenset[int]]:
    found: dict[int, set[int]] = {}
    for article, story in placed.items():
        found.setdefault(story, set()).add(article)
    return {frozenset(articles) for articles in found.values()}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_is_loaded_places_what_comes_like_what_was_there(seed: int) -> None:
    """A process that starts in between, with the days in any order, goes on the same."""
    told = [item(n, said, day=day) for n, (said, day) in enumerate(news(seed, 90), 1)]

    def run(restarts: frozenset[int]) -> set[frozenset[int]]:
        known, placed = clusterer(), {}
        for n, one in enumerate(told):
            if n in restarts:
                before = told[:n]
                random.Random(n).shuffle(before)
                known = clusterer(*((old, placed[old.article]) for old in before))
            story = place(known, one) or n + 1000
            known.add(one, story)
            placed[one.article] = story
        return grouped(placed)

    whole = run(frozenset())
    assert run(frozenset({10, 40, 41})) == whole
    assert 1 < len(whole) < 90


def test_unrelated_reports_are_the_yardstick() -> None:
    """Every text of it opens a story of its own."""
    assert YARDSTICK.deviation > 0
    known = clusterer()
    for n, text in enumerate(TEXTS, 1):
        head, _, body = text.partition("\n")
        assert place(known, item(n, (head, body))) is None
        known.add(item(n, (head, body)), n)
    same = Yardstick.of([np.ones(4, np.float32) / 2] * 3)
    assert same.deviation > 0


# --- listing ------------------------------------------------------------------------------------


def told(number: int, story: int, source: str | None, day: str | None, head: str = "خبر") -> Told:
    ref = ArticleRef(number, head, source, None, day)
    return Told(story, ref, None if day is None else f"{day}T00:00:00+00:00")


def test_most_sources_come_first() -> None:
    """Then most articles, then the story opened first."""
    found = stories(
        [
            told(1, 1, "أ", "2024-01-01"),
            told(2, 2, "أ", "2024-01-01"),
            told(3, 2, "ب", "2024-01-02"),
            told(4, 3, "أ", "2024-01-02"),
            told(5, 3, "أ", "2024-01-03"),
            told(6, 4, None, None),
        ]
    )
    assert [(story.id, story.sources) for story in found] == [(2, 2), (3, 1), (1, 1), (4, 1)]
    assert (found[0].first, found[0].last) == ("2024-01-01", "2024-01-02")
    assert (found[3].first, found[3].last) == (None, None)
    assert [article.id for article in found[1].articles] == [4, 5]


def test_the_title_says_what_most_say() -> None:
    """Not the one with most words, nor the first alarm."""
    heads = ["عاجل: حادث في الرمان", "انهيار جسر النخيل", "انهيار جسر النخيل وسقوط شاحنتين أمس"]
    heads.append("سقوط شاحنتين بعد انهيار جسر النخيل")
    assert (
        title([ArticleRef(n, head, None, None, None) for n, head in enumerate(heads)]) == heads[2]
    )
    assert title([ArticleRef(1, "؟", None, None, None)]) == "؟"
