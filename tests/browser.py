"""Headless Chromium over its debugging pipe (chromedevtools.github.io/devtools-protocol).

async with chromium() as browser:
    tab = await browser.open(server.page_url, width=390, dark=True)
    await tab.click("#start")

A library would bring a browser of its own, from a place that a test should not depend on.
"""

from __future__ import annotations

import asyncio
import base64
import fcntl
import json
import os
import shutil
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

PATIENCE = 15.0
_NAMES = ("chromium", "chromium-headless-shell", "google-chrome", "chromium-browser", "chrome")
EXECUTABLE = next((found for name in _NAMES if (found := shutil.which(name))), None)
WHY_NONE = "no Chromium on this machine (Debian: apt-get install chromium fonts-noto-core)"

_OPTIONS = (
    "--headless=new",
    "--remote-debugging-pipe",
    "--no-first-run",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-background-timer-throttling",  # several pages are looked at, each as if in front
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-sync",
    "--hide-scrollbars",
    "--mute-audio",
    "--no-proxy-server",
    "--font-render-hinting=none",
    "--lang=ar",
)
_KEYS = {"Enter": 13, "Tab": 9, "Escape": 27, "ArrowDown": 40, "ArrowUp": 38, "Backspace": 8}
_FIND = """(selector, text) => {
  const found = [...document.querySelectorAll(selector)].filter((node) =>
    (text === null || node.textContent.includes(text)) && node.checkVisibility());
  const node = found.at(-1);
  if (!node) return null;
  node.scrollIntoView({ block: "nearest", behavior: "instant" });
  const box = node.getBoundingClientRect();
  return [box.x + box.width / 2, box.y + box.height / 2];
}"""


class Browser:
    """A running browser; commands go out, answers and events come in."""

    def __init__(self, reader: asyncio.StreamReader, out: int) -> None:
        self._reader = reader
        self._out = out
        self._number = 0
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._tabs: dict[str, Tab] = {}

    async def listen(self) -> None:
        """Hand on what comes, until the browser ends."""
        with suppress(asyncio.IncompleteReadError):
            while True:
                said = json.loads((await self._reader.readuntil(b"\0"))[:-1])
                if (waiting := self._answers.pop(said.get("id"), None)) is not None:
                    if not waiting.done():  # nobody waits any more
                        waiting.set_result(said)
                elif (tab := self._tabs.get(said.get("sessionId"))) is not None:
                    tab.happened(said["method"], said["params"])

    async def call(self, method: str, session: str | None = None, **params: Any) -> dict[str, Any]:
        """The result of a command."""
        self._number += 1
        number = self._number
        command = {"id": number, "method": method, "params": params}
        if session is not None:
            command["sessionId"] = session
        self._answers[number] = asyncio.get_running_loop().create_future()
        os.write(self._out, json.dumps(command).encode() + b"\0")
        said = await asyncio.wait_for(self._answers[number], PATIENCE)
        assert "error" not in said, (method, said["error"])
        result: dict[str, Any] = said["result"]
        return result

    async def open(
        self,
        url: str,
        *,
        width: int = 1280,
        height: int = 800,
        dark: bool = False,
        scale: float = 1,
    ) -> Tab:
        """A page of its own, loaded; below 600 pixels it is a phone's."""
        target = (await self.call("Target.createTarget", url="about:blank", newWindow=True))[
            "targetId"
        ]
        attached = await self.call("Target.attachToTarget", targetId=target, flatten=True)
        tab = self._tabs[attached["sessionId"]] = Tab(self, attached["sessionId"], target)
        for domain in ("Page", "Runtime", "Network", "Log"):
            await tab.call(f"{domain}.enable")
        await tab.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=scale,
            mobile=width < 600,
        )
        if width < 600:
            touch = [{"name": "hover", "value": "none"}, {"name": "pointer", "value": "coarse"}]
        else:
            touch = []
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        await tab.call("Emulation.setEmulatedMedia", features=[scheme, *touch])
        await tab.call("Page.navigate", url=url)
        await tab.until("document.readyState === 'complete'")
        return tab


