"""An answer as a reader uses it: its buttons, follow-ups, edits, deep links. Over HTTP."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from botapi import playground
from bots import running_with
from conversing import at_work, edited_by, said, toast
from fakes import FakeAsker, a_store, answered, article, quote, refused

from bot.schema import votes
from bot.store import totals, unanswered
from bot.texts import AR, EN
from index.model import Answer, Article, Passage

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.playground.server import PlaygroundServer
    from bot.store import Store

PARTS = ("أُغلق الميناء يومين.", "هبّت عاصفة رملية. وانتظرت السفن.", "ثم أُعيد فتحه صباح الأحد.")
TEXT = "\n".join(PARTS)
SPANS = [(TEXT.index(part), TEXT.index(part) + len(part)) for part in PARTS]
STORM = Article(
    7,
    "عاصفة رملية تغلق ميناء الصدف",
    TEXT,
    "وكالة الساحل",
    "https://sahel.example/storm",
    "2023-03-20",
    None,
    tuple(Passage(*span) for span in SPANS),
)
REPRINT = Article(8, "نسخة", TEXT, "صدى", None, None, None, duplicates_of=7)
GONE = Article(9, "مسحوب", TEXT, None, None, None, None, STORM.passages, status="withdrawn")


@dataclass
class Archive(FakeAsker):
    """Answers with as many of its quotes as are asked for."""

    quotes: int = 5
    limits: list[int] = field(default_factory=list)

    def ask(self, question: str, *, limit: int = 3) -> Answer:
        self.limits.append(limit)
        given = super().ask(question, limit=limit)
        if question in self.answers:
            return given
        return answered(*[quote(f"الخبر {n}.", of=article(n)) for n in range(self.quotes)][:limit])


@pytest.fixture
async def server() -> AsyncIterator[PlaygroundServer]:
    async with playground() as server:
        yield server


@pytest.fixture
def archive() -> Archive:
    archive = Archive()
    archive.articles.update({one.id: one for one in (STORM, REPRINT, GONE)})
    start, end = SPANS[1]
    found = quote(TEXT[start:end], (0, 17), of=STORM.ref)
    archive.answers["ماذا حدث في الميناء؟"] = answered(
        type(found)(found.text, start, end, found.highlights, 1.0, STORM.ref)
    )
    return archive


@pytest.fixture
async def memory(server: PlaygroundServer, archive: Archive) -> AsyncIterator[Store]:
    async with at_work(server, archive, examples=("ماذا حدث في الميناء؟", "متى؟ " * 15)) as store:
        yield store


@pytest.mark.usefixtures("memory")
async def test_an_answer_is_one_message_in_reply_to_its_question(
    server: PlaygroundServer,
) -> None:
    """In private chats too: by that a pressed button finds the question."""
    reader = server.user("سلمى")
    answer = await said(server, reader, "متى وقع؟")
    assert answer.reply_to is not None
    assert answer.reply_to.text == "متى وقع؟"
    assert answer.pieces("blockquote") == ["الخبر 0.", "الخبر 1.", "الخبر 2."]
    assert set(answer.buttons) == {
        *("في سياقه 1", "في سياقه 2", "في سياقه 3"),
        *(AR.more, AR.follow, "👍", "👎"),
    }


@pytest.mark.usefixtures("memory")
async def test_more_quotes_come_in_place_and_go_back(
    server: PlaygroundServer, archive: Archive
) -> None:
    """The same message is edited; at the end there is no way on."""
    reader = server.user("سلمى")
    answer = await said(server, reader, "متى وقع؟")
    await edited_by(server, reader, answer, AR.more)
    assert answer.pieces("blockquote") == ["الخبر 3.", "الخبر 4."]
    assert AR.following not in answer.buttons
    await edited_by(server, reader, answer, AR.previous)
    assert answer.pieces("blockquote") == ["الخبر 0.", "الخبر 1.", "الخبر 2."]
    assert archive.limits == [4, 12, 4]  # one more, to know whether there is more
    assert len(server.messages(reader.chat)) == 1


@pytest.mark.usefixtures("memory")
async def test_more_where_there_is_no_more_says_so(
    server: PlaygroundServer, archive: Archive
) -> None:
    """The answer stays, though the archive has changed since; and at first there is no way on."""
    reader = server.user("سلمى")
    answer = await said(server, reader, "متى وقع؟")
    archive.quotes = 3
    assert AR.more not in (await said(server, reader, "أين وقع؟")).buttons
    assert await toast(server, reader, answer, AR.more) == AR.no_more
    assert answer.edit_date is None


@pytest.mark.usefixtures("memory")
async def test_a_quote_is_read_in_its_context(server: PlaygroundServer) -> None:
    """In place: the passage with the quote in bold, the next, and back to the answer."""
    reader = server.user("سلمى")
    answer = await said(server, reader, "ماذا حدث في الميناء؟")
    await edited_by(server, reader, answer, AR.in_context)
    assert answer.pieces("blockquote") == [PARTS[1]]
    assert answer.pieces("bold") == [PARTS[1]]
    assert answer.keyboard[0][0]["text"] == AR.following
    await edited_by(server, reader, answer, AR.following)
    assert answer.pieces("blockquote") == [PARTS[2]]
    assert answer.pieces("bold") == []
    await edited_by(server, reader, answer, AR.previous)
    assert answer.pieces("bold") == [PARTS[1]]
    await edited_by(server, reader, answer, AR.back)
    assert AR.in_context in answer.buttons
    assert len(server.messages(reader.chat)) == 1


@pytest.mark.usefixtures("memory")
async def test_an_example_is_answered_under_its_question(
    server: PlaygroundServer, archive: Archive
) -> None:
    """Which stays there through its context and back; a cut label asks the whole example."""
    reader = server.user("سلمى")
    greeting = await server.wait_message(reader.chat, after=reader.start())
    reader.press(greeting, "q:0")
    answer = await server.wait_message(reader.chat, after=greeting)
    assert answer.pieces("italic") == ["\u2068ماذا حدث في الميناء؟\u2069"]
    await edited_by(server, reader, answer, AR.in_context)
    assert answer.pieces("italic") == ["\u2068ماذا حدث في الميناء؟\u2069"]
    await edited_by(server, reader, answer, AR.back)
    assert archive.asked == ["ماذا حدث في الميناء؟", "ماذا حدث في الميناء؟"]
    reader.press(greeting, "q:1")
    await server.wait_message(reader.chat, after=answer)
    assert archive.asked[-1] == "متى؟ " * 15


async def test_buttons_outlive_the_process(
    server: PlaygroundServer, archive: Archive, tmp_path: Path
) -> None:
    """Nothing is kept for them: the question is found in the message."""
    reader = server.user("سلمى")
    with closing(a_store(tmp_path)) as store:
        async with at_work(server, archive, store=store, examples=("ماذا حدث في الميناء؟",)):
            greeting = await server.wait_message(reader.chat, after=reader.start())
            answer = await said(server, reader, "متى وقع؟")
        async with at_work(server, archive, store=store, examples=("متى؟",)):
            await edited_by(server, reader, answer, AR.more)
            assert archive.asked == ["متى وقع؟", "متى وقع؟"]
            reader.press(greeting, "q:0")
            await server.wait_message(reader.chat, after=answer)
            assert archive.asked[-1] == "ماذا حدث في الميناء؟"
            followed = await said(server, reader, "وأين؟", reply_to=answer)
            assert "أين عنوان المقال رقم 3؟" in followed.text  # the first that it shows


async def test_the_quotes_a_reader_was_sent_are_known(
    server: PlaygroundServer, archive: Archive, tmp_path: Path
) -> None:
    """For corrections: by message, each page as it is turned to; those of a refusal are none."""
    archive.answers["أين المتحف؟"] = refused(STORM.ref)
    reader = server.user("سلمى")
    with closing(a_store(tmp_path)) as store:
        async with at_work(server, archive, store=store, examples=("متى؟",)):
            await said(server, reader, "أين المتحف؟")
            answer = await said(server, reader, "متى وقع؟")
            await edited_by(server, reader, answer, AR.more)
        kept = await store.read(totals.of_chat, reader.id)  # what was begun has ended
    assert [row["quote"] for row in kept["quoted"]] == [f"الخبر {n}." for n in range(5)]
    assert {row["message_id"] for row in kept["quoted"]} == {answer.id}


async def test_a_vote_is_kept_without_who_voted(server: PlaygroundServer, memory: Store) -> None:
    """Of the message; the last one counts."""
    reader = server.user("سلمى")
    answer = await said(server, reader, "متى وقع؟")
    assert await toast(server, reader, answer, "👍") == AR.voted
    assert await toast(server, reader, answer, "👎") == AR.vote_changed
    assert await toast(server, reader, answer, "👎") == AR.voted
    with memory.db.read() as connection:
        [vote] = connection.execute(sa.select(votes)).all()
    assert (vote.chat_id, vote.message_id, vote.vote) == (reader.id, answer.id, -1)


@pytest.mark.usefixtures("memory")
async def test_a_refusal_opens_the_nearest_article(
    server: PlaygroundServer, archive: Archive
) -> None:
    """At its beginning; a reprint opens what it repeats, and what is gone says so."""
    archive.answers["أين المتحف؟"] = refused(STORM.ref, REPRINT.ref, GONE.ref, article(99))
    reader = server.user("سلمى", language="en")
    answer = await said(server, reader, "أين المتحف؟")
    assert answer.text.startswith(EN.no_answer)
    await edited_by(server, reader, answer, "n:7")
    assert answer.pieces("blockquote") == [PARTS[0]]
    await edited_by(server, reader, answer, EN.back)
    assert EN.alert in answer.buttons
    assert await toast(server, reader, answer, "n:9") == EN.withdrawn
    assert await toast(server, reader, answer, "n:99") == EN.no_article
    await edited_by(server, reader, answer, "n:8")
    assert answer.pieces("text_link") == [STORM.title]


@pytest.mark.usefixtures("memory")
@pytest.mark.parametrize(
    ("payload", "shown"),
    [
        (f"p_7_{SPANS[2][0]}", PARTS[2]),
        ("p_99_0", AR.no_article),
        ("p_9_0", AR.withdrawn),
        ("p_seven", AR.greeting[0]),
        ("nobody_knows_this", AR.greeting[0]),
    ],
)
async def test_a_deep_link_opens_a_passage(
    server: PlaygroundServer, payload: str, shown: str
) -> None:
    """As a message of its own, to be paged through; one that means nothing only greets."""
    reader = server.user("سلمى")
    message = await server.wait_message(reader.chat, after=reader.start(payload))
    assert shown in message.text
    if shown == PARTS[2]:
        await edited_by(server, reader, message, AR.previous)
        assert message.pieces("blockquote") == [PARTS[1]]
        assert AR.back not in message.buttons


@pytest.mark.usefixtures("memory")
async def test_a_fragment_goes_on_from_the_answer_it_replies_to(
    server: PlaygroundServer, archive: Archive
) -> None:
    """Even when other questions came between; in a private chat without a reply too."""
    reader = server.user("سلمى")
    first = await said(server, reader, "من افتتح المتحف؟")
    await said(server, reader, "كم كانت القوة؟")
    followed = await said(server, reader, "ومتى؟", reply_to=first)
    assert archive.asked[-1] == "متى افتتح المتحف؟"
    assert "متى افتتح المتحف؟" in followed.text
    await said(server, reader, "وأين؟", reply_to=followed)
    assert archive.asked[-1] == "أين افتتح المتحف؟"
    await said(server, reader, "طيب ليش؟")
    assert archive.asked[-1] == "طيب ليش افتتح المتحف؟"
    whole = await said(server, reader, "متى وقع الزلزال؟", reply_to=first)
    assert archive.asked[-1] == "متى وقع الزلزال؟"
    assert not whole.pieces("italic")


@pytest.mark.usefixtures("memory")
async def test_a_correction_is_asked_without_the_words_that_correct(
    server: PlaygroundServer, archive: Archive
) -> None:
    """In the place of what it corrects; alone where nothing was asked before."""
    reader = server.user("سلمى")
    await said(server, reader, "لا، أقصد وزير الاقتصاد")
    assert archive.asked[-1] == "وزير الاقتصاد"
    await said(server, reader, "متى استقال وزير المالية؟")
    answer = await said(server, reader, "لا قصدي وزير الاقتصاد")
    assert archive.asked[-1] == "متى استقال وزير الاقتصاد؟"
    assert "متى استقال وزير الاقتصاد؟" in answer.text
    await said(server, reader, "وأين؟")
    assert archive.asked[-1] == "أين استقال وزير الاقتصاد؟"


@pytest.mark.usefixtures("memory")
async def test_of_several_questions_the_first_that_has_an_answer_is_answered(
    server: PlaygroundServer, archive: Archive
) -> None:
    """Under its own words, with a line about the others; its buttons know it."""
    first, second = "من بنى برج النخيل؟", "كم طول خط المترو الجديد؟"
    archive.answers |= {first: refused(), second: answered()}
    reader = server.user("سلمى")
    answer = await said(server, reader, f"{first} {second}")
    assert archive.asked == [first, second]
    assert answer.pieces("italic") == [f"\u2068{second}\u2069"]
    assert answer.text.endswith(AR.several)
    reader.press(answer, AR.follow)
    preview = await server.wait_message(reader.chat, after=answer)
    assert "طول خط المترو الجديد" in preview.text
    archive.answers[second] = refused()
    refusal = await said(server, reader, f"{first} {second}")
    assert AR.no_answer in refusal.text
    assert refusal.pieces("italic") == [f"\u2068{first}\u2069"]
    assert refusal.text.endswith(AR.several)


@pytest.mark.usefixtures("memory")
async def test_what_is_no_question_for_an_archive_is_not_searched_for(
    server: PlaygroundServer, archive: Archive
) -> None:
    """It is told what is done here, with an example."""
    reader = server.user("سلمى")
    for request in ("احكيلي نكتة", "ما رأيك في الحكومة؟", "لخص لي أخبار المترو"):
        line = await said(server, reader, request)
        assert line.text == AR.request.replace("{example}", "ماذا حدث في الميناء؟")
    assert archive.asked == []


@pytest.mark.usefixtures("memory")
async def test_in_a_group_a_fragment_needs_a_reply(
    server: PlaygroundServer, archive: Archive
) -> None:
    """Whose question it would go on from is not known otherwise."""
    group, reader = server.group("مجموعة"), server.user("سلمى")
    first = await said(server, reader, "/ask من افتتح المتحف؟", chat=group)
    unclear = await said(server, reader, "@isnad_demo_bot ومتى؟", chat=group)
    assert unclear.text == AR.bare
    assert archive.asked[-1] == "من افتتح المتحف؟"
    await said(server, reader, "ومتى؟", chat=group, reply_to=first)
    assert archive.asked[-1] == "متى افتتح المتحف؟"
    await edited_by(server, reader, first, AR.more, chat=group)
    assert archive.asked[-1] == "من افتتح المتحف؟"


@pytest.mark.usefixtures("memory")
async def test_an_edited_question_has_its_answer_edited(
    server: PlaygroundServer, archive: Archive
) -> None:
    """In place; an edit that changes nothing asks nothing."""
    archive.answers["أين وقع؟"] = answered(quote("وقع في الساحل."))
    reader = server.user("سلمى")
    asked = reader.send("متى وقع؟")
    answer = await server.wait_message(reader.chat, after=asked)
    since = server.world.seq
    reader.edit(asked, "متى وقع؟")
    reader.edit(asked, "أين وقع؟")
    await server.wait_edit(answer, since=since)
    assert answer.pieces("blockquote") == ["وقع في الساحل."]
    assert archive.asked == ["متى وقع؟", "أين وقع؟"]
    server.world.remove_message(answer)
    reader.edit(asked, "متى وقع الآن؟")
    await server.wait_message(reader.chat, after=answer)
    assert len(server.messages(reader.chat)) == 1


@pytest.mark.usefixtures("memory")
async def test_a_question_edited_into_thanks_keeps_its_answer(
    server: PlaygroundServer, archive: Archive
) -> None:
    """Nothing is sent, nothing edited; edited back into a question it is asked."""
    archive.answers["أين وقع؟"] = answered(quote("وقع في الساحل."))
    reader = server.user("سلمى")
    asked = reader.send("متى وقع؟")
    answer = await server.wait_message(reader.chat, after=asked)
    reader.edit(asked, "شكرا")
    reader.edit(asked, "مساعدة")
    since = server.world.seq
    reader.edit(asked, "أين وقع؟")
    await server.wait_edit(answer, since=since)
    assert server.messages(reader.chat) == [answer]
    assert archive.asked == ["متى وقع؟", "أين وقع؟"]


async def test_after_a_restart_an_edited_question_is_answered_anew(
    server: PlaygroundServer, archive: Archive, tmp_path: Path
) -> None:
    """Which message answered it is known no more; an edited command is no question."""
    reader = server.user("سلمى")
    with closing(a_store(tmp_path)) as store:
        async with at_work(server, archive, store=store, examples=("متى؟",)):
            asked = reader.send("متى وقع؟")
            answer = await server.wait_message(reader.chat, after=asked)
        async with at_work(server, archive, store=store, examples=("متى؟",)):
            reader.edit(asked, "مساعدة")
            reader.edit(asked, "أين وقع؟")
            again = await server.wait_message(reader.chat, after=answer)
    assert again.reply_to is asked
    assert archive.asked == ["متى وقع؟", "أين وقع؟"]


async def test_what_was_asked_in_vain_is_counted_where_switched_on(store: Store) -> None:
    """Without who asked; and not at all where it is not."""
    asker = FakeAsker(answers={"من بنى الجسر؟": refused()})
    async with playground() as server:
        for switched in (False, True):
            async with running_with(store, server, asker, log_questions=switched):
                reader = server.user(f"سلمى {switched}")
                await server.wait_message(reader.chat, after=reader.send("من بنى الجسر؟"))
    assert [(said, count) for said, count, _ in await store.read(unanswered.listed)] == [
        ("من بني الجسر", 1)
    ]
