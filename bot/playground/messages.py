"""The Bot API methods that put messages into chats, change them and take them away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.playground.errors import bad_request, forbidden, too_many_requests
from bot.playground.formatting import read_caption, read_text
from bot.playground.keyboard import check_markup

if TYPE_CHECKING:
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
        chat = self._writable(params)
        text, entities = read_text(params)
        markup = check_markup(params.nested("reply_markup"))
        reply_to = self._reply_to(chat, params)
        self._admit(chat)
        message = self._world.add_message(
            chat, self._world.me, text=text, entities=entities, markup=markup, reply_to=reply_to
        )
        return message.to_json()

    def send_document(self, params: Params) -> JsonDict:
        """core.telegram.org/bots/api#senddocument; the name, size and type are kept, no content."""
        chat = self._writable(params)
        if (upload := params.files.get("document")) is None:
            raise bad_request("there is no document in the request")
        if upload.size == 0:
            raise bad_request("file must be non-empty")
        text, entities = read_caption(params)
        markup = check_markup(params.nested("reply_markup"))
        reply_to = self._reply_to(chat, params)
        self._admit(chat)
        document = {
            "file_id": f"playground-document-{self._world.seq}",
            "file_unique_id": f"document{self._world.seq}",
            "file_name": upload.name,
            "mime_type": upload.mime_type,
            "file_size": upload.size,
        }
        message = self._world.add_message(
            chat,
            self._world.me,
            text=text,
            entities=entities,
            markup=markup,
            reply_to=reply_to,
            extra={"document": document},
        )
        return message.to_json()

    def edit_message_text(self, params: Params) -> JsonDict:
        """core.telegram.org/bots/api#editmessagetext; a markup that is not given is removed."""
        message = self._own(params)
        if message.is_caption:
            raise bad_request("there is no text in the message to edit")
        text, entities = read_text(params)
        markup = check_markup(params.nested("reply_markup"), inline_only=True)
        if (text, entities, markup) == (message.text, message.entities, message.markup):
            raise bad_request(_SAME)
        self._admit(message.chat)
        self._world.change_message(message, text=text, entities=entities, markup=markup)
        return message.to_json()

    def edit_message_reply_markup(self, params: Params) -> JsonDict:
        """core.telegram.org/bots/api#editmessagereplymarkup"""
        message = self._own(params)
        markup = check_markup(params.nested("reply_markup"), inline_only=True)
        if markup == message.markup:
            raise bad_request(_SAME)
        self._admit(message.chat)
        self._world.change_message(
            message, text=message.text, entities=message.entities, markup=markup
        )
        return message.to_json()

    def delete_message(self, params: Params) -> bool:
        """core.telegram.org/bots/api#deletemessage: one's own, or anyone's in a private chat."""
        chat = self._writable(params)
        message = self._world.message(chat, params.integer("message_id"))
        if message is None:
            raise bad_request("message to delete not found")
        foreign = message.sender is not self._world.me and chat.type != "private"
        if foreign or self._world.now - message.date >= DELETE_WITHIN_S:
            raise bad_request("message can't be deleted")
        self._world.remove_message(message)
        return True

    def send_chat_action(self, params: Params) -> bool:
        """core.telegram.org/bots/api#sendchataction; the client shows it for five seconds."""
        chat = self._writable(params)
        action = params.text("action").lower()
        if action not in CHAT_ACTIONS:
            raise bad_request("wrong parameter action in request")
        self._world.emit("action", chat.id, {"action": action})
        return True

    def get_chat(self, params: Params) -> JsonDict:
        """core.telegram.org/bots/api#getchat"""
        return self._chat(params).to_full_json()

    def _chat(self, params: Params) -> Chat:
        wanted = params.text("chat_id")
        if not wanted:
            raise bad_request("chat_id is empty")
        for chat in self._world.chats.values():
            public = chat.type == "supergroup" and chat.username is not None
            if wanted == str(chat.id) or (public and wanted == f"@{chat.username}"):
                return chat
        raise bad_request("chat not found")

    def _writable(self, params: Params) -> Chat:
        """The chat of a request, if the bot may write there."""
        chat = self._chat(params)
        if chat.blocked:
            raise forbidden("bot was blocked by the user")
        if chat.bot_left:
            raise forbidden(f"bot was kicked from the {chat.type} chat")
        if not chat.started:
            raise forbidden("bot can't initiate conversation with a user")
        if params.integer("message_thread_id"):
            raise bad_request("message thread not found")
        return chat

    def _own(self, params: Params) -> Message:
        """The bot's own message that a request wants to edit."""
        if params.text("inline_message_id"):
            raise bad_request("MESSAGE_ID_INVALID")
        chat = self._writable(params)
        if not params.integer("message_id"):
            raise bad_request("message identifier is not specified")
        message = self._world.message(chat, params.integer("message_id"))
        if message is None:
            raise bad_request("message to edit not found")
        if message.sender is not self._world.me:
            raise bad_request("message can't be edited")
        return message

    def _reply_to(self, chat: Chat, params: Params) -> Message | None:
        """The message a request replies to (core.telegram.org/bots/api#replyparameters)."""
        asked = params.nested("reply_parameters")
        if asked is None and "reply_to_message_id" in params:  # the form before Bot API 7.0
            asked = {
                "message_id": params.integer("reply_to_message_id"),
                "allow_sending_without_reply": params.flag("allow_sending_without_reply"),
            }
        if not asked:
            return None
        if not isinstance(asked, dict) or not isinstance(asked.get("message_id"), int):
            raise bad_request("can't parse reply parameters JSON object")
        message = self._world.message(chat, asked["message_id"])
        if message is None and not asked.get("allow_sending_without_reply"):
            raise bad_request("message to be replied not found")
        if message is not None and str(asked.get("quote", "")) not in message.text:
            raise bad_request("QUOTE_TEXT_INVALID")
        return message

    def _admit(self, chat: Chat) -> None:
        """Raises 429 where the bot talks too fast; comes last, so a bad request costs nothing."""
        if (wait := self._gate.admit(chat.id, self._world.clock())) is not None:
            raise too_many_requests(wait)
