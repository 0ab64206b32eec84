"""A web of hosts on 127.0.0.1, as well or badly behaved as a test wants it.

Every `….example` resolves to the server; only its port may be connected to, so that what leads to
another port of this machine is refused like any private address.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from index.web import Client, Policy, Turns, is_public

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Reply:
    """What the server answers."""

    body: str | bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


Handler = Callable[["Request"], Reply | None]
"""Answers a request; None where it has written to the connection itself."""


@dataclass(frozen=True)
class Request:
    """What was asked, and the raw connection for those who misbehave."""

    host: str
    path: str
    headers: dict[str, str]
    write: Callable[[bytes], object]


class Web:
    """Pages by host and path, `pages["site.example", "/feed"] = Reply(...)`, and who asked."""

    def __init__(self, port: int) -> None:
        """Serve nothing yet on this port."""
        self.port = port
        self.pages: dict[tuple[str, str], Reply | Handler] = {}
        self.asked: list[tuple[str, str]] = []
        self.on_request: Callable[[], object] = lambda: None
        """Called when a request has come, before it is answered."""
        self.over = threading.Event()
        """Set when the test ends; a server that hangs waits for it."""

    def url(self, path: str, host: str = "site.example") -> str:
        """Return the address of a path."""
        return f"http://{host}:{self.port}{path}"

    def put(self, path: str, page: Reply | Handler | str, host: str = "site.example") -> str:
        """Serve a page; return its address."""
        self.pages[host, path] = Reply(page) if isinstance(page, str) else page
        return self.url(path, host)

    def times(self, path: str, host: str = "site.example") -> int:
        """Return how often a path was asked for."""
        return self.asked.count((host, path))

    @property
    def policy(self) -> Policy:
        """Lets this server's port through, and the public internet."""
        return policy(self.port)

    def client(self, *, timeout: float = 10.0) -> Client:
        """A client that reaches this server, in no hurry to be polite."""
        return Client(self.policy, Turns(0), timeout=timeout)


def resolve(host: str, _port: int) -> list[str]:
    """Look a name of these tests up."""
    if host.endswith(".example") and host != "nowhere.example":
        return ["127.0.0.1"]
    try:
        return [socket.inet_ntoa(socket.inet_aton(host))]
    except OSError:
        if ":" in host:
            return [host]
        raise socket.gaierror(-2, "Name or service not known") from None


def policy(port: int) -> Policy:
    """Let one port of this machine through."""
    here = ("127.0.0.1", port)
    return Policy(resolve, lambda address, to: (address, to) == here or is_public(address))


@contextmanager
def serving() -> Iterator[Web]:
    """Run a server until the end of the block."""

    class Answering(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            host = self.headers.get("Host", "").split(":")[0]
            path = self.path
            web.asked.append((host, path))
            web.on_request()
            page = web.pages.get((host, path), Reply("not here", 404))
            if not isinstance(page, Reply):
                asked = Request(host, path, dict(self.headers.items()), self.wfile.write)
                try:
                    answer = page(asked)
                except OSError:  # the client has had enough
                    answer = None
                if answer is None:
                    self.close_connection = True
                    return
                page = answer
            body = page.body.encode() if isinstance(page.body, str) else page.body
            self.send_response(page.status)
            for name, value in {"Content-Length": str(len(body)), **page.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 100

        def handle_error(self, *_: object) -> None:
            """A client that hangs up is no news."""

    server = Quiet(("127.0.0.1", 0), Answering)
    web = Web(server.server_port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield web
    finally:
        web.over.set()
        server.shutdown()
        server.server_close()
        thread.join()
