"""Documents from the web, with the limits that make it safe to fetch what a stranger wrote.

No proxy, password or cookie of the environment is used: behind a proxy it is the proxy that looks
names up, and nothing we check would hold. The trusted certificates can be set as OpenSSL's can
(`SSL_CERT_FILE`).
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit

import httpx

from index.addresses import is_endless
from index.model import InputError
from index.web.guard import Deadline, GuardedTransport, Policy
from index.web.turns import Turns

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable, Mapping

TIMEOUT_S: Final = 30.0
"""Seconds for a document, from the first look-up to the last byte, redirects included."""

REDIRECTS: Final = 5
AGENT: Final = "Isnad/0.1 (news archive)"
_FOR_GOOD: Final = (301, 308)
_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?([\w.-]{2,20})", re.IGNORECASE | re.ASCII)
_GZIP: Final = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Response:
    """What a server said in the end, whatever its status; the body only where that is a success.

    `url` is where redirects led; `moved` is the address to ask from now on, where the first of
    them were for good (301, 308).
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes = b""
    moved: str | None = None

    @property
    def charset(self) -> str | None:
        """The encoding that the server says the body is in; it may be wrong."""
        told = _CHARSET.search(self.headers.get("content-type", ""))
        return told[1] if told else None


class Client:
    """Fetches documents. Safe to use from several threads, which share the turns of each host."""

    def __init__(
        self,
        policy: Policy | None = None,
        turns: Turns | None = None,
        *,
        timeout: float = TIMEOUT_S,
    ) -> None:
        """Connect where the policy allows (public addresses), `timeout` seconds a document."""
        self._policy = policy or Policy()
        self._timeout = timeout
        self.turns = turns or Turns()

    def get(self, url: str, *, limit: int, headers: Mapping[str, str] | None = None) -> Response:
        """Return the answer at `url`, after redirects, each checked like the first.

        Raises `InputError`: an address that is refused, no answer in time, a body that unpacks to
        more than `limit` bytes, too many redirects.
        """
        where, moved, for_good = url, None, True
        deadline = Deadline(where, self._timeout)
        given = {"User-Agent": AGENT, "Accept-Encoding": "gzip", **(headers or {})}
        transport = GuardedTransport(where, self._policy, deadline, _tls())
        try:
            with httpx.Client(transport=transport, trust_env=False, headers=given) as client:
                for _ in range(REDIRECTS + 1):
                    host = _host(where, url)
                    with self.turns.turn(host) as waited:
                        deadline.extend(waited)
                        with client.stream("GET", url) as answer:
                            found = str(answer.url)
                            if not answer.has_redirect_location:
                                body = _body(where, answer, limit) if answer.is_success else b""
                                return Response(
                                    found, answer.status_code, answer.headers, body, moved
                                )
                    url = urljoin(found, answer.headers["location"])
                    for_good = for_good and answer.status_code in _FOR_GOOD
                    moved = url if for_good else moved
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            reason = str(error) or type(error).__name__
            raise InputError(where, f"cannot be fetched: {reason}") from error
        raise InputError(where, f"redirects more than {REDIRECTS} times")

    def page(self, url: str, *, limit: int) -> tuple[bytes, str]:
        """Return the body at `url` and where it was found.

        Raises `InputError`, as `get` does, and where the answer is no document.
        """
        answer = self.get(url, limit=limit)
        if answer.status != httpx.codes.OK:
            raise InputError(url, f"the server answered {answer.status}")
        return answer.body, answer.url


def unpack(parts: Iterable[bytes], limit: int) -> bytes:
    """Return what gzip-compressed parts hold, never making more than `limit` bytes and one.

    The caller refuses what is longer than its limit. Raises `ValueError` where it is no gzip.
    """
    body = bytearray()
    member = zlib.decompressobj(31)
    try:
        for part in parts:
            while part and len(body) <= limit:
                if member.eof:  # another member may follow; anything else is padding
                    if not part.startswith(_GZIP):
                        return bytes(body)
                    member = zlib.decompressobj(31)
                body += member.decompress(part, limit + 1 - len(body))
                part = member.unused_data if member.eof else member.unconsumed_tail
            if len(body) > limit:
                break
    except zlib.error as error:
        raise ValueError(f"damaged gzip: {error}") from error
    return bytes(body)


def _body(where: str, answer: httpx.Response, limit: int) -> bytes:
    coding = answer.headers.get("content-encoding", "identity").strip().lower()
    too_large = InputError(where, f"is larger than {limit // 2**20} MB")
    if coding in ("gzip", "x-gzip"):
        body = unpack(answer.iter_raw(), limit)
        if len(body) > limit:
            raise too_large
        return body
    if coding not in ("identity", ""):
        raise InputError(where, f"is compressed as we did not ask for: {coding}")
    plain = bytearray()
    for part in answer.iter_raw():
        plain += part
        if len(plain) > limit:
            raise too_large
    return bytes(plain)


def _host(where: str, url: str) -> str:
    if is_endless(url):
        raise InputError(where, "leads to an address of thousands of letters")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InputError(where, f"leads to {parts.scheme or 'no'} address; only http and https")
    if parts.username is not None or parts.password is not None:
        raise InputError(where, "holds a user name or password; such addresses are not fetched")
    return parts.hostname


@cache
def _tls() -> ssl.SSLContext:
    return httpx.create_ssl_context()
