"""XML of strangers → a tree: nothing is expanded, nothing loaded, broken markup forgiven."""

from __future__ import annotations

import re
from html import escape
from html.entities import html5
from typing import TYPE_CHECKING, Any, Final

import lxml.etree

from index.extract.decode import decode
from index.model import InputError
from index.web import unpack

if TYPE_CHECKING:
    from collections.abc import Iterator

LIMIT: Final = 64 * 2**20
"""Bytes a packed sitemap may unpack to; the protocol allows 50 MB."""

_GZIP: Final = b"\x1f\x8b"
_DECLARATION: Final = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_ENCODING: Final = re.compile(rb"<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.-]{2,20})")
_DOCTYPE: Final = re.compile(r"<!DOCTYPE[^<>\[]{0,1000}>")
_AMPERSAND: Final = re.compile(r"<!\[CDATA\[.*?\]\]>|&(#?[A-Za-z0-9]{1,31};)?", re.DOTALL)
_XML_OWN: Final = ("amp;", "lt;", "gt;", "quot;", "apos;")


def text_of(data: bytes, where: str, charset: str | None = None) -> str:
    """Return the text of a document, unpacked where it is a packed file. Raises `InputError`.

    UTF-8 that says it is something else, or whose server does (`charset`), is read as UTF-8.
    """
    if data.startswith(_GZIP):
        try:
            data = unpack([data], LIMIT)
        except ValueError as error:
            raise InputError(where, str(error)) from error
        if len(data) > LIMIT:
            raise InputError(where, f"unpacks to more than {LIMIT // 2**20} MB")
    found = _ENCODING.search(data[:300])
    own = found[1].decode("ascii") if found else None
    return decode(data, name=where, declared=[charset, own])


def parse(text: str, where: str) -> tuple[Any, bool]:
    """Return the root of a document, None where it has no element, and whether it is well formed.

    What is broken is passed over. A document that declares entities is refused (`InputError`):
    that is how small ones become large. HTML's names (`&nbsp;`) are known, as many feeds expect.
    """
    if "<!ENTITY" in text:
        raise InputError(where, "declares XML entities; such documents are not read")
    text = _DOCTYPE.sub("", _DECLARATION.sub("", text.lstrip("\ufeff")), count=1)
    text = _AMPERSAND.sub(_repaired, text)
    parser = lxml.etree.XMLParser(
        encoding="utf-8",
        recover=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = lxml.etree.fromstring(text.encode("utf-8", "replace"), parser)
    except lxml.etree.XMLSyntaxError as error:
        raise InputError(where, f"the XML cannot be read: {error}") from error
    return root, not parser.error_log


def _repaired(match: re.Match[str]) -> str:
    """What stands for itself in CDATA and as XML has it; a character HTML has a name for; `&`."""
    named = match[1]
    if match[0][0] == "<" or (named and (named[0] == "#" or named in _XML_OWN)):
        return match[0]
    return escape(html5[named]) if named in html5 else f"&amp;{named or ''}"


def name(element: Any) -> tuple[str, str]:
    """Return the namespace and the local name of an element, in lower case; prefixes that were
    never declared stand for namespaces."""
    tag = element.tag
    if not isinstance(tag, str):
        return "", ""
    space, _, local = tag[1:].rpartition("}") if tag.startswith("{") else tag.rpartition(":")
    return space.lower(), local.lower()


def children(element: Any, *locals_: str) -> Iterator[Any]:
    """Yield the children with one of these local names, whatever their namespace."""
    for child in element:
        if name(child)[1] in locals_:
            yield child


def text(element: Any) -> str | None:
    """Return the text of an element and all inside it, one space for many; None where empty."""
    return " ".join("".join(element.itertext()).split()) or None


def markup(element: Any) -> str:
    """Return what is inside an element, written out."""
    inside = [lxml.etree.tostring(child, encoding="unicode") for child in element]
    return "".join([element.text or "", *inside])
