"""Connections to public addresses only, each made to the very address that was checked.

A name is looked up at every connection, all its addresses must be allowed, and the connection goes
to one of those: a name that means something else a moment later (DNS rebinding) gains nothing. The
Host header and TLS still see the name. The look-up itself takes as long as the system's resolver
lets it; everything after it ends at the request's deadline.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import httpcore
import httpx

from index.model import InputError

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterable

    Resolve = Callable[[str, int], list[str]]
    Allow = Callable[[str, int], bool]

_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
_FAILURES: Final = (
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.TimeoutException,
    httpcore.UnsupportedProtocol,
)
_IDLE_S: Final = 15.0
"""Seconds without a byte after which a server is given up, inside the total that a request has."""


def is_public(address: str, _port: int = 0) -> bool:
    """Whether an IP address belongs to the public internet, and so does any that it carries.

    IPv6 can wrap IPv4 (mapped, 6to4, Teredo, NAT64): the inner one must be public too.
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:  # one with a zone, `fe80::1%eth0`, is a link's own
        return False
    if not ip.is_global or ip.is_multicast or ip.is_reserved or ip.is_unspecified:
        return False
    if isinstance(ip, ipaddress.IPv4Address):
        return True
    inner = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
    if ip in _NAT64:
        inner.append(ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF))
    return not ip.is_site_local and all(is_public(str(found)) for found in inner if found)


def look_up(host: str, port: int) -> list[str]:
    """Return the addresses of a host, by the system's resolver. Raises `OSError`."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


@dataclass(frozen=True, slots=True)
class Policy:
    """Where connections may go: how names are looked up, and which address and port are allowed."""

    resolve: Resolve = look_up
    allow: Allow = is_public


class Deadline:
    """The moment at which a whole request, redirects included, must be over."""

    def __init__(self, where: str, seconds: float, clock: Callable[[], float] = time.monotonic):
        """Count `seconds` from now; `where` names the request in the error."""
        self._where = where
        self._seconds = seconds
        self._clock = clock
        self._end = clock() + seconds

    def left(self, at_most: float | None = None) -> float:
        """Return the seconds the next step may take. Raises `InputError` where none is left."""
        left = self._end - self._clock()
        if left <= 0:
            raise InputError(self._where, f"took longer than {self._seconds:g} s")
        return min(left, _IDLE_S, at_most if at_most is not None else left)

    def extend(self, seconds: float) -> None:
        """Do not count these seconds: they were spent waiting for a turn."""
        self._end += seconds


class GuardedTransport(httpx.BaseTransport):
    """An httpx transport for one request, through no proxy, to allowed addresses only.

    Raises `InputError` for an address that is not allowed and for a passed deadline.
    """

    def __init__(self, where: str, policy: Policy, deadline: Deadline, tls: ssl.SSLContext) -> None:
        """Connect for the request that `where` names."""
        backend = _Backend(where, policy, deadline)
        self._pool = httpcore.ConnectionPool(ssl_context=tls, network_backend=backend)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; the body is read as it is iterated."""
        url = httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        asked = httpcore.Request(method=request.method, url=url, headers=request.headers.raw)
        try:
            answer = self._pool.handle_request(asked)
        except _FAILURES as error:
            raise _told(error) from error
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer.stream))

    def close(self) -> None:
        """Close the connections."""
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, parts: Any) -> None:
        self._parts = parts

    def __iter__(self) -> Any:
        try:
            yield from self._parts
        except _FAILURES as error:
            raise _told(error) from error

    def close(self) -> None:
        self._parts.close()


def _told(error: Exception) -> httpx.TransportError:
    """An error of httpcore as httpx says it, in plainer words where it has none."""
    if isinstance(error, httpcore.TimeoutException):
        return httpx.TransportError("no answer in time")
    return httpx.TransportError(str(error) or "the connection was cut")


class _Backend(httpcore.NetworkBackend):
    """Looks a host up, checks every address it has, and connects to one that was checked."""

    def __init__(self, where: str, policy: Policy, deadline: Deadline) -> None:
        self._where = where
        self._policy = policy
        self._deadline = deadline
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        problem: Exception | None = None
        for address in self._checked(host, port):
            try:
                stream = self._inner.connect_tcp(
                    address, port, self._deadline.left(timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                problem = error
            else:
                return _Stream(stream, self._deadline)
        raise problem or httpcore.ConnectError(f"{host} has no address")

    def _checked(self, host: str, port: int) -> list[str]:
        try:
            found = self._policy.resolve(host.strip("[]"), port)
        except (OSError, UnicodeError) as error:
            raise InputError(self._where, f"no such host: {host}") from error
        if not all(self._policy.allow(address, port) for address in found):
            raise InputError(self._where, f"{host} is not a public address")
        return found


class _Stream(httpcore.NetworkStream):
    """A connection whose every wait ends at the deadline."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = self._deadline.left(timeout)
        secured = self._inner.start_tls(ssl_context, server_hostname, left)
        return _Stream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
