"""The README's pictures: the demo in headless Chromium, over the sample archive.

python -m tests.screenshots [FOLDER]      (docs, where none is given)

Needs Chromium and its fonts; on Debian: apt-get install chromium fonts-noto-core
fonts-noto-color-emoji.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

if __name__ == "__main__":  # as pytest's `pythonpath` does
    sys.path.insert(0, str(Path(__file__).parent))

from typing import TYPE_CHECKING

from browser import EXECUTABLE, WHY_NONE, Tab, chromium

from bot import demo

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from browser import Browser

MOST_BYTES = 300_000
STORM = demo.EXAMPLES[2]
_ANSWERS = "document.querySelectorAll('.row:not(.mine)').length"
_STILL = "new Promise((done) => setTimeout(done, 900))"  # what slides in has slid in


async def say(tab: Tab, text: str) -> None:
    """Write a message and see the bot's answer."""
    before = await tab.evaluate(_ANSWERS)
    await tab.click("#input")
    await tab.type(text)
    await tab.key("Enter")
    await tab.until(f"{_ANSWERS} > {before}")


async def in_place(tab: Tab, button: str) -> None:
    """Press a button whose message is edited."""
    shown = "[...document.querySelectorAll('.bubble')].at(-1).textContent"
    await tab.evaluate(f"window.before = {shown}")
    await tab.click(".key", button)
    await tab.until(f"{shown} !== window.before")


async def pictures(browser: Browser, url: str) -> AsyncIterator[tuple[str, Tab]]:
    """Each page, once it shows what its picture is of; one reader goes on from the one before."""
    tab = await browser.open(url, width=1160, height=760)
    await say(tab, STORM)
    await in_place(tab, "في سياقه")
    yield "desktop-light", tab

    tab = await browser.open(f"{url}?user=2", width=1160, height=760, dark=True)
    await tab.click(".chat-row", demo.GROUP)
    await say(tab, f"@isnad_demo_bot {demo.EXAMPLES[0]}")
    await tab.click("#input")
    await tab.type(f"@isnad_demo_bot {STORM}")
    await tab.sees("", "#menu .result")
    yield "desktop-dark", tab

    phone = {"width": 390, "height": 780, "scale": 1.5}
    tab = await browser.open(f"{url}?user=2", **phone)
    await tab.click("#start")
    await say(tab, STORM)
    yield "phone-light", tab

    tab = await browser.open(f"{url}?user=2", dark=True, **phone)
    await tab.click("#attach-button")
    await tab.click("#attach button", "الرياض")
    await tab.click(".key", "معاينة")
    await tab.sees("أبرز الأخبار")
    yield "phone-dark", tab


async def main(folder: Path) -> None:
    """Take them all."""
    ready = asyncio.get_running_loop().create_future()
    task = asyncio.create_task(demo.run(port=0, home=None, on_ready=ready.set_result))
    try:
        await asyncio.wait({task, ready}, return_when=asyncio.FIRST_COMPLETED)
        async with chromium() as browser:
            async for name, tab in pictures(browser, ready.result()):
                await tab.evaluate(_STILL)
                picture = await tab.screenshot()
                assert not tab.errors, tab.errors
                assert len(picture) <= MOST_BYTES, f"{name}: {len(picture)} bytes"
                await asyncio.to_thread((folder / f"{name}.png").write_bytes, picture)
                sys.stdout.write(f"{folder / name}.png {len(picture)} bytes\n")
                await tab.close()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


if __name__ == "__main__":
    if EXECUTABLE is None:
        sys.exit(WHY_NONE)
    target = Path(sys.argv[1] if len(sys.argv) > 1 else "docs")
    target.mkdir(parents=True, exist_ok=True)
    asyncio.run(main(target))
