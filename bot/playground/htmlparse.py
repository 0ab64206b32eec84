"""Telegram's HTML, read as strictly as Telegram reads it.

The grammar is that of tdlib's `parse_html` (td/telegram/MessageEntity.cpp), which is not HTML:
a fixed list of tags (core.telegram.org/bots/api#html-style), only the entities `&lt; &gt; &amp;
&quot;` and numbers, `</>` closes whatever is open, a lone `&` is itself, a lone `<` is an error.
One rule is stricter than tdlib, which drops the inner of two nested blockquotes without a word:
here that is refused, so that a test sees it.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.playground.entities import Entity, checked_link, in_order, utf16_len

_END = "\0"  # what tdlib's C strings end with; it counts as a space there, and here
_SPACES = frozenset(" \t\r\n\v\0")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_STYLE_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
}
_TAGS = _STYLE_TAGS.keys() | {"a", "code", "pre", "blockquote", "tg-emoji"}
_NAME_TOKEN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-")


class HtmlError(ValueError):
    """Text that Telegram cannot parse; the message is Telegram's."""


@dataclass(frozen=True, slots=True)
class _Open:
    """A tag that waits for its end: `at` in UTF-16 units, `begin` in characters of the output."""

    tag: str
    argument: str
    at: int
    begin: int


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """The plain text and its entities, in UTF-16 units, before `tidy`.

    Raises `HtmlError` with the description Telegram gives after "can't parse entities: ".
    """
    return _Parser(source).parse()


class _Parser:
    """One reading of one text. `_i` walks the source, `_text` is what is shown."""

    def __init__(self, source: str) -> None:
        self._source = source + _END
        self._i = 0
        self._text: list[str] = []
        self._length = 0
        self._open: list[_Open] = []
        self._entities: list[Entity] = []

    def parse(self) -> tuple[str, list[Entity]]:
        end = len(self._source) - 1
        while self._i < end:
            if self._source[self._i] == "<":
                self._tag()
            else:
                self._emit(self._character())
        if self._open:
            tag = self._open[-1].tag
            raise HtmlError(f'Can\'t find end tag corresponding to start tag "{tag}"')
        return self._joined(), in_order([_without_code_language(e) for e in self._entities])

    def _joined(self) -> str:
        text = "".join(self._text)
        if any("\ud800" <= char <= "\udfff" for char in text):
            raise HtmlError(
                "Text contains invalid Unicode characters after decoding HTML entities, "
                "check for unmatched surrogate code units"
            )
        return text

    def _emit(self, char: str) -> None:
        self._text.append(char)
        self._length += utf16_len(char)

    def _character(self) -> str:
        """The next character, an entity decoded; anything else after `&` is left alone."""
        char = self._source[self._i]
        decoded = _decode(self._source, self._i) if char == "&" else None
        if decoded is None:
            self._i += 1
            return char
        char, self._i = decoded
        return char

    def _byte(self, position: int) -> int:
        return len(self._source[:position].encode())

    def _skip_spaces(self) -> None:
        while self._source[self._i] in _SPACES and self._source[self._i] != _END:
            self._i += 1

    def _until(self, stop: str) -> str:
        """The characters up to a space or one of `stop`."""
        begin = self._i
        while self._source[self._i] not in _SPACES and self._source[self._i] not in stop:
            self._i += 1
        return self._source[begin : self._i]

    def _tag(self) -> None:
        begin = self._i
        self._i += 1
        if self._source[self._i] == "/":
            self._end_tag(begin)
        else:
            self._start_tag(begin)

    def _start_tag(self, begin: int) -> None:
        tag = self._until(">").lower()
        if self._source[self._i] == _END:
            raise HtmlError(f"Unclosed start tag at byte offset {self._byte(begin)}")
        if tag not in _TAGS:
            raise HtmlError(f'Unsupported start tag "{tag}" at byte offset {self._byte(begin)}')
        argument = ""
        while self._source[self._i] != ">":
            self._skip_spaces()
            if self._source[self._i] == ">":
                break
            name, value = self._attribute(tag, begin)
            argument = _argument(tag, name, value) or argument
        self._i += 1
        if tag == "span" and argument != "spoiler":
            raise HtmlError(
                f'Tag "span" must have class "tg-spoiler" at byte offset {self._byte(begin)}'
            )
        if tag == "blockquote" and any(o.tag == "blockquote" for o in self._open):
            raise HtmlError(f"Nested blockquote at byte offset {self._byte(begin)}")
        self._open.append(_Open(tag, argument, self._length, len(self._text)))

    def _attribute(self, tag: str, begin: int) -> tuple[str, str]:
        """One `name`, `name=token` or `name="literal"`."""
        at = self._byte(begin)
        name = self._until("=>")
        if not name and self._source[self._i] != _END:
            raise HtmlError(f'Empty attribute name in the tag "{tag}" at byte offset {at}')
        self._skip_spaces()
        if self._source[self._i] == "=":
            self._i += 1
            self._skip_spaces()
            if self._source[self._i] == _END:
                raise HtmlError(f'Unclosed start tag "{tag}" at byte offset {at}')
            value = self._value()
        else:
            value = ""
        if self._source[self._i] == _END:
            raise HtmlError(f"Unclosed start tag at byte offset {at}")
        return name, value

    def _value(self) -> str:
        quote = self._source[self._i]
        if quote in "'\"":
            self._i += 1
            literal: list[str] = []
            while self._source[self._i] not in (quote, _END):
                literal.append(self._character())
            self._i += self._source[self._i] == quote
            return "".join(literal)
        begin = self._i
        while self._source[self._i] in _NAME_TOKEN:
            self._i += 1
        if self._source[self._i] not in _SPACES and self._source[self._i] != ">":
            raise HtmlError(f"Unexpected end of name token at byte offset {self._byte(begin)}")
        return self._source[begin : self._i].lower()

    def _end_tag(self, begin: int) -> None:
        at = self._byte(begin)
        if not self._open:
            raise HtmlError(f"Unexpected end tag at byte offset {at}")
        self._i += 1
        tag = self._until(">").lower()
        self._skip_spaces()
        if self._source[self._i] != ">":
            raise HtmlError(f"Unclosed end tag at byte offset {at}")
        self._i += 1
        opened = self._open.pop()
        if tag and tag != opened.tag:
            raise HtmlError(
                f"Unmatched end tag at byte offset {at}, "
                f'expected "</{opened.tag}>", found "</{tag}>"'
            )
        if self._length > opened.at:
            self._close(opened)

    def _close(self, opened: _Open) -> None:
        """Records what the tag made of the text since it opened."""
        offset, length = opened.at, self._length - opened.at
        before = self._entities[-1] if self._entities else None
        same = before is not None and (before.offset, before.length) == (offset, length)
        language = opened.argument or None if opened.tag == "code" else None
        match opened.tag:
            case "a":
                self._link(opened, offset, length)
            case "blockquote":
                kind = "expandable_blockquote" if opened.argument else "blockquote"
                self._entities.append(Entity(kind, offset, length))
            case "tg-emoji":
                self._entities.append(_custom_emoji(opened.argument, offset, length))
            case "pre" if before and same and before.type == "code" and before.language:
                self._entities[-1] = Entity("pre", offset, length, language=before.language)
            case "code" if before and same and before.type == "pre" and language:
                self._entities[-1] = Entity("pre", offset, length, language=language)
            case "pre" | "code":
                self._entities.append(Entity(opened.tag, offset, length, language=language))
            case style:
                self._entities.append(Entity(_STYLE_TAGS[style], offset, length))

    def _link(self, opened: _Open, offset: int, length: int) -> None:
        """A link without an address takes its own text; one that is no address is dropped."""
        address = opened.argument or "".join(self._text[opened.begin :])
        if address.startswith("tg://user?id=") and address[13:].isdecimal():
            user_id = int(address[13:])
            self._entities.append(Entity("text_mention", offset, length, user_id=user_id))
        elif url := checked_link(address):
            self._entities.append(Entity("text_link", offset, length, url=url))


