"""JSON of the contract → drafts: an array, one object, or one object a line.

Each item is `{"title", "text"|"content", "source", "url", "published"|"date_extracted",
"author"|"byline"}`. Items are independent: a bad one is told by its number and passed over.
"""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING, Any, Final

from index.dates import normalise_date
from index.extract.headline import shorten
from index.extract.lines import tidy
from index.model import Draft, EmptyError, ExtractError, InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

_TAG: Final = re.compile(r"<(?:/?[a-zA-Z][^<>]{0,2000}|!--[^<>]{0,2000}--)>")
_BLOCK: Final = re.compile(
    r"<(?:/(?:p|div|li|h[1-6]|tr|blockquote|figure|section|article)|br\s*/?|p|li|h[1-6])(?:\s[^<>]{0,2000})?>",
    re.IGNORECASE,
)
_UNSEEN: Final = re.compile(
    r"<(script|style|figcaption)\b[^<>]{0,2000}>.{0,20000}?</\1\s*>", re.IGNORECASE | re.DOTALL
)
_ENTITY: Final = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{1,6}|#x[0-9a-fA-F]{1,5});")
_NAMES: Final = ("text", "content")


def looks_like_json(text: str) -> bool:
    """Whether the text is JSON or lines of JSON; a page may begin with a bracket too, «[صور] …»."""
    head = text.lstrip()[:200]
    if re.match(r"\[\s*\{\s*[\"}]|\{\s*[\"}]", head):
        return True
    if not head.startswith(("[", "{")):
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def items(
    text: str, *, name: str, source: str | None = None, url: str | None = None
) -> tuple[list[Draft], list[InputError]]:
    """The drafts of the items that hold an article, and an error for each that does not."""
    drafts: list[Draft] = []
    errors: list[InputError] = []
    for where, value in _values(text, name):
        if isinstance(value, InputError):
            errors.append(value)
            continue
        try:
            drafts.append(_draft(value, where, source, url))
        except InputError as error:
            errors.append(error)
    if not drafts and not errors:
        errors.append(ExtractError(name, "the JSON holds no article"))
    return drafts, errors


def _values(text: str, name: str) -> Iterator[tuple[str, Any]]:
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError) as error:
        lines = [(n, line) for n, line in enumerate(text.split("\n"), 1) if line.strip()]
        if len(lines) < 2 or not lines[0][1].strip().endswith("}"):
            yield name, ExtractError(name, f"the JSON cannot be read: {_told(error)}")
            return
        yield from _lines(lines, name)
        return
    if isinstance(whole, dict):
        # Some exports wrap the list: {"articles": [...]}; a lone object is one article.
        lists = [v for v in whole.values() if isinstance(v, list) and v and isinstance(v[0], dict)]
        if "title" in whole or any(key in whole for key in _NAMES) or len(lists) != 1:
            yield name, whole
            return
        whole = lists[0]
    if not isinstance(whole, list):
        yield name, ExtractError(name, "the JSON must be an article or a list of articles")
        return
    for n, value in enumerate(whole, 1):
        yield f"{name}, item {n}", value


def _lines(lines: list[tuple[int, str]], name: str) -> Iterator[tuple[str, Any]]:
    for n, line in lines:
        where = f"{name}, line {n}"
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            value = InputError(where, f"the JSON cannot be read: {_told(error)}")
        yield where, value


def _told(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at line {error.lineno} column {error.colno}"
    return "it is nested too deep" if isinstance(error, RecursionError) else str(error)


def _draft(value: object, where: str, source: str | None, url: str | None) -> Draft:
    if not isinstance(value, dict):
        raise InputError(where, f"an article must be an object, not {_type(value)}")
    title = _field(value, "title", where)
    text = next((t for t in (_field(value, key, where) for key in _NAMES) if t), None)
    if not title and not text:
        reason = "the article has neither a title nor a text"
        stated = any(key in value for key in ("title", *_NAMES))
        raise EmptyError(where, "", reason) if stated else InputError(where, reason)
    body = plain(text or "")
    if not body:
        raise EmptyError(where, title or "", 'the article\'s "text" is empty')
    published = _field(value, "published", where) or _field(value, "date_extracted", where)
    return Draft(
        title=" ".join(plain(title).split()) if title else shorten(body),
        text=body,
        source=source or _field(value, "source", where),
        url=url or _field(value, "url", where),
        published=normalise_date(published) if published else None,
        byline=_field(value, "byline", where) or _field(value, "author", where),
    )


def _field(value: dict[str, Any], key: str, where: str) -> str | None:
    held = value.get(key)
    if held is None:
        return None
    if not isinstance(held, str):
        raise InputError(where, f'"{key}" must be text, not {_type(held)}')
    held = held.replace("\x00", "").strip()
    # Lone surrogates are legal in JSON escapes and can be stored nowhere.
    return held.encode("utf-8", "replace").decode("utf-8") if held else None


def _type(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "text", bool: "true or false"}
    return names.get(type(value), "null" if value is None else "a number")


def plain(text: str) -> str:
    """The text without tags; untouched but for line ends and outer spaces where it has none."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "")
    if "<" in text and _TAG.search(text):
        if "</" in text:
            text = _UNSEEN.sub("\n", text)
        text = _TAG.sub("", _BLOCK.sub("\n", text))
        text = html.unescape(text)
    elif "&" in text and _ENTITY.search(text):
        text = html.unescape(text)
    return tidy(text)
