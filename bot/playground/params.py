"""The parameters of a Bot API request, whichever way they were sent.

Telegram takes a query string, a form, multipart or JSON
(core.telegram.org/bots/api#making-requests); outside JSON, nested values are JSON in a string.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from bot.playground.errors import ApiError, bad_request

if TYPE_CHECKING:
    from bot.playground.model import JsonDict

MAX_UPLOAD = 50 * 1024 * 1024  # core.telegram.org/bots/faq: "up to 50 MB"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came in a multipart body."""

    name: str
    content: bytes
    mime_type: str

    @property
    def size(self) -> int:
        """In bytes."""
        return len(self.content)


@dataclass(frozen=True, slots=True)
class Params:
    """Named values, read as the type a method expects; a wrong type is a 400."""

    values: JsonDict
    files: dict[str, Upload] = field(default_factory=dict)

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def text(self, name: str) -> str:
        """A string; "" where it is missing."""
        value = self.values.get(name, "")
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise bad_request(f'field "{name}" must be of type String')
        return str(value)

    def integer(self, name: str, default: int = 0) -> int:
        """A whole number; `default` where it is missing or, as with Telegram, no number."""
        try:
            return int(self.values.get(name, default))
        except (TypeError, ValueError):
            return default

    def flag(self, name: str) -> bool:
        """A Boolean: true, yes, 1 in any case."""
        return str(self.values.get(name, "")).lower() in {"true", "yes", "1"}

    def nested(self, name: str) -> Any:
        """An object or array; None where it is missing or empty."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from None


def read_params(query: bytes, content_type: str, body: bytes) -> Params:
    """Decodes a request; raises 400 or 413 for one that cannot be read."""
    if len(body) > MAX_UPLOAD:
        raise ApiError(413, "Request Entity Too Large")
    values: JsonDict = dict(parse_qsl(query.decode(), keep_blank_values=True))
    kind = content_type.split(";")[0].strip().lower()
    if kind == "application/json" and body:
        values |= _json_object(body)
    elif kind == "multipart/form-data":
        fields, files = _multipart(content_type, body)
        return Params(values | fields, files)
    elif body:
        try:
            values |= dict(parse_qsl(body.decode(), keep_blank_values=True))
        except UnicodeDecodeError:
            raise bad_request("strings must be encoded in UTF-8") from None
    return Params(values)


def _json_object(body: bytes) -> JsonDict:
    try:
        decoded = json.loads(body)
    except ValueError:
        raise bad_request("can't parse JSON object") from None
    if not isinstance(decoded, dict):
        raise bad_request("object expected")
    return decoded


def _multipart(content_type: str, body: bytes) -> tuple[JsonDict, dict[str, Upload]]:
    """The fields and files of a multipart body; the standard library's mail parser reads it."""
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    fields: JsonDict = {}
    files: dict[str, Upload] = {}
    for part in BytesParser(policy=HTTP).parsebytes(head + body).iter_parts():
        name = part.get_param("name", header="content-disposition")
        if not isinstance(name, str):
            continue
        payload = part.get_payload(decode=True)
        content = payload if isinstance(payload, bytes) else b""
        if (filename := part.get_filename()) is None:
            fields[name] = content.decode()
        else:
            files[name] = Upload(filename, content, part.get_content_type())
    return fields, files