def _argument(tag: str, name: str, value: str) -> str | None:
    """What an attribute means to its tag; None for the many that mean nothing."""
    match tag, name:
        case ("a", "href") | ("tg-emoji", "emoji-id"):
            return value
        case "code", "class" if value.startswith("language-"):
            return value.removeprefix("language-")
        case "span", "class" if value.startswith("tg-"):
            return value.removeprefix("tg-")
        case "blockquote", "expandable":
            return "expandable"
    return None


def _custom_emoji(argument: str, offset: int, length: int) -> Entity:
    if not argument.isdecimal() or not 0 < int(argument) < 2**63:
        raise HtmlError("Invalid custom emoji identifier specified")
    return Entity("custom_emoji", offset, length, custom_emoji_id=argument)


def _without_code_language(entity: Entity) -> Entity:
    """Only `pre` has a language; inline code that named one loses it."""
    if entity.type == "code" and entity.language is not None:
        return Entity("code", entity.offset, entity.length)
    return entity


def _decode(source: str, start: int) -> tuple[str, int] | None:
    """The character of the entity at `start` and where it ends; None where it is not one.

    The final semicolon is optional, as in tdlib.
    """
    i = start + 1
    if source[i] == "#":
        digits, base = (
            ("0123456789abcdefABCDEF", 16) if source[i + 1] == "x" else ("0123456789", 10)
        )
        i += 1 + (base == 16)
        begin = i
        while source[i] in digits:
            i += 1
        if i == begin or i - start >= 10:  # tdlib's own bound on the length of a number
            return None
        code = int(source[begin:i], base)
        if code == 0 or code >= 0x10FFFF:
            return None
        char = chr(code)
    else:
        begin = i
        while source[i].isascii() and source[i].isalpha():
            i += 1
        if (named := _NAMED.get(source[begin:i])) is None:
            return None
        char = named
    return char, i + (source[i] == ";")
