"""A question in, its quotes out: written plainly, after /ask, edited, or by pressing an example."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.bridge import BusyError
from bot.handlers.continuing import whole_of
from bot.handlers.questions import (
    Asked,
    Recent,
    addressed,
    asked_in,
    heading_of,
    question_in,
    question_of,
    text_of,
)
from bot.handlers.reader import is_private, reader_of
from bot.handlers.replies import acknowledge, beside, pressed, show
from bot.limits import ANSWER
from bot.outbox.letter import QuoteRef
from bot.posting import Target
from bot.store import dialogs, quoted, unanswered
from bot.texts import EXAMPLE, problem_of, texts
from bot.texts.requests import is_request
from bot.texts.smalltalk import courtesy_of, reply_to
from bot.typography import ELLIPSIS
from bot.views import answer_view, notice_view
from bot.views.digest_menu import headlines_view
from bot.views.layout import label
from bot.views.plain import noted
from index.conversation import is_bare
from index.several import several

if TYPE_CHECKING:
    from telegram import Bot, Update
    from telegram import Message as TelegramMessage
    from telegram.ext import ContextTypes

    from bot.handlers.reader import Reader
    from bot.message import Message
    from bot.metrics import Where
    from bot.services import Services
    from bot.typography import Lang
    from index.model import Answer

MOST_PARTS = 3
"""Questions of one message that are tried until one has an answer."""

MOST_QUOTES = 12
"""Quotes that «المزيد» pages through; what comes after them is hardly to the point."""

Told = Callable[["Update", "ContextTypes.DEFAULT_TYPE", Mapping[str, Any]], Awaitable[bool | None]]
"""Takes what a chat wrote that we waited for, with the state of its dialog; false where it was
something else, which is answered as a question."""


class Asking:
    """Carries questions over the bridge and sends back what comes.

    `told` has, by the `for` of a dialog's state, who takes what is written then.
    """

    def __init__(self, services: Services, recent: Recent, told: Mapping[str, Told]) -> None:
        self._services = services
        self._bridge = services.bridge
        self._courier = services.courier
        self._recent = recent
        self._told = told

    async def text(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A plain message, or a caption. In a group only one that mentions or answers the bot."""
        message = update.message
        question = addressed(message, context.bot) if message else None
        if message is not None and question is not None:
            heard = is_private(message) and message.text is not None
            await self._asked(update, context, message, question, heard=heard)

    async def command(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """/ask QUESTION."""
        if message := update.message:
            question = question_in(message, context.bot.username)
            await self._asked(update, context, message, question)

    async def edited(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """An edited question: its answer is edited; one whose answer we know no more is new."""
        message = update.edited_message
        if message is None or not text_of(message):
            return
        before = self._recent.answer_to(message.chat.id, message.message_id)
        if before is not None and before[1].text == text_of(message):
            return  # Telegram also tells of edits that nobody made, as when a link gets a preview
        question = asked_in(message, context.bot)
        if question is not None and courtesy_of(question) is None:  # thanks leave the answer
            edit = before[0] if before else None
            await self._asked(update, context, message, question, edit=edit)

    async def example(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """An example's button, `q:<index>`: it asks the question that is its label."""
        if (found := pressed(update)) is None:
            return
        query, message = found
        reader = await reader_of(update, self._services)
        question = self._example(message, query.data or "", reader)
        await acknowledge(query, None if question else texts(reader.lang).example_gone)
        if question is not None:
            await self._answer(context.bot, beside(message), question, reader)

    async def more(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """`m:<offset>`: the answer's quotes from there on, in place; 0 is the answer itself."""
        if (found := pressed(update)) is None:
            return
        query, message = found
        reader = await reader_of(update, self._services)
        words = texts(reader.lang)
        question, offset = question_of(message), int((query.data or "").removeprefix("m:"))
        if question is None:
            await acknowledge(query, words.no_question)
            return
        try:
            limit = MOST_QUOTES if offset else _asked_for(reader)
            answer = await self._bridge.ask(question, limit=limit)
        except BusyError:
            await acknowledge(query, words.busy)
            return
        if offset and offset >= len(answer.quotes):
            await acknowledge(query, words.no_more)
            return
        await acknowledge(query)
        view = self._view(answer, reader, heading_of(message), offset)
        await show(self._services, context, message, view)
        if offset:  # the answer's own were recorded when it was sent
            await self._record(message.chat.id, message.message_id, answer, reader, offset)

    def _example(self, message: TelegramMessage, data: str, reader: Reader) -> str | None:
        """The question on a pressed button, whole: a long one is cut on its label."""
        keyboard = message.reply_markup.inline_keyboard if message.reply_markup else ()
        written = next((b.text for row in keyboard for b in row if b.callback_data == data), None)
        if written is None or not written.endswith(ELLIPSIS):
            return written
        known = self._services.examples
        return next((one for one in known if label(one, reader.lang) == written), None)

    async def _asked(
        self,
        update: Update,
        context: ContextTypes.DEFAULT_TYPE,
        message: TelegramMessage,
        question: str,
        *,
        heard: bool = False,
        edit: int | None = None,
    ) -> None:
        """Answer what somebody wrote, with the earlier question where this is but a fragment.

        With `heard` it may be what a dialog waits for, and no question.
        """
        bot, target = context.bot, replace(Target.of(message), reply_to=message.message_id)
        try:
            # The turn is taken before anything of the question is looked up: it keeps the order.
            async with self._bridge.turn(target.chat):
                if heard and await self._heard(update, context, message):
                    return
                reader = await reader_of(update, self._services)
                said = self._at_once(question, reader.lang, private=is_private(message))
                whole = None if said else whole_of(message, bot, question, self._recent)
                if said is None and whole is None and is_bare(question):
                    said = notice_view(texts(reader.lang).bare, reader.lang)
                if said is not None:
                    await self._put(bot, replace(target, reply_to=None), said, None)
                    return
                parts = () if whole else several(question)
                asked = Asked(whole or question, message.message_id, text_of(message))
                await self._reply(bot, target, asked, reader, whole, parts=parts, edit=edit)
        except BusyError as err:
            await self._busy(bot, target, await reader_of(update, self._services), err)

    async def _heard(
        self, update: Update, context: ContextTypes.DEFAULT_TYPE, message: TelegramMessage
    ) -> bool:
        """Whether a dialog waited for `message`, and took it. Not what no dialog asks for."""
        if courtesy_of(text_of(message)) or is_request(text_of(message)):
            return False
        now = self._services.now().isoformat(timespec="seconds")
        state = await self._services.store.read(dialogs.waiting, message.chat.id, now=now)
        told = self._told.get(state["for"]) if state else None
        if state is None or told is None:
            return False
        return await told(update, context, state) is not False

    async def _answer(self, bot: Bot, target: Target, question: str, reader: Reader) -> None:
        """Answer a question that nobody wrote, and that stands above its answer therefore."""
        try:
            async with self._bridge.turn(target.chat):
                asked = Asked(question, None, "")
                await self._reply(bot, target, asked, reader, question)
        except BusyError as err:
            await self._busy(bot, target, reader, err)

    async def _reply(
        self,
        bot: Bot,
        target: Target,
        asked: Asked,
        reader: Reader,
        heading: str | None,
        *,
        parts: Sequence[str] = (),
        edit: int | None = None,
    ) -> None:
        """Ask the archive and send what it says. Raises `BusyError`.

        Of the `parts` of what is asked, where there are several, one is answered.
        """
        with self._services.metrics.question(_where(target)) as counted:
            async with self._courier.typing(bot, target):
                questions = parts[:MOST_PARTS] or (asked.question,)
                question, answer = await self._first_answered(questions, _asked_for(reader))
                counted.answered(answer)
            if parts:
                asked, heading = replace(asked, question=question), question
            view = self._view(answer, reader, heading)
            view = noted(view, texts(reader.lang).several, reader.lang) if parts else view
            number = await self._put(bot, target, view, edit)
        if number is not None:
            self._recent.note(target.chat, number, asked)
            if not answer.answered and self._services.log_questions:
                now = self._services.now().isoformat(timespec="seconds")
                await self._services.store.write(unanswered.count, asked.question, now)
            await self._record(target.chat, number, answer, reader)

    async def _first_answered(self, questions: Sequence[str], limit: int) -> tuple[str, Answer]:
        """The first of `questions` that has an answer, or else the very first, and what it got."""
        got: list[tuple[str, Answer]] = []
        for question in questions:
            got.append((question, await self._bridge.ask(question, limit=limit)))
            if got[-1][1].answered:
                return got[-1]
        return got[0]

    def _view(
        self, answer: Answer, reader: Reader, heading: str | None, offset: int = 0
    ) -> Message:
        return answer_view(
            answer,
            reader.lang,
            self._services.now(),
            heading=heading,
            digits=reader.digits,
            quotes=reader.quotes,
            offset=offset,
        )

    async def _record(
        self, chat: int, number: int, answer: Answer, reader: Reader, offset: int = 0
    ) -> None:
        """Note which quotes stand in a message of ours, to correct them if need be."""
        shown = answer.quotes[offset : offset + reader.quotes] if answer.answered else ()
        refs = [QuoteRef(one.article.id, one.article.title, one.text) for one in shown]
        now = self._services.now().isoformat(timespec="seconds")
        await self._services.store.write(quoted.record, chat, number, refs, now)

    async def _put(self, bot: Bot, target: Target, view: Message, edit: int | None) -> int | None:
        """Put `view` in the place of message `edit`, or send it; the message it is in then."""
        if edit is not None and await self._courier.edit(bot, target.chat, edit, view):
            return edit
        sent = await self._courier.send(bot, target, [view], rank=ANSWER)
        return sent[0] if sent else None

    async def _busy(self, bot: Bot, target: Target, reader: Reader, err: BusyError) -> None:
        self._services.metrics.busy(_where(target))
        words = texts(reader.lang)
        text = words.chat_busy if err.own else words.busy
        await self._courier.send(bot, target, [notice_view(text, reader.lang)])

    def _at_once(self, text: str, lang: Lang, *, private: bool) -> Message | None:
        """What is said to what is no question: a greeting, or one that cannot be asked."""
        example = min(self._services.examples, key=len, default=EXAMPLE)
        if (courtesy := courtesy_of(text)) is not None:
            if courtesy == "headlines" and private:
                return headlines_view(lang)
            return notice_view(reply_to(courtesy, lang, example), lang)
        problem = "request" if is_request(text) else problem_of(text)
        if problem is None:
            return None
        said: str = getattr(texts(lang), problem)
        return notice_view(said.replace("{example}", example), lang)


def _where(target: Target) -> Where:
    return "private" if target.chat > 0 else "group"


def _asked_for(reader: Reader) -> int:
    """Quotes to ask for: one more than are shown, so that «المزيد» stands only where there is."""
    return reader.quotes + 1
