"""The Bot API methods that put messages into chats, change them and take them away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.playground.addressing import chat_of, own_message, reply_of, topic_of, writable
from bot.playground.errors import bad_request, too_many_requests
from bot.playground.formatting import read_caption, read_text
from bot.playground.keyboard import check_markup

if TYPE_CHECKING:
    from bot.playground.entities import Entity
    from bot.playground.limits import FloodGate
    from bot.playground.model import Chat, JsonDict, Message
    from bot.playground.params import Params
    from bot.playground.state import World

DELETE_WITHIN_S = 48 * 3600  # core.telegram.org/bots/api#deletemessage
# core.telegram.org/bots/api#sendchataction
CHAT_ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)
_SAME = (
    "message is not modified: specified new message content and reply markup are exactly the "
    "same as a current content and reply markup of the message"
)


class Messages:
    """Sending, editing and deleting, as the bot."""

    def __init__(self, world: World, gate: FloodGate) -> None:
        self._world = world
        self._gate = gate

    def send_message(self, params: Params) -> JsonDict:
        """core.telegram.org/bots/api#sendmessage"""
        chat = writable(self._world, params)
        text, entities = read_text(params)
        return self._put(chat, params, text, entities).to_json()

    def send_document(self, params: Params) -> JsonDict:
        """core.telegram.org/bots/api#senddocument"""
        chat = writable(self._world, params)
        if (upload := params.files.get("document")) is None:
            raise bad_request("there is no document in the request")
        if upload.size == 0:
            raise bad_request("file must be non-empty")
        text, entities = read_caption(params)
        file_id = f"playground-document-{self._world.seq}"
        document = {
            "file_id": file_id,
            "file_unique_id": f"document{self._world.seq}",
            "file_name": upload.name,
            "mime_type": upload.mime_type,
            "file_size": upload.size,
        }
        message = self._put(chat, params, text, entities, extra={"document": document})
        self._world.files[file_id] = upload
        return message.to_json()

    def _put(
        self,
        chat: Chat,
        params: Params,
        text: str,
        entities: tuple[Entity, ...],
        extra: JsonDict | None = None,
    ) -> Message:
        """Sends what was read of a request, where the rest of it is in order too."""
        markup = check_markup(params.nested("reply_markup"))
        topic, reply_to = topic_of(chat, params), reply_of(self._world, chat, params)
        self._admit(chat)
        return self._world.add_message(
            chat,
            self._world.me,
            text=text,
            entities=entities,
            markup=markup,
            reply_to=reply_to,
            extra=extra,
            topic=topic,
        )

    def edit_message_text(self, params: Params) -> JsonDict | bool:
        """core.telegram.org/bots/api#editmessagetext; a markup that is not given is removed."""
        message = own_message(self._world, params)
        if message.is_caption:
            raise bad_request("there is no text in the message to edit")
        text, entities = read_text(params)
        markup = check_markup(params.nested("reply_markup"), inline_only=True)
        if (text, entities, markup) == (message.text, message.entities, message.markup):
            raise bad_request(_SAME)
        self._admit(message.chat)
        self._world.change_message(message, text=text, entities=entities, markup=markup)
        return _edited(message)

    def edit_message_reply_markup(self, params: Params) -> JsonDict | bool:
        """core.telegram.org/bots/api#editmessagereplymarkup"""
        message = own_message(self._world, params)
        markup = check_markup(params.nested("reply_markup"), inline_only=True)
        if markup == message.markup:
            raise bad_request(_SAME)
        self._admit(message.chat)
        self._world.change_message(
            message, text=message.text, entities=message.entities, markup=markup
        )
        return _edited(message)

    def delete_message(self, params: Params) -> bool:
        """core.telegram.org/bots/api#deletemessage: one's own, or any in private or as an admin."""
        chat = writable(self._world, params)
        message = self._world.message(chat, params.integer("message_id"))
        if message is None:
            raise bad_request("message to delete not found")
        may_any = chat.type == "private" or chat.status == "administrator"
        foreign = message.sender is not self._world.me and not may_any
        if foreign or self._world.now - message.date >= DELETE_WITHIN_S:
            raise bad_request("message can't be deleted")
        self._world.remove_message(message)
        return True

    def send_chat_action(self, params: Params) -> bool:
        """core.telegram.org/bots/api#sendchataction; the client shows it for five seconds."""
        chat = writable(self._world, params)
        topic_of(chat, params)
        action = params.text("action").lower()
        if action not in CHAT_ACTIONS:
            raise bad_request("wrong parameter action in request")
        self._world.emit("action", chat.id, {"action": action})
        return True

    def get_chat(self, params: Params) -> JsonDict:
        """core.telegram.org/bots/api#getchat"""
        return chat_of(self._world, params).to_full_json()

    def _admit(self, chat: Chat) -> None:
        """Raises 429 where the bot talks too fast; comes last, so a bad request costs nothing."""
        if (wait := self._gate.admit(chat.id, self._world.clock())) is not None:
            raise too_many_requests(wait)


def _edited(message: Message) -> JsonDict | bool:
    """What an edit answers: the message, or only that it was done where the bot does not see it."""
    return True if message.inline_id else message.to_json()