@dataclass
class Tab:
    """A page. `errors` are what its console says of it, `requests` the addresses it asked for."""

    browser: Browser
    session: str
    target: str
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def happened(self, method: str, params: dict[str, Any]) -> None:
        """Take note of an event."""
        if method == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            self.errors.append(str(details.get("exception", {}).get("description", details)))
        elif method == "Log.entryAdded" and params["entry"]["level"] == "error":
            self.errors.append(params["entry"]["text"])
        elif method == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])

    async def call(self, method: str, **params: Any) -> dict[str, Any]:
        """The result of a command to this page."""
        return await self.browser.call(method, self.session, **params)

    async def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression."""
        said = await self.call(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in said, (expression, said["exceptionDetails"])
        return said["result"].get("value")

    async def until(self, condition: str) -> None:
        """Return once a JavaScript condition holds; looked at with each frame of the page."""
        script = (
            "new Promise((done) => { const look = () => "
            f"({condition}) ? done(true) : setTimeout(look, 16); look(); }})"
        )
        try:
            await self.evaluate(script)
        except TimeoutError:
            seen = await self.evaluate("document.body.innerText")
            raise AssertionError(f"never: {condition}; on the page: {seen!r}") from None

    async def sees(self, text: str, selector: str = "body") -> None:
        """Return once `text` is shown in what `selector` finds."""
        where, what = json.dumps(selector), json.dumps(text)
        await self.until(
            f"[...document.querySelectorAll({where})].some((node) => "
            f"node.checkVisibility() && node.innerText.includes({what}))"
        )

    async def click(self, selector: str, text: str | None = None) -> None:
        """Press the last thing that `selector` finds, with `text` in it where one is given."""
        found = f"({_FIND})({json.dumps(selector)}, {json.dumps(text)})"
        await self.until(f"{found} !== null")
        await self.evaluate(
            "new Promise((done) => setTimeout(done, 300))"
        )  # what slides in, slides
        x, y = await self.evaluate(found)
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            buttons = {} if kind == "mouseMoved" else {"button": "left", "clickCount": 1}
            await self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, **buttons)

    async def type(self, text: str) -> None:
        """Write where the focus is."""
        await self.call("Input.insertText", text=text)

    async def key(self, name: str) -> None:
        """Press a key."""
        code = {"key": name, "code": name, "windowsVirtualKeyCode": _KEYS[name]}
        text = {"text": "\r"} if name == "Enter" else {}
        await self.call("Input.dispatchKeyEvent", type="keyDown", **code, **text)
        await self.call("Input.dispatchKeyEvent", type="keyUp", **code)

    async def screenshot(self) -> bytes:
        """What the page shows, as a PNG."""
        await self.evaluate("document.fonts.ready.then(() => true)")
        said = await self.call("Page.captureScreenshot", format="png")
        return base64.b64decode(said["data"])

    async def close(self) -> None:
        """Close the page."""
        await self.browser.call("Target.closeTarget", targetId=self.target)


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A browser with a profile of its own, ended on leaving."""
    assert EXECUTABLE is not None, WHY_NONE
    (there, out), (inward, back) = os.pipe(), os.pipe()
    # Chromium reads commands from 3 and answers on 4; elsewhere neither may be one of those.
    theirs = [fcntl.fcntl(fd, fcntl.F_DUPFD, 10) for fd in (there, back)]

    def place() -> None:
        os.dup2(theirs[0], 3)
        os.dup2(theirs[1], 4)

    root = ("--no-sandbox",) if os.geteuid() == 0 else ()
    with TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = await asyncio.create_subprocess_exec(
            *(EXECUTABLE, *_OPTIONS, *root, f"--user-data-dir={profile}"),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            pass_fds=(3, 4),
            preexec_fn=place,
        )
        for fd in (there, back, *theirs):
            os.close(fd)
        reader = asyncio.StreamReader(limit=2**26)
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(inward, "rb", 0)
        )
        browser = Browser(reader, out)
        listening = asyncio.create_task(browser.listen())
        try:
            yield browser
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
            transport.close()
            os.close(out)
            process.kill()
            await process.wait()
