"""robots.txt (RFC 9309): which pages a site lets programs read, and how often.

It governs the pages we come upon. A feed that the operator named is published to be read by
programs, and is read as named: many sites keep search engines, not readers, out of `/feed/`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from index.model import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from index.web.client import Client

NAME: Final = "Isnad"
LIMIT: Final = 500 * 2**10
KEPT: Final = timedelta(hours=24)
RETRY: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _Rules:
    read_at: datetime
    rules: RobotFileParser | None  # None where the site does not say: everything waits
    problem: str = ""


class Robots:
    """The rules of each site, read once a day.

    A site that answers 4xx has none, and everything is allowed. One that does not answer, or
    answers 5xx or 429, is asked again in an hour; until then its pages wait.
    """

    def __init__(
        self, client: Client, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """Read the files through `client`, whose turns learn each site's `Crawl-delay`."""
        self._client = client
        self._now = now
        self._sites: dict[str, _Rules] = {}

    def allows(self, url: str) -> bool:
        """Whether the page may be read. Raises `InputError` where the site does not say."""
        known = self._of(url)
        if known.rules is None:
            raise InputError(url, f"robots.txt cannot be read ({known.problem})")
        return known.rules.can_fetch(NAME, url)

    def sitemaps(self, url: str) -> list[str]:
        """Return the sitemaps that the site of `url` names."""
        rules = self._of(url).rules
        return list((rules.site_maps() if rules else None) or ())

    def _of(self, url: str) -> _Rules:
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        known = self._sites.get(site)
        if known is not None:
            age = self._now() - known.read_at
            if age < (KEPT if known.rules is not None else RETRY):
                return known
        known = self._sites[site] = self._read(site)
        if known.rules is not None and (pause := known.rules.crawl_delay(NAME)):
            self._client.turns.slow_down(parts.hostname or "", float(pause))
        return known

    def _read(self, site: str) -> _Rules:
        rules = RobotFileParser()
        try:
            answer = self._client.get(f"{site}/robots.txt", limit=LIMIT)
        except InputError as error:
            return _Rules(self._now(), None, error.reason)
        if answer.status == 429 or answer.status >= 500:
            return _Rules(self._now(), None, f"the server answered {answer.status}")
        rules.parse(answer.body.decode("utf-8", "replace").lstrip("\ufeff").splitlines())
        return _Rules(self._now(), rules)
