"""One page from the web, with the limits that make fetching what an operator names safe."""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urljoin, urlsplit

import httpx

from index.model import InputError

TIMEOUT_S = 20.0
REDIRECTS = 5
AGENT = "Isnad/0.1 (news archive)"


def fetch(url: str, *, limit: int) -> tuple[bytes, str]:
    """Return the body at `url` and the address it was finally found at.

    Only http and https, only public addresses (looked up again at each redirect), at most
    `limit` bytes after decompression. Raises `InputError`.
    """
    where = url
    try:
        with httpx.Client(timeout=TIMEOUT_S, headers={"User-Agent": AGENT}) as client:
            for _ in range(REDIRECTS + 1):
                _require_public(where, url)
                with client.stream("GET", url) as response:
                    if response.has_redirect_location:
                        url = urljoin(url, response.headers["location"])
                        continue
                    if response.status_code != httpx.codes.OK:
                        raise InputError(where, f"the server answered {response.status_code}")
                    return _body(where, response, limit), str(response.url)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise InputError(where, f"cannot be fetched: {error or type(error).__name__}") from error
    raise InputError(where, f"redirects more than {REDIRECTS} times")


def _body(where: str, response: httpx.Response, limit: int) -> bytes:
    body = bytearray()
    for part in response.iter_bytes():
        body += part
        if len(body) > limit:
            raise InputError(where, f"is larger than {limit // 2**20} MB")
    return bytes(body)


def _require_public(where: str, url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InputError(where, f"leads to {parts.scheme or 'no'} address; only http and https")
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or 80, type=socket.SOCK_STREAM)
    except OSError as error:
        raise InputError(where, f"no such host: {parts.hostname}") from error
    for *_, address in found:
        if not ipaddress.ip_address(str(address[0]).split("%")[0]).is_global:
            raise InputError(where, f"{parts.hostname} is not a public address")
